//! What guards held stays held by them until it is allowed by name, or the files take it back: another run does not release
//! it, nor does a later commit (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::count::report_of;
use super::held_value::{self, written};
use super::input::GuardInput;
use super::report::{Judged, Since};
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet};
use crate::model::guard::Guard;
use crate::model::hash::HashKey;
use crate::model::holds::{self, HoldKey, Holds};
use crate::plan::draft::Draft;
use crate::plan::held::HeldWork;

/// Holds what earlier runs held and what no guard holds by today's count; a report for each guard and commit.
pub(super) fn again(draft: &Draft, input: &GuardInput, found: &[Judged]) -> Vec<Judged> {
    let holds = input.holds;
    let guards: BTreeSet<Guard> = holds.keys().map(|key| key.guard).collect();
    let mut held: BTreeMap<(Guard, Since), Vec<usize>> = BTreeMap::new();
    for guard in guards {
        let today: BTreeSet<usize> =
            over(found).filter(|(of, _)| *of == guard).map(|(_, index)| index).collect();
        for (key, commit) in holds.iter().filter(|(key, _)| key.guard == guard) {
            let open = places(draft, key).into_iter().filter(|index| !today.contains(index));
            let is_held = |change: &Change| {
                is_still(draft, guard, change) && key.is_of(written(draft, input.key, guard, change))
            };
            let open = open.filter(|index| is_held(&draft.changes[*index]));
            held.entry((guard, Since { commit: commit.clone() })).or_default().extend(open);
        }
    }
    let judged = |((guard, since), mut hold): ((Guard, Since), Vec<usize>)| {
        hold.sort_unstable();
        hold.dedup();
        let (report, people) = report_of(draft, guard, &hold);
        Judged { report: report.held(since), people, hold }
    };
    // A single leaver is never held. Those whom this plan is not about are no fewer for that.
    let is_held = |judged: &Judged| {
        let is_single = || match &judged.report.since {
            Some(since) => leavers_since(draft, holds, since) < 2,
            None => judged.people.len() < 2,
        };
        !judged.hold.is_empty() && (judged.report.guard != Guard::Leavers || !is_single())
    };
    held.into_iter().map(judged).filter(is_held).collect()
}

/// How many leavers are held since a commit, whether this plan is about them or not.
fn leavers_since(draft: &Draft, holds: &Holds, since: &Since) -> usize {
    let is_of = |key: &HoldKey, commit: &Option<Arc<str>>| {
        key.guard == Guard::Leavers && *commit == since.commit && !draft.bases.taken_back.contains(key)
    };
    holds.iter().filter(|(key, commit)| is_of(key, commit)).count()
}

/// The changes that a hold is about: what was held, or what would do the same in another way. That is the deletion of the whole
/// group, and the loss of a role under another value of it.
fn places(draft: &Draft, key: &HoldKey) -> Vec<usize> {
    let find = |key: &ChangeKey| draft.changes.binary_search_by(|other| other.key.cmp(key)).ok();
    let held = key.change(&draft.app);
    let found = find(&held);
    match (&held.facet, found) {
        (Facet::Role(_) | Facet::FormerRole(_) | Facet::FormerGroup(_), _) => {
            let is_of = |change: &Change| {
                change.key.object == held.object && change.key.facet.role() == held.facet.role()
            };
            let is_same = |index: usize| {
                let change = &draft.changes[index];
                Some(index) == found || change.kind.is_loss()
            };
            let from = draft.changes.partition_point(|other| other.key.object < held.object);
            let of_object = (from..draft.changes.len())
                .take_while(|index| draft.changes[*index].key.object == held.object);
            of_object.filter(|index| is_of(&draft.changes[*index]) && is_same(*index)).collect()
        }
        (Facet::Member(_) | Facet::UnmanagedMember(_), None) => {
            let whole = find(&ChangeKey { facet: Facet::Life, ..held });
            let is_deletion = |index: &usize| draft.changes[*index].kind == ChangeKind::GroupDelete;
            whole.filter(is_deletion).into_iter().collect()
        }
        _ => found.into_iter().collect(),
    }
}

/// True for a change of the kind that the guard holds, which is to be done and which no declaration, undoing or other loss has
/// taken out of its hands. That the guard would not count it today is no release.
fn is_still(draft: &Draft, guard: Guard, change: &Change) -> bool {
    let bases = &draft.bases;
    let is_declared = change.cause.is_declared() && !bases.typed.contains(&change.key);
    let is_free = is_declared && !matches!(guard, Guard::Leavers | Guard::Takeover);
    let falls = guard != Guard::Privileged && draft.work.falls.contains_key(&change.key);
    let is_to_do = change.verdict.is_do() && guard.may_hold(change);
    is_to_do && !is_free && !falls && !bases.undone.contains(&change.key)
}

/// The counts of some changes: first what is not held for its value yet, then what is, with those who are to get such a value
/// now. So a held value stays counted, and another one is judged by its own number.
pub(super) fn counts(
    draft: &Draft,
    input: &GuardInput,
    guard: Guard,
    changes: Vec<usize>,
) -> Vec<Vec<usize>> {
    let is_held = |index: &usize| {
        let change = &draft.changes[*index];
        let key = held_value::key(draft, input, guard, change);
        key.value.is_some() && input.holds.contains_key(&key) && is_still(draft, guard, change)
    };
    if !guard.holds_values() || input.holds.is_empty() {
        return vec![changes];
    }
    let (held, others): (Vec<usize>, Vec<usize>) = changes.iter().copied().partition(is_held);
    if held.is_empty() {
        return vec![changes];
    }
    let value = |index: &usize| {
        let change = &draft.changes[*index];
        (&change.key.facet, written(draft, input.key, guard, change))
    };
    let values: BTreeSet<_> = held.iter().map(value).collect();
    let same = changes.iter().copied().filter(|index| values.contains(&value(index)));
    vec![others, same.collect()]
}

/// The changes that guards hold, each with the guard.
fn over(found: &[Judged]) -> impl Iterator<Item = (Guard, usize)> {
    let tripped = found.iter().filter(|judged| judged.report.tripped);
    tripped.flat_map(|judged| judged.hold.iter().map(|index| (judged.report.guard, *index)))
}

/// What is held, under today's ids.
pub(super) fn today(draft: &Draft, holds: &Holds, hash: &HashKey) -> Holds {
    let mut today = holds.clone();
    if today.is_empty() {
        return today;
    }
    let renamed = draft.bases.renamed.iter();
    let pairs = renamed.flat_map(|(to, earlier)| earlier.iter().map(move |from| (from, to)));
    let renames = pairs.collect();
    holds::rename(&mut today, &renames);
    holds::rename_references(&mut today, &renames, hash);
    today
}

/// A change that is still held passed no guard, whichever run began it: it counts, and so does another value in its place.
pub(super) fn count_what_was_begun(draft: &mut Draft, holds: &Holds) {
    for key in holds.keys().filter(|key| key.guard == Guard::Update) {
        draft.bases.begun.remove(&key.change(&draft.app));
    }
}

/// Everything that is held now, with what was. The input has today's ids.
pub(super) fn work(draft: &Draft, stored: &Holds, input: &GuardInput, found: &[Judged]) -> HeldWork {
    let now = over(found);
    let now = now.map(|(guard, index)| held_value::key(draft, input, guard, &draft.changes[index]));
    HeldWork {
        stored: stored.clone(),
        today: input.holds.clone(),
        now: now.collect(),
        other_value: held_value::replaced(draft, input),
        taken_back: draft.bases.taken_back.clone(),
        commit: draft.bases.commit.clone(),
    }
}
