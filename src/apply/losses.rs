//! Losses of access of this run, for the guards of the next day (safety.md 11). They are written down with each result,
//! so that they count even if the run dies or is stopped.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::run::Apply;
use super::task::Done;
use crate::model::change::Change;
use crate::model::guard::{Guard, left_group, weight};
use crate::model::ledger::{GroupKey, LedgerUpdate, Losses};
use crate::model::op::OutcomeState;

/// Losses so far, by guard and by group.
#[derive(Default)]
pub(super) struct Counts {
    guards: BTreeMap<Arc<str>, u64>,
    groups: BTreeMap<GroupKey, u64>,
}

/// Counts the losses of these ops, also of those with an unknown result. The ledger update replaces the one before it.
pub(super) fn count(apply: &Apply<'_>, counts: &mut Counts, ended: &[Done]) -> Option<LedgerUpdate> {
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
            let count = weight(change, members(apply, change));
            for guard in guards {
                *more.entry(guard).or_default() += count;
            }
            if let Some(group) = group(apply, change) {
                *counts.groups.entry(group).or_default() += 1;
            }
        }
    }
    if more.is_empty() {
        return None;
    }
    for (guard, count) in more {
        *counts.guards.entry(guard.name().into()).or_default() += count;
    }
    Some(LedgerUpdate::Losses(Losses {
        at: apply.job.at,
        counts: counts.guards.clone(),
        groups: counts.groups.clone(),
    }))
}

/// The managed group that a change takes a member out of.
fn group(apply: &Apply<'_>, change: &Change) -> Option<GroupKey> {
    left_group(change).filter(|key| apply.job.ledger.groups.contains_key(key))
}

/// The number of members of a group that is deleted.
fn members(apply: &Apply<'_>, change: &Change) -> Option<u64> {
    let key = GroupKey::of(&change.key.object)?;
    apply.job.plan.work.deleted.get(&key).copied()
}
