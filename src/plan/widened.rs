//! Groups and roles that more than double by a plan, with the line that widened them. Nothing is held (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::notice::{Notice, NoticeKind};
use crate::model::UserId;
use crate::model::change::{Cause, Change, ChangeKind, Facet};
use crate::model::counted::{group_it_leaves, is_account_loss};
use crate::model::ledger::GroupKey;
use crate::model::span::Place;

/// A group or role that gains more people than this is looked at.
pub(crate) const MANY: usize = 20;

/// A group or role that many people enter, as it was before the plan.
#[derive(Debug, Clone, Default)]
pub struct Widening {
    /// The active members or holders, and those whom the app has lost and gets back.
    pub people: BTreeSet<UserId>,
    /// The lines by which they are in it.
    pub lines: BTreeSet<Line>,
}

/// A file and a line of it.
pub type Line = (Arc<str>, u32);

pub(crate) fn line(place: &Place) -> Line {
    (place.file.clone(), place.line)
}

/// The group or role that a person enters by a change.
pub(crate) fn group_it_enters(change: &Change) -> Option<GroupKey> {
    match (change.kind, &change.key.facet) {
        (ChangeKind::MemberAdd, _) => GroupKey::of(&change.key.object),
        (ChangeKind::RoleGrant, Facet::Role(role)) if !change.revalued => Some(GroupKey::Role(role.clone())),
        _ => None,
    }
}

/// A notice for each group and role of `before` that has more than twice as many people after the changes that are to be done,
/// and more than [`MANY`] more. One that nobody was in does not double.
pub(crate) fn notices(before: &BTreeMap<GroupKey, Widening>, changes: &[Change]) -> Vec<Notice> {
    if before.is_empty() {
        return Vec::new();
    }
    let to_do = || changes.iter().filter(|change| change.verdict.is_do());
    let without_account: BTreeSet<&UserId> =
        to_do().filter(|change| is_account_loss(change)).filter_map(Change::loser).collect();
    let notice = |(group, before): (&GroupKey, &Widening)| {
        let is_new = |change: &&Change| {
            change.cause != Cause::Drift && change.key.person().is_some_and(|id| !before.people.contains(id))
        };
        let enters = |change: &&Change| group_it_enters(change).as_ref() == Some(group);
        let gains: Vec<&Change> = to_do().filter(enters).filter(is_new).collect();
        let leaves = to_do().filter(|change| group_it_leaves(change).as_ref() == Some(group));
        let lost: BTreeSet<&UserId> =
            leaves.filter_map(Change::loser).chain(without_account.iter().copied()).collect();
        let stay = before.people.iter().filter(|id| !lost.contains(id)).count();
        let (then, after) = (before.people.len(), stay + gains.len());
        let is_taken_over =
            to_do().any(|change| change.kind == ChangeKind::Adopt && change.key.object == group.object());
        let is_wide = then > 0 && after > 2 * then && after > then + MANY && !is_taken_over;
        is_wide.then(|| words(group, (then, after), widened_by(&gains, before)))
    };
    before.iter().filter_map(notice).collect()
}

fn words(group: &GroupKey, (then, after): (usize, usize), place: Option<Place>) -> Notice {
    let (name, people) = match group {
        GroupKey::Group(id) => (format!("group {id}"), "members"),
        GroupKey::Role(id) => (format!("role {id}"), "holders"),
    };
    let text =
        format!("{name} gets more than twice as many {people}: {then} before this plan, {after} after it");
    let hint = "if so many are not meant, take the edit back";
    Notice { place, ..Notice::of_group(NoticeKind::Widened, &group.object(), text, Some(hint)) }
}

/// The line that most gains have in common and by which nobody was there before. Where there is none, as for a rule that is
/// true for more people now, the line that most of them have in common; of several, the last one of the chain.
fn widened_by(gains: &[&Change], before: &Widening) -> Option<Place> {
    let mut found: BTreeMap<Line, (usize, usize, &Place)> = BTreeMap::new();
    for change in gains {
        let mut said = BTreeSet::new();
        let places = change.reasons.iter().enumerate();
        for (depth, place) in places.filter_map(|(depth, reason)| Some((depth, reason.place.as_ref()?))) {
            let (count, deepest, _) = found.entry(line(place)).or_insert((0, 0, place));
            *count += usize::from(said.insert(line(place)));
            *deepest = depth.max(*deepest);
        }
    }
    let is_new = |line: &Line, count: usize| 2 * count > gains.len() && !before.lines.contains(line);
    let new = found.iter().filter(|(line, (count, ..))| is_new(line, *count));
    // The first one of the chain: what stands below it may be older.
    let new = new.min_by_key(|(line, (count, depth, _))| (usize::MAX - count, *depth, *line));
    let most = || {
        found.iter().min_by_key(|(line, (count, depth, _))| (usize::MAX - count, usize::MAX - depth, *line))
    };
    new.or_else(most).map(|(_, (.., place))| (*place).clone())
}
