//! Everything that applying one app's plan needs.

use std::sync::Arc;
use std::sync::atomic::AtomicBool;

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
    /// `--allow APP:side-effect=N`: so many writes may follow one with a side effect.
    pub side_effects_allowed: u64,
    /// When this run began; no other run has the same instant.
    pub at: Timestamp,
    /// Its id, under which the ledger has the losses that it intends.
    pub run: Arc<str>,
    /// Commit the files come from.
    pub commit: Option<Arc<str>>,
    /// Takes the progress.
    pub events: &'a dyn EventSink,
    /// Set by SIGINT and SIGTERM: open requests are finished, and no new one begins.
    pub stop: &'a AtomicBool,
}
