//! Where a person stands in the company, before any app.

use crate::model::UserNo;
use crate::model::company::{Company, Status};
use crate::model::time::Timestamp;

/// Where a person stands in the company, before any app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Has access.
    Active,
    /// Disabled everywhere, grants kept.
    Suspended,
    /// `start` lies ahead.
    NotYet,
    /// `end` has passed.
    Ended,
    /// Declared `left`.
    Left,
}

/// Where a person stands at `at`.
pub fn life(company: &Company, user: UserNo, at: Timestamp) -> Life {
    let user = &company.users[user.index()];
    match user.status {
        Status::Left => Life::Left,
        _ if user.window.is_over(at) => Life::Ended,
        Status::Suspended => Life::Suspended,
        Status::Active if user.window.contains(at) => Life::Active,
        Status::Active => Life::NotYet,
    }
}
