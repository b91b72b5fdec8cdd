//! Losing the account: declared leaving, absence, an app that is given up (safety.md 12, 16).

use super::age;
use super::found::Found;
use super::links::LinkNo;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::app::{Deprovision, Removed};
use crate::model::change::{Cause, ChangeKind, Facet, Object, Phase, Reason};
use crate::model::ledger::{LinkState, Origin};
use crate::model::time::Timestamp;
use crate::model::{UserId, UserNo};
use crate::resolve::{OutReason, Standing};

/// Somebody who is to have no active account.
struct Leaving<'r> {
    id: &'r UserId,
    link: LinkNo,
    cause: Cause,
    reasons: Vec<Reason>,
    /// Left or absent: the account may be deleted in time. Leaving the scope never deletes.
    may_delete: bool,
    /// The declared end.
    ended: Option<Timestamp>,
}

impl Settling<'_, '_> {
    /// Decides about somebody the ledger knows and the repository does not.
    pub(super) fn undeclared(&mut self, link: LinkNo) {
        let id = self.links().row(link).user.clone();
        if self.is_frozen(&id) {
            // Whoever would match the account of somebody in doubt is in doubt as well.
            if let Some(lookalike) = self.seen(link).and_then(|seen| seen.lookalike) {
                let twin = self.user_id(lookalike).clone();
                self.rename_suspected(&id, &twin, lookalike);
            }
            return;
        }
        let found = self.found(link);
        if self.input().desired.app.removed.is_some() {
            return self.given_up(&id, found);
        }
        match found {
            Found::Tombstone(_) | Found::Nothing => return,
            Found::Unclear { link, why } => return self.unclear(link, &id, &why),
            Found::Vanished(link) => return self.observe_gone(link, &id),
            Found::Linked(_) => {}
        }
        if let Some(lookalike) = self.seen(link).and_then(|seen| seen.lookalike) {
            let twin = self.user_id(lookalike).clone();
            return self.rename_suspected(&id, &twin, lookalike);
        }
        if !self.usable(link, &id) {
            return self.protected(&id, link);
        }
        let reasons = vec![Reason { text: format!("user:{id} is not declared any more"), place: None }];
        self.take_away(Leaving {
            id: &id,
            link,
            cause: Cause::Config,
            reasons,
            may_delete: true,
            ended: None,
        });
    }

    fn rename_suspected(&mut self, old: &UserId, new: &UserId, number: UserNo) {
        let span = self.input().resolved.company.users[number.index()].span;
        let hint = format!(
            "if {new} is the same person, add `previously: [{old}]` to {new}; if not, `rolecall ledger unlink` {old}"
        );
        let text = format!(
            "{old} is not declared any more, and the new id {new} would match its account: neither is changed"
        );
        for id in [old, new] {
            let subject = Object::User(id.clone());
            let (text, hint) = (text.clone(), Some(&*hint));
            self.notice_at(NoticeKind::RenameSuspected, subject, text, hint, Some(span));
            self.freeze(id.clone());
        }
    }

    /// A declared person who is out.
    pub(super) fn take_away_declared(&mut self, user: UserNo, id: &UserId, link: LinkNo, out: OutReason) {
        let out = self.today(user, out);
        let (cause, reasons) = match out {
            OutReason::Left => (Cause::Left, self.input().why_out(user, out)),
            OutReason::Ended => (Cause::Expiry, self.input().why_out(user, out)),
            _ if self.is_leaver(user, &Standing::Out(out)) => (Cause::Left, self.why_suspended(user)),
            OutReason::Lapsed => (Cause::Expiry, self.input().why_out(user, out)),
            _ => (Cause::Config, self.input().why_out(user, out)),
        };
        self.take_away(Leaving {
            id,
            link,
            cause,
            reasons,
            may_delete: matches!(out, OutReason::Left | OutReason::Ended),
            ended: self.input().ended(user, out),
        });
    }

    fn take_away(&mut self, leaving: Leaving) {
        let policy = &self.input().desired.app.users;
        let (id, link) = (leaving.id, leaving.link);
        let active = self.seen(link).is_some_and(|seen| seen.active);
        let stays = policy.deprovision == Deprovision::Keep;
        if stays || !policy.actions.deprovision {
            if active {
                self.keeps_account(&leaving, stays);
            }
            return;
        }
        if active {
            return self.disable(link, id, leaving.cause, leaving.reasons, leaving.ended);
        }
        self.observe_disabled(link, id);
        self.delete_when_due(leaving, policy.deprovision);
    }

    /// The account stays by configuration; what is not declared any more does not.
    fn keeps_account(&mut self, leaving: &Leaving, stays: bool) {
        let id = leaving.id;
        let hint =
            if stays { "`users.deprovision: keep` says so" } else { "`users.actions` has no `deprovision`" };
        if let Some(ended) = leaving.ended {
            let since = age::ended(ended, self.input().resolved.at);
            let text = format!("ended {since}, and still has an active account");
            self.notice(NoticeKind::Overdue, id, text, Some(hint));
        } else if leaving.cause == Cause::Left {
            let text = "is declared to have no access, and still has an active account".to_owned();
            self.notice(NoticeKind::Overdue, id, text, Some(hint));
        } else if stays {
            self.kept.push(id.clone());
        } else {
            self.forbid("disable", "add `deprovision` to `users.actions` if it should", id);
        }
        let user = self.links().row(leaving.link).number;
        let findings = self.seen(leaving.link).and_then(|seen| seen.findings.as_deref());
        if let (Some(user), Some(roles)) = (user, findings.and_then(|findings| findings.roles.as_ref())) {
            let known = self.link(leaving.link);
            self.hold_account(user, &known.remote);
            let before = self.changes.len();
            self.role_changes(user, id, &known.remote, Some(known), roles);
            if leaving.cause.is_declared() {
                for change in &mut self.changes[before..] {
                    (change.cause, change.phase) = (leaving.cause, Phase::Leave);
                    change.reasons.clone_from(&leaving.reasons);
                }
            }
        }
    }

    fn delete_when_due(&mut self, leaving: Leaving, deprovision: Deprovision) {
        let known = self.link(leaving.link);
        let (LinkState::Disabled { since }, Deprovision::Delete { after }) = (&known.state, deprovision)
        else {
            return;
        };
        let due = since.as_second().saturating_add(i64::try_from(after.as_secs()).unwrap_or(i64::MAX));
        let owned = known.origin == Origin::Created || self.input().desired.app.delete_adopted;
        if !leaving.may_delete || !owned || due > self.input().resolved.at.as_second() {
            return;
        }
        if !self.input().capabilities.delete_users {
            let text = "the account is due for deletion, and this app cannot delete accounts".to_owned();
            let hint = "delete it in the app by hand, or set `users.deprovision: disable`";
            return self.notice(NoticeKind::NotPossible, leaving.id, text, Some(hint));
        }
        let mut change = self.change(leaving.id, Facet::Life, ChangeKind::Delete, leaving.cause);
        change.remote = Some(known.remote.clone());
        change.reasons = leaving.reasons;
        let since = age::since(*since, self.input().resolved.at);
        change
            .reasons
            .push(Reason { text: format!("disabled {since}, and `delete_after` has passed"), place: None });
        self.push_removal(change);
    }

    /// Turns an account off; `ended` is when the declared end came.
    pub(super) fn disable(
        &mut self,
        link: LinkNo,
        id: &UserId,
        cause: Cause,
        reasons: Vec<Reason>,
        ended: Option<Timestamp>,
    ) {
        if !self.input().capabilities.disable_users {
            let text = "the account is active, and this app cannot disable accounts".to_owned();
            let hint = "turn it off in the app by hand";
            return self.notice(NoticeKind::StillHasAccess, id, text, Some(hint));
        }
        let declared = cause.is_declared();
        let mut change = self.change(id, Facet::Life, ChangeKind::Disable, cause);
        change.remote = Some(self.link(link).remote.clone());
        change.reasons = reasons;
        if declared && !self.completed() {
            let text = "has an active account, and no full apply of this app has run to its end".to_owned();
            let hint = "apply this plan; the next one disables the account";
            self.notice(NoticeKind::StillHasAccess, id, text, Some(hint));
        } else if let Some(ended) = ended {
            self.ends.insert(change.key.clone(), ended);
        }
        self.push_removal(change);
    }

    /// The app is given up (`removed:`): accounts stay or are disabled, then they are forgotten (safety.md 4).
    pub(super) fn given_up(&mut self, id: &UserId, found: Found) {
        let link = match found {
            Found::Nothing => return,
            Found::Unclear { link, why } => return self.unclear(link, id, &why),
            Found::Linked(link) | Found::Vanished(link) | Found::Tombstone(link) => link,
        };
        let text = format!("app {} is being given up (`removed:`)", self.input().desired.app.id);
        let reasons = vec![self.input().reason(text, self.input().desired.app.span)];
        let disables = self.input().desired.app.removed == Some(Removed::Disable);
        let seen = self.seen(link).map(|seen| (seen.active, seen.protected));
        if let (true, Some((true, false))) = (disables, seen) {
            if self.usable(link, id) {
                self.disable(link, id, Cause::Config, reasons, None);
            }
            return;
        }
        let mut change = self.change(id, Facet::Life, ChangeKind::Forget, Cause::Config);
        change.remote = Some(self.link(link).remote.clone());
        change.reasons = reasons;
        self.renamed(link, id);
        self.push(change);
    }
}
