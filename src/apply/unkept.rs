//! Roles that a write gave or took and that a look at the account after it shows otherwise: the app took the request and did not keep
//! it (safety.md 8). Such a change is not done, and the ledger does not learn it.

use super::run::Apply;
use super::task::{Done, RoleValues};
use crate::catalog;
use crate::model::change::{Change, ChangeKey, ChangeKind, Object};
use crate::model::op::{After, OutcomeState};
use crate::model::seen::Seen;
use crate::model::{Kind, Value};
use crate::plan::RoleWork;

/// Takes these changes out of an op that ended, and says how they ended.
pub(super) fn take_out(apply: &Apply<'_>, done: &mut Done) -> Vec<(ChangeKey, OutcomeState)> {
    let (OutcomeState::Written, After::Read(_)) = (&done.outcome.state, &done.outcome.after) else {
        return Vec::new();
    };
    let Some((work, shown)) = shown(apply, done) else { return Vec::new() };
    let schema = apply.job.definition.schema(Kind::User).attribute(&work.path);
    let has = |value: &Value| shown.iter().any(|one| catalog::same(schema.as_ref(), value, one));
    let is_unkept = |key: &ChangeKey| {
        let change = apply.index.get(key).filter(|change| !change.revalued);
        change.zip(work.values.get(&key.facet)).is_some_and(|(change, value)| match change.kind {
            ChangeKind::RoleGrant => !has(value),
            ChangeKind::RoleRevoke => has(value),
            _ => false,
        })
    };
    let changes = std::mem::take(&mut done.task.op.changes);
    let (unkept, kept): (Vec<ChangeKey>, Vec<ChangeKey>) = changes.into_iter().partition(is_unkept);
    done.task.op.changes = kept;
    if unkept.is_empty() {
        return Vec::new();
    }
    done.task.roles = Some(RoleValues::new(&shown));
    let what = |change: &Change| match change.kind {
        ChangeKind::RoleGrant => "shows the account without the role",
        _ => "shows the account with the role",
    };
    let ended = |key: ChangeKey| {
        let what = apply.index.get(&key).map_or("shows it as before", what);
        let why = format!("{}: the app said yes and still {what}", apply.job.app.id);
        (key, OutcomeState::Refused { why, divisible: false })
    };
    unkept.into_iter().map(ended).collect()
}

/// The attribute that keeps the roles of the account of an op, and the values that the look showed; none if it did not show them.
fn shown<'a>(apply: &Apply<'a>, done: &Done) -> Option<(&'a RoleWork, Vec<Value>)> {
    let person = done.task.op.changes.iter().find_map(|key| match &key.object {
        Object::User(id) => Some(id),
        _ => None,
    })?;
    let work = apply.job.plan.work.roles.get(person)?;
    let column = apply.job.users.paths.iter().position(|path| *path == work.path)?;
    match done.outcome.after.remote()?.attributes.get(column)? {
        Seen::Is(Value::List(values)) => Some((work, values.clone())),
        Seen::Is(value) => Some((work, vec![value.clone()])),
        Seen::None => Some((work, Vec::new())),
        Seen::Unread(_) => None,
    }
}
