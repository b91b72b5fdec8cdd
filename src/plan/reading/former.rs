//! Accounts without a link that nobody of today matches, and what tells whether they are a former person's (safety.md 1).

use super::differ::Differ;
use super::links::LinkNo;
use super::rows::UnlinkedRow;
use crate::model::folded::folded_value;
use crate::model::seen::{Activity, Seen};
use crate::model::{Path, Remote, UserId};

/// True for an account that may be on, and that nobody matches. A line of `links:` says who is meant, and not that no other person
/// had it.
pub(in crate::plan) fn is_of_nobody(differ: &Differ, row: &UnlinkedRow) -> bool {
    (row.candidates.is_empty() || differ.manual.contains_key(&row.remote))
        && !row.protected
        && differ.seen.shown.activity(&row.activity) != Activity::Off
}

/// The entry of a person whom no file declares any more, if the account shows their id.
pub(in crate::plan) fn entry_by_id(differ: &Differ, row: &UnlinkedRow) -> Option<LinkNo> {
    let shown = row.our_id.as_deref().filter(|_| differ.maps_our_id && differ.input.commit.is_some())?;
    let id: UserId = shown.parse().ok()?;
    differ.links.of_id(&id).filter(|link| differ.links.row(*link).number.is_none())
}

/// What tells accounts apart, folded, as an account shows it.
pub(super) fn identity(differ: &Differ, remote: &Remote) -> Vec<(Path, String)> {
    let paths = differ.input.desired.identifying_paths().into_iter();
    let shown = paths.filter_map(|path| {
        let value = differ.column(path).and_then(|column| remote.attributes.get(column));
        Some((path.clone(), value.and_then(Seen::shown).and_then(folded_value)?))
    });
    shown.collect()
}
