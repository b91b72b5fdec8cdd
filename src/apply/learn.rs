//! What an op that ended teaches the ledger.

use std::collections::{BTreeMap, BTreeSet};

use super::Job;
use super::carry::Done;
use super::state::State;
use crate::model::change::{ChangeKey, ChangeKind, Facet, Object};
use crate::model::ledger::{GroupKey, GroupLink, Hashes, LedgerUpdate, Link, LinkState, Origin};
use crate::model::op::Action;
use crate::model::remote::ListRequest;
use crate::model::{Path, Remote, RemoteId, RoleId, UserId, Value, Want};

/// Ledger steps for an op; none if it did not happen.
pub fn from(job: &Job, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    if !done.outcome.state.is_done() {
        return Vec::new();
    }
    let after = done.outcome.after.as_deref();
    match &done.task.op.action {
        Action::CreateUser { .. } => created(job, state, done, after),
        Action::UpdateUser { active, .. } => updated(job, state, done, after, *active),
        Action::DeleteUser { .. } => gone(job, state, done),
        Action::CreateGroup { .. } => group_created(job, state, done, after),
        Action::UpdateGroup { .. } => group_updated(job, state, done, after),
        Action::DeleteGroup { .. } => keys_of_groups(done)
            .map(|key| LedgerUpdate::ForgetGroup { key })
            .collect(),
        Action::Members { .. } => members(job, state, done),
    }
}

fn user_of(done: &Done) -> Option<UserId> {
    done.keys.iter().find_map(|key| match &key.object {
        Object::User(id) => Some(id.clone()),
        _ => None,
    })
}

fn kind_of(job: &Job, key: &ChangeKey) -> Option<ChangeKind> {
    job.plan
        .to_do()
        .find(|change| change.key == *key)
        .map(|change| change.kind)
}

fn created(job: &Job, state: &mut State, done: &Done, after: Option<&Remote>) -> Vec<LedgerUpdate> {
    let (Some(id), Some(after)) = (user_of(done), after) else {
        return Vec::new();
    };
    let mut link = Link {
        remote: after.id.clone(),
        origin: Origin::Created,
        state: LinkState::Active,
        commit: job.commit.clone(),
        life: job.plan.work.lives.get(&id).copied(),
        roles: BTreeSet::new(),
        values: BTreeMap::new(),
    };
    remember(
        job,
        state,
        &mut link.values,
        &job.users,
        &done.task.wishes,
        Some(after),
        id.as_str(),
    );
    for (role, granted) in roles(job, done) {
        debug_assert!(granted, "a new account gains roles only");
        hold(state, &role, &id);
        link.roles.insert(role);
    }
    if let Some(work) = job.plan.work.roles.get(&id) {
        let held = link
            .roles
            .iter()
            .filter_map(|role| work.values.get(role).cloned())
            .collect();
        state.roles.insert(id.clone(), held);
    }
    vec![LedgerUpdate::PutUser { id, link }]
}

fn updated(
    job: &Job,
    state: &mut State,
    done: &Done,
    after: Option<&Remote>,
    active: Option<bool>,
) -> Vec<LedgerUpdate> {
    let Some(id) = user_of(done) else {
        return Vec::new();
    };
    let adopted = job.plan.work.links.get(&id).filter(|_| {
        state
            .link(&id)
            .is_none_or(|link| matches!(link.state, LinkState::Gone { .. }))
    });
    let Some(mut link) = adopted.or_else(|| state.link(&id)).cloned() else {
        return Vec::new();
    };
    remember(
        job,
        state,
        &mut link.values,
        &job.users,
        &done.task.wishes,
        after,
        id.as_str(),
    );
    match active {
        Some(true) => link.state = LinkState::Active,
        Some(false) => link.state = LinkState::Disabled { since: job.at },
        None => {}
    }
    if let Some(life) = job.plan.work.lives.get(&id) {
        link.life = Some(*life);
    }
    if job.commit.is_some() {
        link.commit = job.commit.clone();
    }
    for (role, granted) in roles(job, done) {
        if granted {
            hold(state, &role, &id);
            link.roles.insert(role);
        } else {
            link.roles.remove(&role);
        }
    }
    vec![LedgerUpdate::PutUser { id, link }]
}

fn hold(state: &mut State, role: &RoleId, id: &UserId) {
    if let Some(holders) = state.holders.get_mut(role.as_str()) {
        holders.insert(id.clone());
    }
}

/// Roles kept as values that an op granted (`true`) or revoked.
fn roles(job: &Job, done: &Done) -> Vec<(RoleId, bool)> {
    let role = |key: &ChangeKey| match &key.facet {
        Facet::Role(role) => Some((role.clone(), kind_of(job, key)? == ChangeKind::RoleGrant)),
        _ => None,
    };
    done.keys.iter().filter_map(role).collect()
}

fn gone(job: &Job, state: &State, done: &Done) -> Vec<LedgerUpdate> {
    let Some(id) = user_of(done) else {
        return Vec::new();
    };
    let Some(link) = state.link(&id) else {
        return Vec::new();
    };
    let link = Link {
        state: LinkState::Gone { since: job.at },
        values: BTreeMap::new(),
        roles: BTreeSet::new(),
        ..link.clone()
    };
    vec![LedgerUpdate::PutUser { id, link }]
}

fn keys_of_groups(done: &Done) -> impl Iterator<Item = GroupKey> {
    done.keys.iter().filter_map(|key| GroupKey::of(&key.object))
}

fn group_created(job: &Job, state: &mut State, done: &Done, after: Option<&Remote>) -> Vec<LedgerUpdate> {
    let (Some(key), Some(after)) = (keys_of_groups(done).next(), after) else {
        return Vec::new();
    };
    let mut values = BTreeMap::new();
    remember(
        job,
        state,
        &mut values,
        &job.groups,
        &done.task.wishes,
        Some(after),
        key.as_str(),
    );
    let link = GroupLink {
        remote: after.id.clone(),
        origin: Origin::Created,
        members: BTreeSet::new(),
        added: BTreeSet::new(),
        values,
    };
    vec![LedgerUpdate::PutGroup { key, link }]
}

fn group_updated(job: &Job, state: &mut State, done: &Done, after: Option<&Remote>) -> Vec<LedgerUpdate> {
    let Some(key) = keys_of_groups(done).next() else {
        return Vec::new();
    };
    let Some(mut link) = state.ledger.groups.get(&key).cloned() else {
        return Vec::new();
    };
    remember(
        job,
        state,
        &mut link.values,
        &job.groups,
        &done.task.wishes,
        after,
        key.as_str(),
    );
    vec![LedgerUpdate::PutGroup { key, link }]
}

/// Members by our hand, or not any more.
fn members(job: &Job, state: &mut State, done: &Done) -> Vec<LedgerUpdate> {
    let mut per_group: BTreeMap<GroupKey, (Vec<UserId>, Vec<UserId>)> = BTreeMap::new();
    for key in &done.keys {
        let (object, id) = match (&key.object, &key.facet) {
            (object, Facet::Member(id)) => (object.clone(), id.clone()),
            (Object::User(id), Facet::Role(role)) => (Object::Role(role.clone()), id.clone()),
            _ => continue,
        };
        let Some(group) = GroupKey::of(&object) else {
            continue;
        };
        let adds = kind_of(job, key).is_some_and(|kind| !kind.is_loss());
        if let (true, Object::Role(role)) = (adds, &object) {
            hold(state, role, &id);
        }
        let lists = per_group.entry(group).or_default();
        if adds { lists.0.push(id) } else { lists.1.push(id) }
    }
    let step = |(key, (added, removed))| LedgerUpdate::Members {
        key,
        added,
        found: Vec::new(),
        removed,
    };
    per_group.into_iter().map(step).collect()
}

/// `asked` and `kept` for every attribute that was written (safety.md 8).
fn remember(
    job: &Job,
    state: &mut State,
    values: &mut BTreeMap<std::sync::Arc<str>, Hashes>,
    want: &ListRequest,
    wishes: &[(Path, Want)],
    after: Option<&Remote>,
    of: &str,
) {
    for (path, wish) in wishes {
        let asked = match wish {
            Want::Is(value) => value.clone(),
            Want::Ref(to) => Value::str(to.as_str()),
            Want::Clear => Value::Null,
            Want::Keep => continue,
        };
        if job.plan.work.sensitive.contains(path.key()) {
            continue;
        }
        let place = want.paths.iter().position(|column| column == path);
        let shown = after.and_then(|after| after.attributes.get(place?)).cloned();
        let kept = match (&shown, wish) {
            (None, _) => asked.clone(),
            (Some(shown), Want::Ref(_)) => as_our_id(state, shown),
            (Some(shown), _) => shown.clone(),
        };
        let schema = crate::catalog::attribute(&job.app.connector, want.kind, path);
        let unassigned = |value: &Value| value.is_null() || value.as_str() == Some("");
        let same =
            crate::catalog::same(schema.as_ref(), &asked, &kept) || (unassigned(&asked) && unassigned(&kept));
        if !same {
            state.not_kept.insert((of.to_owned(), path.to_string()));
        }
        let key = path.key();
        let hashes = Hashes {
            asked: job.key.value(key, &asked),
            kept: job.key.value(key, &kept),
            at: job.at,
        };
        values.insert(key.clone(), hashes);
    }
}

fn as_our_id(state: &State, shown: &Value) -> Value {
    let person = shown
        .as_str()
        .and_then(|remote| state.person(RemoteId::new(remote).as_str()));
    person.map_or_else(|| shown.clone(), |id| Value::str(id.as_str()))
}
