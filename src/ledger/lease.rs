//! When a lease is over for others (safety.md 7).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::model::AppId;
use crate::model::ledger::Lease;
use crate::model::time::Timestamp;

use super::decode;
use super::error::{Held, LedgerError};
use super::layout;
use super::view::View;

/// The lease of another run, for a message.
pub(crate) fn holder_of(app: &AppId, lease: &Lease) -> Held {
    Held {
        app: Some(app.clone()),
        run: lease.run.clone(),
        holder: lease.holder.clone(),
        until: Some(dead_after(lease)),
    }
}

/// The lease of a run that has it; the error says who has it now.
pub(crate) fn of_run(run: &str, view: &dyn View, app: &AppId) -> Result<Lease, LedgerError> {
    let lease = decode::lease(view, &layout::app_folder(app))?;
    let now = match lease {
        Some(lease) if *lease.run == *run => return Ok(lease),
        Some(lease) => format!("run {} of {} has taken it over", lease.run, lease.holder),
        None => "it was unlocked by hand".to_owned(),
    };
    Err(LedgerError::LeaseLost { app: app.clone(), now })
}

/// When a lease is over for others: 25 % later than for its holder, for clocks that differ.
fn dead_after(lease: &Lease) -> Timestamp {
    after(lease.expires, lasts(lease) / 4)
}

fn lasts(lease: &Lease) -> Duration {
    Duration::try_from(lease.expires.duration_since(lease.renewed)).unwrap_or_default()
}

/// True if others have to keep their hands off at `now`.
pub(crate) fn is_live(lease: &Lease, now: Timestamp) -> bool {
    now < dead_after(lease)
}

/// Leases seen while waiting: one that is not renewed for its whole time and 25 % by our own clock is dead, however
/// wrong its holder's wall clock is.
#[derive(Default)]
pub(crate) struct Watched(BTreeMap<AppId, (Lease, Instant)>);

impl Watched {
    /// What is there now.
    pub(crate) fn look(&mut self, leases: Vec<(AppId, Lease)>) {
        for (app, lease) in leases {
            if self.0.get(&app).is_none_or(|(seen, _)| *seen != lease) {
                self.0.insert(app, (lease, Instant::now()));
            }
        }
    }

    /// True if others have to keep their hands off at `now`.
    pub(crate) fn is_live(&self, app: &AppId, lease: &Lease, now: Timestamp) -> bool {
        let unmoved = self.0.get(app).filter(|(seen, _)| seen == lease);
        let dead = unmoved.is_some_and(|(_, since)| since.elapsed() > lasts(lease) * 5 / 4);
        !dead && is_live(lease, now)
    }
}

/// An instant later; the end of time at most.
pub(crate) fn after(at: Timestamp, span: Duration) -> Timestamp {
    let span = jiff::SignedDuration::try_from(span).unwrap_or(jiff::SignedDuration::MAX);
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}
