//! Leavers whose account is left alone by `protect` or `links: {…: ignore}`: nothing changes, and the plan says so.

use crate::model::time::Ago;
use crate::model::{UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::notice::NoticeKind;
use crate::plan::reading::links::LinkNo;
use crate::resolve::{self, Life};

/// A person left out by hand (`links: {…: ignore}`).
pub(crate) fn ignored(cx: &Context, user: UserNo, id: &UserId) -> Decision {
    let Some(link) = cx.links().of_user(user) else {
        return Decision::default();
    };
    let hint = format!("disable it by hand, or take {id} out of `links:`");
    leaver_stays(cx, id, link, "`links:` says ignore", &hint)
}

/// A person whose account is protected; nothing if it is not.
pub(crate) fn protected(cx: &Context, id: &UserId, link: LinkNo) -> Decision {
    let Some(seen) = cx.seen(link).filter(|seen| seen.protected) else {
        return Decision::default();
    };
    let remote = cx.link(link).remote.as_str();
    let is_own = |own: &String| own == remote || seen.name.as_deref() == Some(own);
    if cx.input.own.iter().any(is_own) {
        let hint = "give the connection an account that is nobody's";
        leaver_stays(cx, id, link, "it is the connection's own", hint)
    } else {
        let hint = "disable it by hand, or take it out of `protect:`";
        leaver_stays(cx, id, link, "`protect` names it", hint)
    }
}

fn leaver_stays(cx: &Context, id: &UserId, link: LinkNo, because: &str, hint: &str) -> Decision {
    if !cx.is_on(link) {
        return Decision::default();
    }
    let resolved = cx.input.resolved;
    let left = match cx.row(link).number {
        None => "is not declared any more".to_owned(),
        Some(user) => match resolve::life(resolved.company, user, resolved.at) {
            Life::Left => "has left".to_owned(),
            Life::Suspended => "is suspended".to_owned(),
            Life::Ended => {
                let end = resolved.company.users[user.index()].window.end;
                let since = end.map(|end| Ago::ended(end, resolved.at).to_string()).unwrap_or_default();
                format!("ended {since}")
            }
            Life::Active | Life::NotYet => return Decision::default(),
        },
    };
    let remote = &cx.link(link).remote;
    let text = format!("{left}, and account {remote} stays active because {because}");
    cx.notice(NoticeKind::StillHasAccess, id, text, Some(hint)).into()
}
