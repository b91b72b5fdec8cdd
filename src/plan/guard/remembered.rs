//! The losses and gains that the plans of the next 24 hours count (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};

use super::count::{counted, people_of, shrinking};
use super::power;
use crate::model::change::{Change, ChangeKey};
use crate::model::guard::{Counts, Guard};
use crate::model::ledger::{GroupKey, Loss};
use crate::plan::draft::Draft;

/// The losses of access that are to be done, for the plans of the next 24 hours.
pub(super) fn losses(draft: &Draft, allowed: &BTreeSet<usize>) -> BTreeMap<ChangeKey, Vec<Loss>> {
    let is_remembered = |guard: &Guard| matches!(guard.row().counts, Counts::Losses(_) | Counts::Power(_));
    let guards = Guard::ALL.into_iter().filter(is_remembered);
    let counted = guards.flat_map(|guard| counted(draft, guard).into_iter().map(move |index| (guard, index)));
    let mut losses: BTreeMap<ChangeKey, Vec<Loss>> = BTreeMap::new();
    for (guard, index) in counted {
        let change = &draft.changes[index];
        let lost = of_change(draft, guard, change, allowed.contains(&index));
        if !lost.is_empty() {
            losses.entry(change.key.clone()).or_default().extend(lost);
        }
    }
    losses
}

/// What a change is recorded as, for the plans of the next 24 hours.
fn of_change(draft: &Draft, guard: Guard, change: &Change, allowed: bool) -> Vec<Loss> {
    let groups: Vec<Option<GroupKey>> = match guard.row().counts {
        Counts::Power(_) => power::roles_of(draft, guard, change),
        _ => vec![shrinking(change).filter(is_storable)],
    };
    let people = people_of(draft, change);
    let typed_by = draft.bases.typed_by.get(&change.key).filter(|_| guard == Guard::Leavers);
    let typed_by = typed_by.cloned();
    let loss = |of: &Option<GroupKey>| {
        let of = of.clone();
        let typed_by = typed_by.clone();
        people.iter().map(move |who| Loss {
            guard,
            who: who.clone(),
            of: of.clone(),
            typed_by: typed_by.clone(),
            allowed,
        })
    };
    groups.iter().flat_map(loss).collect()
}

/// A value of the app that is no declared role has no key in the ledger.
fn is_storable(group: &GroupKey) -> bool {
    group.to_string().parse::<GroupKey>().is_ok()
}
