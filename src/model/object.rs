//! What a change or a fact is about.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::id::{GroupId, RemoteId, RoleId, UserId};

/// An object in an app, named as we know it.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Object {
    /// The account of a declared (or tombstoned) person.
    User(UserId),
    /// A pushed group.
    Group(GroupId),
    /// The group in the app that stands for a role.
    Role(RoleId),
    /// An account nobody declared.
    Account(RemoteId),
}

impl Object {
    /// How a message names it among others of its kind: a person by the id alone.
    pub fn name(&self) -> String {
        match self {
            Object::User(id) => id.to_string(),
            other => other.to_string(),
        }
    }
}

impl fmt::Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Object::User(id) => write!(f, "user:{id}"),
            Object::Group(id) => write!(f, "group:{id}"),
            Object::Role(id) => write!(f, "role:{id}"),
            Object::Account(id) => write!(f, "account:{id}"),
        }
    }
}
