//! `rolecall ledger init`

use super::context::Context;
use super::sign::{Author, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::engine::maintenance::init::{Wanted, init};
use crate::engine::place;

/// Create the ledger, once, and write its id into rolecall.yaml
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Keep the ledger in this folder of this machine, not on a branch; the path is relative to rolecall.yaml
    #[arg(long, value_name = "DIR", conflicts_with_all = ["reference", "remote", "local"])]
    path: Option<String>,
    /// Full name of the branch that keeps the ledger; refs/heads/rolecall/ledger if not given
    #[arg(long = "ref", value_name = "REF")]
    reference: Option<String>,
    /// Share the branch through this remote; if not given, through origin if it exists
    #[arg(long, value_name = "NAME")]
    remote: Option<String>,
    /// Keep the branch in this clone only
    #[arg(long, conflicts_with = "remote")]
    local: bool,
    /// Reason of this write; kept in the ledger's history
    #[arg(long, value_name = "TEXT", default_value = "a new ledger")]
    reason: String,
    #[command(flatten)]
    author: Author,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let wanted = Wanted {
        path: args.path.clone(),
        reference: args.reference.clone(),
        remote: args.remote.clone(),
        local: args.local,
    };
    let author = args.author.name(&context);
    let made = init(&context.engine, &context.config, &wanted, &by(&context, &author, &args.reason))
        .map_err(|error| context.refuse(&error))?;
    let place = place(&made.store);
    if context.is_json() {
        printer.json(&serde_json::json!({"id": made.id, "place": place, "line": made.line}));
    } else {
        printer.data(&made.line);
    }
    printer.say(&format!("made the ledger in {place}"));
    if let Some(why) = made.unwritten {
        let hint = format!("add this line by hand: {}", made.line);
        return Err(printer.failed(&format!("rolecall.yaml was not changed: {why}"), Some(&hint)));
    }
    printer.say("added the line to rolecall.yaml: commit and push it");
    match &made.store {
        crate::model::company::LedgerStore::Git { remote: Some(_), reference } => printer.say(&format!(
            "protect {reference} against force pushes and deletion; only runs of `apply` have to push it"
        )),
        crate::model::company::LedgerStore::Git { remote: None, .. } => printer.warn(
            "the ledger is in this clone only: an apply from another clone finds no ledger",
            Some(
                "for a shared one, add a remote and name it below `ledger.git.remote` before the first apply",
            ),
        ),
        crate::model::company::LedgerStore::Path(_) => {
            printer.say("back the folder up: nothing else knows the person of each account");
        }
    }
    Ok(Status::Done)
}
