//! `rolecall ledger unlink`

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::sign::{Signature, by};
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::cli::table::count;
use crate::engine::maintenance::unlink::{Afterwards, Linked, afterwards, unlink};
use crate::model::words::first_ten;
use crate::model::{AppId, UserId};

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
    let mut people: BTreeMap<Afterwards, Vec<&UserId>> = BTreeMap::new();
    for one in &linked {
        if let Linked::User(id) = one {
            people.entry(afterwards(&context.engine, &context.config, &app, id)).or_default().push(id);
        }
    }
    for (afterwards, people) in people {
        printer.say(&said(afterwards, &people));
    }
    if linked.iter().any(|one| matches!(one, Linked::Group(_))) {
        let members = count(forgotten, "member");
        printer.say(&format!("forgotten: {members}, and which of them rolecall had put in"));
        printer
            .say("a group of that name is taken over again by the next plan, which removes nobody from it");
    }
    Ok(Status::Done)
}

/// What the next plan does with accounts of these people.
fn said(afterwards: Afterwards, people: &[&UserId]) -> String {
    let names: Vec<_> = people.iter().map(ToString::to_string).collect();
    let (who, first) = (first_ten(&names), names.first().map_or("", String::as_str));
    let by_hand =
        format!("`links: {{{first}: ignore}}` or `links: {{{first}: \"ID\"}}` below the app decides");
    match afterwards {
        Afterwards::Adopts => format!(
            "{who}: an account that still matches is adopted again by the next plan, and a new one is created if none does: {by_hand}"
        ),
        Afterwards::AdoptsListed => format!(
            "{who}: `adopt` of the app lets the next plan adopt no account that matches, and a new one is created if none does: {by_hand}"
        ),
        Afterwards::TakesAway => format!(
            "{who}: an active account that still matches is shown as \"still has access\" and adopted by the next plan; the plan after that disables it, held by guard:takeover until it is allowed"
        ),
        Afterwards::Shows => format!(
            "{who}: an active account that still matches is shown as \"still has access\" by the next plan, and not taken over, because of `adopt` of the app: disable it in the app, or name it below `links:`"
        ),
        Afterwards::Leaves => {
            format!(
                "{who}: no plan manages an account any more; one that is on is shown as \"still has access\" if its person is declared, and counts as unmanaged if not"
            )
        }
    }
}
