//! How today's files stand to the commit that was applied last (safety.md 8).

use super::answers::Past;

/// How today's files stand to the commit that was applied last. What that commit says is kept where they do not contain it.
#[derive(Debug, Clone)]
pub enum Course {
    /// They contain it, nothing was applied yet, or git does not count.
    Onward,
    /// They are before it: a rollback.
    Back(Past),
    /// Neither contains the other, as after a history that was rewritten, or nobody can say that.
    Aside(Past),
}

impl Course {
    /// What the last applied commit says, if the files do not contain it.
    pub(in crate::plan) fn left_behind(&self) -> Option<&Past> {
        match self {
            Course::Onward => None,
            Course::Back(applied) | Course::Aside(applied) => Some(applied),
        }
    }

    /// What the last applied commit says, if the files go back to one before it.
    pub(in crate::plan) fn gone_back_from(&self) -> Option<&Past> {
        match self {
            Course::Back(applied) => Some(applied),
            Course::Onward | Course::Aside(_) => None,
        }
    }
}
