//! `rolecall mapping`

use super::exit::Status;
use super::globals::{Format, Globals};

/// Print the default mappings of a connector, in the form of the `mappings:` section
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the connector
    connector: String,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let catalog = crate::config::catalog();
    match catalog.get(&args.connector) {
        Some(connector) => {
            if globals.format == Format::Text {
                printer.data(&connector.mappings);
                return Status::Done;
            }
            match serde_yaml::from_str::<serde_json::Value>(&connector.mappings) {
                Ok(mappings) => {
                    printer.json(&mappings);
                    Status::Done
                }
                Err(error) => printer.failed(&error.to_string(), None),
            }
        }
        None => {
            let names: Vec<_> = catalog.connectors().map(|connector| &*connector.name).collect();
            printer.failed(
                &format!("there is no connector {}", args.connector),
                Some(&format!("there are: {}", names.join(", "))),
            )
        }
    }
}
