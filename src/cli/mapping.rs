//! `rolecall mapping`

use std::collections::BTreeSet;
use std::sync::Arc;

use super::exit::Status;
use super::globals::{Format, Globals};
use crate::catalog::with_comments;
use crate::config::{self, Source};

/// Print the default mappings of a connector, in the form of the `mappings:` section
///
/// A line is a comment if it reads an attribute that the tree does not declare. Apps have the mapping without that line.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Name of the connector
    connector: String,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let catalog = config::catalog();
    match catalog.get(&args.connector) {
        Some(connector) => {
            let declared = declared(globals);
            let mappings = with_comments(&connector.mappings, |name| declared.contains(name));
            if globals.format == Format::Text {
                printer.data(&mappings);
                return Status::Done;
            }
            match serde_yaml::from_str::<serde_json::Value>(&mappings) {
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

/// The attributes that the repository declares; none outside of one.
fn declared(globals: &Globals) -> BTreeSet<Arc<str>> {
    let Ok(source) = Source::open(&globals.start(), globals.rev.as_deref()) else {
        return BTreeSet::new();
    };
    let company = config::load(&source, &config::catalog()).company;
    company.into_iter().flat_map(|company| company.attributes).map(|declared| declared.name).collect()
}
