//! What is sent: ops with the wishes behind their values, their order, and how they ended.

use crate::model::change::Object;
use crate::model::op::{Op, Outcome};
use crate::model::{Path, Value, Want};

/// An op, and what is behind its values.
#[derive(Debug, Clone)]
pub struct Task {
    pub op: Op,
    /// Attribute and what it was asked to be: a reference is remembered as our id, not as the app's.
    pub wishes: Vec<(Path, Want)>,
    /// What the attribute that stores roles holds if the app takes it.
    pub roles: Option<RoleValues>,
}

impl Task {
    /// An op without values of a mapping.
    pub fn plain(op: Op) -> Self {
        Self { op, wishes: Vec::new(), roles: None }
    }

    /// The account or group it is about.
    pub fn object(&self) -> Option<&Object> {
        self.op.changes.first().map(|key| &key.object)
    }
}

/// Ops that follow each other.
pub type Lane = Vec<Task>;

/// Lanes that may run side by side; steps follow each other.
pub type Step = Vec<Lane>;

/// Why a change cannot be sent.
pub enum Obstacle {
    /// What it needs did not happen.
    Never(String),
    /// It would go under `min_members`: it waits for the adds.
    NotYet(String),
}

/// An op that ended.
pub struct Done {
    pub task: Task,
    pub outcome: Outcome,
}

/// The values of the attribute that stores a person's roles.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleValues {
    pub values: Vec<Value>,
    /// The last write to it may or may not have happened: nothing may be written over it.
    pub is_unclear: bool,
}

impl RoleValues {
    pub fn new(values: &[Value]) -> Self {
        Self { values: values.to_vec(), is_unclear: false }
    }
}
