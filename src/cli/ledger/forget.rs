//! `rolecall ledger forget`

use super::context::Context;
use super::people::People;
use super::sign::by;
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::engine::maintenance::forget::forget;
use crate::model::UserId;

/// Remove entries of accounts that are gone: tombstones, and links whose account is gone by the app's own answer
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    people: People,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let app = context.app(&args.people.app)?;
    let users = args.people.users();
    let author = args.people.signature.author.name(&context);
    let by = by(&context, &author, &args.people.signature.reason);
    forget(&context.engine, &context.config, &app, &users, &by).map_err(|error| context.refuse(&error))?;
    let names: Vec<_> = users.iter().map(UserId::to_string).collect();
    printer.say(&format!("forgot {} in app {}", names.join(", "), app.id));
    Ok(Status::Done)
}
