//! From a judged plan to a converged app: ops from changes, in the order of safety.md 14, a bounded number at a time.
//!
//! The only room that asks a connector to write. Uses `connector`, `plan`, `resolve`'s types and `model`; reaches the
//! ledger through [`Recorder`].
//!
//! 1. [`index`] finds changes by key, phase and person.
//! 2. [`steps`] makes the ops of a phase ([`account`], [`roles`], [`groups`], [`members`]), and settles what cannot or
//!    need not be sent.
//! 3. [`carry`] sends them, lanes side by side; a refused batch is halved.
//! 4. [`updates`] tells what an op that ended teaches the ledger; [`state`] writes it down at once.

mod account;
mod carry;
mod groups;
mod holders;
mod index;
mod losses;
mod members;
mod outcome;
mod roles;
mod state;
mod steps;
mod updates;
mod values;

pub use outcome::{AppResult, ChangeResult};

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};

use futures_util::StreamExt;

use crate::connector::Connector;
use crate::model::App;
use crate::model::change::Phase;
use crate::model::event::{Event, EventSink};
use crate::model::hash::HashKey;
use crate::model::ledger::{AppLedger, Recorder};
use crate::model::remote::ListRequest;
use crate::model::time::Timestamp;
use crate::plan::{AppPlan, AppStatus};

use index::Index;
use state::State;
use steps::Step;

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
    /// When this run began; no other run has the same instant.
    pub at: Timestamp,
    /// Commit the files come from.
    pub commit: Option<Arc<str>>,
    /// Where progress goes.
    pub events: &'a dyn EventSink,
    /// Set by SIGINT and SIGTERM: what is in flight is finished, nothing new begins.
    pub stop: &'a AtomicBool,
}

/// One apply under way: the job, its changes by key, and whether it has to end early.
struct Apply<'a> {
    job: &'a Job<'a>,
    index: Index<'a>,
    /// Why nothing more may be written in this app: the lease is gone.
    halt: OnceLock<String>,
}

impl Apply<'_> {
    /// Why nothing new may begin.
    fn stopped(&self) -> Option<String> {
        let told = || {
            let stopped = self.job.stop.load(Ordering::SeqCst);
            stopped.then(|| "the run was stopped".to_owned())
        };
        self.halt.get().cloned().or_else(told)
    }
}

/// Applies one app's plan. A plan that could not be made, or that a source guard stopped, writes nothing at all, not even
/// to the ledger.
pub async fn app(job: &Job<'_>) -> AppResult {
    let apply = Apply { job, index: Index::of(job.plan), halt: OnceLock::new() };
    let mut state = State::new(job);
    if job.plan.status != AppStatus::Planned {
        return state.close(&apply);
    }
    state.observe(&apply);
    for phase in Phase::ALL {
        if apply.stopped().is_some() {
            break;
        }
        let due = state.due(&apply, phase);
        for step in steps::of(&apply, &mut state, phase, &due) {
            if apply.stopped().is_some() {
                return state.close(&apply);
            }
            let step = steps::ready(&apply, &mut state, step);
            job.events.emit(Event::Phase { app: job.app.id.clone(), phase, ops: step.len() });
            run(&apply, &mut state, step).await;
        }
    }
    if apply.stopped().is_none() {
        state.conclude(&apply);
    }
    state.close(&apply)
}

/// Runs a step's lanes side by side; the ops of one lane one after the other. Results are written down as they come, so
/// that a crash leaves little to ask about; those that come together are synced to disk together.
async fn run(apply: &Apply<'_>, state: &mut State<'_>, step: Step) {
    let width = apply.job.app.limits.concurrency.max(1) as usize;
    let lanes = step.into_iter().map(|lane| carry::lane(apply, lane).boxed());
    let mut results = futures_util::stream::iter(lanes).flatten_unordered(width).ready_chunks(width);
    while let Some(done) = results.next().await {
        state.take_down(apply, done);
    }
}
