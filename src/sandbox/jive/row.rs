//! What is kept of a person or of a group.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::records::{Edit, Object};

/// The table of people.
pub(super) const PEOPLE: &str = "people";
/// The table of security groups.
pub(super) const GROUPS: &str = "groups";
/// The table of the members and administrators of groups.
pub(super) const MEMBERS: &str = "members";
/// The table of managers, by the number of the person who has one.
pub(super) const MANAGERS: &str = "managers";

/// The first number of a person or a group.
pub(super) const FIRST: u64 = 2001;

/// A person or a group: what was written, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub body: Object,
    /// Milliseconds since 1970 in UTC.
    published: i64,
    /// Rises with each change.
    updated: i64,
    /// It was deleted, and is shown so many times more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub deleting: Option<u32>,
}

impl Row {
    /// A new one.
    pub(super) fn new(body: Object) -> Self {
        let now = jiff::Timestamp::now().as_millisecond();
        Self { body, published: now, updated: now, deleting: None }
    }

    /// As it is kept; none if it was kept in another form.
    pub(super) fn of(kept: &Object) -> Option<Self> {
        serde_json::from_value(Value::Object(kept.clone())).ok()
    }

    /// With another content.
    pub(super) fn with(&self, body: Object) -> Self {
        let updated = jiff::Timestamp::now().as_millisecond().max(self.updated.saturating_add(1));
        Self { body, updated, ..self.clone() }
    }

    /// Deleted, and still shown so many times.
    pub(super) fn leaving(&self, looks: u32) -> Self {
        Self { deleting: Some(looks), ..self.clone() }
    }

    /// The change that keeps it.
    pub(super) fn put(&self, table: &str, id: u64) -> Edit {
        let object = match json!(self) {
            Value::Object(object) => object,
            _ => Object::new(),
        };
        Edit::Put { table: table.to_owned(), id, object }
    }

    /// `published` and `updated`, as the app shows them: with an offset that has no colon.
    pub(super) fn times(&self) -> [(&'static str, String); 2] {
        [("published", self.published), ("updated", self.updated)].map(|(name, at)| {
            let at = jiff::Timestamp::from_millisecond(at).unwrap_or_default();
            (name, at.strftime("%Y-%m-%dT%H:%M:%S%.3f%z").to_string())
        })
    }
}
