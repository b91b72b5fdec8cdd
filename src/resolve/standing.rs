//! Where a person stands in one app.

/// Where a person stands in one app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Standing {
    /// Has an active account.
    In,
    /// Keeps the account and its grants, disabled.
    Suspended,
    /// Has no active account.
    Out(OutReason),
    /// Left out by hand (`links: {…: ignore}`).
    Ignored,
    /// Cannot be said: everything stays as it is (safety.md 9).
    Unknown(String),
}

/// Why a person has no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutReason {
    /// Declared `left`.
    Left,
    /// `end` has passed.
    Ended,
    /// `start` lies ahead.
    NotYet,
    /// Every grant has expired.
    Lapsed,
    /// The filter says no.
    Filtered,
    /// Assigned without a role in an app that has roles.
    DefaultAccess,
    /// Not assigned.
    NotAssigned,
    /// The app is being given up (`removed:`).
    Removed,
}

impl OutReason {
    /// In words.
    pub fn as_str(self) -> &'static str {
        match self {
            OutReason::Left => "declared left",
            OutReason::Ended => "end has passed",
            OutReason::NotYet => "start lies ahead",
            OutReason::Lapsed => "every grant has expired",
            OutReason::Filtered => "filtered out",
            OutReason::DefaultAccess => "not effectively entitled",
            OutReason::NotAssigned => "not assigned",
            OutReason::Removed => "in an app that is being given up",
        }
    }
}
