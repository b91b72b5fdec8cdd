//! The updates of the ledger from an op that ended. [`accounts`] and [`groups`] hold the differences, [`kept`] the
//! hashes of values.

mod accounts;
mod groups;
mod kept;

use super::run::Apply;
use super::state::State;
use super::task::{Done, End};
use crate::model::UserId;
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::model::holds::Hold;
use crate::model::intervention::{Hand, Intervention};
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
        return taken(apply, state, done).into_iter().collect();
    }
    let mut updates = match &done.task.op.action {
        Action::CreateUser { .. } => accounts::created(apply, state, done),
        Action::UpdateUser { active, .. } => accounts::updated(apply, state, done, *active),
        Action::ContinueUser { step, .. } => accounts::continued(apply, state, done, step),
        Action::DeleteUser { .. } => accounts::gone(apply, state, done),
        Action::CreateGroup { .. } => groups::created(apply, state, done),
        Action::UpdateGroup { .. } => groups::updated(apply, state, done),
        Action::DeleteGroup { .. } => groups::deleted(done),
        Action::Members { .. } => groups::members(apply, state, done),
    };
    updates.extend(released(apply, state, done));
    without_former(state, updates)
}

/// An account has one owner, and so has a group: if the app gave the id of one that is gone to another one, the entry of the
/// former owner is dropped before that one is linked (safety.md 1, 16).
fn without_former(state: &State, updates: Vec<LedgerUpdate>) -> Vec<LedgerUpdate> {
    let with_former = |update: LedgerUpdate| {
        let mut steps = match &update {
            LedgerUpdate::PutUser { id, link } => {
                let former = state.former_owner(&link.remote).filter(|former| *former != id);
                former.map(|former| dropped(state, former)).unwrap_or_default()
            }
            LedgerUpdate::PutGroup { key, link } => {
                let former = state.former_group(&link.remote);
                let former = former.filter(|former| *former != key);
                former.cloned().map(LedgerUpdate::ForgetGroup).into_iter().collect()
            }
            _ => Vec::new(),
        };
        steps.push(update);
        steps
    };
    updates.into_iter().flat_map(with_former).collect()
}

/// The entry of an account that is gone is dropped. If its person is to have another account, all that is known of the person
/// stays: what other hands did, what guards hold, the roles that were ours (safety.md 5, 11, 13).
fn dropped(state: &State, id: &UserId) -> Vec<LedgerUpdate> {
    let drop = std::iter::once(LedgerUpdate::ForgetUser(id.clone()));
    if !state.is_replaced(id) {
        return drop.collect();
    }
    let ledger = &state.ledger;
    let seen = ledger.interventions.values().filter(|seen| seen.user == *id);
    let held = ledger.holds.iter().filter(|(key, _)| key.is_about(id));
    let held: Vec<Hold> = held.map(|(key, commit)| Hold::new(key.clone(), commit.clone())).collect();
    let held = (!held.is_empty()).then(|| LedgerUpdate::Held { now: held, over: Vec::new() });
    let roles = ledger.groups.iter().filter(|(key, link)| key.is_role() && link.members.contains(id));
    let roles = roles.map(|(key, _)| LedgerUpdate::Members {
        key: key.clone(),
        added: Vec::new(),
        found: vec![id.clone()],
        removed: Vec::new(),
    });
    drop.chain(seen.cloned().map(LedgerUpdate::Intervened)).chain(held).chain(roles).collect()
}

/// A refusal because another account has a value of the person: the next plan asks about that account, which no list may show.
fn taken(apply: &Apply<'_>, state: &State, done: &Done) -> Option<LedgerUpdate> {
    let (id, holder) = accounts::person(done).zip(done.outcome.holder.clone())?;
    let hand = Hand::Taken(holder);
    if state.ledger.interventions.contains_key(&(id.clone(), hand.clone())) {
        return None;
    }
    let lines = apply.job.key.texts([id.as_str(), &hand.to_string(), ""]);
    let (at, commit) = (apply.job.at, apply.job.commit.clone());
    let seen = Intervention { user: id, hand, at, commit, lines, decided: false, decided_at: None };
    Some(LedgerUpdate::Intervened(seen))
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
            without_former(state, put.into_iter().collect())
        }
        (_, Some(key), ChangeKind::Forget) => vec![LedgerUpdate::ForgetGroup(key)],
        (_, Some(key), ChangeKind::Adopt) => {
            let Some(link) = work.group_links.get(&key).cloned() else {
                return Vec::new();
            };
            // The members that were seen before the group had an entry count from now on.
            let is_of = |update: &&LedgerUpdate| matches!(update, LedgerUpdate::Members { key: of, .. } if *of == key);
            let seen: Vec<_> = work.observed.iter().filter(is_of).cloned().collect();
            let put = std::iter::once(LedgerUpdate::PutGroup { key, link });
            without_former(state, put.chain(seen).collect())
        }
        _ => Vec::new(),
    }
}
