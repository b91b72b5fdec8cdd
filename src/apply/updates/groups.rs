//! Groups that were created, changed or deleted, and the members that we added.

use std::collections::BTreeMap;

use super::kept;
use crate::apply::run::Apply;
use crate::apply::state::State;
use crate::apply::task::Done;
use crate::model::UserId;
use crate::model::change::{Facet, Object};
use crate::model::ledger::{GroupKey, GroupLink, LedgerUpdate, Origin};

/// The groups an op is about.
fn groups(done: &Done) -> impl Iterator<Item = (GroupKey, &Object)> {
    done.task.op.changes.iter().filter_map(|key| Some((GroupKey::of(&key.object)?, &key.object)))
}

pub(super) fn created(apply: &Apply<'_>, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    let (Some((key, object)), Some(after)) = (groups(done).next(), done.outcome.after.remote()) else {
        return Vec::new();
    };
    // A person who had the role by the former group lost it in the app (safety.md 13).
    let former = state.made_group(&key).filter(|_| key.is_role());
    let mut link = GroupLink {
        commit: apply.job.commit.clone(),
        members: former.map(|link| link.members).unwrap_or_default(),
        ..GroupLink::new(after.id.clone(), Origin::Created)
    };
    let (request, wanted) = (&apply.job.groups, &done.task.wanted);
    kept::remember(apply, state, &mut link.values, request, wanted, &done.outcome, object);
    kept::remember_left_out(apply, &mut link.values, &done.task.left_out);
    vec![LedgerUpdate::PutGroup { key, link }]
}

pub(super) fn updated(apply: &Apply<'_>, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    let Some((key, object)) = groups(done).next() else {
        return Vec::new();
    };
    let Some(mut link) = state.ledger.groups.get(&key).cloned() else {
        return Vec::new();
    };
    let (request, wanted) = (&apply.job.groups, &done.task.wanted);
    kept::remember(apply, state, &mut link.values, request, wanted, &done.outcome, object);
    // Only a group that is declared is changed.
    link.commit = apply.job.commit.clone().or(link.commit);
    vec![LedgerUpdate::PutGroup { key, link }]
}

pub(super) fn deleted(done: &Done) -> Vec<LedgerUpdate> {
    groups(done).map(|(key, _)| LedgerUpdate::ForgetGroup(key)).collect()
}

/// Updates the members that were added by us.
pub(super) fn members(apply: &Apply<'_>, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    let mut groups: BTreeMap<GroupKey, (Vec<UserId>, Vec<UserId>)> = BTreeMap::new();
    for key in &done.task.op.changes {
        let (object, id) = match (&key.object, &key.facet) {
            (object, Facet::Member(id)) => (object.clone(), id),
            (Object::User(id), Facet::Role(role) | Facet::FormerGroup(role)) => {
                (Object::Role(role.clone()), id)
            }
            _ => continue,
        };
        let Some(group) = GroupKey::of(&object) else {
            continue;
        };
        let adds = apply.index.kind(key).is_some_and(|kind| !kind.is_loss());
        if let (true, Object::Role(role)) = (adds, &object) {
            state.holders.gain(role, id);
        }
        let (added, removed) = groups.entry(group).or_default();
        if adds { added } else { removed }.push(id.clone());
    }
    let step = |(key, (added, removed))| LedgerUpdate::Members { key, added, found: Vec::new(), removed };
    groups.into_iter().map(step).collect()
}
