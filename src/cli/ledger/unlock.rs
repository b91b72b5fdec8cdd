//! `rolecall ledger unlock`

use super::context::Context;
use super::sign::{Signature, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::model::AppId;

/// End the lease of a run that is certainly dead; the next apply asks the app about unfinished changes
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the app
    #[arg(value_name = "APP")]
    app: AppId,
    #[command(flatten)]
    signature: Signature,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let app = context.app(&args.app)?;
    let author = args.signature.author.name(&context);
    let by = by(&context, &author, &args.signature.reason);
    let run = app.ledger.store.unlock(&app.id, &by).map_err(|error| context.refuse(&error.into()))?;
    match run {
        Some(run) => printer.say(&format!("ended the lease of run {run} on app {}", app.id)),
        None => printer.say(&format!("no run holds app {}: there was nothing to do", app.id)),
    }
    Ok(Status::Done)
}
