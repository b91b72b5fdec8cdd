//! `rolecall mapping`

use super::exit::Status;
use super::globals::Globals;
use crate::catalog;

/// Print the default mappings of a connector, in the form of the `mappings:` section
#[derive(Debug, clap::Args)]
pub struct Args {
    /// The connector
    connector: String,
}

pub fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    match catalog::get(&args.connector) {
        Some(connector) => {
            printer.data(connector.mappings);
            Status::Done
        }
        None => {
            let names: Vec<_> = catalog::connectors()
                .iter()
                .map(|connector| connector.name)
                .collect();
            printer.failed(
                &format!("there is no connector {}", args.connector),
                Some(&format!("there are: {}", names.join(", "))),
            )
        }
    }
}
