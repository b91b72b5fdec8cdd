//! Losses of access of this run, for the guards of the next day (safety.md 11): written down with each result, so that a
//! run that dies or is stopped has counted what it took away.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Apply;
use super::carry::Done;
use super::state::State;
use crate::model::change::{Change, ChangeKind};
use crate::model::ledger::{GroupKey, LedgerUpdate, Losses};
use crate::model::op::OutcomeState;

/// Losses so far, by guard.
#[derive(Default)]
pub struct Counts(BTreeMap<Arc<str>, u64>);

/// Counts what ops took away, or may have taken away; the ledger step replaces the one before it.
pub fn count(apply: &Apply<'_>, state: &mut State, ended: &[Done]) -> Option<LedgerUpdate> {
    let mut more = BTreeMap::<&str, u64>::new();
    for done in ended {
        let outcome = &done.outcome.state;
        if !outcome.is_done() && !matches!(outcome, OutcomeState::Unknown { .. }) {
            continue;
        }
        let changes = done.task.op.changes.iter();
        for change in changes.filter_map(|key| apply.index.get(key)) {
            let Some(guard) = guard(change) else { continue };
            let count = match change.kind {
                ChangeKind::GroupDelete => members(apply, change),
                _ => 1,
            };
            *more.entry(guard).or_default() += count;
        }
    }
    if more.is_empty() {
        return None;
    }
    for (guard, count) in more {
        *state.losses.0.entry(guard.into()).or_default() += count;
    }
    Some(LedgerUpdate::Losses(Losses {
        at: apply.job.at,
        counts: state.losses.0.clone(),
    }))
}

/// The guard that counts a change, if one does.
fn guard(change: &Change) -> Option<&'static str> {
    match (change.kind, change.cause.is_declared()) {
        (ChangeKind::Disable | ChangeKind::Delete, true) => Some("leavers"),
        (ChangeKind::Disable | ChangeKind::Delete, false) => Some("deprovision"),
        (ChangeKind::MemberRemove, false) | (ChangeKind::GroupDelete, _) => Some("membership"),
        (ChangeKind::RoleRevoke, false) => Some("revoke"),
        _ => None,
    }
}

fn members(apply: &Apply<'_>, change: &Change) -> u64 {
    let key = GroupKey::of(&change.key.object);
    let members = key.and_then(|key| apply.job.plan.work.deleted.get(&key));
    members.copied().unwrap_or(1).max(1)
}
