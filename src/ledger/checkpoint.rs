//! The background of a run on a branch: results are pushed every 30 s or 200 objects, and the lease is renewed with
//! them, or alone when a third of it has passed (safety.md 7).

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use crate::model::AppId;

use super::convert;
use super::decode;
use super::error::LedgerError;
use super::layout;
use super::lease::after;
use super::run::{Inner, Queued};
use super::text;
use super::view::{Edits, View};
use super::wire::{WireLease, WireRecord};

/// Results that are pushed without waiting for the time.
pub(crate) const RESULTS: usize = 200;
/// Longest time between pushes while there are results.
const EVERY: Duration = Duration::from_secs(30);

/// Starts the thread; it ends when the book says `closing`, or when the lease is lost.
pub(crate) fn start(inner: Arc<Inner>) -> JoinHandle<()> {
    std::thread::spawn(move || work(&inner))
}

fn work(inner: &Inner) {
    let mut pushed = Instant::now();
    let mut wait = Duration::ZERO;
    loop {
        let Some(queue) = next(inner, pushed, wait) else {
            return;
        };
        match push(inner, &queue) {
            Ok(asked_at) => {
                // The lease counts from here, however long the push took.
                pushed = asked_at;
                wait = Duration::ZERO;
            }
            Err(error) => {
                let mut book = inner.book();
                let rest = std::mem::replace(&mut book.queue, queue);
                book.queue.extend(rest);
                // A broken network may come back while the lease lasts; a lost lease does not.
                if matches!(error, LedgerError::Held(_) | LedgerError::LeaseLost { .. }) {
                    book.failed = Some(error.to_string());
                    return;
                }
                wait = (wait * 2).clamp(inner.lease / 40, inner.lease / 10);
            }
        }
    }
}

/// Sleeps until there is something to push; `None` at the end.
fn next(inner: &Inner, pushed: Instant, wait: Duration) -> Option<Vec<Queued>> {
    let mut book = inner.book();
    let soonest = Instant::now() + wait;
    loop {
        if book.closing {
            return None;
        }
        let now = Instant::now();
        let renew = pushed + inner.lease / 3;
        let due = match results(&book.queue) {
            0 => renew,
            1..RESULTS => renew.min(pushed + EVERY),
            _ => now,
        };
        let due = due.max(soonest);
        if now >= due {
            return Some(std::mem::take(&mut book.queue));
        }
        let woken = inner.wake.wait_timeout(book, due - now);
        book = woken.unwrap_or_else(std::sync::PoisonError::into_inner).0;
    }
}

/// Gives the instant from which the renewed lease counts.
fn push(inner: &Inner, queue: &[Queued]) -> Result<Instant, LedgerError> {
    let mut asked_at = Instant::now();
    let mut wall = SystemTime::now();
    inner.store.write(&mut |view, root, _| {
        asked_at = Instant::now();
        wall = SystemTime::now();
        let mut edits = Edits::new();
        for app in &inner.apps {
            let now = inner.wall();
            let lease = ours(inner, view, app)?;
            let renewed = WireLease { renewed: now, expires: after(now, inner.lease), ..lease };
            let folder = layout::app_folder(app);
            edits.insert(format!("{folder}/lease.json"), Some(text::pretty(&renewed)));
        }
        for (app, records) in by_app(queue) {
            let name = layout::numbered(root.serial, &inner.run);
            let path = format!("{}/pending/{name}.jsonl", layout::app_folder(app));
            edits.insert(path, Some(text::jsonl(records)));
        }
        Ok((edits, inner.entry(format!("checkpoint ({} results)", results(queue)))))
    })?;
    inner.book().until = Some((asked_at + inner.lease, wall + inner.lease));
    Ok(asked_at)
}

/// How many results are in a queue; what is only learned counts as one.
pub(crate) fn results(queue: &[Queued]) -> usize {
    queue.iter().map(|queued| queued.settled.len().max(1)).sum()
}

fn by_app(queue: &[Queued]) -> BTreeMap<&AppId, Vec<WireRecord>> {
    let mut apps: BTreeMap<_, Vec<_>> = BTreeMap::new();
    for queued in queue {
        apps.entry(&queued.app).or_default().push(WireRecord {
            seq: queued.seq,
            app: None,
            settled: queued.settled.clone(),
            updates: queued.updates.iter().map(convert::wire_update).collect(),
        });
    }
    apps
}

/// The lease of this run, or who has it now.
pub(crate) fn ours(inner: &Inner, view: &dyn View, app: &AppId) -> Result<WireLease, LedgerError> {
    let lease = decode::lease(view, &layout::app_folder(app))?;
    let now = match lease {
        Some(lease) if lease.run == *inner.run => return Ok(lease),
        Some(lease) => format!("run {} of {} has taken it over", lease.run, lease.holder),
        None => "somebody unlocked it".to_owned(),
    };
    Err(LedgerError::LeaseLost { app: app.clone(), now })
}
