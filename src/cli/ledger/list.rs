//! `rolecall ledger list`

use super::context::Context;
use super::words;
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::cli::table::{count, table};
use crate::engine::maintenance::ledgers;
use crate::engine::{OpenLedger, WhichLedger};
use crate::model::AppId;
use crate::model::ledger::AppLedger;
use crate::model::time::Timestamp;
use crate::render::escape;

/// List the apps in the ledger: their accounts, the last apply, the run that applies now
#[derive(Debug, clap::Args)]
pub(super) struct Args {}

pub(super) fn run(globals: &Globals, printer: &Printer, _args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let wanted = globals.selection(printer)?;
    let taken = |id: &AppId| wanted.takes_id(id, &context.config.company.apps);
    let found = ledgers(&context.engine, &context.config).map_err(|error| context.refuse(&error))?;
    let now = context.engine.clock.now();
    if context.is_json() {
        let all: Vec<_> = found.iter().map(|ledger| as_json(&context, ledger, &taken)).collect();
        printer.json(&serde_json::Value::from(all));
        return Ok(Status::Done);
    }
    let mut out = String::new();
    for ledger in &found {
        let snapshot = &ledger.read.snapshot;
        out.push_str(&format!(
            "ledger {} in {}, serial {}\n",
            escape(&snapshot.id),
            escape(&ledger.place),
            snapshot.serial
        ));
        let apps = snapshot.apps.iter().filter(|(id, _)| taken(id));
        let rows: Vec<_> = apps.map(|(id, known)| row(&context, id, known, now)).collect();
        if rows.is_empty() {
            out.push_str("  no app was applied yet\n");
        }
        out.push_str(&table(&rows, 2));
    }
    printer.data(&out);
    Ok(Status::Done)
}

fn row(context: &Context<'_>, id: &AppId, known: &AppLedger, now: Timestamp) -> Vec<String> {
    let [active, disabled, gone] = words::tally(known);
    let mut lease = words::lease(known.lease.as_ref(), now);
    if !known.intents.is_empty() {
        lease.push_str(&format!("; {} open", count(known.intents.len(), "change")));
    }
    if !is_declared(context, id) {
        lease.push_str("; not declared any more");
    }
    vec![
        id.to_string(),
        format!("{active} active"),
        format!("{disabled} disabled"),
        format!("{gone} gone"),
        count(known.groups.len(), "group"),
        format!("applied {}", words::applied(known.applied.as_ref())),
        lease,
    ]
}

fn is_declared(context: &Context<'_>, id: &AppId) -> bool {
    context.config.company.apps.iter().any(|app| app.id == *id || app.previously.contains(id))
}

fn as_json(context: &Context<'_>, ledger: &OpenLedger, taken: &dyn Fn(&AppId) -> bool) -> serde_json::Value {
    let snapshot = &ledger.read.snapshot;
    let app = |(id, known): (&AppId, &AppLedger)| {
        let [active, disabled, gone] = words::tally(known);
        serde_json::json!({
            "app": id,
            "declared": is_declared(context, id),
            "endpoint": known.endpoint,
            "accounts": {"active": active, "disabled": disabled, "gone": gone},
            "groups": known.groups.len(),
            "completed": known.completed,
            "applied": known.applied.as_ref().map(|applied| {
                serde_json::json!({"commit": applied.commit, "at": applied.at, "people": applied.people})
            }),
            "lease": known.lease,
            "open": known.intents.len(),
        })
    };
    serde_json::json!({
        "id": snapshot.id,
        "place": ledger.place,
        "sandbox": ledger.which == WhichLedger::Sandbox,
        "serial": snapshot.serial,
        "apps": snapshot.apps.iter().filter(|(id, _)| taken(id)).map(app).collect::<Vec<_>>(),
    })
}
