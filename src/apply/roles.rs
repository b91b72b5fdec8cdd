//! Roles kept in one attribute: the grants and revocations of a phase become one write of it. If the attribute holds
//! several values, only the added and removed ones are named, so that a value that is added in the app meanwhile stays
//! (safety.md 10).

use super::record;
use super::run::Apply;
use super::state::State;
use super::task::{Obstacle, RoleValues};
use crate::model::change::{Change, ChangeKey, ChangeKind, Phase};
use crate::model::op::ListChange;
use crate::model::{Path, UserId, Value};
use crate::plan::RoleWork;

/// The attribute after the changes of this phase.
pub(super) struct RoleWrite {
    /// The changes that the write carries out.
    pub keys: Vec<ChangeKey>,
    /// Set if the attribute holds one role: its new value; none if it has this value already.
    pub set: Option<(Path, Value)>,
    /// Set if the attribute holds several: the values that are added and removed.
    pub list: Option<ListChange>,
    pub held: RoleValues,
}

/// Makes the write from the changes. Changes that cannot be written are settled here.
pub(super) fn write<'p>(
    apply: &Apply<'p>,
    state: &mut State<'p>,
    phase: Phase,
    id: &UserId,
    changes: &[&'p Change],
) -> Option<RoleWrite> {
    if changes.is_empty() {
        return None;
    }
    let held = state.roles.get(id).cloned();
    let (Some(work), Some(held)) = (apply.job.plan.work.roles.get(id), held) else {
        record::leave(apply, state, changes.iter().copied(), "the app keeps this role nowhere known");
        return None;
    };
    if held.is_unclear {
        let why = "an earlier write of this person's roles has no known outcome";
        record::leave(apply, state, changes.iter().copied(), why);
        return None;
    }
    let mut now = held.values.clone();
    let mut keys = Vec::new();
    // Grants come first: in an attribute for one role, a grant carries the revocation of the other role with it.
    let grants = |change: &&&Change| change.kind == ChangeKind::RoleGrant;
    for change in changes.iter().filter(grants) {
        match grant(apply, state, id, work, change, &mut now) {
            Ok(more) => keys.extend(more),
            Err(Obstacle::Never(why)) => record::leave(apply, state, [*change], &why),
            Err(Obstacle::NotYet(why)) => record::wait(apply, state, change, phase, why),
        }
    }
    for change in changes.iter().filter(|change| !grants(change)) {
        match value_of(work, change) {
            Some(value) if !keys.contains(&change.key) => {
                now.retain(|old| old != value);
                keys.push(change.key.clone());
            }
            Some(_) => {}
            None => record::leave(apply, state, [*change], "the role has no value"),
        }
    }
    if keys.is_empty() {
        return None;
    }
    let (mut set, mut list) = (None, None);
    if work.single {
        set = (now != held.values).then(|| (work.path.clone(), attribute(work, &now)));
    } else {
        list = Some(delta(work, changes, &keys));
    }
    Some(RoleWrite { keys, set, list, held: RoleValues::new(&now) })
}

/// The values that the changes add and remove.
fn delta(work: &RoleWork, changes: &[&Change], keys: &[ChangeKey]) -> ListChange {
    let of = |kind: ChangeKind| {
        let done = changes.iter().filter(|change| change.kind == kind && keys.contains(&change.key));
        done.filter_map(|change| value_of(work, change).cloned()).collect::<Vec<_>>()
    };
    let add = of(ChangeKind::RoleGrant);
    let mut remove = of(ChangeKind::RoleRevoke);
    remove.retain(|value| !add.contains(value));
    ListChange { path: work.path.clone(), add, remove }
}

/// Adds a grant, and gives the keys of all changes that are made by it.
fn grant(
    apply: &Apply<'_>,
    state: &mut State,
    id: &UserId,
    work: &RoleWork,
    change: &Change,
    now: &mut Vec<Value>,
) -> Result<Vec<ChangeKey>, Obstacle> {
    let value = value_of(work, change).ok_or_else(|| Obstacle::Never("the role has no value".to_owned()))?;
    let mut keys = vec![change.key.clone()];
    if !work.single {
        if !now.contains(value) {
            now.push(value.clone());
        }
        return Ok(keys);
    }
    // The attribute has one value, so the grant also revokes the role that is there.
    let revocations = apply.index.person(id).iter();
    let revocations: Vec<_> = revocations.filter(|change| change.kind == ChangeKind::RoleRevoke).collect();
    let mut replaced = Vec::new();
    // What the plan does not revoke is replaced, if it is no declared role or another value of this one: the plan shows it beside
    // the grant.
    let is_declared = |value: &Value| {
        let roles = &apply.job.app.roles;
        let text = value.to_string();
        roles.iter().any(|role| role.kind.value().is_some_and(|own| **own == *text))
    };
    let role = change.key.facet.role();
    let is_of_role = |value: &Value| {
        work.values
            .iter()
            .any(|(facet, of)| of == value && facet.role() == role && *facet != change.key.facet)
    };
    for old in now.iter().filter(|old| *old != value) {
        match revocations.iter().find(|revocation| value_of(work, revocation) == Some(old)) {
            Some(revocation) => replaced.push(revocation),
            None if is_declared(old) && !is_of_role(old) => {
                let why =
                    "the app keeps one role only, and the role it would replace is not to be revoked now";
                return Err(Obstacle::Never(why.to_owned()));
            }
            None => {}
        }
    }
    for revocation in replaced {
        state.holders.lose(revocation).map_err(|few| Obstacle::NotYet(few.to_string()))?;
        keys.push(revocation.key.clone());
    }
    *now = vec![value.clone()];
    Ok(keys)
}

/// The value of the role a change is about.
pub(super) fn value_of<'w>(work: &'w RoleWork, change: &Change) -> Option<&'w Value> {
    work.values.get(&change.key.facet)
}

/// The value of the attribute with these roles.
pub(super) fn attribute(work: &RoleWork, held: &[Value]) -> Value {
    match held {
        [] => work.none.clone(),
        [first, ..] if work.single => first.clone(),
        all => Value::List(all.to_vec()),
    }
}
