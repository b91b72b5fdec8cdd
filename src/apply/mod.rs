//! From a judged plan to a converged app: ops from changes, in the order of safety.md 14, a bounded number at a time.
//!
//! The only room that asks a connector to write. Uses `connector`, `plan`, `resolve`'s types and `model`; reaches the
//! ledger through [`Recorder`].

mod carry;
mod holders;
mod learn;
mod ops;
mod outcome;
mod state;

pub use outcome::{AppResult, ChangeResult};

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures_util::StreamExt;

use crate::connector::Connector;
use crate::model::App;
use crate::model::change::Change;
use crate::model::event::{Event, EventSink};
use crate::model::hash::HashKey;
use crate::model::ledger::{AppLedger, Recorder};
use crate::model::remote::ListRequest;
use crate::model::time::Timestamp;
use crate::plan::AppPlan;

use state::State;

/// Phases of safety.md 14.
const PHASES: std::ops::RangeInclusive<u8> = 1..=9;

/// Everything that applying one app's plan needs.
pub struct Job<'a> {
    /// The app.
    pub app: &'a App,
    /// The judged plan, made under the lease.
    pub plan: &'a AppPlan,
    /// How to write.
    pub connector: &'a dyn Connector,
    /// What a written account is read back with: the paths of the mapping, in its order.
    pub users: ListRequest,
    /// What a written group is read back with.
    pub groups: ListRequest,
    /// The ledger under the lease.
    pub ledger: AppLedger,
    /// For hashes.
    pub key: &'a HashKey,
    /// Where results go; asked before every write.
    pub recorder: &'a dyn Recorder,
    /// Now.
    pub at: Timestamp,
    /// Commit the files come from.
    pub commit: Option<Arc<str>>,
    /// Where progress goes.
    pub events: &'a dyn EventSink,
    /// Set by SIGINT and SIGTERM: what is in flight is finished, nothing new begins.
    pub stop: &'a AtomicBool,
}

/// Applies one app's plan.
pub async fn app(job: &Job<'_>) -> AppResult {
    let mut state = State::new(job);
    state.observe(job);
    for phase in PHASES {
        // Grants of a new account were settled with it.
        let open = |change: &&Change| change.phase == phase && !state.is_settled(&change.key);
        let due: Vec<&Change> = job.plan.to_do().filter(open).collect();
        if due.is_empty() {
            continue;
        }
        for step in ops::steps(job, &mut state, phase, &due) {
            job.events.emit(Event::Phase {
                app: job.app.id.clone(),
                phase,
                ops: step.len(),
            });
            run(job, &mut state, step).await;
        }
    }
    state.result(job)
}

/// Runs a step's lanes side by side; the ops of one lane one after the other.
async fn run(job: &Job<'_>, state: &mut State, lanes: Vec<Vec<ops::Task>>) {
    let width = (job.app.limits.concurrency.max(1)) as usize;
    let lanes = lanes.into_iter().map(|lane| carry::lane(job, lane).boxed());
    let mut results = futures_util::stream::iter(lanes).flatten_unordered(width);
    // Each result is written down as soon as it is there: a crash then leaves little to ask about.
    while let Some(done) = results.next().await {
        state.take_down(job, done);
    }
}

impl Job<'_> {
    /// Why nothing new may begin.
    fn stopped(&self) -> Option<String> {
        self.stop
            .load(Ordering::SeqCst)
            .then(|| "the run was stopped".to_owned())
    }
}
