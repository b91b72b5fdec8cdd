//! Losses of access of this run, for the guards of plans in the next 24 hours (safety.md 11). They are written down with
//! each result, so that they count even if the run dies or is stopped.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::run::Apply;
use super::task::Done;
use crate::model::change::Change;
use crate::model::guard::{Guard, group_it_leaves, weight};
use crate::model::ledger::{GroupKey, LedgerUpdate, Losses};
use crate::model::op::OutcomeState;

/// Losses of this run so far.
#[derive(Default)]
pub(super) struct Tally {
    by_guard: BTreeMap<Arc<str>, u64>,
    by_group: BTreeMap<GroupKey, u64>,
}

/// Adds the losses of these ops to the tally, also of those with an unknown result. `None` if there are none. The ledger
/// update holds the whole tally and replaces the one before it.
pub(super) fn add(apply: &Apply<'_>, tally: &mut Tally, ended: &[Done]) -> Option<LedgerUpdate> {
    let mut more = BTreeMap::<Guard, u64>::new();
    for done in ended {
        let outcome = &done.outcome.state;
        if !outcome.is_done() && !matches!(outcome, OutcomeState::Unknown { .. }) {
            continue;
        }
        let changes = done.task.op.changes.iter();
        for change in changes.filter_map(|key| apply.index.get(key)) {
            let guards: Vec<Guard> = Guard::of_loss(change).collect();
            if guards.is_empty() {
                continue;
            }
            let weight = weight(change, members(apply, change));
            for guard in guards {
                *more.entry(guard).or_default() += weight;
            }
            if let Some(group) = group(apply, change) {
                // Such a change takes out one member. A deleted group is not among them: it has no limit of its own any more.
                *tally.by_group.entry(group).or_default() += 1;
            }
        }
    }
    if more.is_empty() {
        return None;
    }
    for (guard, weight) in more {
        *tally.by_guard.entry(guard.name().into()).or_default() += weight;
    }
    Some(LedgerUpdate::Losses(Losses {
        at: apply.job.at,
        counts: tally.by_guard.clone(),
        groups: tally.by_group.clone(),
    }))
}

/// The managed group that a change takes a member out of.
fn group(apply: &Apply<'_>, change: &Change) -> Option<GroupKey> {
    group_it_leaves(change).filter(|key| apply.job.ledger.groups.contains_key(key))
}

/// The number of members of a group that is deleted.
fn members(apply: &Apply<'_>, change: &Change) -> Option<u64> {
    let key = GroupKey::of(&change.key.object)?;
    apply.job.plan.work.deleted.get(&key).copied()
}
