//! `rolecall ledger unlink`

use std::collections::BTreeSet;

use super::context::Context;
use super::sign::{Signature, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::cli::table::count;
use crate::engine::maintenance::unlink::{Linked, unlink};
use crate::model::AppId;

/// Remove a link that names the wrong account or group; the app itself is not changed
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the app
    #[arg(value_name = "APP")]
    app: AppId,
    /// Whose links: ids of people, `group:ID` or `role:ID`; the command takes all of them or none
    #[arg(value_name = "NAME", required = true)]
    names: Vec<Linked>,
    #[command(flatten)]
    signature: Signature,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let app = context.app(&args.app)?;
    let linked: BTreeSet<Linked> = args.names.iter().cloned().collect();
    let linked: Vec<Linked> = linked.into_iter().collect();
    let author = args.signature.author.name(&context);
    let by = by(&context, &author, &args.signature.reason);
    let dropped = unlink(&app, &linked, &by).map_err(|error| context.refuse(&error))?;
    let mut forgotten = 0;
    for (one, link) in linked.iter().zip(dropped) {
        let what = one.what();
        forgotten += link.members;
        printer.say(&format!(
            "unlinked {one} from {what} {} of app {}; the {what} is as it was",
            link.remote, app.id
        ));
    }
    let user = linked.iter().find_map(|one| match one {
        Linked::User(id) => Some(id),
        Linked::Group(_) => None,
    });
    if let Some(user) = user {
        printer.say(&format!(
            "an account that still matches is adopted again by the next plan: `links: {{{user}: ignore}}` or `links: {{{user}: \"ID\"}}` below the app decides"
        ));
    }
    if linked.iter().any(|one| matches!(one, Linked::Group(_))) {
        let members = count(forgotten, "member");
        printer.say(&format!("forgotten: {members}, and which of them rolecall had put in"));
        printer
            .say("a group of that name is taken over again by the next plan, which removes nobody from it");
    }
    Ok(Status::Done)
}
