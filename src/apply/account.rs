//! All changes of one account in one phase, as one op.

use super::run::Apply;

use super::state::State;
use super::task::{RoleValues, Task};
use super::{record, roles, values};
use crate::model::change::{Change, ChangeKind, Facet, Phase};
use crate::model::op::{Action, Op};
use crate::model::{Path, RemoteId, UserId, Value, Want};

/// The op; none if nothing is left to send. Changes that cannot be sent are settled here.
pub(super) fn task<'p>(
    apply: &Apply<'p>,
    state: &mut State<'p>,
    phase: Phase,
    id: &UserId,
    changes: &[&'p Change],
) -> Option<Task> {
    if let Some(create) = changes.iter().find(|change| change.kind == ChangeKind::Create) {
        return Some(new(apply, state, id, create));
    }
    // An account that is taken over has no link yet, and one that was deleted and is on again has no live one; the change knows
    // its id.
    let known = || changes.iter().find_map(|change| change.remote.clone());
    let adopted = apply.job.plan.work.links.contains_key(id);
    let is_known = |remote: &RemoteId| adopted || state.tombstone(remote) == Some(id);
    let Some(remote) = state.account(id).cloned().or_else(|| known().filter(is_known)) else {
        let why = format!("{id} has no account in the app");
        record::leave(apply, state, changes.iter().copied(), &why);
        return None;
    };
    if changes.iter().any(|change| change.kind == ChangeKind::Delete) {
        return Some(Task::plain(Op {
            changes: changes.iter().map(|change| change.key.clone()).collect(),
            action: Action::DeleteUser { remote },
        }));
    }
    let mut active = None;
    let mut wanted: Vec<(Path, Want)> = Vec::new();
    let mut keys = Vec::new();
    let mut role_changes = Vec::new();
    for change in changes {
        match change.kind {
            ChangeKind::RoleGrant | ChangeKind::RoleRevoke => {
                role_changes.push(*change);
                continue;
            }
            ChangeKind::Disable => active = Some(false),
            ChangeKind::Enable => active = Some(true),
            ChangeKind::Adopt | ChangeKind::Relink if change.turns_on() => active = Some(true),
            _ => {}
        }
        if let Some((_, Want::Ref(to))) = &change.want
            && state.reference(to).is_none()
        {
            let why = format!("the account of {to}, which it refers to, is not there");
            record::leave(apply, state, [*change], &why);
            continue;
        }
        if matches!(change.key.facet, Facet::Attribute(_)) {
            wanted.extend(change.want.clone());
        }
        keys.push(change.key.clone());
    }
    let mut set = values::of(state, &wanted);
    let (mut held, mut lists) = (None, Vec::new());
    if let Some(write) = roles::write(apply, state, phase, id, &role_changes) {
        keys.extend(write.keys);
        set.extend(write.set);
        lists.extend(write.list);
        held = Some(write.held);
    }
    if keys.is_empty() {
        return None;
    }
    Some(Task {
        wanted,
        roles: held,
        ..Task::plain(Op { changes: keys, action: Action::UpdateUser { remote, set, lists, active } })
    })
}

/// The later steps of creates, each an op of its own.
pub(super) fn continued<'p>(
    apply: &Apply<'p>,
    state: &mut State<'p>,
    id: &UserId,
    changes: Vec<&'p Change>,
) -> Vec<Task> {
    let known = || changes.iter().find_map(|change| change.remote.clone());
    let adopted = apply.job.plan.work.links.contains_key(id);
    let Some(remote) = state.account(id).cloned().or_else(|| known().filter(|_| adopted)) else {
        let why = format!("{id} has no account in the app");
        record::leave(apply, state, changes, &why);
        return Vec::new();
    };
    let steps = changes.into_iter().filter_map(|change| match &change.key.facet {
        Facet::Attribute(step) => Some((change, step.clone())),
        _ => None,
    });
    let task = |(change, step): (&Change, _)| {
        let action = Action::ContinueUser { remote: remote.clone(), step };
        Task::plain(Op { changes: vec![change.key.clone()], action })
    };
    steps.map(task).collect()
}

/// A new account with its first values. Grants of roles that are kept as values are written with it.
fn new(apply: &Apply<'_>, state: &State, id: &UserId, create: &Change) -> Task {
    let wanted: Vec<_> = create.sets.iter().filter_map(|setting| setting.want.clone()).collect();
    let mut attributes = values::of(state, &wanted);
    let mut keys = vec![create.key.clone()];
    let mut held = None;
    if let Some(work) = apply.job.plan.work.roles.get(id) {
        let mut given: Vec<Value> = Vec::new();
        for change in apply.index.person(id) {
            let value = roles::value_of(work, change).filter(|_| change.kind == ChangeKind::RoleGrant);
            // One role only: later phases refuse the others, if there are any.
            if let Some(value) = value.filter(|_| !work.single || given.is_empty()) {
                given.push(value.clone());
                keys.push(change.key.clone());
            }
        }
        if !given.is_empty() {
            attributes.push((work.path.clone(), roles::attribute(work, &given)));
        }
        held = Some(RoleValues::new(&given));
    }
    Task {
        wanted,
        roles: held,
        ..Task::plain(Op { changes: keys, action: Action::CreateUser { attributes } })
    }
}

/// Turns an account off.
pub(super) fn disable(remote: RemoteId) -> Action {
    Action::UpdateUser { remote, set: Vec::new(), lists: Vec::new(), active: Some(false) }
}
