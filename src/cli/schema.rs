//! `rolecall schema`

use super::exit::Status;
use super::globals::{Format, Globals};
use crate::config;

/// Print a JSON Schema; without a name, list all schemas
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the schema
    name: Option<String>,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let all = crate::engine::schemas(&config::catalog());
    match &args.name {
        None if globals.format == Format::Json => {
            let rows = all.iter().map(|(name, text)| serde_json::json!({"name": name, "title": title(text)}));
            printer.json(&rows.collect::<serde_json::Value>());
            Status::Done
        }
        None => {
            let width = all.iter().map(|(name, _)| name.len()).max().unwrap_or(0);
            let lines = all.iter().map(|(name, text)| format!("{name:<width$}  {}\n", title(text)));
            printer.data(&lines.collect::<String>());
            Status::Done
        }
        Some(name) => match all.iter().find(|(known, _)| known == name) {
            Some((_, text)) => {
                printer.data(text);
                Status::Done
            }
            None => {
                let names: Vec<_> = all.iter().map(|(name, _)| name.as_str()).collect();
                printer.failed(
                    &format!("there is no schema {name}"),
                    Some(&format!("there are: {}", names.join(", "))),
                )
            }
        },
    }
}

fn title(schema: &str) -> String {
    let schema: serde_json::Value = serde_json::from_str(schema).unwrap_or_default();
    schema["title"].as_str().unwrap_or_default().to_owned()
}
