//! `rolecall version`

use super::exit::Status;
use super::globals::{Format, Globals};

/// Print the version of the program and of what it reads and writes
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

/// Version of the configuration language.
const LANGUAGE: u32 = 1;

pub(super) fn run(globals: &Globals, _args: &Args) -> Status {
    let (tool, plan) = (env!("CARGO_PKG_VERSION"), crate::plan::FORMAT);
    let printer = globals.printer();
    if globals.format == Format::Json {
        let version = serde_json::json!({"rolecall": tool, "language": LANGUAGE, "plan": plan});
        printer.data(&version.to_string());
    } else {
        printer.data(&format!("rolecall {tool} (language {LANGUAGE}, plan format {plan})"));
    }
    Status::Done
}
