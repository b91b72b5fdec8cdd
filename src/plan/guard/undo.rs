//! Undoing is never held, and git proves it (safety.md 11): what one run gave in a group or role in the last three days is
//! taken back, and nobody loses it who held it at the commit that was applied before that run.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::count::{counted, grouped, people, people_of, shrinking};
use super::input::GuardInput;
use super::rules::Rule;
use crate::model::UserId;
use crate::model::change::{Change, ChangeKey, Object};
use crate::model::guard::Guard;
use crate::model::ledger::{GroupKey, UNDO_HOURS};
use crate::model::words::count;
use crate::plan::draft::Draft;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::answers::Past;

/// The guards that do not count what is undone. Accounts always count.
const GUARDS: [Guard; 2] = [Guard::Membership, Guard::Revoke];

/// The guards that may hold what is undone.
const HELD_BY: [Guard; 3] = [Guard::Membership, Guard::Revoke, Guard::Privileged];

/// The commits to read before a draft is judged: none, unless a guard of memberships or roles holds something that one of the
/// last runs may have given.
pub(super) fn commits(draft: &Draft, input: &GuardInput) -> BTreeSet<Arc<str>> {
    if runs(input).next().is_none() {
        return BTreeSet::new();
    }
    let rules = GUARDS.map(Rule::Total).into_iter().chain([Rule::EachGroup, Rule::LossesOfPower]);
    let is_over = rules.into_iter().any(|rule| rule.judge(draft, input).iter().any(|one| one.report.tripped));
    let was_over = input.holds.keys().any(|key| HELD_BY.contains(&key.guard));
    match is_over || was_over {
        true => runs(input).flat_map(|(before, run)| [before.clone(), run.clone()]).collect(),
        false => BTreeSet::new(),
    }
}

/// The runs that can be undone: the commit that was applied before, and the run's own.
fn runs<'i>(input: &GuardInput<'i>) -> impl Iterator<Item = (&'i Arc<str>, &'i Arc<str>)> {
    let horizon = input.at.as_second() - UNDO_HOURS * 3600;
    let next = input.earlier.iter().skip(1).map(|earlier| &earlier.commit).chain(input.applied);
    let pairs = input.earlier.iter().zip(next);
    let young = pairs.filter(move |(before, _)| before.until.as_second() > horizon);
    young.map(|(before, run)| (&before.commit, run))
}

/// Removals from one group or role that take back what a run gave there.
pub(super) struct Undone {
    of: GroupKey,
    /// The commit of the run.
    commit: Arc<str>,
    removals: BTreeSet<ChangeKey>,
    people: usize,
}

impl Undone {
    pub(super) fn removals(self) -> BTreeSet<ChangeKey> {
        self.removals
    }

    /// Says that the guards do not count it.
    pub(super) fn notice(&self) -> Notice {
        let people = count(self.people, "person leaves", "people leave");
        let text = format!(
            "{people} {}, which no guard but min_members counts: the run of commit {:.12} gave it, and this plan takes it back",
            self.of, self.commit
        );
        let (subject, hint, place) = (Some(self.of.object()), None, None);
        Notice { kind: NoticeKind::TakenBack, subject, text, hint, place }
    }
}

/// The removals that take back what a run gave.
pub(super) fn taken_back(draft: &Draft, input: &GuardInput) -> Vec<Undone> {
    if input.past.is_empty() {
        return Vec::new();
    }
    let counted: Vec<usize> = GUARDS.iter().flat_map(|guard| counted(draft, *guard)).collect();
    let undone = grouped(draft, &counted, shrinking).into_iter().filter_map(|(of, removals)| {
        let (_, run) = runs(input).find(|(before, run)| {
            let gave = |change: &Change| is_given(draft, input, &of, change, before, run);
            removals.iter().all(|index| gave(&draft.changes[*index]))
        })?;
        let people = people(draft, &removals).len();
        let removals = removals.into_iter().map(|index| draft.changes[index].key.clone()).collect();
        Some(Undone { of, commit: run.clone(), removals, people })
    });
    undone.collect()
}

/// True if everybody whom a removal is about came into the group by this run.
fn is_given(
    draft: &Draft,
    input: &GuardInput,
    group: &GroupKey,
    removal: &Change,
    before: &str,
    run: &str,
) -> bool {
    let commit = run;
    let (Some(before), Some(run)) = (input.past.get(before), input.past.get(run)) else { return false };
    let people = people_of(draft, removal);
    let came = |who: &Object| {
        let Object::User(id) = who else { return false };
        let ids = draft.bases.ids_of(id);
        let is_ours = input.given.get(&(group.clone(), id.clone())).is_some_and(|by| **by == *commit);
        is_ours && had(before, group, &ids) == Some(false) && had(run, group, &ids) == Some(true)
    };
    !people.is_empty() && people.iter().all(came)
}

/// Whether a person, who had one of these ids, was in a group or held a role at a commit, as git says. Nobody who is removed
/// is declared by a tree that says the same as today's. A commit that does not know the group says nothing: it may have had
/// another id then.
fn had(past: &Past, group: &GroupKey, ids: &[&UserId]) -> Option<bool> {
    match past {
        Past::Same => Some(false),
        Past::Tree(tree) => Some(tree.holders(group)?.any(|id| ids.contains(&id))),
        Past::Unknown(_) => None,
    }
}
