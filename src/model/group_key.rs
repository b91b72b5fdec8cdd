//! The key of a managed group in the ledger.

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use super::change::Object;
use super::id::{GroupId, IdError, ParsedText, RoleId};

/// The key under which the ledger keeps a managed group of an app: `group:ID` for a pushed group, `role:ID` for the
/// group that stands for a role.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum GroupKey {
    /// A pushed group.
    Group(GroupId),
    /// The group that stands for a role.
    Role(RoleId),
}

impl GroupKey {
    /// The key of a group or role; `None` for a person or an account.
    pub fn of(object: &Object) -> Option<Self> {
        match object {
            Object::Group(id) => Some(Self::Group(id.clone())),
            Object::Role(id) => Some(Self::Role(id.clone())),
            Object::User(_) | Object::Account(_) => None,
        }
    }

    /// The group or role as the object of a change.
    pub fn object(&self) -> Object {
        match self {
            Self::Group(id) => Object::Group(id.clone()),
            Self::Role(id) => Object::Role(id.clone()),
        }
    }

    /// True if the group stands for a role.
    pub fn is_role(&self) -> bool {
        matches!(self, Self::Role(_))
    }
}

impl fmt::Display for GroupKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Group(id) => write!(f, "group:{id}"),
            Self::Role(id) => write!(f, "role:{id}"),
        }
    }
}

impl FromStr for GroupKey {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let text_error = |error: IdError| error.to_string();
        match text.split_once(':') {
            Some(("group", id)) => id.parse().map(Self::Group).map_err(text_error),
            Some(("role", id)) => id.parse().map(Self::Role).map_err(text_error),
            _ => Err(format!("'{text}' is neither group:ID nor role:ID")),
        }
    }
}

impl Serialize for GroupKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for GroupKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(ParsedText(PhantomData))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_reads_back() {
        for key in [GroupKey::Group("platform".into()), GroupKey::Role("a:b".into())] {
            assert_eq!(GroupKey::of(&key.object()), Some(key.clone()));
            assert_eq!(key.to_string().parse(), Ok(key));
        }
        let refused = |text: &str| text.parse::<GroupKey>().unwrap_err();
        assert_eq!(refused("user:ada"), "'user:ada' is neither group:ID nor role:ID");
        assert_eq!(refused("group:"), "the group id is empty");
    }
}
