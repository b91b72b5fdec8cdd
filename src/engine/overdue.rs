//! Dates of the tree that went by without an apply: each command that reads the ledger says so first (safety.md 17).

use std::sync::atomic::Ordering;

use super::{Configuration, Engine};
use crate::model::event::Event;
use crate::model::ledger::{Applied, LedgerSnapshot};
use crate::model::time::{self, Ago, Timestamp};
use crate::model::{App, AppId};
use crate::resolve::{Edge, EdgeKind, Resolved};

/// How long ago a date has to be, in hours: the next scheduled apply may be about to come.
const HOURS: i64 = 24;

/// Says once which date went by more than a day ago, since the last completed apply of an app. The accounts of a sandbox are
/// nobody's access, and what `--at` pretends has not happened.
pub(super) fn say(engine: &Engine, config: &Configuration, ledger: &LedgerSnapshot) {
    if engine.clock.is_fixed() {
        return;
    }
    let now = engine.clock.now();
    let until = time::after(now, -HOURS);
    let apps = config.company.apps.iter();
    let apps = apps.filter(|app| !app.is_sandbox() && app.enabled && app.removed.is_none());
    let late: Vec<(&App, Timestamp)> = apps
        .filter_map(|app| Some((app, applied(ledger, app)?.at)))
        .filter(|(_, applied)| *applied < until)
        .collect();
    if late.is_empty() || engine.dates_are_said.swap(true, Ordering::SeqCst) {
        return;
    }
    // Only now, because it costs as much as a plan without apps.
    let resolved = Resolved::new(&config.company, &config.programs, now);
    if let Some(text) = sentence(&resolved, &late, until) {
        let way_out = if engine.run.is_some() { "" } else { ": run `rolecall apply`" };
        engine.events.emit(Event::Note { app: None, text: format!("{text}{way_out}").into() });
    }
}

/// The last completed apply of an app; an earlier id counts.
fn applied<'l>(ledger: &'l LedgerSnapshot, app: &App) -> Option<&'l Applied> {
    let mut ids = std::iter::once(&app.id).chain(&app.previously);
    ids.find_map(|id| ledger.apps.get(id))?.applied.as_ref()
}

fn sentence(resolved: &Resolved, late: &[(&App, Timestamp)], until: Timestamp) -> Option<String> {
    let mut found: Vec<(&Edge, &AppId, Timestamp)> = Vec::new();
    for (app, applied) in late {
        let Some(desired) = resolved.app(&app.id) else { continue };
        let gone_by = desired.edges_between(&resolved.edges, *applied, until);
        found.extend(gone_by.map(|edge| (edge, &app.id, *applied)));
    }
    found.sort();
    let (first, app, applied) = *found.first()?;
    let mut dates: Vec<&Edge> = found.iter().map(|(edge, ..)| *edge).collect();
    dates.dedup();
    let what = match first.kind {
        EdgeKind::Starts => format!("started {}", Ago::since(first.at, resolved.at)),
        EdgeKind::Ends => format!("ended {}", Ago::ended(first.at, resolved.at)),
    };
    let more = match dates.len() - 1 {
        0 => String::new(),
        1 => ", 1 more date went by".to_owned(),
        more => format!(", {more} more dates went by"),
    };
    Some(format!(
        "{} {what}{more}, and the last completed apply of app {app} was {}",
        first.what,
        Ago::since(applied, resolved.at)
    ))
}
