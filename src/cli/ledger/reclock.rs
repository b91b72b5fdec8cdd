//! `rolecall ledger reclock`

use super::context::Context;
use super::sign::{Signature, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::engine::maintenance::{ledgers, reclock::reclock};
use crate::model::AppId;

/// Set instants of the ledger that lie in the future back to now, after a run on a machine with a wrong clock
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    signature: Signature,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let author = args.signature.author.name(&context);
    let by = by(&context, &author, &args.signature.reason);
    let found = ledgers(&context.engine, &context.config).map_err(|error| context.refuse(&error))?;
    for ledger in found {
        let apps = reclock(&ledger, &by).map_err(|error| context.refuse(&error))?;
        let names: Vec<_> = apps.iter().map(AppId::to_string).collect();
        match names.is_empty() {
            true => printer.say(&format!("{}: no instant lies in the future", ledger.place)),
            false => printer.say(&format!(
                "{}: set back what lay in the future in {}",
                ledger.place,
                names.join(", ")
            )),
        }
    }
    Ok(Status::Done)
}
