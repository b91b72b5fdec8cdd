//! What git says of an account that is off: the ledger's own word turns nothing on (safety.md 5). A run turned it off only if
//! the commit of that run has the person out of the app.

use crate::model::UserId;
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
