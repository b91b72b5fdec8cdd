//! Ids. Text ids are what people write and what apps answer; numbers are their places in a [`Company`](super::Company).

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

macro_rules! text_id {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
        #[serde(transparent)]
        pub struct $name(Arc<str>);

        impl $name {
            /// Takes the text as it is; whoever reads it from outside has checked its form.
            pub fn new(text: impl Into<Arc<str>>) -> Self {
                Self(text.into())
            }

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

        impl From<&str> for $name {
            fn from(text: &str) -> Self {
                Self::new(text)
            }
        }

        impl std::borrow::Borrow<str> for $name {
            fn borrow(&self) -> &str {
                &self.0
            }
        }
    };
}

text_id!(
    /// A person's stable id: the key below `users:`, independent of e-mail and logins.
    UserId
);
text_id!(
    /// The key of a group below `groups:`.
    GroupId
);
text_id!(
    /// The key of an app below `apps:`.
    AppId
);
text_id!(
    /// The key of a role below an app's `roles:`.
    RoleId
);
text_id!(
    /// The key of a mapping below `mappings:`.
    MappingId
);
text_id!(
    /// An object's id in a target app: opaque, case-sensitive, given by the app (RFC 7643 section 3.1).
    RemoteId
);

/// Longest id that is taken from an app, in bytes.
const REMOTE_ID_BYTES: usize = 4096;

impl RemoteId {
    /// Takes an id from outside, if it is one that can be written down, asked for and shown.
    ///
    /// # Errors
    /// What is wrong with it, to follow "the id": it is empty, too long, or holds control characters.
    pub fn checked(text: impl AsRef<str> + Into<Arc<str>>) -> Result<Self, String> {
        let id = text.as_ref();
        if id.is_empty() {
            Err("is empty".to_owned())
        } else if id.len() > REMOTE_ID_BYTES {
            Err(format!("has {} bytes; at most {REMOTE_ID_BYTES} are allowed", id.len()))
        } else if id.chars().any(char::is_control) {
            Err("holds control characters".to_owned())
        } else {
            Ok(Self::new(text))
        }
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
        let why = |id: &str| RemoteId::checked(id).map_err(|why| format!("the id {why}"));
        for id in ["7", "a b", "ü/漢", &"x".repeat(4096)] {
            assert_eq!(why(id), Ok(id.into()));
        }
        assert_eq!(why(""), Err("the id is empty".to_owned()));
        for id in ["a\0", "a\nb", "\u{1b}[2J", "\u{85}"] {
            assert_eq!(why(id), Err("the id holds control characters".to_owned()));
        }
        let long = why(&"x".repeat(4097));
        assert_eq!(long, Err("the id has 4097 bytes; at most 4096 are allowed".to_owned()));
    }
}
