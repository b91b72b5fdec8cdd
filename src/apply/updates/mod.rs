//! The updates of the ledger from an op that ended. [`accounts`] and [`groups`] hold the differences, [`kept`] the
//! hashes of values.

mod accounts;
mod groups;
mod kept;

use super::run::Apply;
use super::state::State;
use super::task::{Done, End};
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::model::intervention::Hand;
use crate::model::ledger::{GroupKey, GroupLink, LedgerUpdate, Link};
use crate::model::op::{Action, OutcomeState};

/// The updates for an op; none if the op did not happen.
pub(super) fn of(apply: &Apply<'_>, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    if let (OutcomeState::Unknown { .. }, Some(id)) = (&done.outcome.state, accounts::person(done)) {
        accounts::unclear(state, &id, done);
    }
    if done.end == End::Held {
        return left_out(apply, state, done);
    }
    if !done.outcome.state.is_done() {
        return Vec::new();
    }
    let mut updates = match &done.task.op.action {
        Action::CreateUser { .. } => accounts::created(apply, state, done),
        Action::UpdateUser { active, .. } => accounts::updated(apply, state, done, *active),
        Action::DeleteUser { .. } => accounts::gone(apply, state, done),
        Action::CreateGroup { .. } => groups::created(apply, state, done),
        Action::UpdateGroup { .. } => groups::updated(apply, state, done),
        Action::DeleteGroup { .. } => groups::deleted(done),
        Action::Members { .. } => groups::members(apply, state, done),
    };
    updates.extend(released(apply, state, done));
    without_tombstones(state, updates)
}

/// An account has one owner: a tombstone whose id the app gave to another account is dropped before that one is linked
/// (safety.md 1, 16).
fn without_tombstones(state: &State, updates: Vec<LedgerUpdate>) -> Vec<LedgerUpdate> {
    let with_former = |update: LedgerUpdate| {
        let former = match &update {
            LedgerUpdate::PutUser { id, link } => {
                state.tombstone(&link.remote).filter(|former| *former != id)
            }
            _ => None,
        };
        former.cloned().map(LedgerUpdate::ForgetUser).into_iter().chain([update])
    };
    updates.into_iter().flat_map(with_former).collect()
}

/// What was held because another hand had done it is over once it is given back (safety.md 13).
fn released(apply: &Apply<'_>, state: &State, done: &Done) -> Vec<LedgerUpdate> {
    let known = &state.ledger.interventions;
    let given = done.task.op.changes.iter().filter_map(|key| {
        let change = apply.index.get(key)?;
        let Object::User(user) = &key.object else { return None };
        let hand = match (change.kind, &key.facet) {
            (ChangeKind::Create, _) => Hand::Deleted,
            (ChangeKind::RoleGrant, Facet::Role(role)) => Hand::Revoked(role.clone()),
            _ if change.turns_on() => Hand::Disabled,
            _ => return None,
        };
        known
            .contains_key(&(user.clone(), hand.clone()))
            .then(|| LedgerUpdate::Released { user: user.clone(), hand })
    });
    given.collect()
}

/// The updates for attributes that were not sent, because the app does not keep them.
fn left_out(apply: &Apply<'_>, state: &State, done: &Done) -> Vec<LedgerUpdate> {
    let Some(object) = done.task.object().filter(|_| !done.task.left_out.is_empty()) else {
        return Vec::new();
    };
    match (object, GroupKey::of(object)) {
        (Object::User(id), _) => {
            let link = state.link(id).cloned();
            let put = |mut link: Link| {
                kept::remember_left_out(apply, &mut link.values, &done.task.left_out);
                LedgerUpdate::PutUser { id: id.clone(), link }
            };
            link.map(put).into_iter().collect()
        }
        (_, Some(key)) => {
            let link = state.ledger.groups.get(&key).cloned();
            let put = |mut link: GroupLink| {
                kept::remember_left_out(apply, &mut link.values, &done.task.left_out);
                LedgerUpdate::PutGroup { key, link }
            };
            link.map(put).into_iter().collect()
        }
        (_, None) => Vec::new(),
    }
}

/// True for changes that only the ledger keeps: all of their kinds but one that also turns an account on.
pub(super) fn is_ledger_only(change: &Change) -> bool {
    change.kind.is_ledger_only() && !change.turns_on()
}

/// The updates after the end of all phases.
pub(super) fn from_the_end(apply: &Apply<'_>, state: &State) -> Vec<LedgerUpdate> {
    accounts::lapses(apply, state)
}

/// The updates for an adoption and other changes of the ledger alone.
pub(super) fn of_ledger_only(apply: &Apply<'_>, state: &State, change: &Change) -> Vec<LedgerUpdate> {
    let work = &apply.job.plan.work;
    let object = &change.key.object;
    match (object, GroupKey::of(object), change.kind) {
        (Object::User(id), _, ChangeKind::Forget) => vec![LedgerUpdate::ForgetUser(id.clone())],
        (Object::User(id), ..) => {
            let link = work.links.get(id).cloned();
            let put = link.map(|link| LedgerUpdate::PutUser { id: id.clone(), link });
            without_tombstones(state, put.into_iter().collect())
        }
        (_, Some(key), ChangeKind::Forget) => vec![LedgerUpdate::ForgetGroup(key)],
        (_, Some(key), ChangeKind::Adopt) => {
            let Some(link) = work.group_links.get(&key).cloned() else {
                return Vec::new();
            };
            // The members that were seen before the group had an entry count from now on.
            let is_of = |update: &&LedgerUpdate| matches!(update, LedgerUpdate::Members { key: of, .. } if *of == key);
            let seen: Vec<_> = work.observed.iter().filter(is_of).cloned().collect();
            std::iter::once(LedgerUpdate::PutGroup { key, link }).chain(seen).collect()
        }
        _ => Vec::new(),
    }
}
