//! `rolecall ledger`: maintenance. The reading commands change nothing; every write gets an entry with author and
//! reason.

mod context;
mod forget;
mod init;
mod list;
mod proposal;
mod rebuild;
mod reclock;
mod rehome;
mod reprove;
mod show;
mod sign;
mod unlink;
mod unlock;
mod words;

use super::exit::Status;
use super::globals::Globals;

/// Show and repair the ledger, which records what rolecall manages in each app
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, clap::Subcommand)]
enum What {
    Init(init::Args),
    List(list::Args),
    Show(show::Args),
    Unlink(unlink::Args),
    Forget(forget::Args),
    Unlock(unlock::Args),
    Reclock(reclock::Args),
    Reprove(reprove::Args),
    Rehome(rehome::Args),
    Rebuild(rebuild::Args),
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let result = match &args.what {
        What::Init(args) => init::run(globals, &printer, args),
        What::List(args) => list::run(globals, &printer, args),
        What::Show(args) => show::run(globals, &printer, args),
        What::Unlink(args) => unlink::run(globals, &printer, args),
        What::Forget(args) => forget::run(globals, &printer, args),
        What::Unlock(args) => unlock::run(globals, &printer, args),
        What::Reclock(args) => reclock::run(globals, &printer, args),
        What::Reprove(args) => reprove::run(globals, &printer, args),
        What::Rehome(args) => rehome::run(globals, &printer, args),
        What::Rebuild(args) => rebuild::run(globals, &printer, args),
    };
    result.unwrap_or_else(|status| status)
}
