//! What another hand did in the app: an account that security turned off or deleted, a privileged role that was taken away.
//! It is held until it is released by name, or by an edit of the person's own lines (safety.md 13). And what no hand did yet:
//! access that remains although nobody is to have it.

use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::hash::ShortHash;
use super::id::{RemoteId, RoleId, UserId};
use super::time::Timestamp;

/// What another hand did to one person.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub enum Hand {
    /// The account was disabled.
    Disabled,
    /// The account was deleted.
    Deleted,
    /// This privileged role was taken away.
    Revoked(RoleId),
    /// Nothing was done: the person is to have no access, and may still have it (safety.md 1).
    Remains,
    /// Nothing was done: an account matches the person by values that another person had at the commit (safety.md 1).
    NotAdopted,
    /// Nothing was done: the app refused a value of the person, because this account has it. No list may show that account (safety.md 2).
    Taken(RemoteId),
}

impl fmt::Display for Hand {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Hand::Disabled => f.write_str("disabled"),
            Hand::Deleted => f.write_str("deleted"),
            Hand::Remains => f.write_str("remains"),
            Hand::NotAdopted => f.write_str("not-adopted"),
            Hand::Taken(account) => write!(f, "taken:{account}"),
            Hand::Revoked(role) => write!(f, "revoked:{role}"),
        }
    }
}

impl From<Hand> for String {
    fn from(hand: Hand) -> Self {
        hand.to_string()
    }
}

impl FromStr for Hand {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Some(account) = text.strip_prefix("taken:") {
            return account.parse().map(Hand::Taken).map_err(|error| format!("{error}"));
        }
        match (text, text.strip_prefix("revoked:")) {
            ("disabled", _) => Ok(Hand::Disabled),
            ("deleted", _) => Ok(Hand::Deleted),
            ("remains", _) => Ok(Hand::Remains),
            ("not-adopted", _) => Ok(Hand::NotAdopted),
            (_, Some(role)) => role.parse().map(Hand::Revoked).map_err(|error| format!("{error}")),
            (_, None) => {
                let expected =
                    "'disabled', 'deleted', 'remains', 'not-adopted', 'revoked:ROLE' or 'taken:ACCOUNT'";
                Err(format!("expected {expected}"))
            }
        }
    }
}

impl TryFrom<String> for Hand {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

/// One intervention, as it was first seen.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Intervention {
    /// Whose account.
    pub user: UserId,
    pub hand: Hand,
    /// When it was first seen.
    pub at: Timestamp,
    /// The commit whose plan saw it first; `None` where git does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
    /// Keyed hash of the person's own lines at that commit: a change of them is a decision about this person.
    pub lines: ShortHash,
    /// An edit of these lines has released it while the person was out: it is given back when the person is in again, and said then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub decided: bool,
    /// The commit that has the edited lines, which git has to confirm (safety.md 5); `None` where git does not count.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub decided_at: Option<Arc<str>>,
}
