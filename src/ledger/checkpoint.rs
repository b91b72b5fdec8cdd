//! The background of a run on a branch: results are pushed every 30 s or 200 objects, and the lease is renewed with
//! them, or alone when a third of it has passed (safety.md 7).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use crate::model::AppId;
use crate::model::ledger::Lease;

use super::error::LedgerError;
use super::layout;
use super::lease::{self, after};
use super::session::{RESULTS, Session, results};
use super::stored::Record;
use super::text;
use super::view::Edits;

/// Longest time between pushes while there are results.
const EVERY: Duration = Duration::from_secs(30);

/// Starts the thread; it ends when the session is `closing`, or when the lease is lost.
pub(crate) fn start(session: Arc<Session>) -> JoinHandle<()> {
    std::thread::spawn(move || work(&session))
}

fn work(session: &Session) {
    let mut pushed = Instant::now();
    let mut wait = Duration::ZERO;
    loop {
        let Some(queue) = next(session, pushed, wait) else {
            return;
        };
        match push(session, &queue) {
            Ok(asked_at) => {
                // The lease counts from here, however long the push took.
                pushed = asked_at;
                wait = Duration::ZERO;
            }
            Err(error) => {
                let mut state = session.state();
                let rest = std::mem::replace(&mut state.queue, queue);
                state.queue.extend(rest);
                // A broken network may come back while the lease lasts; a lost lease does not.
                if matches!(error, LedgerError::Held(_) | LedgerError::LeaseLost { .. }) {
                    state.failed = Some(error.to_string());
                    return;
                }
                wait = (wait * 2).clamp(session.lease / 40, session.lease / 10);
            }
        }
    }
}

/// Sleeps until there is something to push; `None` at the end.
fn next(session: &Session, pushed: Instant, wait: Duration) -> Option<Vec<Record>> {
    let mut state = session.state();
    let soonest = Instant::now() + wait;
    loop {
        if state.closing {
            return None;
        }
        let now = Instant::now();
        let renew = pushed + session.lease / 3;
        let due = match results(&state.queue) {
            0 => renew,
            1..RESULTS => renew.min(pushed + EVERY),
            _ => now,
        };
        let due = due.max(soonest);
        if now >= due {
            return Some(std::mem::take(&mut state.queue));
        }
        let woken = session.wake.wait_timeout(state, due - now);
        state = woken.unwrap_or_else(std::sync::PoisonError::into_inner).0;
    }
}

/// Gives the instant from which the renewed lease counts.
fn push(session: &Session, queue: &[Record]) -> Result<Instant, LedgerError> {
    let mut asked_at = Instant::now();
    let mut wall = SystemTime::now();
    session.store.write(&mut |view, root, _| {
        asked_at = Instant::now();
        wall = SystemTime::now();
        let mut edits = Edits::new();
        for app in &session.apps {
            let now = session.wall();
            let lease = lease::of_run(&session.run, view, app)?;
            let renewed = Lease { renewed: now, expires: after(now, session.lease), ..lease };
            let folder = layout::app_folder(app);
            edits.insert(format!("{folder}/lease.json"), Some(text::pretty(&renewed)));
        }
        for (app, records) in by_app(queue) {
            let name = layout::numbered(root.serial, &session.run);
            let path = format!("{}/pending/{name}.jsonl", layout::app_folder(app));
            edits.insert(path, Some(text::jsonl(records)));
        }
        Ok((edits, session.entry(format!("checkpoint ({} results)", results(queue)))))
    })?;
    session.state().until = Some((asked_at + session.lease, wall + session.lease));
    Ok(asked_at)
}

/// The records of each app, as they stand in its own file.
fn by_app(queue: &[Record]) -> BTreeMap<&AppId, Vec<Record>> {
    let mut apps: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for record in queue {
        if let Some(app) = &record.app {
            apps.entry(app).or_default().push(Record { app: None, ..record.clone() });
        }
    }
    apps
}
