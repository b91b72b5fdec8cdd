//! A value that tells accounts apart and that another account of the app has: what would be refused is not sent, and the plan
//! names the holder (safety.md 2).

use crate::model::{Path, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::notice::{Notice, NoticeKind};
use crate::plan::reading::links::LinkNo;
use crate::plan::reading::taken::Taken;
use crate::resolve::{OutReason, Standing};

/// The account that stands in the way of a new account, or of one value of an existing one.
pub(crate) fn in_the_way<'s>(cx: &Context<'s, '_>, user: UserNo, path: Option<&Path>) -> Option<&'s Taken> {
    let own = cx.links().of_user(user).filter(|link| is_own(cx, *link)).map(|link| &cx.link(link).remote);
    let taken = cx.differ.seen.taken.get(&user)?;
    taken.iter().find(|taken| {
        Some(&taken.holder) != own && path.is_none_or(|path| *path == taken.path) && !is_freed(cx, taken)
    })
}

/// False for a deleted account that the app goes on listing and that is not the person's: the id may be another person's now.
fn is_own(cx: &Context, link: LinkNo) -> bool {
    !cx.row(link).is_tombstone() || cx.is_verified(link)
}

/// True if this plan gives the holder another value. An account that cannot be used keeps what it has.
fn is_freed(cx: &Context, taken: &Taken) -> bool {
    let link = cx.links().of_remote(taken.holder.as_str()).filter(|link| cx.is_usable(*link));
    let Some(link) = link else { return false };
    let Some(row) = cx.seen(link) else { return false };
    let Some(user) = cx.row(link).number else { return false };
    let findings = row.findings.as_deref();
    matches!(cx.input.desired.standing(user), Standing::In)
        && cx.input.desired.app.users.actions.update
        && findings.is_some_and(|findings| {
            let mut of_path = findings.differences.iter().filter(|one| one.attribute.path == taken.path);
            of_path.any(|difference| difference.verdict.cause().is_ok())
        })
}

/// How to say that an id is another one's earlier one. An id that is declared is nobody's.
pub(crate) fn if_one_person(cx: &Context, id: &UserId, holder: &UserId) -> String {
    let first = match cx.number(holder) {
        Some(_) => format!("take {holder} out of the files, and "),
        None => String::new(),
    };
    format!("if they are one person, {first}put `previously: [{holder}]` below {id}")
}

/// What the plan says instead of the create or the update.
pub(crate) fn notice(cx: &Context, id: &UserId, taken: &Taken, what: &str) -> Notice {
    let (path, account) = (&taken.path, &taken.holder);
    let login = taken.name.as_deref().unwrap_or("no login");
    let link = cx.links().of_remote(account.as_str());
    let (of, hint) = match link.map(|link| (link, &cx.row(link).user)) {
        // The app goes on listing what was deleted.
        Some((_, holder)) if holder == id => (
            format!(", the deleted account of another person who had the id {id}"),
            format!(
                "give {id} another id, or the account another {path} in the app; `links: {{{id}: \"{account}\"}}` says that they are one person"
            ),
        ),
        Some((link, holder)) => {
            let other = format!("give {id} another value, or the account in the app");
            let hint = match cx.links().of_id(id) {
                None => format!("{}; if not, {other}", if_one_person(cx, id, holder)),
                // Two accounts are not one person's.
                Some(_) => other,
            };
            (whose(cx, link), hint)
        }
        None if cx.differ.manual.get(account).is_some_and(|owner| owner != id) => (
            ", which `links:` names for another person".to_owned(),
            format!(
                "once that account has another {path}, a plan goes on; if it is to keep it, give {id} another one"
            ),
        ),
        None => (
            ", which belongs to no person".to_owned(),
            format!(
                "`links: {{{id}: \"{account}\"}}` takes the account over; if it is another person's, give {id} another value"
            ),
        ),
    };
    let text = format!("{what}: {path} is on account {account} ({login}){of}");
    cx.notice(NoticeKind::NotPossible, id, text, Some(&hint))
}

/// ` of user:u05, who has left`.
fn whose(cx: &Context, link: LinkNo) -> String {
    let row = cx.row(link);
    let is = match row.number.map(|user| cx.input.desired.standing(user)) {
        None => ", who is not declared any more",
        Some(Standing::Out(OutReason::Left)) => ", who has left",
        Some(Standing::Out(OutReason::Ended)) => ", whose end has passed",
        Some(Standing::Suspended) => ", who is suspended",
        Some(Standing::Out(_)) => ", who is to have no account here",
        Some(Standing::In | Standing::Ignored | Standing::Unknown(_)) => "",
    };
    format!(" of user:{}{is}", row.user)
}
