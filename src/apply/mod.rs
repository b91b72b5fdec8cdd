//! From a judged plan to a converged app: ops from changes, in the order of safety.md 14, a bounded number at a time.
//!
//! The only room that asks a connector to write. Uses `connector`, `plan`, `catalog` and `model`; reaches the
//! ledger through [`Recorder`](crate::model::ledger::Recorder).
//!
//! 1. [`run`] holds the [`job`], and its changes by key, phase and person ([`index`]).
//! 2. [`steps`] makes the ops of a phase ([`account`], [`roles`], [`groups`], [`members`]) as [`task`]s, and settles what
//!    cannot or need not be sent.
//! 3. [`carry`] sends them, lanes side by side; a refused batch is halved. [`kinds`] and [`seats`] hold what one write tells of
//!    the others; [`life`] what a look shows after an account was turned on or off.
//! 4. [`updates`] turns an op that ended into updates of the ledger, [`losses`] says which access was not taken away;
//!    [`unkept`] which roles a look shows otherwise; [`record`] writes them down at once, and keeps [`state`] up to date.

mod account;
mod carry;
mod groups;
mod index;
mod job;
mod kinds;
mod life;
mod losses;
mod members;
mod record;
mod roles;
mod run;
mod seats;
mod state;
mod steps;
mod task;
mod unkept;
mod updates;
mod values;
mod write_kind;

pub use job::Job;
pub use record::untried;

use std::collections::BTreeSet;

use futures_util::StreamExt;

use crate::model::change::Phase;
use crate::model::event::Event;
use crate::model::result::AppResult;
use crate::plan::AppStatus;

use kinds::Kinds;
use run::Apply;
use state::State;
use task::Step;

/// Applies one app's plan. A plan that could not be made writes nothing at all, not even to the ledger; of one that a source
/// guard stopped, only people lose access who are left or suspended.
pub async fn app(job: &Job<'_>) -> AppResult {
    let apply = Apply::new(job);
    let mut state = State::new(job);
    if job.plan.status != AppStatus::Planned && job.plan.to_do().next().is_none() {
        return record::close(&apply, state);
    }
    record::observed(&apply, &mut state);
    phases(&apply, &mut state).await;
    // All that frees a seat is done now: who waits for one is tried once more, and what depends on them.
    if apply.seats.try_again() && apply.stopped().is_none() {
        state.waits = false;
        phases(&apply, &mut state).await;
    }
    if apply.stopped().is_none() && job.plan.status == AppStatus::Planned {
        record::conclusions(&apply, &mut state);
    }
    record::close(&apply, state)
}

/// All phases, one after the other, with the changes that are not settled yet.
async fn phases<'p>(apply: &Apply<'p>, state: &mut State<'p>) {
    for phase in Phase::ALL {
        if apply.stopped().is_some() {
            return;
        }
        let due = state.due(apply, phase);
        for step in steps::of(apply, state, phase, &due) {
            if apply.stopped().is_some() {
                return;
            }
            let step = steps::ready(apply, state, step);
            apply.job.events.emit(Event::Phase { app: apply.job.app.id.clone(), phase, ops: step.len() });
            send(apply, state, phase, step).await;
        }
    }
}

/// Sends a step. Of a kind with many writes, one is sent alone and compared before the others, so that an app that takes a kind
/// of write in its own way shows it once and not a thousand times (safety.md 8). A refused one shows nothing, so that the next
/// one takes its place: until one was compared, the writes of that kind follow each other. Of declared leavers nobody waits for another
/// one (safety.md 14).
async fn send(apply: &Apply<'_>, state: &mut State<'_>, phase: Phase, mut step: Step) {
    let mut many = if phase == Phase::Leave { BTreeSet::new() } else { Kinds::many(&step) };
    while apply.stopped().is_none() {
        let alone = apply.kinds.alone(&step, &mut many);
        if alone.is_empty() {
            break;
        }
        let (first, others) = first_alone(&alone, step);
        for lane in first {
            side_by_side(apply, state, vec![lane], true).await;
        }
        step = others;
    }
    side_by_side(apply, state, step, false).await;
}

/// The first ops of these lanes, and the others.
fn first_alone(alone: &[usize], step: Step) -> (Step, Step) {
    let (mut first, mut others) = (Vec::new(), Vec::new());
    for (place, mut lane) in step.into_iter().enumerate() {
        // The batches of a group follow the first one.
        let rest = if alone.contains(&place) {
            lane.split_off(lane.len().min(1))
        } else {
            std::mem::take(&mut lane)
        };
        first.extend((!lane.is_empty()).then_some(lane));
        others.extend((!rest.is_empty()).then_some(rest));
    }
    (first, others)
}

/// Runs a step's lanes side by side, and the ops of one lane one after the other. Each result is written down as it
/// comes, so that few questions are left after a crash; results that come together are synced to disk together.
async fn side_by_side(apply: &Apply<'_>, state: &mut State<'_>, step: Step, is_compared: bool) {
    let width = apply.job.app.limits.concurrency.max(1) as usize;
    let lanes = step.into_iter().map(|lane| carry::lane(apply, lane, is_compared).boxed());
    let mut results = futures_util::stream::iter(lanes).flatten_unordered(width).ready_chunks(width);
    while let Some(done) = results.next().await {
        record::ended(apply, state, done);
    }
}
