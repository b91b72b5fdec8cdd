//! `rolecall completions`

use clap_complete::Shell;

use super::exit::Status;
use super::globals::Globals;

/// Print a completion script for a shell
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// The shell that the script is for
    shell: Shell,
}

/// `described` is the whole command line.
pub(super) fn run(globals: &Globals, args: &Args, mut described: clap::Command) -> Status {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut described, "rolecall", &mut script);
    globals.printer().data(&String::from_utf8_lossy(&script));
    Status::Done
}
