//! When a lease is over for others (safety.md 7).

use std::collections::BTreeMap;
use std::time::{Duration, Instant};

use crate::model::AppId;
use crate::model::ledger::Lease;
use crate::model::time::Timestamp;

use super::decode;
use super::error::{Held, LedgerError, Until};
use super::layout;
use super::view::View;

/// The lease of another run, for a message.
pub(crate) fn holder_of(app: &AppId, lease: &Lease) -> Held {
    held(app, lease, Until::At(lease.expires))
}

fn held(app: &AppId, lease: &Lease, until: Until) -> Held {
    Held { app: Some(app.clone()), run: lease.run.clone(), holder: lease.holder.clone(), until }
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

fn lasts(lease: &Lease) -> Duration {
    Duration::try_from(lease.expires.duration_since(lease.renewed)).unwrap_or_default()
}

/// The leases that a run finds while it tries to take them. Only a lease that is not renewed for its whole length, by our
/// own monotonic clock, is known to be over for its holder: wall clocks differ, and its holder may be alive.
#[derive(Default)]
pub(crate) struct Watched(BTreeMap<AppId, Sighting>);

struct Sighting {
    lease: Lease,
    since: Instant,
    /// It was another one before: its holder is alive.
    renewed: bool,
}

impl Watched {
    /// Looks at the lease of an app as it is now. `None` if it can be taken over, because it was watched for its whole
    /// length; `now` is our wall clock, which decides only about the message and about whether to watch at all.
    pub(crate) fn look(&mut self, app: &AppId, lease: &Lease, now: Timestamp) -> Option<Held> {
        let known = self.0.get(app);
        if known.is_none_or(|known| known.lease != *lease) {
            let seen = Sighting { lease: lease.clone(), since: Instant::now(), renewed: known.is_some() };
            self.0.insert(app.clone(), seen);
        }
        let seen = self.0.get(app)?;
        let (lasts, at) = (lasts(lease), lease.expires);
        let until = match seen.since.elapsed() >= lasts {
            true => return None,
            false if now < at => Until::At(at),
            false if seen.renewed => Until::Renewed(at),
            false => Until::Watched { over: at, lasts },
        };
        Some(held(app, lease, until))
    }
}

/// An instant later; the end of time at most.
pub(crate) fn after(at: Timestamp, span: Duration) -> Timestamp {
    let span = jiff::SignedDuration::try_from(span).unwrap_or(jiff::SignedDuration::MAX);
    at.checked_add(span).unwrap_or(Timestamp::MAX)
}
