//! `rolecall connectors`

use super::exit::Status;
use super::globals::Globals;
use crate::catalog;

/// List the connectors of this version
#[derive(Debug, clap::Args)]
pub struct Args {}

pub fn run(globals: &Globals, _args: &Args) -> Status {
    let lines = catalog::connectors()
        .iter()
        .map(|connector| format!("{}  {}\n", connector.name, connector.description));
    globals.printer().data(&lines.collect::<String>());
    Status::Done
}
