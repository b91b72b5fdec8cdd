//! The command line: one file per command; the doc comments of its arguments are the help. Arguments get their meaning
//! here and nowhere else; the work is done by `engine`.

mod apply;
mod check;
mod command_options;
mod completions;
mod connectors;
mod diagnosis;
mod exact;
mod exit;
mod findings;
mod globals;
mod held;
mod init;
mod ledger;
mod log;
mod mapping;
mod plan;
mod plan_options;
mod printer;
mod progress;
mod sandbox;
mod schema;
mod show;
mod stop;
mod table;
mod validate;
mod version;

use clap::{CommandFactory, FromArgMatches, Parser, Subcommand};

use exit::Status;
use globals::Globals;

/// Access as code: people, groups, roles and attribute mappings in git, planned and applied to every app.
#[derive(Debug, Parser)]
#[command(
    name = "rolecall",
    version,
    propagate_version = false,
    max_term_width = 100,
    subcommand_required = true,
    arg_required_else_help = true
)]
#[command(after_help = EXIT_STATUS)]
struct Cli {
    #[command(flatten)]
    globals: Globals,
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUS: &str = "Exit status:
  0    done; with `plan --detailed-exitcode`: nothing to do
  1    failed: wrong configuration or command line, or nothing could be read or written
  2    only with `plan --detailed-exitcode`: there are changes
  3    partly done: unreadable apps, undecided people (plan), failures (apply, check)
  4    refused: by a guard or a policy, stale plan, `--expect` mismatch, lock of another run
  130, 143  stopped by SIGINT or SIGTERM, after a clean stop";

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Args),
    Validate(validate::Args),
    Plan(plan::Args),
    Apply(apply::Args),
    Check(check::Args),
    Show(show::Args),
    Ledger(ledger::Args),
    Log(log::Args),
    Schema(schema::Args),
    Mapping(mapping::Args),
    Connectors(connectors::Args),
    Sandbox(sandbox::Args),
    Completions(completions::Args),
    Version(version::Args),
}

/// Runs the program with the arguments of the process, and gives its exit status.
pub fn main() -> std::process::ExitCode {
    let parsed = command().try_get_matches().and_then(|given| {
        let cli = Cli::from_arg_matches(&given)?;
        Ok((cli, name(&given)))
    });
    let (cli, name) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => {
            let _ = error.print();
            // Help and version are answers; any other error is wrong usage, which never has status 2.
            return if error.use_stderr() { Status::Failed.into() } else { Status::Done.into() };
        }
    };
    let status = run(cli, &name);
    match printer::has_lost_data() {
        true => status.and(Status::Failed).into(),
        false => status.into(),
    }
}

/// The full name of a command, such as `ledger list`.
fn name(given: &clap::ArgMatches) -> String {
    let mut names = Vec::new();
    let mut next = given.subcommand();
    while let Some((name, below)) = next {
        names.push(name);
        next = below.subcommand();
    }
    names.join(" ")
}

fn run(cli: Cli, name: &str) -> Status {
    let globals = &cli.globals;
    diagnosis::start(globals.verbose);
    if let Err(status) = command_options::check(name, globals, &globals.printer()) {
        return status;
    }
    match cli.command {
        Command::Init(args) => init::run(globals, &args),
        Command::Validate(args) => validate::run(globals, &args),
        Command::Plan(args) => plan::run(globals, &args),
        Command::Apply(args) => apply::run(globals, &args),
        Command::Check(args) => check::run(globals, &args),
        Command::Show(args) => show::run(globals, &args),
        Command::Ledger(args) => ledger::run(globals, &args),
        Command::Log(args) => log::run(globals, &args),
        Command::Schema(args) => schema::run(globals, &args),
        Command::Mapping(args) => mapping::run(globals, &args),
        Command::Connectors(args) => connectors::run(globals, &args),
        Command::Sandbox(args) => sandbox::run(globals, &args),
        Command::Completions(args) => completions::run(globals, &args, command()),
        Command::Version(args) => version::run(globals, &args),
    }
}

/// The description of the command line, for completions and the generated reference.
pub fn command() -> clap::Command {
    command_options::in_help(Cli::command())
}
