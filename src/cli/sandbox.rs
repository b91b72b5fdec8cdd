//! `rolecall sandbox`

use secrecy::ExposeSecret;
use serde_json::json;

use super::exit::Status;
use super::globals::{Format, Globals};
use super::plan::load;
use super::printer::Printer;
use super::stop::Signals;

/// Run the embedded server of an app by itself
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Serve the sandbox of an app on this machine until Ctrl-C, and print its URL and credential
    Serve {
        /// Id of the app
        app: String,
        /// Listen on this port of 127.0.0.1; without it on a free one
        #[arg(long, value_name = "PORT", default_value_t = 0, hide_default_value = true)]
        port: u16,
    },
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let What::Serve { app, port } = &args.what;
    serve(globals, &printer, app, *port).unwrap_or_else(|status| status)
}

fn serve(globals: &Globals, printer: &Printer, id: &str, port: u16) -> Result<Status, Status> {
    let config = load(globals, printer)?;
    let Some(app) = config.company.app(id) else {
        let known: Vec<_> = config.company.apps.iter().map(|app| app.id.to_string()).collect();
        let hint = format!("declared are: {}", known.join(", "));
        return Err(printer.failed(&format!("there is no app {id}"), Some(&hint)));
    };
    let Some(definition) = config.catalog.get(&app.connector) else {
        return Err(printer.failed(&format!("there is no connector {}", app.connector), None));
    };
    let engine = globals.engine(printer)?;
    engine.block_on(async {
        let signals = Signals::watch();
        let mut signals =
            signals.map_err(|error| printer.failed(&format!("signals cannot be watched: {error}"), None))?;
        let sandbox = engine.sandbox_of(app, definition, port).await;
        let sandbox = sandbox.map_err(|error| printer.failed(&error.to_string(), error.hint.as_deref()))?;
        let (url, secret) = (sandbox.base_url(), sandbox.token().expose_secret());
        let lines = match sandbox.user() {
            Some(user) => vec![("url", url), ("username", user), ("password", secret)],
            None => vec![("url", url), ("token", secret)],
        };
        match globals.format {
            Format::Json => {
                let all = lines.iter().map(|(key, value)| ((*key).to_owned(), json!(value)));
                printer.json(&all.collect::<serde_json::Map<_, _>>());
            }
            Format::Text | Format::Markdown => {
                printer.data(&lines.iter().map(|(key, value)| format!("{key}: {value}\n")).collect::<String>());
            }
        }
        let data = engine.state.join("sandbox").join(app.id.as_str());
        printer.say(&format!(
            "the sandbox of app {id} listens; its data are in {}. Its credential is new with each start. While it listens, no run \
             can use `url: \"sandbox:\"` of this app. Ctrl-C stops it",
            data.display()
        ));
        let code = signals.next().await;
        sandbox.stop().await.map_err(|error| printer.failed(&error.to_string(), None))?;
        Ok(Status::Stopped(code))
    })
}
