//! What git says of an account that is off: the ledger's own word turns nothing on, and leaves nothing out (safety.md 5). A run
//! turned it off only if the commit of that run has the person out of the app, and comes after one that declares them.

use std::sync::Arc;

use super::answers::{Answers, Past};
use super::differ::Differ;
use super::links::{LinkNo, LinkRow};
use crate::model::UserId;
use crate::model::ledger::Link;
use crate::model::time::Timestamp;
use crate::resolve::{DesiredApp, PastApp, PastPerson, Standing};

/// True if a commit says that the person was to have no active account at this instant. `desired` is the app as it is today.
pub(in crate::plan) fn says_out(past: &Past, desired: &DesiredApp, id: &UserId, at: Timestamp) -> bool {
    let at = at.min(desired.at);
    match past {
        Past::Tree(tree) => then(tree, desired, id).is_none_or(|person| person.is_in(at) == Some(false)),
        Past::Same => desired.company.user(id.as_str()).is_none_or(|user| {
            let windows = desired.access(user);
            windows.is_ok_and(|windows| !windows.iter().any(|window| window.contains(at)))
        }),
        Past::Unknown(_) => false,
    }
}

/// What a commit says of a person, under today's id or an earlier one.
fn then<'t>(tree: &'t PastApp, desired: &DesiredApp, id: &UserId) -> Option<&'t PastPerson> {
    let number = desired.company.user(id.as_str());
    let earlier = number.map(|user| &desired.company.users[user.index()].previously);
    let mut ids = std::iter::once(id).chain(earlier.into_iter().flatten());
    ids.find_map(|id| tree.person(id))
}

/// True if git says that the person was to have no active account, at this commit and instant.
pub(in crate::plan) fn was_out(
    differ: &Differ,
    answers: &Answers,
    id: &UserId,
    commit: &str,
    at: Timestamp,
) -> bool {
    let today = || differ.is_today(commit).then_some(&Past::Same);
    let past = answers.past(commit).or_else(today);
    past.is_some_and(|past| says_out(past, differ.input.desired, id, at))
}

/// True if git says that a run at this commit and instant turned the account off: the person was out, and had the account before. From
/// a person who was out before there was an account, no run took it. A rollback goes back to a commit that is older than the entry;
/// nothing else was applied since then.
pub(in crate::plan) fn was_turned_off(
    differ: &Differ,
    answers: &Answers,
    (id, link): (&UserId, &Link),
    commit: &Arc<str>,
    at: Timestamp,
) -> bool {
    let is_before = |first: &Arc<str>| {
        first == commit || (is_declared(differ, answers, id, first) && answers.is_after(first, commit))
    };
    was_out(differ, answers, id, commit, at) && before(differ, link).any(is_before)
}

/// The commits that may have declared the person before: that of the entry, and the last applied one.
fn before<'b>(differ: &'b Differ<'_>, link: &'b Link) -> impl Iterator<Item = &'b Arc<str>> {
    link.commit.iter().chain(differ.input.ledger.applied_commit())
}

/// The commits of which one has to declare the person and to come before this one, if the person was out at this one.
pub(in crate::plan) fn to_come_before<'b>(
    differ: &'b Differ<'_>,
    answers: &Answers,
    (id, link): (&UserId, &'b Link),
    (commit, at): (&str, Timestamp),
) -> impl Iterator<Item = &'b Arc<str>> {
    let is_known = before(differ, link).any(|first| **first == *commit);
    let is_asked = !is_known && was_out(differ, answers, id, commit, at);
    before(differ, link).filter(move |_| is_asked)
}

/// True if git says that the files declared the person at this commit.
pub(in crate::plan) fn is_declared(differ: &Differ, answers: &Answers, id: &UserId, commit: &str) -> bool {
    let desired = differ.input.desired;
    let today = || desired.company.user(id.as_str()).is_some();
    match answers.past(commit) {
        Some(Past::Tree(tree)) => then(tree, desired, id).is_some(),
        Some(Past::Same) => today(),
        Some(Past::Unknown(_)) => false,
        None => differ.is_today(commit) && today(),
    }
}

/// True if the entry says that we turned the account off or found it gone, and git says that the person was out by then.
pub(in crate::plan) fn is_off_by_us(differ: &Differ, answers: &Answers, id: &UserId, link: &Link) -> bool {
    let Some((since, commit)) = link.off_at() else { return false };
    let is_ours = |commit| was_turned_off(differ, answers, (id, link), commit, since);
    differ.input.commit.is_none() || commit.is_some_and(is_ours)
}

/// True if the entry says that the account is off, and git says that the person was out at the last applied commit. Of somebody whom
/// a later commit has out, an entry that says so was not written by a run.
///
/// It is asked of people who are out, of whom there are many: no commit but the last applied one is read.
pub(in crate::plan) fn was_off_before(differ: &Differ, answers: &Answers, link: LinkNo) -> bool {
    let (row, input) = (differ.links.row(link), &differ.input);
    if row.link.off_at().is_none() {
        return false;
    }
    if input.commit.is_none() {
        return true;
    }
    let Some(applied) = &input.ledger.applied else { return false };
    let commit = applied.commit.as_ref();
    commit.is_some_and(|commit| was_out(differ, answers, &row.user, commit, applied.at))
}

/// True for a person who is to have no active account.
pub(in crate::plan) fn is_out(differ: &Differ, row: &LinkRow) -> bool {
    let standing = |user| differ.input.desired.standing(user);
    !row.number.is_some_and(|user| matches!(standing(user), Standing::In | Standing::Unknown(_)))
}
