//! Is an `expires` that has passed the reason why somebody loses something? Only if it passed since they were last
//! found to lack nothing: whoever an older line once covered, and another one until now, has not left by it.

use std::collections::BTreeSet;

use super::links::LinkNo;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::change::{Change, Object};
use crate::model::time::Timestamp;
use crate::model::{UserId, UserNo};
use crate::resolve::{OutReason, Standing};

impl Settling<'_, '_> {
    /// True if this end is news to the ledger.
    pub(super) fn is_news(&self, user: UserNo, end: Timestamp) -> bool {
        let known = self.link_of(user).and_then(|link| link.lapsed);
        known.is_none_or(|known| end > known)
    }

    /// Why somebody is out, as far as it explains a loss of today.
    pub(super) fn today(&self, user: UserNo, out: OutReason) -> OutReason {
        let ended = self.input().ended(user, out);
        match out {
            OutReason::Lapsed if !ended.is_some_and(|end| self.is_news(user, end)) => OutReason::NotAssigned,
            other => other,
        }
    }

    /// Ends that passed, for the ledger: of people who have an account and owe nothing by this plan at once, of others
    /// with a change once their losses are done.
    pub(super) fn observe_lapses(&mut self) {
        let desired = self.input().desired;
        if desired.ends.is_empty() {
            return;
        }
        let owing = self.owing();
        let spoken_of: BTreeSet<UserNo> = self.changes.iter().filter_map(|c| self.person(c)).collect();
        for (user, end) in &desired.ends {
            let id = self.user_id(*user);
            if !self.is_news(*user, *end)
                || self.is_frozen(id)
                || !matches!(desired.standing(*user), Standing::In)
            {
                continue;
            }
            let link = self.links().of_user(*user).filter(|_| !owing.contains(id));
            let usable = |link: &LinkNo| {
                let seen = self.seen(*link);
                seen.is_some_and(|seen| seen.verified && !seen.protected)
            };
            if let Some(link) = link.filter(usable) {
                self.observe_link(id, self.link(link), |link| link.lapsed = Some(*end));
            } else if spoken_of.contains(user) {
                self.work.lapses.insert(id.clone(), *end);
            }
        }
    }

    /// People who lose something by this plan, or by a later one.
    fn owing(&self) -> BTreeSet<UserId> {
        let losses = self.changes.iter().filter_map(Change::loser);
        let later = self.notices.iter().filter_map(|notice| match &notice.subject {
            Some(Object::User(id)) if notice.kind == NoticeKind::Strangers => Some(id),
            _ => None,
        });
        losses.chain(later).cloned().collect()
    }
}
