//! A run that holds the lease: it takes down results as they come, and says whether more may be sent.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant, SystemTime};

use crate::model::AppId;
use crate::model::ledger::{LedgerSnapshot, LedgerUpdate, Recorder, Settled};
use crate::model::time::Timestamp;

use super::append;
use super::begin::{BeginRequest, Begun, Leftover};
use super::checkpoint;
use super::convert;
use super::layout;
use super::lease::after;
use super::rules::AppLinks;
use super::store::Store;
use super::text;
use super::view::Entry;
use super::wire::WireRecord;

/// A run that holds the lease of its apps. Dropping it without [`Run::finish`] or [`Run::abandon`] leaves the ledger as
/// a crash would: the lease runs out, the intents stay.
pub struct Run {
    pub(crate) inner: Arc<Inner>,
    thread: Option<JoinHandle<()>>,
    snapshot: Arc<LedgerSnapshot>,
    versions: BTreeMap<AppId, Arc<str>>,
    leftover: Vec<Leftover>,
}

/// What the run, its recorders and its background thread share.
pub(crate) struct Inner {
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
    pub book: Mutex<Book>,
    pub wake: Condvar,
}

/// What changes while a run works.
pub(crate) struct Book {
    links: BTreeMap<AppId, AppLinks>,
    seq: u64,
    /// Results not yet in the ledger. Always empty for a folder, where they are written at once.
    pub queue: Vec<Queued>,
    /// Until when the lease is ours, by two clocks that fail differently: the monotonic one may stand still while a
    /// machine sleeps, the wall clock may be set. The earlier one counts. `None` for a folder.
    pub until: Option<(Instant, SystemTime)>,
    /// Why nothing may be written any more.
    pub failed: Option<String>,
    /// Why no more results are taken down: one is missing, so what follows would stand on sand.
    pub torn: Option<String>,
    /// Tells the background thread to end.
    pub closing: bool,
}

/// One result on its way into the ledger.
#[derive(Debug, Clone)]
pub(crate) struct Queued {
    pub app: AppId,
    pub seq: u64,
    pub settled: Vec<Settled>,
    pub updates: Vec<LedgerUpdate>,
}

impl Run {
    pub(crate) fn start(store: Store, request: BeginRequest, started: Instant, begun: Begun) -> Self {
        let leased = !store.home.is_locked_by_system();
        let wall = SystemTime::now() + request.lease.saturating_sub(begun.asked_at.elapsed());
        let inner = Arc::new(Inner {
            store,
            run: request.run,
            holder: request.holder,
            plan: request.plan,
            apps: request.apps.into_iter().map(|(app, _)| app).collect(),
            lease: request.lease,
            results: request.results,
            serial: begun.serial,
            started,
            now: request.now,
            book: Mutex::new(Book {
                links: begun.links,
                seq: 0,
                queue: Vec::new(),
                until: leased.then(|| (begun.asked_at + request.lease, wall)),
                failed: None,
                torn: None,
                closing: false,
            }),
            wake: Condvar::new(),
        });
        let thread = leased.then(|| checkpoint::start(inner.clone()));
        Self {
            inner,
            thread,
            snapshot: Arc::new(begun.snapshot),
            versions: begun.versions,
            leftover: begun.leftover,
        }
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
        &self.inner.run
    }

    /// Where apply reports what it does in one app.
    pub fn recorder(&self, app: &AppId) -> AppRecorder {
        AppRecorder { inner: self.inner.clone(), app: app.clone() }
    }

    /// Ends the background thread; what it did not push stays in the queue.
    pub(crate) fn stop(&mut self) {
        self.inner.book().closing = true;
        self.inner.wake.notify_all();
        if let Some(thread) = self.thread.take() {
            // A thread that panicked has written nothing by halves: the queue is whole.
            let _ = thread.join();
        }
    }
}

impl Drop for Run {
    fn drop(&mut self) {
        self.stop();
        self.inner.store.home.release();
    }
}

impl Recorder for Run {
    fn may_send(&self, timeout: Duration) -> Result<(), String> {
        self.inner.may_send(timeout)
    }

    /// The app is that of the settled changes; a run of one app needs none.
    fn record(&self, settled: &[Settled], updates: &[LedgerUpdate]) -> Result<(), String> {
        let app = match (settled, &*self.inner.apps) {
            ([first, ..], _) => &first.key.app,
            ([], [only]) => only,
            ([], _) => {
                return Err("a result without a change does not say which app it belongs to".to_owned());
            }
        };
        self.inner.record(app, settled, updates)
    }
}

/// The recorder of one app of a run.
#[derive(Clone)]
pub struct AppRecorder {
    inner: Arc<Inner>,
    app: AppId,
}

impl Recorder for AppRecorder {
    fn may_send(&self, timeout: Duration) -> Result<(), String> {
        self.inner.may_send(timeout)
    }

    fn record(&self, settled: &[Settled], updates: &[LedgerUpdate]) -> Result<(), String> {
        self.inner.record(&self.app, settled, updates)
    }
}

impl Inner {
    pub(crate) fn book(&self) -> MutexGuard<'_, Book> {
        self.book.lock().unwrap_or_else(PoisonError::into_inner)
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

    /// The wall clock, carried on from the caller's.
    pub(crate) fn wall(&self) -> Timestamp {
        after(self.now, self.started.elapsed())
    }

    fn may_send(&self, timeout: Duration) -> Result<(), String> {
        let book = self.book();
        if let Some(why) = &book.failed {
            return Err(why.clone());
        }
        if book.closing {
            return Err("the run is being closed".to_owned());
        }
        let Some((until, wall)) = book.until else {
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

    fn record(&self, app: &AppId, settled: &[Settled], updates: &[LedgerUpdate]) -> Result<(), String> {
        if let Some(other) = settled.iter().find(|one| one.key.app != *app) {
            return Err(format!("change {} does not belong to app {app}", other.key));
        }
        let refused = |why: String| format!("refused by the ledger of {app}: {why}");
        let names = convert::Names::default();
        for update in updates {
            convert::readable(update, &names).map_err(refused)?;
        }
        let mut book = self.book();
        if let Some(why) = &book.torn {
            return Err(why.clone());
        }
        let links =
            book.links.get_mut(app).ok_or_else(|| format!("run {} does not hold app {app}", self.run))?;
        for update in updates {
            links.step(update).map_err(refused)?;
        }
        book.seq += 1;
        let record = |app: Option<&AppId>| {
            text::jsonl([WireRecord {
                seq: book.seq,
                app: app.map(AppId::to_string),
                settled: settled.to_vec(),
                updates: updates.iter().map(convert::wire_update).collect(),
            }])
        };
        let kept = append::append(&self.results, &record(Some(app)))
            .and_then(|()| self.store.home.append(&self.pending(app), &record(None)));
        match kept {
            Ok(true) => return Ok(()),
            Ok(false) => {}
            Err(error) => {
                let why = format!("results cannot be taken down any more: {error}");
                book.torn = Some(why.clone());
                book.failed.get_or_insert(why.clone());
                return Err(why);
            }
        }
        let seq = book.seq;
        book.queue.push(Queued {
            app: app.clone(),
            seq,
            settled: settled.to_vec(),
            updates: updates.to_vec(),
        });
        if checkpoint::results(&book.queue) >= checkpoint::RESULTS {
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
