//! Whose account a row shows, and why a link is not proved (safety.md 1); `evidence` works both out.

use std::sync::Arc;

use crate::model::{Created, Path, UserId};

/// What one row shows of whose account it is.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plan) enum Evidence {
    /// Our id stands in its place.
    Id,
    /// An identifying attribute has the person's value of today, and no other id of ours stands there.
    Value(Path, String),
    /// Neither: what the account shows, to be compared with what git says.
    Shown(Box<ShownIdentity>),
}

/// The identity that an account shows.
#[derive(Debug, Clone, PartialEq)]
pub(in crate::plan) struct ShownIdentity {
    /// What stands in the place of our id.
    pub our_id: Option<Arc<str>>,
    /// Identifying attributes with their values, folded.
    pub values: Vec<(Path, String)>,
    /// Attributes whose value is the one that the entry remembers.
    pub remembered: Vec<Path>,
    /// When the app created the account.
    pub created: Option<Created>,
}

impl ShownIdentity {
    /// True if an identifying attribute has this value, folded.
    pub(super) fn has(&self, path: &Path, value: &str) -> bool {
        self.values.iter().any(|(shown, text)| shown == path && text == value)
    }
}

/// Why a linked account may not be used as the person's own.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::plan) enum Unproved {
    /// It is not proved to be the person's: why, as what the account does or is, and the other people whose it shows itself to be,
    /// today's before those of the last applied commit.
    Conflict { why: String, of: Vec<UserId> },
    /// The id means another person now: why.
    OtherPerson(String),
    /// No commit is known to have declared the person: why.
    Undeclared(String),
}
