//! Memberships: batches of one group after each other, divided when the app refuses one.

use std::sync::Arc;

use super::run::Apply;
use super::state::State;
use super::task::Task;
use crate::model::capabilities::{Capabilities, MemberKey};
use crate::model::change::ChangeKey;
use crate::model::op::{Action, MemberList, Op};
use crate::model::{RemoteId, UserId};

/// Members that join and leave one group in one phase, each with the key of its change.
#[derive(Default)]
pub(super) struct Batch {
    pub add: Vec<(ChangeKey, Arc<str>)>,
    pub remove: Vec<(ChangeKey, Arc<str>)>,
}

impl Batch {
    /// In batches of at most `size`, adds first. A group that is known to have no members has some after the first one. What is
    /// written with everybody in it is written once.
    pub(super) fn tasks(&self, group: &RemoteId, size: u32, list: MemberList) -> Vec<Task> {
        if size == Capabilities::ALL {
            return vec![task(group, &self.add, &self.remove, list)];
        }
        let size = size.max(1) as usize;
        let adds = self.add.chunks(size).map(|chunk| (chunk, &[][..]));
        let removes = self.remove.chunks(size).map(|chunk| (&[][..], chunk));
        let lists = std::iter::once(list).chain(std::iter::repeat(list.after_a_change()));
        adds.chain(removes).zip(lists).map(|((add, remove), list)| task(group, add, remove, list)).collect()
    }
}

fn task(
    group: &RemoteId,
    add: &[(ChangeKey, Arc<str>)],
    remove: &[(ChangeKey, Arc<str>)],
    list: MemberList,
) -> Task {
    let names = |list: &[(ChangeKey, Arc<str>)]| list.iter().map(|(_, name)| name.clone()).collect();
    Task::plain(Op {
        changes: add.iter().chain(remove).map(|(key, _)| key.clone()).collect(),
        action: Action::Members { group: group.clone(), add: names(add), remove: names(remove), list },
    })
}

/// How the app names a person's account among members.
///
/// # Errors
/// There is no account, or its name is not known.
pub(super) fn name(apply: &Apply<'_>, state: &State, id: &UserId) -> Result<Arc<str>, String> {
    // A person who returns has the account before the ledger says so.
    let account = state.reference(id).ok_or_else(|| format!("{id} has no account in the app"))?;
    match apply.job.connector.capabilities().members_by {
        MemberKey::Id => Ok(account.as_str().into()),
        MemberKey::Name => state.names.get(id).cloned().ok_or_else(|| {
            let name = &apply.job.definition.users.name;
            format!("the app names members by {name}, and that of account {account} is not known")
        }),
    }
}

impl Task {
    /// A batch of members in two halves; `None` for every other op.
    pub(super) fn halves(&self) -> Option<(Task, Task)> {
        let Action::Members { group, add, remove, list } = &self.op.action else {
            return None;
        };
        let count = add.len() + remove.len();
        if count < 2 || self.op.changes.len() != count {
            return None;
        }
        let middle = count / 2;
        let part = |from: usize, to: usize| {
            let cut = |list: &[Arc<str>], offset: usize| {
                let start = from.saturating_sub(offset).min(list.len());
                let end = to.saturating_sub(offset).min(list.len());
                list[start..end].to_vec()
            };
            Task::plain(Op {
                changes: self.op.changes[from..to].to_vec(),
                action: Action::Members {
                    group: group.clone(),
                    add: cut(add, 0),
                    remove: cut(remove, add.len()),
                    list: if from == 0 { *list } else { list.after_a_change() },
                },
            })
        };
        Some((part(0, middle), part(middle, count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Facet, Object};

    fn batch(add: &[&str], remove: &[&str]) -> Task {
        let entries = |ids: &[&str]| {
            let entry = |id: &&str| {
                let key = ChangeKey {
                    app: "a".into(),
                    object: Object::Group("g".into()),
                    facet: Facet::Member(id.parse().unwrap()),
                };
                (key, Arc::from(*id))
            };
            ids.iter().map(entry).collect::<Vec<_>>()
        };
        task(&"g1".into(), &entries(add), &entries(remove), MemberList::Whole)
    }

    #[test]
    fn what_is_written_whole_is_one_op() {
        let keyed = |ids: &[&str]| match batch(ids, &[]).op {
            Op { changes, action: Action::Members { add, .. } } => changes.into_iter().zip(add).collect(),
            _ => Vec::new(),
        };
        let all = Batch { add: keyed(&["a", "b", "c"]), remove: keyed(&["d", "e"]) };
        let actions = |size| {
            let tasks = all.tasks(&"g1".into(), size, MemberList::Whole);
            tasks.into_iter().map(|task| task.op.action).collect::<Vec<_>>()
        };
        assert_eq!(actions(Capabilities::ALL), [batch(&["a", "b", "c"], &["d", "e"]).op.action]);
        assert_eq!(actions(2).len(), 3, "a, b; c; d, e");
    }

    #[test]
    fn halves_keep_changes_and_members_together() {
        let (first, second) = batch(&["a", "b", "c"], &["d", "e"]).halves().unwrap();
        assert_eq!(first.op.action, batch(&["a", "b"], &[]).op.action);
        assert_eq!(second.op.action, batch(&["c"], &["d", "e"]).op.action);
        assert_eq!(second.op.changes, batch(&["c"], &["d", "e"]).op.changes);
        assert!(batch(&["a"], &[]).halves().is_none());
    }
}
