//! The parts that all guards share: picking changes, counting them, comparing the count with a limit.

use std::collections::{BTreeMap, BTreeSet};

use super::input::GuardInput;
use super::report::{Allowance, GuardReport};
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::model::guard::{Guard, Known, Unit, group_it_leaves, weight};
use crate::model::ledger::{GroupKey, LOSS_WINDOW_HOURS, Losses};
use crate::model::limit::Terms;
use crate::plan::draft::Draft;

/// A number that is compared with a limit.
pub(super) struct Count {
    pub guard: Guard,
    /// The group, role or attribute, if one of them alone is counted.
    pub of: Option<String>,
    /// Counted in this plan.
    pub count: u64,
    /// Counted in the last 24 hours.
    pub recent: u64,
    /// The number that the percentage refers to.
    pub base: u64,
    /// The first ten people or objects concerned.
    pub first: Vec<String>,
}

impl Count {
    /// Compares the count with a limit. A count over the limit trips the guard, unless it is allowed by name and
    /// number.
    pub(super) fn judge(self, draft: &Draft, terms: &Terms, allowed: &[Allowance]) -> GuardReport {
        let Count { guard, of, count, recent, base, first } = self;
        let over = terms.most(base).is_some_and(|most| count.saturating_add(recent) > most);
        let is_allowed = allowed.iter().any(|one| one.guard == guard && one.count == count);
        GuardReport {
            guard,
            of,
            count,
            recent,
            base,
            limit: terms.number(base),
            percent: terms.percent(),
            tripped: over && !is_allowed,
            allowed: over && is_allowed,
            first,
            app: draft.app.to_string(),
        }
    }
}

/// Places of the changes that are to be done and that a guard counts.
pub(super) fn counted(draft: &Draft, guard: Guard) -> Vec<usize> {
    let bases = &draft.bases;
    let known = Known {
        completed: bases.completed,
        login_paths: &bases.login_paths,
        adopted: &bases.adopted,
        begun: &bases.begun,
    };
    select(draft, |change| guard.counts(change, &known))
}

/// Places of the changes that are to be done and that `which` picks.
pub(super) fn select(draft: &Draft, which: impl Fn(&Change) -> bool) -> Vec<usize> {
    let picked =
        |(index, change): (usize, &Change)| (change.verdict.is_do() && which(change)).then_some(index);
    draft.changes.iter().enumerate().filter_map(picked).collect()
}

/// Counted changes, grouped by the key that `of` gives.
pub(super) fn grouped<'d, K: Ord>(
    draft: &'d Draft,
    counted: &[usize],
    of: impl Fn(&'d Change) -> Option<K>,
) -> BTreeMap<K, Vec<usize>> {
    let mut groups: BTreeMap<K, Vec<usize>> = BTreeMap::new();
    for index in counted {
        if let Some(key) = of(&draft.changes[*index]) {
            groups.entry(key).or_default().push(*index);
        }
    }
    groups
}

/// How much these changes count under a guard.
pub(super) fn total(draft: &Draft, guard: Guard, counted: &[usize]) -> u64 {
    let changes = counted.iter().map(|index| &draft.changes[*index]);
    match guard.row().unit {
        Unit::Object => changes.map(|change| &change.key.object).collect::<BTreeSet<_>>().len() as u64,
        Unit::Change => {
            let members = |change: &Change| members(draft, &GroupKey::of(&change.key.object)?);
            let weights = changes.map(|change| weight(change, members(change)));
            weights.fold(0, u64::saturating_add)
        }
    }
}

/// Managed members of a group before the plan; for a group that is deleted, all members that the app shows.
pub(super) fn members(draft: &Draft, group: &GroupKey) -> Option<u64> {
    draft.bases.per_group.get(group).copied()
}

/// The managed group that loses members by a change.
pub(super) fn shrinking(draft: &Draft, change: &Change) -> Option<GroupKey> {
    let is_deleted = change.kind == ChangeKind::GroupDelete;
    let deleted = || GroupKey::of(&change.key.object).filter(|_| is_deleted);
    group_it_leaves(change).or_else(deleted).filter(|group| members(draft, group).is_some())
}

/// The first ten people or objects concerned, each once.
pub(super) fn first_ten(draft: &Draft, counted: &[usize]) -> Vec<String> {
    let mut seen = BTreeSet::new();
    let mut first = Vec::new();
    for index in counted {
        let name = subject(draft, &draft.changes[*index]);
        if first.len() < 10 && seen.insert(name.clone()) {
            first.push(name);
        }
    }
    first
}

/// The person or object that a change is about, as text for people.
fn subject(draft: &Draft, change: &Change) -> String {
    if let Some(id) = change.key.person() {
        return match draft.people.get(id) {
            Some(name) => format!("{id} ({name})"),
            None => id.to_string(),
        };
    }
    match (&change.key.facet, &change.key.object) {
        (Facet::UnmanagedMember(remote), _) => format!("account {remote}"),
        (_, Object::Account(remote)) => format!("account {remote}"),
        (_, object) => object.to_string(),
    }
}

/// Losses of the last 24 hours under this guard.
pub(super) fn recent(input: &GuardInput, guard: Guard) -> u64 {
    sum(young(input).filter_map(|losses| losses.counts.get(guard.name())))
}

/// Members a group lost in the last 24 hours.
pub(super) fn recent_of(input: &GuardInput, group: &GroupKey) -> u64 {
    sum(young(input).filter_map(|losses| losses.groups.get(group)))
}

fn young<'b>(input: &'b GuardInput) -> impl Iterator<Item = &'b Losses> {
    let horizon = input.at.as_second() - LOSS_WINDOW_HOURS * 3600;
    input.recent.iter().filter(move |losses| losses.at.as_second() > horizon)
}

/// The numbers come from the ledger, so their sum may be too large.
fn sum<'n>(counts: impl Iterator<Item = &'n u64>) -> u64 {
    counts.fold(0, |sum, count| sum.saturating_add(*count))
}
