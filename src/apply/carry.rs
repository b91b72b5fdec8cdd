//! Carrying out ops: one call each, batches halved until the culprit stands alone.

use futures_util::Stream;

use super::Job;
use super::ops::Task;
use crate::model::change::ChangeKey;
use crate::model::op::{Action, Op, Outcome, OutcomeState};

/// An op that ended.
pub struct Done {
    /// Its changes.
    pub keys: Vec<ChangeKey>,
    /// What it was.
    pub task: Task,
    /// How it ended.
    pub outcome: Outcome,
}

/// Carries out the ops of a lane, one after the other; each end is told at once. A queue instead of recursion: halves of
/// a refused batch go back to its front.
pub fn lane<'j>(job: &'j Job<'j>, mut tasks: Vec<Task>) -> impl Stream<Item = Done> + 'j {
    tasks.reverse();
    futures_util::stream::unfold(tasks, move |mut open| async move {
        loop {
            let task = open.pop()?;
            let outcome = one(job, &task).await;
            match (&outcome.state, task.halves()) {
                (OutcomeState::Refused { divisible: true, .. }, Some((first, second))) => {
                    open.extend([second, first])
                }
                _ => {
                    return Some((
                        Done {
                            keys: task.op.changes.clone(),
                            task,
                            outcome,
                        },
                        open,
                    ));
                }
            }
        }
    })
}

async fn one(job: &Job<'_>, task: &Task) -> Outcome {
    if let Some(why) = job.stopped() {
        return Outcome {
            state: OutcomeState::NotSent { why },
            after: None,
        };
    }
    let want = match &task.op.action {
        Action::CreateUser { .. } | Action::UpdateUser { .. } | Action::DeleteUser { .. } => &job.users,
        Action::CreateGroup { .. }
        | Action::UpdateGroup { .. }
        | Action::DeleteGroup { .. }
        | Action::Members { .. } => &job.groups,
    };
    let gate = |timeout| match job.stopped() {
        Some(why) => Err(why),
        None => job.recorder.may_send(timeout),
    };
    job.connector.write(&task.op, want, &gate).await
}

impl Task {
    /// A batch of members in two halves; nothing else can be divided.
    fn halves(&self) -> Option<(Task, Task)> {
        let Action::Members { group, add, remove } = &self.op.action else {
            return None;
        };
        let count = add.len() + remove.len();
        if count < 2 || self.op.changes.len() != count {
            return None;
        }
        let middle = count / 2;
        let part = |from: usize, to: usize| {
            let cut = |list: &[std::sync::Arc<str>], offset: usize| {
                let start = from.saturating_sub(offset).min(list.len());
                let end = to.saturating_sub(offset).min(list.len());
                list[start..end].to_vec()
            };
            Task {
                op: Op {
                    changes: self.op.changes[from..to].to_vec(),
                    action: Action::Members {
                        group: group.clone(),
                        add: cut(add, 0),
                        remove: cut(remove, add.len()),
                    },
                },
                wishes: Vec::new(),
            }
        };
        Some((part(0, middle), part(middle, count)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Facet, Object};

    fn batch(add: &[&str], remove: &[&str]) -> Task {
        let key = |id: &&str| ChangeKey {
            app: "a".into(),
            object: Object::Group("g".into()),
            facet: Facet::Member((*id).into()),
        };
        let texts = |ids: &[&str]| ids.iter().map(|id| (*id).into()).collect();
        Task {
            op: Op {
                changes: add.iter().chain(remove).map(key).collect(),
                action: Action::Members {
                    group: "g1".into(),
                    add: texts(add),
                    remove: texts(remove),
                },
            },
            wishes: Vec::new(),
        }
    }

    #[test]
    fn halves_keep_changes_and_members_together() {
        let (first, second) = batch(&["a", "b", "c"], &["d", "e"]).halves().unwrap();
        assert_eq!(first.op.action, batch(&["a", "b"], &[]).op.action);
        assert_eq!(second.op.action, batch(&["c"], &["d", "e"]).op.action);
        assert_eq!(second.op.changes.len(), 3);
        assert!(batch(&["a"], &[]).halves().is_none());
    }
}
