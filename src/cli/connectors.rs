//! `rolecall connectors`

use std::sync::Arc;

use super::exit::Status;
use super::globals::{Format, Globals};
use crate::catalog::{Catalog, Definition};

/// List the connectors of this version
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(globals: &Globals, _args: &Args) -> Status {
    let catalog = Catalog::built_in();
    if globals.format == Format::Json {
        let row = |connector: &Arc<Definition>| serde_json::json!({"name": *connector.name, "description": *connector.description});
        let rows = catalog.connectors().map(row);
        globals.printer().json(&rows.collect::<serde_json::Value>());
        return Status::Done;
    }
    let lines =
        catalog.connectors().map(|connector| format!("{}  {}\n", connector.name, connector.description));
    globals.printer().data(&lines.collect::<String>());
    Status::Done
}
