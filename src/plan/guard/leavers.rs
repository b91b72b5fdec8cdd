//! Leavers count by the commit of the branch that typed them as out (safety.md 11): ten commits with one leaver each are ten
//! ordinary ones, however long the app was not applied.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::count::{Count, counted, young};
use super::input::GuardInput;
use super::report::Judged;
use crate::model::UserId;
use crate::model::change::{Change, ChangeKey, Object};
use crate::model::guard::Guard;
use crate::model::holds::HoldKey;
use crate::plan::draft::Draft;
use crate::plan::reading::answers::Past;

const GUARD: Guard = Guard::Leavers;

/// The commits to read before a draft is judged: those since the applied one, if all leavers together are too many.
pub(super) fn commits(draft: &Draft, input: &GuardInput) -> BTreeSet<Arc<str>> {
    let is_over = || judge(draft, input).iter().any(|judged| judged.report.tripped);
    match input.line {
        [before @ .., _] if !before.is_empty() && is_over() => before.iter().cloned().collect(),
        _ => BTreeSet::new(),
    }
}

/// The commit that typed each leaver as out, as far as git says.
pub(super) fn typed_by(draft: &Draft, input: &GuardInput) -> BTreeMap<ChangeKey, Arc<str>> {
    let typed = counted(draft, GUARD).into_iter().filter_map(|index| {
        let change = &draft.changes[index];
        Some((change.key.clone(), typing_commit(draft, input, change)?))
    });
    typed.collect()
}

/// One judgement for each commit. Those over the limit are reported, or else the largest.
pub(super) fn judge(draft: &Draft, input: &GuardInput) -> Vec<Judged> {
    let mut groups: BTreeMap<Option<&Arc<str>>, Vec<usize>> = BTreeMap::new();
    for index in counted(draft, GUARD) {
        let key = &draft.changes[index].key;
        // Whom the guard held at another commit stays held, and is not counted again.
        let held = input.holds.get(&HoldKey::new(GUARD, key));
        if held.is_none_or(|commit| *commit == draft.bases.commit) {
            let commit = draft.bases.typed_by.get(key).or(draft.bases.commit.as_ref());
            groups.entry(commit).or_default().push(index);
        }
    }
    let is_only = groups.len() <= 1;
    let terms = GUARD.terms(input.limits.of(GUARD));
    let judged = groups.into_iter().map(|(commit, changes)| {
        let of = commit.filter(|_| !is_only).map(|commit| format!("commit {commit:.12}"));
        let recent = recent(draft, input, commit);
        Count { guard: GUARD, of, changes, recent, base: draft.bases.accounts }.judge(draft, &terms)
    });
    let (over, within): (Vec<_>, Vec<_>) =
        judged.filter(|judged| judged.report.count > 0).partition(|judged| judged.report.tripped);
    match over.is_empty() {
        true => within.into_iter().max_by_key(|judged| judged.report.count).into_iter().collect(),
        false => over,
    }
}

/// Leavers of the last 24 hours whom this commit typed, or one that is not known; all of them as long as nobody is told apart.
fn recent<'i>(draft: &Draft, input: &GuardInput<'i>, commit: Option<&Arc<str>>) -> BTreeSet<&'i Object> {
    let planned = draft.bases.commit.as_ref();
    let is_apart = !draft.bases.typed_by.is_empty();
    let lost = young(input, GUARD).filter(|(losses, loss)| match &loss.typed_by {
        Some(typed) if is_apart => Some(typed) == commit,
        Some(typed) => input.line.contains(typed),
        None => losses.commit.as_ref() == planned,
    });
    lost.map(|(_, loss)| &loss.who).collect()
}

/// The first commit of the last stretch in which the person is out.
fn typing_commit(draft: &Draft, input: &GuardInput, change: &Change) -> Option<Arc<str>> {
    let [before @ .., planned] = input.line else { return None };
    if before.iter().any(|commit| !input.past.contains_key(commit)) {
        return None;
    }
    let ids = draft.bases.ids_of(change.key.person()?);
    let out = before.iter().rev().take_while(|commit| is_out(input, commit, &ids));
    Some(out.last().unwrap_or(planned).clone())
}

/// True if a commit has the person out by the instant of the plan. A commit that cannot be read, or does not declare the person,
/// does not say so.
fn is_out(input: &GuardInput, commit: &Arc<str>, ids: &[&UserId]) -> bool {
    match input.past.get(commit) {
        Some(Past::Same) => true,
        Some(Past::Tree(tree)) => {
            let person = ids.iter().find_map(|id| tree.person(id));
            person.is_some_and(|person| person.is_in(input.at) == Some(false))
        }
        Some(Past::Unknown(_)) | None => false,
    }
}
