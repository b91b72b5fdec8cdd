//! The parts that all guards share: picking changes, counting people, comparing the count with a limit.

use std::collections::{BTreeMap, BTreeSet};

use super::input::GuardInput;
use super::report::{GuardReport, Judged};
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::model::counted::{Known, group_it_leaves};
use crate::model::guard::Guard;
use crate::model::ledger::{GroupKey, Loss, Losses};
use crate::model::limit::{Most, Terms};
use crate::plan::draft::Draft;

/// People whom a guard counts, and what their number is compared with.
pub(super) struct Count<'d> {
    pub guard: Guard,
    /// The group, role or attribute, if one of them alone is counted.
    pub of: Option<String>,
    /// Places of the changes.
    pub changes: Vec<usize>,
    /// Counted in the last 24 hours.
    pub recent: BTreeSet<&'d Object>,
    /// The number that a share is of.
    pub base: u64,
}

impl Count<'_> {
    /// Compares the count with a limit. A count over the limit trips the guard.
    pub(super) fn judge(self, draft: &Draft, terms: &Terms) -> Judged {
        let Count { guard, of, changes, recent, base } = self;
        let (report, people) = report_of(draft, guard, &changes);
        let recent = recent.into_iter().filter(|who| !people.contains(*who)).count() as u64;
        let most = terms.most(base);
        let is_over = |most: Most| report.count > 0 && report.count.saturating_add(recent) > most.number;
        let report = GuardReport {
            of,
            recent,
            base,
            limit: most.map(|most| most.number),
            share: most.and_then(|most| most.share),
            tripped: most.is_some_and(is_over),
            ..report
        };
        Judged { report, people, hold: changes }
    }
}

/// The report of some changes without a limit, and the people whom they are about.
pub(super) fn report_of(draft: &Draft, guard: Guard, changes: &[usize]) -> (GuardReport, BTreeSet<Object>) {
    let people = people(draft, changes);
    let report = GuardReport {
        guard,
        of: None,
        count: people.len() as u64,
        recent: 0,
        base: 0,
        limit: None,
        share: None,
        tripped: false,
        allowed: false,
        allow: None,
        since: None,
        first: people.iter().take(10).map(|who| named(draft, guard, who)).collect(),
        app: draft.app.to_string(),
    };
    (report, people)
}

/// Places of the changes that are to be done and that a guard counts. What falls with an account is not counted again.
pub(super) fn counted(draft: &Draft, guard: Guard) -> Vec<usize> {
    let bases = &draft.bases;
    let known = Known {
        completed: bases.completed,
        login_paths: &bases.login_paths,
        folded_paths: &bases.folded_paths,
        adopted: &bases.adopted,
        begun: &bases.begun,
        unmatched: &bases.unmatched,
        released: &bases.released,
        takeovers: &bases.takeovers,
        off: &bases.off,
        turned_on: &bases.turned_on,
        typed: &bases.typed,
        power_taken: &bases.power_taken,
    };
    // Power is lost with the account, too.
    let falls = |change: &Change| guard != Guard::Privileged && draft.work.falls.contains_key(&change.key);
    let is_undone = |change: &Change| bases.undone.contains(&change.key);
    select(draft, |change| guard.counts(change, &known) && !falls(change) && !is_undone(change))
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

/// The people that changes are about, each once, with accounts that are no person's; for a group that is deleted or that is taken
/// out of another one, all its members.
pub(super) fn people(draft: &Draft, counted: &[usize]) -> BTreeSet<Object> {
    counted.iter().flat_map(|index| people_of(draft, &draft.changes[*index])).collect()
}

pub(super) fn people_of(draft: &Draft, change: &Change) -> Vec<Object> {
    let of_many = [&draft.bases.gaining, &draft.bases.inside];
    if let Some(members) = of_many.into_iter().find_map(|of| of.get(&change.key)) {
        return members.iter().cloned().collect();
    }
    match (&change.key.facet, change.kind) {
        (_, ChangeKind::GroupDelete) => {
            let deleted = GroupKey::of(&change.key.object).and_then(|key| draft.bases.deleted.get(&key));
            deleted.into_iter().flatten().cloned().collect()
        }
        (Facet::UnmanagedMember(remote), _) => remote.parse().map(Object::Account).into_iter().collect(),
        _ => match change.key.person() {
            Some(id) => vec![Object::User(id.clone())],
            None => vec![change.key.object.clone()],
        },
    }
}

/// The group or role that loses members by a change.
pub(super) fn shrinking(change: &Change) -> Option<GroupKey> {
    let deleted = || GroupKey::of(&change.key.object).filter(|_| change.kind == ChangeKind::GroupDelete);
    group_it_leaves(change).or_else(deleted)
}

/// A person or account, as text for people.
fn named(draft: &Draft, guard: Guard, who: &Object) -> String {
    match who {
        Object::User(id) if guard == Guard::Unmatched => match draft.bases.unmatched.get(id) {
            Some(Some(account)) => format!("{id}: {account}"),
            Some(None) | None => id.to_string(),
        },
        Object::User(id) => match draft.people.get(id) {
            Some(name) => format!("{id} ({name})"),
            None => id.to_string(),
        },
        Object::Account(remote) => format!("account {remote}"),
        Object::Group(_) | Object::Role(_) => who.to_string(),
    }
}

/// People counted by this guard in the last 24 hours, except those who were allowed by name; of one group or role, if
/// one is named.
pub(super) fn of_window<'i>(
    draft: &Draft,
    input: &GuardInput<'i>,
    guard: Guard,
    group: Option<&GroupKey>,
) -> BTreeSet<&'i Object> {
    // What was lost before a group or role was renamed was lost in this one.
    let keys = group.map(|group| draft.bases.keys_of(group));
    let is_of =
        |loss: &&Loss| keys.as_ref().is_none_or(|keys| loss.of.as_ref().is_some_and(|of| keys.contains(of)));
    let lost: Vec<&Loss> = young(input, guard).map(|(_, loss)| loss).filter(is_of).collect();
    if lost.is_empty() || guard.counts_gains() {
        return lost.into_iter().map(|loss| &loss.who).collect();
    }
    // A loss leaves the window when it is taken back (safety.md 7).
    let back = taken_back(draft);
    let is_lost = |loss: &&Loss| !back.contains(&(loss.of.clone(), loss.who.clone()));
    lost.into_iter().filter(is_lost).map(|loss| &loss.who).collect()
}

/// What this plan gives back: the account, or the place in a group or role, under all its ids.
fn taken_back(draft: &Draft) -> BTreeSet<(Option<GroupKey>, Object)> {
    let given = draft.changes.iter().filter(|change| change.verdict.is_do());
    let given = given.flat_map(|change| {
        let of = match (&change.key.facet, change.kind) {
            (Facet::Role(role), ChangeKind::RoleGrant) => Some(GroupKey::Role(role.clone())),
            (Facet::Member(_), ChangeKind::MemberAdd) => GroupKey::of(&change.key.object),
            (Facet::Life, _) if change.turns_on() => None,
            _ => return Vec::new(),
        };
        let Some(id) = change.key.person() else { return Vec::new() };
        let keys = match of {
            Some(of) => draft.bases.keys_of(&of).into_iter().map(Some).collect(),
            None => vec![None],
        };
        keys.into_iter().map(|key| (key, Object::User(id.clone()))).collect()
    });
    given.collect()
}

/// What this guard counted in the last 24 hours, each with its run, except what was allowed by name.
pub(super) fn young<'i>(
    input: &GuardInput<'i>,
    guard: Guard,
) -> impl Iterator<Item = (&'i Losses, &'i Loss)> {
    let at = input.at;
    let runs = input.recent.iter().filter(move |losses| losses.count_at(at));
    let lost = runs.flat_map(|losses| losses.lost.iter().map(move |loss| (losses, loss)));
    lost.filter(move |(_, loss)| loss.guard == guard && !loss.allowed)
}
