//! Recording: every outcome goes to the ledger's file and to the journal before the run goes on, and into [`State`].

use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::run::Apply;
use super::state::State;
use super::task::{Done, End};
use super::{losses, unkept, updates};
use crate::model::change::{Change, ChangeKey, Phase};
use crate::model::event::Event;
use crate::model::ledger::{LedgerUpdate, Settled};
use crate::model::op::{self, OutcomeState};
use crate::model::result::{AppResult, ChangeResult, SideEffect};
use crate::plan::{AppPlan, AppStatus};

/// The findings of the reading go into the ledger first. A moved endpoint is accepted once every link has been proved
/// there (safety.md 1).
pub(super) fn observed(apply: &Apply<'_>, state: &mut State<'_>) {
    let plan = apply.job.plan;
    let mut updates = plan.observed();
    let moved = state.ledger.endpoint != plan.endpoint;
    if moved && (state.ledger.endpoint.is_empty() || !plan.work.unproved) {
        updates.push(LedgerUpdate::Endpoint(plan.endpoint.clone()));
    }
    if !updates.is_empty() {
        record(apply, state, &[], updates);
    }
    state.find_replaced(apply.index.created(), apply.index.created_groups());
}

/// Updates of the ledger that are certain only after all phases.
pub(super) fn conclusions(apply: &Apply<'_>, state: &mut State<'_>) {
    let updates = updates::from_the_end(apply, state);
    if !updates.is_empty() {
        record(apply, state, &[], updates);
    }
}

/// Carries out changes that need no request.
pub(super) fn in_ledger_only(apply: &Apply<'_>, state: &mut State<'_>, changes: &[&Change]) {
    let updates = changes.iter().flat_map(|change| updates::of_ledger_only(apply, state, change)).collect();
    settle(apply, state, changes.iter().copied(), &OutcomeState::Written, updates);
}

/// Settles changes that are not sent, all for one reason. While others wait for a seat, they are tried again with them.
pub(super) fn leave<'c>(
    apply: &Apply<'_>,
    state: &mut State<'_>,
    changes: impl IntoIterator<Item = &'c Change>,
    why: &str,
) {
    // What is in the way may be gone once those who wait for a seat have one.
    if state.waits {
        return;
    }
    let why = why.to_owned();
    settle(apply, state, changes, &OutcomeState::NotSent { why }, Vec::new());
}

/// Tries a change again after the adds; in the last phase there is nothing to wait for.
pub(super) fn wait<'p>(
    apply: &Apply<'_>,
    state: &mut State<'p>,
    change: &'p Change,
    phase: Phase,
    why: String,
) {
    if phase.is_last() {
        leave(apply, state, [change], &why);
    } else {
        state.later.push(change);
    }
}

/// Records how ops ended. They are recorded together, so that one sync to disk serves them all.
pub(super) fn ended(apply: &Apply<'_>, state: &mut State<'_>, done: Vec<Done>) {
    let mut settled = Vec::new();
    let mut updates = Vec::new();
    for mut done in done {
        if done.end == End::Waits {
            state.waits = true;
            continue;
        }
        for (key, outcome) in unkept::take_out(apply, &mut done) {
            settled.extend(note(apply, state, &[key], &outcome));
        }
        let outcome = &done.outcome.state;
        let is_open = matches!(outcome, OutcomeState::Unknown { .. } | OutcomeState::NotSent { .. });
        if is_open && done.end != End::Held {
            state.open += done.task.op.changes.len();
        }
        if let Some(key) = done.task.op.changes.first() {
            let seen =
                |effect: &op::SideEffect| SideEffect { key: key.clone(), text: effect.text.to_string() };
            state.side_effects.extend(done.outcome.side_effects.iter().map(seen));
        }
        settled.extend(note(apply, state, &done.task.op.changes, outcome));
        for update in updates::of(apply, state, &done) {
            state.fold(update.clone());
            updates.push(update);
        }
    }
    keep(apply, state, &settled, &updates);
}

/// The end: changes that never began are settled together, so that the next run need not ask about them.
pub(super) fn close(apply: &Apply<'_>, mut state: State<'_>) -> AppResult {
    let job = apply.job;
    let why = apply.stopped().unwrap_or_else(|| "a change that it depends on did not happen".to_owned());
    let never = OutcomeState::NotSent { why };
    let left = job.plan.to_do().map(|change| &change.key);
    let left: Vec<_> = left.filter(|key| !state.settled.contains_key(*key)).cloned().collect();
    if !left.is_empty() {
        state.open += left.len();
        let settled = note(apply, &mut state, &left, &never);
        if state.unrecorded.is_none() {
            keep(apply, &mut state, &settled, &[]);
        }
    }
    let result = |change: &Change| {
        let outcome = state.settled.get(&change.key).unwrap_or(&never);
        ChangeResult {
            key: change.key.clone(),
            kind: change.kind,
            privileged: change.privileged,
            outcome: outcome.kind(),
            why: outcome.why().map(str::to_owned),
        }
    };
    let nothing = untried(job.plan);
    AppResult {
        changes: job.plan.to_do().map(result).collect(),
        is_recorded: state.unrecorded.is_none(),
        stopped: nothing.stopped.or(state.unrecorded),
        not_kept: state.not_kept.into_values().collect(),
        side_effects: state.side_effects,
        halted: apply.halt.get().cloned(),
        open: state.open,
        ..nothing
    }
}

/// The result of an app in which nothing was tried.
pub fn untried(plan: &AppPlan) -> AppResult {
    AppResult {
        app: plan.app.clone(),
        stopped: match &plan.status {
            AppStatus::Planned => None,
            AppStatus::Unreadable { why } | AppStatus::Stopped { why, .. } => Some(why.clone()),
            AppStatus::Disabled => Some("`enabled: false`".to_owned()),
        },
        changes: Vec::new(),
        not_kept: Vec::new(),
        side_effects: Vec::new(),
        held: plan.held().count() as u64,
        people: plan.people.clone(),
        is_recorded: true,
        halted: None,
        open: 0,
    }
}

/// Settles changes with one outcome, written down together.
fn settle<'c>(
    apply: &Apply<'_>,
    state: &mut State<'_>,
    changes: impl IntoIterator<Item = &'c Change>,
    outcome: &OutcomeState,
    updates: Vec<LedgerUpdate>,
) {
    let keys: Vec<_> = changes.into_iter().map(|change| change.key.clone()).collect();
    if keys.is_empty() {
        return;
    }
    let settled = note(apply, state, &keys, outcome);
    record(apply, state, &settled, updates);
}

/// Tells the journal and the state how changes ended.
fn note(
    apply: &Apply<'_>,
    state: &mut State<'_>,
    keys: &[ChangeKey],
    outcome: &OutcomeState,
) -> Vec<Settled> {
    let detail: Option<Arc<str>> = outcome.why().map(Into::into);
    for key in keys {
        apply.job.events.emit(Event::Settled {
            key: key.clone(),
            outcome: outcome.kind(),
            detail: detail.clone(),
        });
        state.holders.settled(key, outcome);
        state.settled.insert(key.clone(), outcome.clone());
    }
    keys.iter().map(|key| Settled { key: key.clone(), outcome: outcome.kind() }).collect()
}

fn record(apply: &Apply<'_>, state: &mut State<'_>, settled: &[Settled], updates: Vec<LedgerUpdate>) {
    keep(apply, state, settled, &updates);
    updates.into_iter().for_each(|update| state.fold(update));
}

/// Writes to disk, or stops the run. Outcomes of requests that were already sent are still recorded afterwards, because
/// they happened.
fn keep(apply: &Apply<'_>, state: &mut State<'_>, settled: &[Settled], updates: &[LedgerUpdate]) {
    // The recorder syncs to disk; meanwhile the runtime goes on in other threads.
    let updates: Vec<LedgerUpdate> =
        updates.iter().cloned().chain(losses::not_lost(apply, settled)).collect();
    let recorded = tokio::task::block_in_place(|| apply.job.recorder.record(settled, &updates));
    if let Err(why) = recorded {
        state.unrecorded.get_or_insert(why);
        apply.job.stop.store(true, Ordering::SeqCst);
    }
}
