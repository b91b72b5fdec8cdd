//! `rolecall ledger show`

use std::collections::BTreeSet;

use super::context::Context;
use super::words;
use crate::cli::exit::Status;
use crate::cli::globals::Globals;
use crate::cli::printer::Printer;
use crate::cli::table::{count, table};
use crate::model::ledger::{AppLedger, GroupKey, GroupLink, Link};
use crate::model::{AppId, UserId};
use crate::render::escape;

/// Show the ledger's entries of an app: links, groups, the run that applies now; with --user, only of these people
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Id of the app
    #[arg(value_name = "APP")]
    app: AppId,
}

pub(super) fn run(globals: &Globals, printer: &Printer, args: &Args) -> Result<Status, Status> {
    let context = Context::open(globals, printer)?;
    let app = context.app(&args.app)?;
    let ledger = app.known();
    let selected: BTreeSet<UserId> = globals.users.iter().cloned().collect();
    if let Some(unknown) = selected.iter().find(|id| !ledger.users.contains_key(*id)) {
        return Err(printer.failed(
            &format!("the ledger knows no account of '{unknown}' in app {}", app.id),
            Some(&format!("`rolecall ledger show {}` lists the people it knows", app.id)),
        ));
    }
    if context.is_json() {
        printer.json(&as_json(app.id.as_str(), &ledger, &selected));
        return Ok(Status::Done);
    }
    let mut out = format!("{}  {}\n", escape(app.id.as_str()), escape(&ledger.endpoint));
    if selected.is_empty() {
        out.push_str(&app_as_text(&context, &ledger));
    } else {
        for id in &selected {
            out.push_str(&person_as_text(id, &ledger));
        }
    }
    printer.data(&out);
    Ok(Status::Done)
}

fn app_as_text(context: &Context<'_>, ledger: &AppLedger) -> String {
    let now = context.engine.clock.now();
    let completed = ledger
        .completed
        .map_or_else(|| "never: until then nobody is removed or disabled".to_owned(), words::instant);
    let mut rows = vec![
        vec!["first full apply".to_owned(), completed],
        vec!["last applied".to_owned(), words::applied(ledger.applied.as_ref())],
        vec!["lease".to_owned(), words::lease(ledger.lease.as_ref(), now)],
    ];
    let open_changes =
        ledger.intents.iter().map(|intent| vec!["open change".to_owned(), intent.key.to_string()]);
    rows.extend(open_changes);
    let mut out = table(&rows, 2);
    let [active, disabled, gone] = words::tally(ledger);
    out.push_str(&format!("\naccounts: {active} active, {disabled} disabled, {gone} gone\n"));
    let users: Vec<_> = ledger.users.iter().map(|(id, link)| link_row(id, link)).collect();
    out.push_str(&table(&users, 2));
    if !ledger.groups.is_empty() {
        out.push_str("\ngroups\n");
        let groups = ledger.groups.iter().map(|(key, link)| {
            vec![
                key.to_string(),
                link.remote.to_string(),
                words::origin(link.origin).to_owned(),
                count(link.members.len(), "member"),
            ]
        });
        out.push_str(&table(&groups.collect::<Vec<_>>(), 2));
    }
    if !ledger.roles.is_empty() {
        out.push_str("\nroles kept as values\n");
        let roles = ledger.roles.iter().map(|(id, value)| vec![id.to_string(), value.to_string()]);
        out.push_str(&table(&roles.collect::<Vec<_>>(), 2));
    }
    out
}

fn link_row(id: &UserId, link: &Link) -> Vec<String> {
    vec![
        id.to_string(),
        link.remote.to_string(),
        words::origin(link.origin).to_owned(),
        words::state(&link.state),
    ]
}

fn person_as_text(id: &UserId, ledger: &AppLedger) -> String {
    let Some(link) = ledger.users.get(id) else {
        return String::new();
    };
    let mut rows = vec![
        vec!["account".to_owned(), link.remote.to_string()],
        vec!["origin".to_owned(), words::origin(link.origin).to_owned()],
        vec!["state".to_owned(), words::state(&link.state)],
    ];
    if let Some(commit) = &link.commit {
        rows.push(vec!["declared at".to_owned(), format!("commit {commit:.12}")]);
    }
    let roles = link.roles.iter().map(|role| vec!["role".to_owned(), role.to_string()]);
    rows.extend(roles);
    rows.extend(groups_of(id, ledger).map(|key| vec!["member of".to_owned(), key.to_string()]));
    for (path, hashes) in link.values.iter() {
        let kept = if hashes.asked == hashes.kept { "" } else { ", not kept by the app" };
        rows.push(vec![path.to_string(), format!("written {}{kept}", words::instant(hashes.at))]);
    }
    format!("\n{}\n{}", escape(id.as_str()), table(&rows, 2))
}

/// The managed groups that have the person as a member.
fn groups_of<'l>(id: &'l UserId, ledger: &'l AppLedger) -> impl Iterator<Item = &'l GroupKey> {
    let has_member = move |(key, link): (&'l GroupKey, &GroupLink)| link.members.contains(id).then_some(key);
    ledger.groups.iter().filter_map(has_member)
}

/// Hashes are left out: they tell a reader nothing, and help an attacker to guess the values.
fn as_json(app: &str, ledger: &AppLedger, selected: &BTreeSet<UserId>) -> serde_json::Value {
    let users = ledger.users.iter().filter(|(id, _)| selected.is_empty() || selected.contains(*id));
    let user = |(id, link): (&UserId, &Link)| {
        let values = link.values.iter().map(|(path, hashes)| {
            serde_json::json!({"path": path, "written": hashes.at, "kept": hashes.asked == hashes.kept})
        });
        serde_json::json!({
            "user": id,
            "account": link.remote,
            "origin": words::origin(link.origin),
            "state": words::state_word(&link.state),
            "roles": link.roles,
            "groups": groups_of(id, ledger).collect::<Vec<_>>(),
            "values": values.collect::<Vec<_>>(),
        })
    };
    let groups = ledger.groups.iter().map(|(key, link)| {
        serde_json::json!({
            "group": key,
            "id": link.remote,
            "origin": words::origin(link.origin),
            "members": link.members,
        })
    });
    let mut value = serde_json::json!({
        "app": app,
        "endpoint": ledger.endpoint,
        "completed": ledger.completed,
        "applied": ledger.applied,
        "lease": ledger.lease,
        "open": ledger.intents.iter().map(|intent| intent.key.to_string()).collect::<Vec<_>>(),
        "users": users.map(user).collect::<Vec<_>>(),
    });
    if selected.is_empty() {
        value["groups"] = groups.collect();
        value["roles"] = serde_json::json!(ledger.roles);
    }
    value
}
