//! The content of a ledger in words.

use crate::model::ledger::{AppLedger, Applied, Lease, LinkState, Origin};
use crate::model::time::Timestamp;

/// `active`, `disabled since …`, `gone since …`.
pub(super) fn state(state: &LinkState) -> String {
    match state {
        LinkState::Active => "active".to_owned(),
        LinkState::Disabled { since, .. } => format!("disabled since {}", instant(*since)),
        LinkState::Gone { since, .. } => format!("gone since {}", instant(*since)),
    }
}

/// `active`, `disabled` or `gone`.
pub(super) fn state_word(state: &LinkState) -> &'static str {
    match state {
        LinkState::Active => "active",
        LinkState::Disabled { .. } => "disabled",
        LinkState::Gone { .. } => "gone",
    }
}

/// The origin of a link, in words.
pub(super) fn origin(origin: Origin) -> &'static str {
    match origin {
        Origin::Created => "created",
        Origin::Adopted => "adopted",
    }
}

/// An instant to the second, in the form that `--at` takes.
pub(super) fn instant(at: Timestamp) -> String {
    format!("{at:.0}")
}

/// The last apply, in words.
pub(super) fn applied(applied: Option<&Applied>) -> String {
    match applied {
        None => "never".to_owned(),
        Some(Applied { commit, at, .. }) => match commit {
            Some(commit) => format!("{} commit {commit:.12}", instant(*at)),
            None => format!("{} working tree", instant(*at)),
        },
    }
}

/// The run that holds the lease, in words.
pub(super) fn lease(lease: Option<&Lease>, now: Timestamp) -> String {
    match lease {
        None => "free".to_owned(),
        Some(lease) => {
            let (run, holder, until) = (&lease.run, &lease.holder, instant(lease.expires));
            let word = if lease.expires > now { "until" } else { "ran out" };
            format!("held by {holder}, run {run}, {word} {until}")
        }
    }
}

/// The numbers of active, disabled and gone accounts.
pub(super) fn tally(known: &AppLedger) -> [usize; 3] {
    let of = |word: &str| known.users.values().filter(|link| state_word(&link.state) == word).count();
    [of("active"), of("disabled"), of("gone")]
}
