//! Accounts that were created, changed, deleted.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::kept;
use crate::apply::run::Apply;
use crate::apply::state::State;
use crate::apply::task::Done;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object};
use crate::model::ledger::{LedgerUpdate, Link, LinkState, Origin};
use crate::model::op::After;
use crate::model::seen::Activity;
use crate::model::time::Timestamp;
use crate::model::{Remote, UserId};

/// The person whose account an op is about.
pub(super) fn person(done: &Done) -> Option<UserId> {
    done.task.op.changes.iter().find_map(|key| match &key.object {
        Object::User(id) => Some(id.clone()),
        _ => None,
    })
}

/// The values of a person's roles are unknown after a write with an unknown result.
pub(super) fn unclear(state: &mut State, id: &UserId, done: &Done) {
    if let (Some(_), Some(held)) = (&done.task.roles, state.roles.get_mut(id)) {
        held.is_unclear = true;
    }
}

pub(super) fn created(apply: &Apply<'_>, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    let (Some(id), Some(after)) = (person(done), done.outcome.after.remote()) else {
        return Vec::new();
    };
    let job = apply.job;
    // A role that the former account was given and this one lacks was taken away. Making the account again does not
    // give it back (safety.md 13).
    let roles = state.made_account(&id).map(|former| former.roles).unwrap_or_default();
    let mut link = Link {
        // Some apps invite: the account is on once the person has accepted.
        unconfirmed: !matches!(&done.outcome.after, After::Read(seen) if seen.activity == Activity::On),
        commit: job.commit.clone(),
        created: after.created,
        open_steps: job.connector.capabilities().create_steps.iter().cloned().collect(),
        person: job.plan.work.persons.get(&id).copied().unwrap_or_default(),
        roles,
        ..Link::new(after.id.clone(), Origin::Created)
    };
    let wanted = &done.task.wanted;
    kept::remember(
        apply,
        state,
        &mut link.values,
        &job.users,
        wanted,
        &done.outcome,
        &Object::User(id.clone()),
    );
    kept::remember_left_out(apply, &mut link.values, &done.task.left_out);
    take_roles(apply, state, done, &id, &mut link);
    name(state, &id, Some(after));
    let given = granted(apply, done, &id);
    std::iter::once(LedgerUpdate::PutUser { id, link }).chain(given).collect()
}

pub(super) fn updated(
    apply: &Apply<'_>,
    state: &mut State,
    done: &Done,
    active: Option<bool>,
) -> Vec<LedgerUpdate> {
    let Some(id) = person(done) else {
        return Vec::new();
    };
    let job = apply.job;
    let is_linked = |link: &&Link| !link.state.is_gone() && !state.is_replaced(&id);
    let known = state.link(&id).filter(is_linked);
    let Some(mut link) = known.or_else(|| job.plan.work.links.get(&id)).or_else(|| state.link(&id)).cloned()
    else {
        return Vec::new();
    };
    let wanted = &done.task.wanted;
    let object = Object::User(id.clone());
    kept::remember(apply, state, &mut link.values, &job.users, wanted, &done.outcome, &object);
    match active {
        Some(true) => (link.state, link.unconfirmed) = (LinkState::Active, false),
        Some(false) => {
            link.state = LinkState::Disabled { since: job.at, commit: job.commit.clone() };
            let is_read = matches!(&done.outcome.after, After::Read(seen) if seen.activity == Activity::Off);
            link.unconfirmed = !is_read;
        }
        None => {}
    }
    link.adopted_out &= active.is_none();
    // The commit has to declare the person: it is the proof that the person was declared once (safety.md 6). That of an account
    // that stays off is older than the disabling, which proves that it was us (safety.md 5).
    let is_declared = job.plan.work.persons.contains_key(&id);
    let stays_off = active.is_none() && link.state != LinkState::Active && link.commit.is_some();
    if job.commit.is_some() && is_declared && !stays_off {
        link.commit = job.commit.clone();
    }
    if let Some(person) = job.plan.work.persons.get(&id) {
        link.person = *person;
    }
    take_roles(apply, state, done, &id, &mut link);
    name(state, &id, done.outcome.after.remote());
    let given = granted(apply, done, &id);
    std::iter::once(LedgerUpdate::PutUser { id, link }).chain(given).collect()
}

/// A later step of the create is done.
pub(super) fn continued(apply: &Apply<'_>, state: &State, done: &Done, step: &Arc<str>) -> Vec<LedgerUpdate> {
    let Some(id) = person(done) else {
        return Vec::new();
    };
    let known = state.link(&id).or_else(|| apply.job.plan.work.links.get(&id));
    let Some(mut link) = known.cloned() else {
        return Vec::new();
    };
    link.open_steps.remove(step);
    vec![LedgerUpdate::PutUser { id, link }]
}

pub(super) fn gone(apply: &Apply<'_>, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    let Some(id) = person(done) else {
        return Vec::new();
    };
    state.names.remove(&id);
    let Some(link) = state.link(&id) else {
        return Vec::new();
    };
    let link = Link {
        state: LinkState::Gone { since: apply.job.at, commit: apply.job.commit.clone() },
        values: link.values.only(&apply.job.plan.work.identifying),
        roles: BTreeSet::new(),
        ..link.clone()
    };
    vec![LedgerUpdate::PutUser { id, link }]
}

/// Ends that have passed count as over for people whose losses are all done (safety.md 12).
pub(super) fn lapses(apply: &Apply<'_>, state: &State) -> Vec<LedgerUpdate> {
    let plan = apply.job.plan;
    let open = plan.changes.iter().filter(|change| !state.are_done([*change]));
    let owing: BTreeSet<&UserId> = open.filter_map(Change::loser).collect();
    let over = plan.work.lapses.iter().filter(|(id, _)| !owing.contains(id));
    let put = |(id, end): (&UserId, &Timestamp)| {
        let link = state.link(id).filter(|link| link.state == LinkState::Active)?;
        let link = Link { lapsed: link.lapsed.max(Some(*end)), ..link.clone() };
        Some(LedgerUpdate::PutUser { id: id.clone(), link })
    };
    over.filter_map(put).collect()
}

/// Roles kept as values that an op granted or revoked.
fn take_roles(apply: &Apply<'_>, state: &mut State, done: &Done, id: &UserId, link: &mut Link) {
    for key in &done.task.op.changes {
        let (Some(change), Some(role)) = (apply.index.get(key), key.facet.role()) else { continue };
        if change.kind == ChangeKind::RoleGrant {
            state.holders.gain(role, id);
            link.roles.insert(role.clone());
        } else if !change.revalued {
            link.roles.remove(role);
            link.found_roles.remove(role);
        }
    }
    if let Some(held) = &done.task.roles {
        state.roles.insert(id.clone(), held.clone());
    }
}

/// Roles kept as values that an op gave.
fn granted(apply: &Apply<'_>, done: &Done, id: &UserId) -> Vec<LedgerUpdate> {
    let grants =
        done.task.op.changes.iter().filter(|key| apply.index.kind(key) == Some(ChangeKind::RoleGrant));
    let given = |key: &ChangeKey| match &key.facet {
        Facet::Role(role) => Some(LedgerUpdate::Granted { user: id.clone(), role: role.clone() }),
        Facet::FormerRole(_) | Facet::Life | Facet::Attribute(_) => None,
        Facet::Member(_) | Facet::UnmanagedMember(_) | Facet::FormerGroup(_) => None,
    };
    grants.filter_map(given).collect()
}

fn name(state: &mut State, id: &UserId, after: Option<&Remote>) {
    if let Some(name) = after.and_then(|after| after.name.clone()) {
        state.names.insert(id.clone(), name);
    }
}
