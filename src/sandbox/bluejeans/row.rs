//! What is kept of an account, and of its room.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::super::records::{Edit, Object};

/// The table of accounts.
pub(super) const PEOPLE: &str = "people";
/// The table of rooms, by the number of the account.
pub(super) const ROOMS: &str = "rooms";

/// The first number of an account: that of the connection.
pub(super) const FIRST: u64 = 5001;
/// The enterprise of the connection. Others are there, too, and begin without people.
pub(super) const ENTERPRISE: u64 = 4001;

/// An account: what was written, and when.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Row {
    pub body: Object,
    /// None if it was detached.
    pub enterprise: Option<u64>,
    /// It may manage the enterprise.
    #[serde(default)]
    pub is_admin: bool,
    /// Milliseconds since 1970 in UTC.
    pub joined: i64,
}

impl Row {
    /// A new one.
    pub(super) fn new(body: Object, enterprise: u64) -> Self {
        let joined = jiff::Timestamp::now().as_millisecond();
        Self { body, enterprise: Some(enterprise), is_admin: false, joined }
    }

    /// As it is kept; none if it was kept in another form.
    pub(super) fn of(kept: &Object) -> Option<Self> {
        serde_json::from_value(Value::Object(kept.clone())).ok()
    }

    /// The change that keeps it.
    pub(super) fn put(&self, id: u64) -> Edit {
        let object = match json!(self) {
            Value::Object(object) => object,
            _ => Object::new(),
        };
        Edit::Put { table: PEOPLE.to_owned(), id, object }
    }
}
