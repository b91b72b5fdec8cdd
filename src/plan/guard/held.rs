//! What guards held stays held by them until it is allowed by name, or the files take it back: another run does not release
//! it, nor does a later commit (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};

use super::count::{counted, report_of};
use super::input::GuardInput;
use super::power;
use super::report::{Judged, Since};
use crate::model::change::ChangeKey;
use crate::model::guard::Guard;
use crate::model::holds::{Hold, HoldKey, Holds};
use crate::model::ledger::LedgerUpdate;
use crate::plan::draft::Draft;

/// Holds what earlier runs held and what no guard holds by today's count; a report for each guard and commit.
pub(super) fn again(draft: &Draft, input: &GuardInput, found: &[Judged]) -> Vec<Judged> {
    let guards: BTreeSet<Guard> = input.holds.keys().map(|key| key.guard).collect();
    let mut held: BTreeMap<(Guard, Since), Vec<usize>> = BTreeMap::new();
    for guard in guards {
        let today: BTreeSet<usize> =
            over(found).filter(|(of, _)| *of == guard).map(|(_, index)| index).collect();
        let replaced = match guard {
            Guard::Privileged => power::replaced(draft, input),
            _ => BTreeSet::new(),
        };
        for index in counted(draft, guard) {
            let commit = input.holds.get(&HoldKey::new(guard, &draft.changes[index].key));
            if let (Some(commit), false) = (commit, today.contains(&index) || replaced.contains(&index)) {
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

/// The changes that guards hold, each with the guard.
fn over(found: &[Judged]) -> impl Iterator<Item = (Guard, usize)> {
    let tripped = found.iter().filter(|judged| judged.report.tripped);
    tripped.flat_map(|judged| judged.hold.iter().map(|index| (judged.report.guard, *index)))
}

/// Everything that is held now.
pub(super) fn keys(draft: &Draft, found: &[Judged]) -> BTreeSet<HoldKey> {
    over(found).map(|(guard, index)| HoldKey::new(guard, &draft.changes[index].key)).collect()
}

/// What the ledger has to learn: what is held now, and what is so no longer. A change that another rule holds back, or that
/// this plan does not look at, stays as it is.
pub(super) fn update(draft: &Draft, holds: &Holds, now: &BTreeSet<HoldKey>) -> Option<LedgerUpdate> {
    let is_over = |key: &&HoldKey| {
        let change: ChangeKey = key.change(&draft.app);
        match draft.changes.binary_search_by(|other| other.key.cmp(&change)) {
            Ok(place) => draft.changes[place].verdict.is_do(),
            Err(_) => draft.bases.taken_back.contains(*key),
        }
    };
    let over: Vec<HoldKey> = holds.keys().filter(|key| !now.contains(key)).filter(is_over).cloned().collect();
    let commit = &draft.bases.commit;
    let new = now.iter().filter(|key| !holds.contains_key(key));
    let now: Vec<Hold> = new.map(|key| Hold::new(key.clone(), commit.clone())).collect();
    (!now.is_empty() || !over.is_empty()).then_some(LedgerUpdate::Held { now, over })
}
