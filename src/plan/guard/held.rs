//! What guards held stays held by them until it is allowed by name, or the files take it back: another run does not release
//! it, nor does a later commit (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};

use super::count::report_of;
use super::input::GuardInput;
use super::power;
use super::report::{Judged, Since};
use crate::model::change::{Change, ChangeKey};
use crate::model::guard::Guard;
use crate::model::holds::{self, Hold, HoldKey, Holds};
use crate::model::ledger::LedgerUpdate;
use crate::plan::draft::Draft;

/// Holds what earlier runs held and what no guard holds by today's count; a report for each guard and commit.
pub(super) fn again(draft: &Draft, input: &GuardInput, found: &[Judged]) -> Vec<Judged> {
    let holds = input.holds;
    let guards: BTreeSet<Guard> = holds.keys().map(|key| key.guard).collect();
    let mut held: BTreeMap<(Guard, Since), Vec<usize>> = BTreeMap::new();
    for guard in guards {
        let today: BTreeSet<usize> =
            over(found).filter(|(of, _)| *of == guard).map(|(_, index)| index).collect();
        let replaced = match guard {
            Guard::Privileged => power::replaced(draft, input),
            _ => BTreeSet::new(),
        };
        for (key, commit) in holds.iter().filter(|(key, _)| key.guard == guard) {
            let change = key.change(&draft.app);
            let Ok(index) = draft.changes.binary_search_by(|other| other.key.cmp(&change)) else { continue };
            let is_settled = today.contains(&index) || replaced.contains(&index);
            if !is_settled && is_still(draft, guard, &draft.changes[index]) {
                held.entry((guard, Since { commit: commit.clone() })).or_default().push(index);
            }
        }
    }
    let judged = |((guard, since), hold): ((Guard, Since), Vec<usize>)| {
        let (report, people) = report_of(draft, guard, &hold);
        Judged { report: report.held(since), people, hold }
    };
    held.into_iter().map(judged).collect()
}

/// True for a change that is to be done and that no declaration, undoing or other loss has taken out of the guard's hands. That
/// the guard would not count it today is no release.
fn is_still(draft: &Draft, guard: Guard, change: &Change) -> bool {
    let bases = &draft.bases;
    let is_declared = change.cause.is_declared() && !bases.typed.contains(&change.key);
    let is_free = is_declared && !matches!(guard, Guard::Leavers | Guard::Takeover);
    let falls = guard != Guard::Privileged && draft.work.falls.contains_key(&change.key);
    change.verdict.is_do() && !is_free && !falls && !bases.undone.contains(&change.key)
}

/// The changes that guards hold, each with the guard.
fn over(found: &[Judged]) -> impl Iterator<Item = (Guard, usize)> {
    let tripped = found.iter().filter(|judged| judged.report.tripped);
    tripped.flat_map(|judged| judged.hold.iter().map(|index| (judged.report.guard, *index)))
}

/// What is held, under today's ids.
pub(super) fn today(draft: &Draft, holds: &Holds) -> Holds {
    let mut today = holds.clone();
    for (to, earlier) in &draft.bases.renamed {
        earlier.iter().for_each(|from| holds::rename(&mut today, from, to));
    }
    today
}

/// Everything that is held now.
pub(super) fn keys(draft: &Draft, found: &[Judged]) -> BTreeSet<HoldKey> {
    over(found).map(|(guard, index)| HoldKey::new(guard, &draft.changes[index].key)).collect()
}

/// What the ledger has to learn: what is held now, and what is so no longer. A change that another rule holds back, or that
/// this plan does not look at, stays as it is.
pub(super) fn update(
    draft: &Draft,
    stored: &Holds,
    holds: &Holds,
    now: &BTreeSet<HoldKey>,
) -> Option<LedgerUpdate> {
    let is_over = |key: &HoldKey| {
        let change: ChangeKey = key.change(&draft.app);
        match draft.changes.binary_search_by(|other| other.key.cmp(&change)) {
            Ok(place) => draft.changes[place].verdict.is_do(),
            Err(_) => draft.bases.taken_back.contains(key),
        }
    };
    let stays = |key: &HoldKey| now.contains(key) || !is_over(key);
    // What is kept under an earlier id moves to today's.
    let over = stored.keys().filter(|key| !(holds.contains_key(key) && stays(key)));
    let over: Vec<HoldKey> = over.cloned().chain(holds.keys().filter(|key| !stays(key)).cloned()).collect();
    let moved = holds.iter().filter(|(key, _)| !stored.contains_key(*key) && stays(key));
    let moved = moved.map(|(key, commit)| Hold::new(key.clone(), commit.clone()));
    let commit = &draft.bases.commit;
    let new = now.iter().filter(|key| !holds.contains_key(key));
    let new = new.map(|key| Hold::new(key.clone(), commit.clone()));
    let now: Vec<Hold> = moved.chain(new).collect();
    (!now.is_empty() || !over.is_empty()).then_some(LedgerUpdate::Held { now, over })
}
