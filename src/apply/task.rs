//! Tasks: ops with the desired values behind them, their order, and how they ended.

use crate::model::change::Object;
use crate::model::op::{Op, Outcome, OutcomeState};
use crate::model::{Path, Value, Want};

/// Attributes with the values that were wanted and not sent.
pub(super) type LeftOut = Vec<(Path, Want)>;

/// An op, and the facts behind its values.
#[derive(Debug, Clone)]
pub(super) struct Task {
    pub op: Op,
    /// Attributes with the desired values: a reference is remembered as our id, not as the app's.
    pub wanted: Vec<(Path, Want)>,
    /// Attributes that are not sent, because the app does not keep them.
    pub left_out: LeftOut,
    /// The values of the attribute that stores roles, once the app has accepted the op.
    pub roles: Option<RoleValues>,
}

impl Task {
    /// An op without values of a mapping.
    pub(super) fn plain(op: Op) -> Self {
        Self { op, wanted: Vec::new(), left_out: Vec::new(), roles: None }
    }

    /// The account or group that the op changes.
    pub(super) fn object(&self) -> Option<&Object> {
        self.op.changes.first().map(|key| &key.object)
    }
}

/// Ops that follow each other.
pub(super) type Lane = Vec<Task>;

/// Lanes that may run side by side. Steps follow each other.
pub(super) type Step = Vec<Lane>;

/// Why a change cannot be sent.
pub(super) enum Obstacle {
    /// A change that it needs did not happen.
    Never(String),
    /// It would leave a role below `min_members`: it waits for the adds.
    NotYet(String),
}

/// An op that ended, or waits.
pub(super) struct Done {
    pub task: Task,
    pub outcome: Outcome,
    pub end: End,
}

/// How an op came to its outcome.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// It was its turn.
    Tried,
    /// It was held, because of what another write showed. It counts as tried (safety.md 8).
    Held,
    /// It has not ended: it is tried again once seats may be free (safety.md 14).
    Waits,
}

impl Done {
    /// A task that was sent.
    pub(super) fn sent(task: Task, outcome: Outcome) -> Self {
        Self { task, outcome, end: End::Tried }
    }

    /// A task that is not sent, because of what another write showed.
    pub(super) fn held(task: Task, why: String) -> Self {
        let outcome = Outcome::bare(OutcomeState::NotSent { why });
        Self { task, outcome, end: End::Held }
    }

    /// A task that waits for a seat.
    pub(super) fn waiting(task: Task) -> Self {
        let why = "it waits for a free licence or seat".to_owned();
        let outcome = Outcome::bare(OutcomeState::NotSent { why });
        Self { task, outcome, end: End::Waits }
    }
}

/// The values of the attribute that stores a person's roles.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct RoleValues {
    pub values: Vec<Value>,
    /// The result of the last write to it is unknown: nothing may be written over it.
    pub is_unclear: bool,
}

impl RoleValues {
    pub(super) fn new(values: &[Value]) -> Self {
        Self { values: values.to_vec(), is_unclear: false }
    }
}
