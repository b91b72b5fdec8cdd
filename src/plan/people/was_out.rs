//! What git says of an account that is off: the ledger's own word turns nothing on (safety.md 5). A run turned it off only if
//! the commit of that run has the person out of the app.

use crate::model::UserId;
use crate::model::ledger::{Attempt, Link, OpenIntent};
use crate::model::time::Timestamp;
use crate::plan::decide::context::Context;
use crate::plan::reading::answers::Past;

/// True if git says that the person was to have no active account, at this commit and instant.
pub(crate) fn was_out(cx: &Context, id: &UserId, commit: &str, at: Timestamp) -> bool {
    let at = at.min(cx.input.resolved.at);
    let is_out_today = || {
        cx.number(id).is_none_or(|user| {
            let windows = cx.input.desired.access(user);
            windows.is_ok_and(|windows| !windows.iter().any(|window| window.contains(at)))
        })
    };
    match cx.answers.past(commit) {
        Some(Past::Tree(tree)) => {
            let then = cx.ids_of(id).find_map(|id| tree.person(id));
            then.is_none_or(|person| person.is_in(at) == Some(false))
        }
        Some(Past::Same) => is_out_today(),
        None if cx.differ.is_today(commit) => is_out_today(),
        Some(Past::Unknown(_)) | None => false,
    }
}

/// True if an interrupted run left the account off: it set out to turn it off, as git says, or it had created it.
pub(crate) fn is_off_by_interruption(cx: &Context, id: &UserId, link: &Link) -> bool {
    let mut open = cx.interrupted(id).iter();
    match cx.input.commit {
        None => open.next().is_some(),
        Some(_) => open.any(|intent| {
            let is_off = |attempt: &Attempt| {
                attempt.commit.as_ref().is_some_and(|commit| was_out(cx, id, commit, attempt.at))
            };
            (intent.looked_up && created(intent, link)) || intent.attempts.iter().any(is_off)
        }),
    }
}

/// True if the intent was to create this account.
fn created(intent: &OpenIntent, link: &Link) -> bool {
    let began = intent.attempts.first().map(|attempt| attempt.at);
    link.created.zip(began).is_some_and(|(created, began)| created.is_after(began))
}
