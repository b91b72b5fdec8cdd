//! A running apply of one app.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use super::index::Index;
use crate::catalog::Definition;
use crate::connector::Connector;
use crate::model::App;
use crate::model::event::EventSink;
use crate::model::hash::HashKey;
use crate::model::ledger::{AppLedger, Recorder};
use crate::model::remote::ListRequest;
use crate::model::time::Timestamp;
use crate::plan::AppPlan;

/// Everything that applying one app's plan needs.
pub struct Job<'a> {
    pub app: &'a App,
    /// Its connector as data.
    pub definition: &'a Definition,
    /// The judged plan, made under the lease.
    pub plan: &'a AppPlan,
    pub connector: &'a dyn Connector,
    /// The request for a written account: the paths of the mapping, in its order.
    pub users: ListRequest,
    /// The request for a written group.
    pub groups: ListRequest,
    /// The ledger as it was found under the lease.
    pub ledger: &'a AppLedger,
    /// For hashes.
    pub key: &'a HashKey,
    /// Writes the results down; it is asked before every request.
    pub recorder: &'a dyn Recorder,
    /// When this run began; no other run has the same instant.
    pub at: Timestamp,
    /// Commit the files come from.
    pub commit: Option<Arc<str>>,
    /// Takes the progress.
    pub events: &'a dyn EventSink,
    /// Set by SIGINT and SIGTERM: open requests are finished, and no new one begins.
    pub stop: &'a AtomicBool,
}

/// A running apply: the job, its changes by key, and whether it has to end early.
pub(super) struct Apply<'a> {
    pub job: &'a Job<'a>,
    pub index: Index<'a>,
    /// Why nothing more may be written in this app: the lease is gone.
    pub halt: OnceLock<String>,
}

impl<'a> Apply<'a> {
    pub(super) fn new(job: &'a Job<'a>) -> Self {
        Self { job, index: Index::of(job.plan), halt: OnceLock::new() }
    }

    /// Why no new request may begin.
    pub(super) fn stopped(&self) -> Option<String> {
        let told = || {
            let stopped = self.job.stop.load(Ordering::SeqCst);
            stopped.then(|| "the run was stopped".to_owned())
        };
        self.halt.get().cloned().or_else(told)
    }
}
