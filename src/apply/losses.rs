//! Losses of access of this run, for the guards of the next day (safety.md 11): written down with each result, so that a
//! run that dies or is stopped has counted what it took away.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::run::Apply;
use super::task::Done;
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::model::ledger::{GroupKey, LedgerUpdate, Losses};
use crate::model::op::OutcomeState;

/// Losses so far, by guard and by group.
#[derive(Default)]
pub struct Counts {
    guards: BTreeMap<Arc<str>, u64>,
    groups: BTreeMap<GroupKey, u64>,
}

/// Counts what ops took away, or may have taken away; the ledger step replaces the one before it.
pub fn count(apply: &Apply<'_>, counts: &mut Counts, ended: &[Done]) -> Option<LedgerUpdate> {
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
            if let Some(group) = group(apply, change) {
                *counts.groups.entry(group).or_default() += 1;
            }
        }
    }
    if more.is_empty() {
        return None;
    }
    for (guard, count) in more {
        *counts.guards.entry(guard.into()).or_default() += count;
    }
    Some(LedgerUpdate::Losses(Losses {
        at: apply.job.at,
        counts: counts.guards.clone(),
        groups: counts.groups.clone(),
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

/// The managed group somebody is taken out of.
fn group(apply: &Apply<'_>, change: &Change) -> Option<GroupKey> {
    let key = match (change.kind, &change.key.facet) {
        (ChangeKind::MemberRemove, _) => GroupKey::of(&change.key.object),
        (ChangeKind::RoleRevoke, Facet::Role(role)) => GroupKey::of(&Object::Role(role.clone())),
        _ => None,
    };
    key.filter(|key| apply.job.ledger.groups.contains_key(key))
}

fn members(apply: &Apply<'_>, change: &Change) -> u64 {
    let key = GroupKey::of(&change.key.object);
    let members = key.and_then(|key| apply.job.plan.work.deleted.get(&key));
    members.copied().unwrap_or(1).max(1)
}
