//! `rolecall ledger forget`

use std::collections::BTreeSet;

use super::Desk;
use super::sign::{Signature, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::engine::care::forget::forget;
use crate::model::UserId;

/// Drop what is left of accounts that are gone: tombstones, and links whose account the app itself says is gone
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Which app
    #[arg(value_name = "APP")]
    app: String,
    /// Whose; all of them or nobody
    #[arg(value_name = "USER", required = true)]
    users: Vec<String>,
    #[command(flatten)]
    signature: Signature,
}

pub fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let desk = Desk::for_writing(globals, printer)?;
    let entry = desk.entry(&args.app)?;
    let users: BTreeSet<UserId> = args.users.iter().map(|id| id.as_str().into()).collect();
    let users: Vec<UserId> = users.into_iter().collect();
    let author = args.signature.author.name(&desk);
    let by = by(&desk, &author, &args.signature.reason);
    forget(&desk.engine, &desk.tree, &entry, &users, &by).map_err(|error| desk.refuse(&error))?;
    let names: Vec<_> = users.iter().map(UserId::to_string).collect();
    printer.say(&format!("forgot {} in app {}", names.join(", "), entry.id));
    Ok(Status::Done)
}
