//! `rolecall ledger rebuild`

use super::context::Context;
use super::proposal::Proposal;
use super::sign::by;
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::cli::table::{count, table};
use crate::engine::maintenance;
use crate::engine::maintenance::rebuild::{Proposed, Rebuild, examine};
use crate::render::escape;

/// Propose links in place of lost ones, from the ids in the accounts and from the ledger's history
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    proposal: Proposal,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    // The ledger may have lost the whole app.
    let app = maintenance::place_of(&context.engine, &context.config, &args.proposal.app)
        .map_err(|error| context.refuse(&error))?;
    let found = examine(&context.engine, &context.config, &app).map_err(|error| context.refuse(&error))?;
    if context.is_json() {
        printer.json(&as_json(&found));
    } else {
        printer.data(&text(app.id.as_str(), &found));
    }
    if found.links.is_empty() && !found.is_lost {
        return Ok(Status::Done);
    }
    if !args.proposal.yes {
        printer.say("nothing was written: `--yes --reason TEXT` writes these links");
        return Ok(Status::Done);
    }
    let author = args.proposal.author.name(&context);
    let by = by(&context, &author, args.proposal.reason());
    found.write(&app, &by).map_err(|error| context.refuse(&error))?;
    printer.say(&format!("wrote {} of app {}", count(found.links.len(), "link"), app.id));
    Ok(Status::Done)
}

fn text(app: &str, found: &Rebuild) -> String {
    let mut out = format!("{}  {}\n", escape(app), escape(&found.endpoint));
    out.push_str(&format!("  {} in the ledger, as they were\n", count(found.kept, "link")));
    if !found.links.is_empty() {
        out.push_str(&format!("\n{} to write\n", count(found.links.len(), "link")));
        let row = |link: &Proposed| {
            let mut notes = Vec::new();
            if !link.active {
                notes.push("inactive");
            }
            if !link.declared {
                notes.push("not declared any more");
            }
            let name = link.name.as_deref().unwrap_or("no name").to_owned();
            vec![link.user.to_string(), link.remote.to_string(), name, link.proof.clone(), notes.join(", ")]
        };
        out.push_str(&table(&found.links.iter().map(row).collect::<Vec<_>>(), 2));
    }
    if !found.left.is_empty() {
        out.push_str("\nnot proposed\n");
        let rows = found.left.iter().map(|(user, why)| vec![user.clone(), why.clone()]);
        out.push_str(&table(&rows.collect::<Vec<_>>(), 2));
    }
    out.push_str(&format!(
        "\n{} that nothing points to; groups are found by name in the next plan\n",
        count(found.others, "account")
    ));
    out
}

fn as_json(found: &Rebuild) -> serde_json::Value {
    let link = |link: &Proposed| {
        serde_json::json!({
            "user": link.user,
            "account": link.remote,
            "name": link.name,
            "active": link.active,
            "declared": link.declared,
            "proof": link.proof,
        })
    };
    let left = found.left.iter().map(|(user, why)| serde_json::json!({"user": user, "why": why}));
    serde_json::json!({
        "endpoint": found.endpoint,
        "links": found.links.iter().map(link).collect::<Vec<_>>(),
        "left": left.collect::<Vec<_>>(),
        "kept": found.kept,
        "others": found.others,
    })
}
