//! `rolecall ledger reprove`

use super::context::Context;
use super::sign::{Signature, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::cli::table::count;
use crate::engine::maintenance::reprove::reprove;
use crate::model::AppId;
use crate::model::words::first_ten;

/// Name another commit as the proof of links whose own commit is lost, such as after the history was rewritten
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the app
    #[arg(value_name = "APP")]
    app: AppId,
    /// A commit that declares the people and groups of these links; it has to be in the present history
    #[arg(long, value_name = "REV")]
    commit: String,
    #[command(flatten)]
    signature: Signature,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let app = context.app(&args.app)?;
    let author = args.signature.author.name(&context);
    let by = by(&context, &author, &args.signature.reason);
    let found = reprove(&context.engine, &context.config, &app, &args.commit, &by)
        .map_err(|error| context.refuse(&error))?;
    if found.proved.is_empty() && found.undeclared.is_empty() {
        printer.say(&format!("app {}: every link names a commit of the present history", app.id));
        return Ok(Status::Done);
    }
    let number = count(found.proved.len(), "link");
    printer.say(&format!("app {}: {number} proved by commit {:.12}", app.id, found.commit));
    if !found.undeclared.is_empty() {
        let names = first_ten(&found.undeclared);
        printer.say(&format!(
            "not declared there, and left as it was: {names}; name a commit that declares them"
        ));
    }
    Ok(Status::Done)
}
