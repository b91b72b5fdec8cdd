//! What git says of an account that is off: the ledger's own word turns nothing on, and leaves nothing out (safety.md 5). A run
//! turned it off only if the commit of that run has the person out of the app.

use super::answers::{Answers, Past};
use super::differ::Differ;
use super::links::{LinkNo, LinkRow};
use crate::model::UserId;
use crate::model::ledger::Link;
use crate::model::time::Timestamp;
use crate::resolve::{DesiredApp, Standing};

/// True if a commit says that the person was to have no active account at this instant. `desired` is the app as it is today.
pub(in crate::plan) fn says_out(past: &Past, desired: &DesiredApp, id: &UserId, at: Timestamp) -> bool {
    let at = at.min(desired.at);
    let number = desired.company.user(id.as_str());
    match past {
        Past::Tree(tree) => {
            let earlier = number.map(|user| &desired.company.users[user.index()].previously);
            let mut ids = std::iter::once(id).chain(earlier.into_iter().flatten());
            let then = ids.find_map(|id| tree.person(id));
            then.is_none_or(|person| person.is_in(at) == Some(false))
        }
        Past::Same => number.is_none_or(|user| {
            let windows = desired.access(user);
            windows.is_ok_and(|windows| !windows.iter().any(|window| window.contains(at)))
        }),
        Past::Unknown(_) => false,
    }
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

/// True if the entry says that we turned the account off or found it gone, and git says that the person was out by then.
pub(in crate::plan) fn is_off_by_us(differ: &Differ, answers: &Answers, id: &UserId, link: &Link) -> bool {
    let Some((since, commit)) = link.off_at() else { return false };
    let is_out = |commit| was_out(differ, answers, id, commit, since);
    differ.input.commit.is_none() || commit.is_some_and(|commit| is_out(commit))
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
