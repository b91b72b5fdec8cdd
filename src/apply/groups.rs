//! Ops for groups themselves: created, renamed, changed, deleted.

use super::run::Apply;
use super::state::State;
use super::task::Task;
use super::values;
use crate::model::change::{Change, ChangeKind, Object};
use crate::model::ledger::GroupKey;
use crate::model::op::{Action, Op};

/// The op for a change of a group.
///
/// # Errors
/// The reason why it cannot be sent.
pub(super) fn task(
    apply: &Apply<'_>,
    state: &State,
    change: &Change,
    object: &Object,
) -> Result<Task, String> {
    let key = GroupKey::of(object).ok_or_else(|| format!("{object} is no group"))?;
    let task =
        |action, wanted| Task { wanted, ..Task::plain(Op { changes: vec![change.key.clone()], action }) };
    if change.kind == ChangeKind::GroupCreate {
        let wanted = apply.job.plan.work.group_attributes.get(&key);
        let wanted = wanted.cloned().unwrap_or_default();
        let attributes = values::of(state, &wanted);
        return Ok(task(Action::CreateGroup { attributes }, wanted));
    }
    let (_, remote) = state.group(object).ok_or_else(|| format!("{object} is not in the app"))?;
    if change.kind == ChangeKind::GroupDelete {
        return Ok(task(Action::DeleteGroup { remote }, Vec::new()));
    }
    let wanted: Vec<_> = change.want.iter().cloned().collect();
    let set = values::of(state, &wanted);
    let list = state.member_list(&key);
    Ok(task(Action::UpdateGroup { remote, set, list }, wanted))
}
