//! Who is in a security group.

use std::collections::BTreeSet;

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::records::{Edit, Object};
use super::row::MEMBERS;

/// Which people of a group.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Part {
    Members,
    Administrators,
}

/// The people in a group.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct In {
    pub members: BTreeSet<u64>,
    pub administrators: BTreeSet<u64>,
}

impl In {
    /// As they are kept.
    pub(super) fn of(kept: Option<&Object>) -> Self {
        kept.and_then(|kept| serde_json::from_value(Value::Object(kept.clone())).ok()).unwrap_or_default()
    }

    /// Without a person; none if the person is not among them.
    pub(super) fn without(mut self, id: u64) -> Option<Self> {
        let was_member = self.members.remove(&id);
        (self.administrators.remove(&id) || was_member).then_some(self)
    }

    /// The change that keeps them.
    pub(super) fn put(&self, group: u64) -> Edit {
        let object = match json!(self) {
            Value::Object(object) => object,
            _ => Object::new(),
        };
        Edit::Put { table: MEMBERS.to_owned(), id: group, object }
    }

    /// True if a person is one of them.
    pub(super) fn has(&self, part: Part, id: u64) -> bool {
        match part {
            Part::Members => self.members.contains(&id),
            Part::Administrators => self.administrators.contains(&id),
        }
    }

    /// With these people, too.
    pub(super) fn add(&mut self, part: Part, ids: &[u64]) {
        match part {
            Part::Members => self.members.extend(ids),
            Part::Administrators => self.administrators.extend(ids),
        }
    }
}
