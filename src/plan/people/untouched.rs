//! People who are to have no access, and whose account is left alone by `protect` or `links: {…: ignore}`: nothing changes, and the plan says so.

use super::beyond;
use super::found::live_match;
use crate::model::time::Ago;
use crate::model::{RemoteId, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::NoticeKind;
use crate::plan::reading::links::LinkNo;
use crate::resolve::{self, Life};

/// What ends a protection.
pub(super) const NOT_PROTECTED: &str = "disable it by hand, or take it out of `protect:`";

/// A person left out by hand (`links: {…: ignore}`).
pub(crate) fn ignored(cx: &Context, user: UserNo, id: &UserId) -> Decision {
    let because = "`links:` says ignore";
    let hint = format!("disable it by hand, or take {id} out of `links:`");
    match cx.links().of_user(user) {
        Some(link) if cx.is_on(link) => {
            leaver_stays(cx, id, Some(user), &cx.link(link).remote, because, &hint)
                .and(beyond::values(cx, user, link))
        }
        Some(_) => Decision::default(),
        None => unlinked(cx, user, id, because, &hint),
    }
}

/// A person without a link whose account, if one matches, is left alone.
pub(crate) fn unlinked(cx: &Context, user: UserNo, id: &UserId, because: &str, hint: &str) -> Decision {
    match live_match(cx, user) {
        Some(row) => leaver_stays(cx, id, Some(user), &row.remote, because, hint),
        None => Decision::default(),
    }
}

/// A person whose account is protected; nothing if it is not.
pub(crate) fn protected(cx: &Context, id: &UserId, link: LinkNo) -> Decision {
    let Some(seen) = cx.seen(link).filter(|seen| seen.protected && cx.is_on(link)) else {
        return Decision::default();
    };
    let (user, remote) = (cx.row(link).number, &cx.link(link).remote);
    let is_own = |own: &String| own == remote.as_str() || seen.name.as_deref() == Some(own);
    if cx.input.own.iter().any(is_own) {
        let hint = "give the connection an account that is nobody's";
        leaver_stays(cx, id, user, remote, "it is the connection's own", hint)
    } else {
        leaver_stays(cx, id, user, remote, "`protect` names it", NOT_PROTECTED)
    }
}

/// A person who is to have no account in an app that is given up and in which accounts stay; nothing if it is off.
pub(super) fn given_up(cx: &Context, id: &UserId, link: LinkNo) -> Decision {
    if !cx.is_on(link) {
        return Decision::default();
    }
    let because = "`removed: {accounts: keep}` gives the app up, and the ledger forgets it";
    let hint = "disable it in the app by hand, or write `removed: {accounts: disable}`";
    leaver_stays(cx, id, cx.row(link).number, &cx.link(link).remote, because, hint)
}

/// The account `remote` is on.
fn leaver_stays(
    cx: &Context,
    id: &UserId,
    user: Option<UserNo>,
    remote: &RemoteId,
    because: &str,
    hint: &str,
) -> Decision {
    let resolved = cx.input.resolved;
    let left = match user {
        None => "is not declared any more".to_owned(),
        Some(user) => match resolve::life(resolved.company, user, resolved.at) {
            Life::Left => "has left".to_owned(),
            Life::Suspended => "is suspended".to_owned(),
            Life::Ended => {
                let end = resolved.company.users[user.index()].window.end;
                let since = end.map(|end| Ago::ended(end, resolved.at).to_string()).unwrap_or_default();
                format!("ended {since}")
            }
            Life::Active | Life::NotYet if is_to_lose(cx, user) => "is to have no account here".to_owned(),
            Life::Active | Life::NotYet => return Decision::default(),
        },
    };
    let text = format!("{left}, and account {remote} stays active because {because}");
    cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)).into()
}

/// True if the account would be taken from somebody who is no leaver, were it not left alone. Without a link, the line says that it is
/// to stay.
fn is_to_lose(cx: &Context, user: UserNo) -> bool {
    let users = &cx.input.desired.app.users;
    let takes = !users.deprovision.is_keep() && users.actions.deprovision;
    takes && cx.link_of(user).is_some() && cx.input.desired.is_out_but_for_ignore(user)
}
