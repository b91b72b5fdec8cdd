//! `rolecall ledger forget`

use super::context::Context;
use super::sign::{Signature, by};
use crate::cli::exact;
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::engine::maintenance::forget::{forget, forget_vanished};
use crate::model::words::first_ten;
use crate::model::{AppId, UserId};

/// Remove entries of accounts that are gone: tombstones, and links whose account is gone by the app's own answer
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the app
    #[arg(value_name = "APP")]
    app: AppId,
    /// Ids of the people; the command takes all of them or none
    // An id of its own: `users` is the `--user` of every command.
    #[arg(
        id = "people",
        value_name = "USER",
        required_unless_present = "vanished",
        conflicts_with = "vanished"
    )]
    users: Vec<UserId>,
    /// All people whose linked account is gone by the app's own answer; N has to be their number
    #[arg(long, value_name = "N", value_parser = exact::at_least_one)]
    vanished: Option<u64>,
    #[command(flatten)]
    signature: Signature,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let app = context.app(&args.app)?;
    let author = args.signature.author.name(&context);
    let by = by(&context, &author, &args.signature.reason);
    let (engine, config) = (&context.engine, &context.config);
    let users = match args.vanished {
        Some(number) => forget_vanished(engine, config, &app, number, &by),
        None => {
            let users = each_once(&args.users);
            forget(engine, config, &app, &users, &by).map(|()| users)
        }
    };
    let names: Vec<_> =
        users.map_err(|error| context.refuse(&error))?.iter().map(UserId::to_string).collect();
    printer.say(&format!("forgot {} in app {}", first_ten(&names), app.id));
    Ok(Status::Done)
}

fn each_once(users: &[UserId]) -> Vec<UserId> {
    let users: std::collections::BTreeSet<_> = users.iter().cloned().collect();
    users.into_iter().collect()
}
