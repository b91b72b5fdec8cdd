//! `rolecall show`

use std::path::PathBuf;

use super::exit::Status;
use super::findings;
use super::globals::{Format, Globals};
use super::plan::{show, stored};
use super::printer::Printer;
use crate::config::{self, Origin, Source};
use crate::render;

/// Show a stored plan, or an app with its defaults
#[derive(Debug, clap::Args)]
#[command(args_conflicts_with_subcommands = true, subcommand_negates_reqs = true)]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// A plan stored with `plan --out`
    #[arg(value_name = "PLAN", required = true)]
    file: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    /// Show an app merged with its defaults, each value with the place that it comes from
    App {
        /// Id of the app
        name: String,
    },
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let shown = match (&args.what, &args.file) {
        (Some(What::App { name }), _) => app(globals, &printer, name),
        (None, Some(path)) => stored(path, &printer).map(|plan| show(globals, &printer, &plan)),
        (None, None) => Err(Status::Failed),
    };
    shown.map_or_else(|status| status, |()| Status::Done)
}

fn app(globals: &Globals, printer: &Printer, name: &str) -> Result<(), Status> {
    let files = crate::model::FileSet::new();
    let source = Source::open(&globals.start(), globals.rev.as_deref()).map_err(|finding| {
        findings::print(printer, &[*finding], &files);
        Status::Failed
    })?;
    let catalog = config::catalog();
    let loaded = config::load(&source, &catalog);
    if loaded.diagnostics.stops_tree() {
        findings::print(printer, &loaded.diagnostics.sorted(), &loaded.files);
        return Err(Status::Failed);
    }
    let Some(rows) = config::effective_app(&loaded, name) else {
        let known = loaded.company.iter().flat_map(|company| &company.apps).map(|app| app.id.to_string());
        let hint = format!("declared are: {}", known.collect::<Vec<_>>().join(", "));
        return Err(printer.failed(&format!("there is no app {name}"), Some(&hint)));
    };
    if globals.format == Format::Json {
        let rows: Vec<_> = rows
            .iter()
            .map(|row| serde_json::json!({"path": row.path, "value": row.value, "origin": origin(row)}))
            .collect();
        printer.json(&rows);
        return Ok(());
    }
    let width = rows
        .iter()
        .map(|row| row.path.chars().count() + 2 + row.value.chars().count())
        .max()
        .unwrap_or(0)
        .min(60);
    let line = |row: &config::Row| {
        let value = render::escape(&format!("{}: {}", row.path, row.value)).into_owned();
        format!("{value:<width$}  # {}\n", render::escape(&origin(row)))
    };
    printer.data(&rows.iter().map(line).collect::<String>());
    Ok(())
}

/// The origin of a value, in words.
fn origin(row: &config::Row) -> String {
    let place = row.place.as_ref().map(ToString::to_string).unwrap_or_default();
    match row.origin {
        Origin::App => place,
        Origin::Defaults => format!("defaults, {place}"),
        Origin::Connector if place.is_empty() => "the connector".to_owned(),
        Origin::Connector => format!("the connector, {place}"),
        Origin::BuiltIn => "built in".to_owned(),
    }
}
