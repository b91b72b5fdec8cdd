//! What the creation time of a linked account says. An app may give the id of a deleted account to a new one; the time at
//! which it created the account stays with the account (safety.md 1).

use super::differ::Differ;
use crate::model::Created;
use crate::model::instants::TOLERANCE;
use crate::model::ledger::Link;

/// A creation time, compared with the one that the entry remembers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::plan) enum Creation {
    Unchanged,
    /// It is another account under the same id: shown, remembered.
    Changed(Created, Created),
    /// Nothing can be concluded: one of the two is missing.
    Unsaid,
}

impl Creation {
    pub(in crate::plan) fn of(differ: &Differ, link: &Link, shown: Option<Created>) -> Self {
        let remembered = link.created.filter(|_| !differ.has_new_endpoint);
        match remembered.zip(shown) {
            Some((remembered, shown)) if shown.is(remembered) => Self::Unchanged,
            Some((remembered, shown)) if !is_recent(differ, shown) => Self::Changed(shown, remembered),
            Some(_) | None => Self::Unsaid,
        }
    }
}

/// A time that the ledger does not remember of this account.
pub(in crate::plan) fn news(differ: &Differ, link: &Link, shown: Option<Created>) -> Option<Created> {
    let is_known = |shown: &Created| link.created.is_some_and(|known| shown.is(known));
    shown.filter(|shown| !is_known(shown) && !is_recent(differ, *shown))
}

/// True if a linked account claims to be created just now: some apps show the time of their answer.
fn is_recent(differ: &Differ, shown: Created) -> bool {
    differ.input.resolved.at.duration_since(shown.instant()) < TOLERANCE
}
