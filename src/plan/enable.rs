//! Accounts that are turned on again: after our own disabling, after a return, or held (safety.md 13, 16).

use super::links::LinkNo;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::change::{Cause, ChangeKind, Facet, Verdict};
use crate::model::ledger::{Link, LinkState};
use crate::model::{UserId, UserNo};

impl Settling<'_, '_> {
    /// The mapping of a seen account could not be evaluated: the person keeps what they have.
    pub(super) fn is_unmappable(&mut self, id: &UserId, link: LinkNo) -> bool {
        let findings = self.seen(link).and_then(|seen| seen.findings.as_deref());
        let Some(why) = findings.and_then(|findings| findings.error.clone()) else {
            return false;
        };
        self.unmappable(id, &why);
        true
    }

    /// The account is off and should be on: by our hand, or by somebody else's (safety.md 13).
    pub(super) fn enable(&mut self, user: UserNo, id: &UserId, link: LinkNo) {
        if self.is_unmappable(id, link) {
            return;
        }
        if !self.input().desired.app.users.actions.update {
            return self.forbid("enable", "add `update` to `users.actions` if it should", id);
        }
        if !self.input().capabilities.disable_users {
            let hint = "turn the account on in the app by hand";
            let text = "the account is off, and this app lets nobody turn accounts on".to_owned();
            return self.notice(NoticeKind::NotPossible, id, text, Some(hint));
        }
        let known = self.link(link);
        let ours = matches!(known.state, LinkState::Disabled { .. }) || self.interrupted(id);
        let changed = known.life.is_some_and(|known| known != self.life(user));
        let asked = self.input().enable.contains(id);
        let cause = if ours || changed { self.start_or_config(user) } else { Cause::Drift };
        let mut change = self.change(id, Facet::Life, ChangeKind::Enable, cause);
        change.remote = Some(known.remote.clone());
        change.reasons = self.input().why_account(user);
        if ours || changed || asked {
            self.hold_account(user, &known.remote);
            self.attributes(user, id, link);
        } else {
            let why = format!(
                "somebody else disabled this account; --enable {id} or a change of status, start, end or grants turns it on"
            );
            change.verdict = Verdict::Held { by: "drift".into(), why };
        }
        self.push(change);
    }

    /// An id that returns takes up its own account again (safety.md 16).
    pub(super) fn returns(&mut self, user: UserNo, id: &UserId, link: LinkNo, active: bool) {
        if self.is_unmappable(id, link) {
            return;
        }
        let known = self.link(link);
        let mut change = self.change(id, Facet::Life, ChangeKind::Relink, Cause::Config);
        change.remote = Some(known.remote.clone());
        if !active {
            change.turn_on();
        }
        change.reasons = self.input().why_account(user);
        let entry = Link {
            state: match active {
                true => LinkState::Active,
                // Until it is turned on, it is off by our leave.
                false => LinkState::Disabled { since: self.input().resolved.at },
            },
            life: Some(self.life(user)),
            commit: self.input().commit.map(Into::into),
            ..known.clone()
        };
        self.work.links.insert(id.clone(), entry);
        self.hold_account(user, &known.remote);
        self.push(change);
        self.attributes(user, id, link);
    }
}
