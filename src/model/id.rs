//! Ids. Text ids are what people write and what apps answer; numbers are their places in a [`Company`](super::Company).

use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{self, Deserializer, Visitor};
use serde::{Deserialize, Serialize};

/// Longest id of our own, in bytes. The schema allows less to those who write one.
const OWN_BYTES: usize = 256;
/// Longest id that is taken from an app, in bytes.
const REMOTE_BYTES: usize = 4096;

/// Why a text cannot be an id.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the {what} {why}")]
pub struct IdError {
    /// What the text should have been: `user id`, `app id` …
    pub what: &'static str,
    /// What is wrong with it, to follow "the id".
    pub why: String,
}

/// Text that can be written down, asked for and shown: not empty, not too long, without control characters.
///
/// # Errors
/// What is wrong with it.
pub fn plain_text(what: &'static str, text: &str, most: usize) -> Result<(), IdError> {
    let why = if text.is_empty() {
        "is empty".to_owned()
    } else if text.len() > most {
        format!("has {} bytes; at most {most} are allowed", text.len())
    } else if text.bytes().any(|b| !(b' '..0x7f).contains(&b)) && text.chars().any(char::is_control) {
        "holds control characters".to_owned()
    } else {
        return Ok(());
    };
    Err(IdError { what, why })
}

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// The id as written.
            pub fn as_str(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:?}", &self.0)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

/// An id that is checked when it is made, so that no other code checks it again.
macro_rules! parsed_id {
    ($(#[$doc:meta])* $name:ident, $what:literal, $most:expr) => {
        text_id!($(#[$doc])* $name);

        impl FromStr for $name {
            type Err = IdError;

            fn from_str(text: &str) -> Result<Self, IdError> {
                plain_text($what, text, $most).map(|()| Self(text.into()))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str(ParsedText(PhantomData))
            }
        }

        impl From<&'static str> for $name {
            /// An id that stands in the code itself; text from outside has to be parsed.
            ///
            /// # Panics
            /// It is no id.
            fn from(literal: &'static str) -> Self {
                match literal.parse() {
                    Ok(id) => id,
                    Err(error) => panic!("{error}: {literal:?}"),
                }
            }
        }
    };
}

/// Reads a text that parses, without a copy in between.
pub(super) struct ParsedText<T>(pub PhantomData<T>);

impl<T: FromStr<Err: fmt::Display>> Visitor<'_> for ParsedText<T> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<T, E> {
        text.parse().map_err(E::custom)
    }
}

parsed_id!(
    /// A person's stable id: the key below `users:`, independent of e-mail and logins.
    UserId, "user id", OWN_BYTES
);
parsed_id!(
    /// The key of a group below `groups:`.
    GroupId, "group id", OWN_BYTES
);
parsed_id!(
    /// The key of an app below `apps:`.
    AppId, "app id", OWN_BYTES
);
parsed_id!(
    /// The key of a role below an app's `roles:`.
    RoleId, "role id", OWN_BYTES
);
parsed_id!(
    /// An object's id in a target app: opaque, case-sensitive, given by the app (RFC 7643 section 3.1).
    RemoteId, "remote id", REMOTE_BYTES
);
text_id!(
    /// The key of a mapping below `mappings:`. It names a place in the repository and goes nowhere else.
    MappingId
);

impl MappingId {
    /// Takes the text as it is; empty stands for no mapping.
    pub fn new(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }
}

impl RoleId {
    /// Names a value that the app shows and that is no declared role, in the key of a change. It may be any text, and
    /// stands in no link and in no list of roles.
    pub fn of_value(text: impl Into<Arc<str>>) -> Self {
        Self(text.into())
    }

    /// Reads the role in the key of a change, which may be a value of the app.
    pub(super) fn read_with_values<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Arc::deserialize(deserializer).map(Self)
    }
}

macro_rules! number {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub u32);

        impl $name {
            /// As an index into the vector this number belongs to.
            pub fn index(self) -> usize {
                self.0 as usize
            }
        }

        impl From<usize> for $name {
            /// The loader refuses trees with more than `u32::MAX` objects long before this could saturate.
            fn from(index: usize) -> Self {
                Self(u32::try_from(index).unwrap_or(u32::MAX))
            }
        }
    };
}

number!(
    /// A user's place in `Company::users`, which is sorted by id.
    UserNo
);
number!(
    /// A group's place in `Company::groups`, which is sorted by id.
    GroupNo
);
number!(
    /// A role's place in `App::roles`, which is sorted by precedence, then id.
    RoleNo
);
number!(
    /// A declared attribute's place in `Company::attributes`, which is sorted by name.
    AttributeNo
);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_from_outside_is_checked() {
        let why = |id: &str| id.parse::<RemoteId>().map_err(|error| error.to_string());
        for id in ["7", "a b", "ü/漢", &"x".repeat(4096)] {
            assert_eq!(why(id).unwrap().as_str(), id);
        }
        let refused = |id: &str| why(id).unwrap_err();
        assert_eq!(refused(""), "the remote id is empty");
        for id in ["a\0", "a\nb", "\u{1b}[2J", "\u{85}"] {
            assert_eq!(refused(id), "the remote id holds control characters");
        }
        assert_eq!(refused(&"x".repeat(4097)), "the remote id has 4097 bytes; at most 4096 are allowed");
    }

    #[test]
    fn reading_an_id_checks_it() {
        assert_eq!(serde_json::from_str::<UserId>("\"a\\u0062\"").unwrap(), "ab".into());
        let refused = |json: &str| serde_json::from_str::<UserId>(json).unwrap_err().to_string();
        assert!(refused("\"\"").starts_with("the user id is empty"));
        assert!(refused(&format!("{:?}", "x".repeat(257))).starts_with("the user id has 257 bytes"));
        assert!(refused("7").contains("a string"));
    }

    #[test]
    fn the_schema_allows_no_id_that_does_not_parse() {
        let schema: serde_json::Value =
            serde_json::from_str(include_str!("../../schemas/rolecall.schema.json")).unwrap();
        let pattern = schema["$defs"]["id"]["pattern"].as_str().unwrap();
        let id = regex::Regex::new(pattern).unwrap();
        let longest = "x".repeat(128);
        assert!(id.is_match(&longest) && !id.is_match(&format!("{longest}x")));
        for text in ["", "a\u{1}", "a\n", "\u{85}", &"x".repeat(OWN_BYTES + 1)] {
            assert!(text.parse::<UserId>().is_err() && !id.is_match(text), "{text:?}");
        }
        assert!(longest.parse::<UserId>().is_ok());
    }
}
