//! Where a person stands in one app.

use super::life::{Life, life};
use crate::model::UserNo;
use crate::model::company::Company;
use crate::model::time::Timestamp;

/// Where a person stands in one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Is to have an active account.
    In,
    /// Is to keep the account, disabled, and its grants.
    Suspended,
    /// Is to have no active account.
    Out(OutReason),
    /// Is left out of this app by hand (`links: {…: ignore}`).
    Ignored,
    /// Cannot be told, for this reason: everything stays as it is (safety.md 9).
    Unknown(String),
}

/// Why a person is to have no active account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutReason {
    /// The person is declared `left`.
    Left,
    /// `end` has passed.
    Ended,
    /// `start` lies ahead.
    NotYet,
    /// Every grant has expired.
    Lapsed,
    /// The app's `users.filter` leaves the person out.
    Filtered,
    /// Assigned without a role in an app that has roles, which gives no account unless `provision_default_access` is set.
    /// Other systems call this Default Access.
    NotEntitled,
    /// Nothing assigns the app to the person.
    NotAssigned,
    /// The app is being given up (`removed:`).
    AppGivenUp,
}

impl Standing {
    /// What happens to a person as long as something about them is undecided.
    pub fn until_decided(&self) -> &'static str {
        match self {
            Standing::Suspended => {
                "`status: suspended` turns the account off all the same; until this is decided, roles and groups stay as they are"
            }
            Standing::In | Standing::Out(_) | Standing::Ignored | Standing::Unknown(_) => {
                "until this is decided, nothing changes for this person in this app"
            }
        }
    }

    /// True if this person is declared to have no access, not merely without an assignment.
    pub fn is_declared_out(&self, company: &Company, user: UserNo, at: Timestamp) -> bool {
        match self {
            Standing::Suspended | Standing::Out(OutReason::Left | OutReason::Ended) => true,
            Standing::Out(_) => life(company, user, at) == Life::Suspended,
            Standing::In | Standing::Ignored | Standing::Unknown(_) => false,
        }
    }
}
