//! A run that holds the lease: it takes down results as they come, and says whether more may be sent.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use crate::model::AppId;
use crate::model::ledger::{LedgerSnapshot, LedgerUpdate, Recorder, Settled};

use super::begun::{BeginRequest, Begun, Leftover};
use super::checkpoint;
use super::session::Session;
use super::store::Store;

/// A run that holds the lease of its apps. Dropping it without [`Run::finish`] or [`Run::abandon`] leaves the ledger as
/// a crash would: the lease runs out, the intents stay.
pub struct Run {
    pub(crate) session: Arc<Session>,
    thread: Option<JoinHandle<()>>,
    snapshot: Arc<LedgerSnapshot>,
    versions: BTreeMap<AppId, Arc<str>>,
    leftover: Vec<Leftover>,
}

impl Run {
    pub(crate) fn start(store: Store, request: BeginRequest, started: Instant, begun: Begun) -> Self {
        let Begun { snapshot, versions, leftover, links, asked_at } = begun;
        let serial = snapshot.serial;
        let leased = !store.backend.is_locked_by_system();
        let session = Arc::new(Session::new(store, request, serial, started, asked_at, links));
        let thread = leased.then(|| checkpoint::start(session.clone()));
        Self { session, thread, snapshot: Arc::new(snapshot), versions, leftover }
    }

    /// The ledger under the lease: the apps of this run only, without leases.
    pub fn snapshot(&self) -> &Arc<LedgerSnapshot> {
        &self.snapshot
    }

    /// What [`super::ReadLedger::versions`] would have said right before the lease was taken.
    pub fn version(&self, app: &AppId) -> Option<&Arc<str>> {
        self.versions.get(app)
    }

    /// What earlier runs left without a known end: to be named on stderr, and asked about before any repeat.
    pub fn leftover(&self) -> &[Leftover] {
        &self.leftover
    }

    /// The run's id.
    pub fn id(&self) -> &Arc<str> {
        &self.session.run
    }

    /// Where apply reports what it does in one app.
    pub fn recorder(&self, app: &AppId) -> AppRecorder {
        AppRecorder { session: self.session.clone(), app: app.clone() }
    }

    /// Ends the background thread; what it did not push stays in the queue.
    pub(crate) fn stop(&mut self) {
        self.session.state().closing = true;
        self.session.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has written nothing by halves: the queue is whole.
            let _ = thread.join();
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stop();
        self.session.store.backend.release();
    }
}

impl Recorder for Run {
    fn may_send(&self, timeout: Duration) -> Result<(), String> {
        self.session.may_send(timeout)
    }

    /// The app is that of the settled changes; a run of one app needs none.
    fn record(&self, settled: &[Settled], updates: &[LedgerUpdate]) -> Result<(), String> {
        let app = match (settled, &*self.session.apps) {
            ([first, ..], _) => &first.key.app,
            ([], [only]) => only,
            ([], _) => {
                return Err("a result without a change does not say which app it belongs to".to_owned());
            }
        };
        self.session.record(app, settled, updates)
    }
}

/// The recorder of one app of a run.
#[derive(Clone)]
pub struct AppRecorder {
    session: Arc<Session>,
    app: AppId,
}

impl Recorder for AppRecorder {
    fn may_send(&self, timeout: Duration) -> Result<(), String> {
        self.session.may_send(timeout)
    }

    fn record(&self, settled: &[Settled], updates: &[LedgerUpdate]) -> Result<(), String> {
        self.session.record(&self.app, settled, updates)
    }
}
