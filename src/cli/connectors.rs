//! `rolecall connectors`

use super::exit::Status;
use super::globals::{Format, Globals};
use crate::catalog;

/// List the connectors of this version
#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(globals: &Globals, _args: &Args) -> Status {
    if globals.format == Format::Json {
        let row = |connector: &catalog::Connector| serde_json::json!({"name": connector.name, "description": connector.description});
        let rows = catalog::connectors().iter().map(row);
        globals.printer().json(&serde_json::Value::from_iter(rows));
        return Status::Done;
    }
    let lines = catalog::connectors()
        .iter()
        .map(|connector| format!("{}  {}\n", connector.name, connector.description));
    globals.printer().data(&lines.collect::<String>());
    Status::Done
}
