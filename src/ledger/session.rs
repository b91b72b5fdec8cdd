//! What a run, its recorders and its background thread share: the results as they come, and until when the lease lasts.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant, SystemTime};

use crate::model::AppId;
use crate::model::ledger::{Attempt, LedgerUpdate, Settled};
use crate::model::time::Timestamp;

use super::begun::BeginRequest;
use super::file;
use super::layout;
use super::lease::after;
use super::rules::AppLinks;
use super::store::Store;
use super::stored::{self, Record};
use super::text;
use super::view::Entry;

/// Results that are pushed without waiting for the time.
pub(crate) const RESULTS: usize = 200;

/// What the run, its recorders and its background thread share.
pub(crate) struct Session {
    pub store: Store,
    pub run: Arc<str>,
    pub holder: Arc<str>,
    pub plan: Arc<str>,
    pub apps: Vec<AppId>,
    pub lease: Duration,
    pub results: PathBuf,
    /// Serial of the write that took the lease; names this run's file below `pending/` in a folder.
    pub serial: u64,
    pub started: Instant,
    pub now: Timestamp,
    /// The commit being applied.
    pub commit: Option<Arc<str>>,
    pub state: Mutex<SessionState>,
    pub wake: Condvar,
}

/// What changes while a run works.
pub(crate) struct SessionState {
    links: BTreeMap<AppId, AppLinks>,
    seq: u64,
    /// Results not yet in the ledger. Always empty for a folder, where they are written at once.
    pub queue: Vec<Record>,
    /// Until when the lease is ours, by two clocks that fail differently: the monotonic one may stand still while a
    /// machine sleeps, the wall clock may be set. The earlier one counts. `None` for a folder.
    pub until: Option<(Instant, SystemTime)>,
    /// Why nothing may be written any more.
    pub failed: Option<String>,
    /// Why no more results are taken down: one is missing, and what follows may build on it.
    pub torn: Option<String>,
    /// Tells the background thread to end.
    pub closing: bool,
}

impl Session {
    /// Of a run that has just taken the lease with the write of this serial, which began at `asked_at`.
    pub(crate) fn new(
        store: Store,
        request: BeginRequest,
        serial: u64,
        started: Instant,
        asked_at: Instant,
        links: BTreeMap<AppId, AppLinks>,
    ) -> Self {
        let leased = !store.backend.is_locked_by_system();
        let wall = SystemTime::now() + request.lease.saturating_sub(asked_at.elapsed());
        Self {
            store,
            run: request.run,
            holder: request.holder,
            plan: request.plan,
            apps: request.apps.into_iter().map(|(app, _)| app).collect(),
            lease: request.lease,
            results: request.results,
            serial,
            started,
            now: request.now,
            commit: request.commit,
            state: Mutex::new(SessionState {
                links,
                seq: 0,
                queue: Vec::new(),
                until: leased.then(|| (asked_at + request.lease, wall)),
                failed: None,
                torn: None,
                closing: false,
            }),
            wake: Condvar::new(),
        }
    }

    pub(crate) fn state(&self) -> MutexGuard<'_, SessionState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What a write of this run is called.
    pub(crate) fn entry(&self, what: String) -> Entry {
        Entry {
            what,
            run: Some(self.run.to_string()),
            author: Some(self.holder.to_string()),
            reason: None,
            at: self.wall(),
        }
    }

    /// This run, as its intents name it.
    pub(crate) fn attempt(&self) -> Attempt {
        Attempt { at: self.wall(), commit: self.commit.clone() }
    }

    /// The wall clock, carried on from the caller's.
    pub(crate) fn wall(&self) -> Timestamp {
        after(self.now, self.started.elapsed())
    }

    pub(crate) fn may_send(&self, timeout: Duration) -> Result<(), String> {
        let state = self.state();
        if let Some(why) = &state.failed {
            return Err(why.clone());
        }
        if state.closing {
            return Err("the run is being closed".to_owned());
        }
        let Some((until, wall)) = state.until else {
            return Ok(());
        };
        let left = until
            .saturating_duration_since(Instant::now())
            .min(wall.duration_since(SystemTime::now()).unwrap_or_default());
        if left > timeout {
            Ok(())
        } else {
            Err(format!(
                "the lease of run {} has {:.1} s left, and a request may take {:.1} s: it could not be renewed in time",
                self.run,
                left.as_secs_f64(),
                timeout.as_secs_f64()
            ))
        }
    }

    pub(crate) fn record(
        &self,
        app: &AppId,
        settled: &[Settled],
        updates: &[LedgerUpdate],
    ) -> Result<(), String> {
        if let Some(other) = settled.iter().find(|one| one.key.app != *app) {
            return Err(format!("change {} does not belong to app {app}", other.key));
        }
        let refused = |why: String| format!("refused by the ledger of {app}: {why}");
        for update in updates {
            stored::readable(update).map_err(refused)?;
        }
        let mut state = self.state();
        if let Some(why) = &state.torn {
            return Err(why.clone());
        }
        let links =
            state.links.get_mut(app).ok_or_else(|| format!("run {} does not hold app {app}", self.run))?;
        for update in updates {
            links.step(update).map_err(refused)?;
        }
        state.seq += 1;
        let record = Record {
            seq: state.seq,
            app: Some(app.clone()),
            settled: settled.to_vec(),
            updates: updates.to_vec(),
        };
        let local = text::jsonl([&record]);
        let pending = text::jsonl([&Record { app: None, ..record.clone() }]);
        let kept = file::append(&self.results, &local)
            .and_then(|()| self.store.backend.append(&self.pending(app), &pending));
        match kept {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => {
                let why = format!("results cannot be taken down any more: {error}");
                state.torn = Some(why.clone());
                state.failed.get_or_insert(why.clone());
                return Err(why);
            }
        }
        state.queue.push(record);
        if results(&state.queue) >= RESULTS {
            self.wake.notify_all();
        }
        Ok(())
    }

    /// The file to which this run appends in a folder.
    fn pending(&self, app: &AppId) -> String {
        let name = layout::numbered(self.serial, &self.run);
        format!("{}/pending/{name}.jsonl", layout::app_folder(app))
    }
}

/// How many results are in a queue; what is only learned counts as one.
pub(crate) fn results(queue: &[Record]) -> usize {
    queue.iter().map(|queued| queued.settled.len().max(1)).sum()
}
