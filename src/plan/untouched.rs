//! Leavers whose account is left alone by `protect` or `links: {…: ignore}`: nothing changes, and it is said.

use super::age;
use super::links::LinkNo;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::{UserId, UserNo};
use crate::resolve::{self, Life};

impl Settling<'_, '_> {
    /// Somebody left out by hand (`links: {…: ignore}`).
    pub(super) fn ignored(&mut self, user: UserNo, id: &UserId) {
        if let Some(link) = self.links().of_user(user) {
            let hint = format!("disable it by hand, or take {id} out of `links:`");
            self.leaver_stays(id, link, "`links:` says ignore", &hint);
        }
    }

    /// Somebody whose account is protected.
    pub(super) fn protected(&mut self, id: &UserId, link: LinkNo) {
        let Some(seen) = self.seen(link).filter(|seen| seen.protected) else {
            return;
        };
        let remote = self.link(link).remote.as_str();
        let is_own = |own: &String| own == remote || seen.name.as_deref() == Some(own);
        if self.input().own.iter().any(is_own) {
            let hint = "give the connection an account that is nobody's";
            self.leaver_stays(id, link, "it is the connection's own", hint);
        } else {
            let hint = "disable it by hand, or take it out of `protect:`";
            self.leaver_stays(id, link, "`protect` names it", hint);
        }
    }

    fn leaver_stays(&mut self, id: &UserId, link: LinkNo, because: &str, hint: &str) {
        if !self.seen(link).is_some_and(|seen| seen.active) {
            return;
        }
        let resolved = self.input().resolved;
        let left = match self.links().row(link).number {
            None => "is not declared any more".to_owned(),
            Some(user) => match resolve::life(resolved.company, user, resolved.at) {
                Life::Left => "has left".to_owned(),
                Life::Suspended => "is suspended".to_owned(),
                Life::Ended => {
                    let end = resolved.company.users[user.index()].window.end;
                    let since = end.map(|end| age::ended(end, resolved.at)).unwrap_or_default();
                    format!("ended {since}")
                }
                Life::Active | Life::NotYet => return,
            },
        };
        let remote = &self.link(link).remote;
        let text = format!("{left}, and account {remote} stays active because {because}");
        self.notice(NoticeKind::Overdue, id, text, Some(hint));
    }
}
