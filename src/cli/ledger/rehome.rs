//! `rolecall ledger rehome`

use super::context::Context;
use super::proposal::Proposal;
use super::sign::by;
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::cli::table::{count, table};
use crate::engine::maintenance::rehome::{Rehome, examine};
use crate::render::escape;

/// Accept the new URL of an app, after every link is proved there
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    proposal: Proposal,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let app = context.app(&args.proposal.app)?;
    let found = examine(&context.engine, &context.config, &app).map_err(|error| context.refuse(&error))?;
    if context.is_json() {
        printer.json(&as_json(&found));
    } else {
        printer.data(&text(app.id.as_str(), &found, globals.verbose > 0));
    }
    found.judge().map_err(|error| context.refuse(&error))?;
    if !args.proposal.yes {
        printer.say("nothing was written: `--yes --reason TEXT` accepts the new endpoint");
        return Ok(Status::Done);
    }
    let author = args.proposal.author.name(&context);
    let by = by(&context, &author, args.proposal.reason());
    found.write(&app, &by).map_err(|error| context.refuse(&error))?;
    printer.say(&format!("app {} is at {} now", app.id, found.to));
    Ok(Status::Done)
}

fn text(app: &str, found: &Rehome, verbose: bool) -> String {
    let mut out =
        format!("{}\n  from  {}\n  to    {}\n", escape(app), escape(&found.from), escape(&found.to));
    let (good, bad) = (found.proved.len(), found.unproved.len());
    out.push_str(&format!("\n{} proved\n", count(good, "link")));
    if verbose {
        let rows = found
            .proved
            .iter()
            .map(|(user, remote, by)| vec![user.to_string(), remote.to_string(), by.clone()]);
        out.push_str(&table(&rows.collect::<Vec<_>>(), 2));
    }
    if bad > 0 {
        out.push_str(&format!(
            "\n{} not proved; they stay, and the next plan asks about them\n",
            count(bad, "link")
        ));
        let rows = found
            .unproved
            .iter()
            .map(|(user, remote, why)| vec![user.to_string(), remote.to_string(), why.clone()]);
        out.push_str(&table(&rows.collect::<Vec<_>>(), 2));
    }
    if !found.groups.is_empty() || !found.dropped.is_empty() {
        out.push_str(&format!("\n{} proved\n", count(found.groups.len(), "group")));
    }
    if !found.dropped.is_empty() {
        out.push_str(&format!(
            "\n{} not proved; the next plan looks for them by name\n",
            count(found.dropped.len(), "group")
        ));
        let rows = found
            .dropped
            .iter()
            .map(|(key, remote, why)| vec![key.to_string(), remote.to_string(), why.clone()]);
        out.push_str(&table(&rows.collect::<Vec<_>>(), 2));
    }
    out
}

fn as_json(found: &Rehome) -> serde_json::Value {
    let proved = found
        .proved
        .iter()
        .map(|(user, remote, by)| serde_json::json!({"user": user, "account": remote, "proof": by}));
    let unproved = found
        .unproved
        .iter()
        .map(|(user, remote, why)| serde_json::json!({"user": user, "account": remote, "why": why}));
    let dropped = found
        .dropped
        .iter()
        .map(|(key, remote, why)| serde_json::json!({"group": key, "id": remote, "why": why}));
    serde_json::json!({
        "from": found.from,
        "to": found.to,
        "proved": proved.collect::<Vec<_>>(),
        "unproved": unproved.collect::<Vec<_>>(),
        "groups": found.groups,
        "groups_unproved": dropped.collect::<Vec<_>>(),
        "accepted": found.judge().is_ok(),
    })
}
