//! One person's account: what the life cycle asks for, given where the person stands and what was found.

use super::found::Found;
use super::links::LinkNo;
use super::notice::{Notice, NoticeKind};
use super::page::UnlinkedRow;
use super::settle::Settling;
use crate::model::app::{Adopt, Deprovision};
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Reason, Verdict};
use crate::model::ledger::{LinkState, Origin};
use crate::model::{UserId, UserNo};
use crate::resolve::{OutReason, Standing};

impl Settling<'_, '_> {
    /// Decides about a declared person.
    pub(super) fn declared(&mut self, user: UserNo) {
        let id = self.user_id(user).clone();
        if self.is_frozen(&id) {
            return;
        }
        let standing = self.input().desired.standing(user);
        if let Standing::Unknown(why) = &standing {
            let hint = "until this is decided, nothing changes for this person in this app";
            self.notice(NoticeKind::Undecided, &id, why.clone(), Some(hint));
            return;
        }
        if standing == Standing::Ignored {
            return;
        }
        let found = self.found(user);
        match found {
            Found::Unclear { link, why } => {
                let text = format!(
                    "cannot tell whether account {} is still there: {why}",
                    self.link(link).remote
                );
                self.notice(
                    NoticeKind::Undecided,
                    &id,
                    text,
                    Some("nothing changes for this person until the app answers"),
                );
            }
            Found::Linked(link) => self.linked(user, &id, link, &standing),
            Found::Vanished(link) | Found::Tombstone(link) => self.vanished(user, &id, link, &standing),
            Found::Nothing => self.unlinked(user, &id, &standing),
        }
    }

    /// Decides about somebody the ledger knows and the repository does not.
    pub(super) fn undeclared(&mut self, link: LinkNo) {
        let id = self.links().row(link).user.clone();
        if self.is_frozen(&id) || self.links().row(link).is_tombstone() {
            return;
        }
        if let Some(lookalike) = self.seen(link).and_then(|seen| seen.lookalike) {
            let twin = self.user_id(lookalike).clone();
            if self.links().of_user(lookalike).is_none() {
                self.rename_suspected(&id, &twin, lookalike);
                return;
            }
        }
        if !self.usable(link, &id) {
            return;
        }
        let reasons = vec![Reason {
            text: format!("user:{id} is not declared any more"),
            place: None,
        }];
        self.take_away(link, &id, Cause::Config, reasons, true);
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
            self.notice_at(
                NoticeKind::RenameSuspected,
                id,
                text.clone(),
                Some(&hint),
                Some(span),
            );
            self.freeze(id.clone());
        }
    }

    /// A link whose account was seen. True if it may be written.
    fn usable(&mut self, link: LinkNo, id: &UserId) -> bool {
        let remote = self.link(link).remote.clone();
        let Some(seen) = self.seen(link) else { return false };
        if seen.protected {
            return false;
        }
        if !seen.verified {
            let name = seen.name.as_deref().unwrap_or("no name").to_owned();
            let text = format!(
                "account {remote} ({name}) has none of the matching values of {id}, neither today's nor the last ones seen"
            );
            let hint = format!(
                "if it is the right account, correct it in the app or name it below `links:`; if not, `rolecall ledger unlink` {id}"
            );
            self.notice(NoticeKind::LinkConflict, id, text, Some(&hint));
            return false;
        }
        true
    }

    fn linked(&mut self, user: UserNo, id: &UserId, link: LinkNo, standing: &Standing) {
        if !self.usable(link, id) {
            return;
        }
        self.renamed(link, id);
        let active = self.seen(link).is_some_and(|seen| seen.active);
        let ours = matches!(self.link(link).state, LinkState::Disabled { .. });
        match standing {
            Standing::In if active => {
                self.hold_account(user, link);
                self.attributes(user, id, link);
                if ours {
                    self.observe_active(link, id);
                }
            }
            Standing::In => self.enable(user, id, link, ours),
            Standing::Suspended if active => {
                self.hold_account(user, link);
                let span = self.input().resolved.company.users[user.index()].life_span;
                let reasons = vec![
                    self.input()
                        .reason(format!("user:{id} is declared suspended"), span),
                ];
                self.disable(link, id, Cause::Left, reasons, true);
            }
            Standing::Suspended => self.hold_account(user, link),
            Standing::Out(out) => {
                let reasons = self.input().why_out(user, *out);
                let cause = match out {
                    OutReason::Left => Cause::Left,
                    OutReason::Ended | OutReason::Lapsed => Cause::Expiry,
                    _ => Cause::Config,
                };
                self.take_away(
                    link,
                    id,
                    cause,
                    reasons,
                    *out == OutReason::Left || *out == OutReason::Ended,
                );
            }
            Standing::Ignored | Standing::Unknown(_) => {}
        }
    }

    /// The account is off and should be on: by our hand, or by somebody else's (safety.md 13).
    fn enable(&mut self, user: UserNo, id: &UserId, link: LinkNo, ours: bool) {
        if !self.input().desired.app.users.actions.update {
            return self.forbid("enable", "update", id);
        }
        let life = self.life(user);
        let changed = self.link(link).life.is_some_and(|known| known != life);
        let allowed = ours || changed || self.input().enable.contains(id);
        let cause = if ours || changed {
            Cause::Config
        } else {
            Cause::Drift
        };
        let mut change = self.change(id, Facet::Life, ChangeKind::Enable, cause, 4);
        change.remote = Some(self.link(link).remote.clone());
        change.reasons = self.input().why_account(user);
        if allowed {
            self.hold_account(user, link);
            self.attributes(user, id, link);
        } else {
            let why = format!(
                "somebody else disabled this account; --enable {id} or a change of status, start, end or grants turns it on"
            );
            change.verdict = Verdict::Held {
                by: "drift".into(),
                why,
            };
        }
        self.push(change);
    }

    /// The person is to have no active account.
    fn take_away(&mut self, link: LinkNo, id: &UserId, cause: Cause, reasons: Vec<Reason>, may_delete: bool) {
        let policy = &self.input().desired.app.users;
        let (deprovision, allowed) = (policy.deprovision, policy.actions.deprovision);
        let active = self.seen(link).is_some_and(|seen| seen.active);
        if deprovision == Deprovision::Keep {
            if active {
                self.kept.push(id.clone());
            }
            return;
        }
        if !allowed {
            if active {
                self.forbid("disable", "deprovision", id);
            }
            return;
        }
        if active {
            return self.disable(link, id, cause, reasons, cause.is_declared());
        }
        let LinkState::Disabled { since } = self.link(link).state else {
            return;
        };
        let Deprovision::Delete { after } = deprovision else {
            return;
        };
        let due = since
            .as_second()
            .saturating_add(i64::try_from(after.as_secs()).unwrap_or(i64::MAX));
        let owned = self.link(link).origin == Origin::Created || self.input().desired.app.delete_adopted;
        if may_delete && owned && due <= self.input().resolved.at.as_second() {
            let mut change = self.change(id, Facet::Life, ChangeKind::Delete, cause, 9);
            change.remote = Some(self.link(link).remote.clone());
            change.reasons = reasons;
            change.reasons.push(Reason {
                text: format!("disabled since {since}, `delete_after` has passed"),
                place: None,
            });
            self.push_removal(change);
        }
    }

    fn disable(&mut self, link: LinkNo, id: &UserId, cause: Cause, reasons: Vec<Reason>, declared: bool) {
        if !self.input().capabilities.disable_users {
            let text = "this app cannot disable accounts";
            return self.notice(
                NoticeKind::StillHasAccess,
                id,
                text.into(),
                Some("remove the account in the app by hand"),
            );
        }
        let mut change = self.change(
            id,
            Facet::Life,
            ChangeKind::Disable,
            cause,
            if declared { 1 } else { 9 },
        );
        change.remote = Some(self.link(link).remote.clone());
        change.reasons = reasons;
        if declared && !self.completed() {
            let text = "has an active account, and no full apply of this app has run to its end: it is disabled by the next plan".to_owned();
            self.notice(
                NoticeKind::StillHasAccess,
                id,
                text,
                Some("apply this plan, then plan again"),
            );
        }
        self.push_removal(change);
    }

    /// A link without its account: gone behind our back, or a tombstone.
    fn vanished(&mut self, user: UserNo, id: &UserId, link: LinkNo, standing: &Standing) {
        match standing {
            Standing::In => match self.candidate(user, id) {
                Some(row) => self.adopt(user, id, &row, ChangeKind::Relink),
                None if self.is_frozen(id) => {}
                None => {
                    self.recreated += u64::from(!self.links().row(link).is_tombstone());
                    let cause = if self.links().row(link).is_tombstone() {
                        Cause::Config
                    } else {
                        Cause::Drift
                    };
                    self.create(user, id, cause);
                }
            },
            _ if self.links().row(link).is_tombstone() => {}
            _ => {
                let since = self.input().resolved.at;
                let known = self.link(link);
                self.observe_link(id, known, |link| link.state = LinkState::Gone { since });
            }
        }
    }

    fn unlinked(&mut self, user: UserNo, id: &UserId, standing: &Standing) {
        if self.differ.protection.names_user(id) {
            return;
        }
        let candidate = self.candidate(user, id);
        match (standing, candidate) {
            (Standing::In, Some(row)) => self.adopt(user, id, &row, ChangeKind::Adopt),
            (Standing::In, None) if self.is_frozen(id) => {}
            (Standing::In, None) => self.create(user, id, Cause::Config),
            (Standing::Suspended, Some(row)) if row.active => self.adopt_leaver(user, id, &row),
            (Standing::Out(OutReason::Left | OutReason::Ended), Some(row)) if row.active => {
                self.adopt_leaver(user, id, &row)
            }
            _ => {}
        }
    }

    fn create(&mut self, user: UserNo, id: &UserId, cause: Cause) {
        if !self.input().desired.app.users.actions.create {
            return self.forbid("create", "create", id);
        }
        if !self.input().capabilities.create_users {
            let text = "this app cannot create accounts".to_owned();
            return self.notice(
                NoticeKind::NotPossible,
                id,
                text,
                Some("create the account in the app; the next plan adopts it"),
            );
        }
        match self.input().desired.attributes(user) {
            Ok(attributes) => {
                self.hold_new_account(user);
                self.creates.push((user, cause, attributes));
            }
            Err(why) => self.unmappable(id, &why),
        }
    }

    /// Takes over an account that matches: a line of the plan, never an accident (safety.md 2).
    fn adopt(&mut self, user: UserNo, id: &UserId, row: &UnlinkedRow, kind: ChangeKind) {
        let listed = self.differ.manual.get(&row.remote) == Some(id);
        let ours = self.crashed_create(id) || self.tombstone_of(id) == Some(&row.remote);
        let refusal = if ours && !row.protected {
            None
        } else {
            self.refusal(user, id, row, listed)
        };
        if let Some(why) = refusal {
            let name = row.name.as_deref().unwrap_or("no name");
            let text = format!("account {} ({name}) matches, but {why}", row.remote);
            let hint = format!("if it is theirs, say so: `links: {{{id}: \"{}\"}}`", row.remote);
            self.freeze(id.clone());
            return self.notice(NoticeKind::NotAdopted, id, text, Some(&hint));
        }
        let findings =
            super::compare::account(self.input().desired, self.input().key, user, None, &row.values);
        if let Some(why) = &findings.error {
            return self.unmappable(id, why);
        }
        let kind = if self.tombstone_of(id) == Some(&row.remote) {
            ChangeKind::Relink
        } else {
            kind
        };
        let cause = if self.crashed_create(id) {
            Cause::Retry
        } else {
            Cause::Config
        };
        let mut change = self.change(id, Facet::Life, kind, cause, 3);
        change.remote = Some(row.remote.clone());
        change.reasons = self.adoption_reasons(user, row, listed);
        self.adopted.insert(user);
        self.claimed.insert(row.remote.clone(), id.clone());
        self.adoption_link(user, id, row, &findings);
        self.hold_adopted(user, row);
        if !row.active {
            // Listed or returning: turned on with the adoption, whose key it would share.
            (change.old.text, change.new.text) = (Some("inactive".to_owned()), Some("active".to_owned()));
            change.phase = 4;
        }
        self.push(change);
        self.attribute_changes(user, id, &row.remote, None, findings);
    }

    fn adopt_leaver(&mut self, user: UserNo, id: &UserId, row: &UnlinkedRow) {
        let listed = self.differ.manual.get(&row.remote) == Some(id);
        let name = row.name.as_deref().unwrap_or("no name");
        let access = format!("account {} ({name}) is active", row.remote);
        let hint = if let Some(why) = self.leaver_refusal(id, row, listed) {
            format!("it is not taken over, because {why}; disable it in the app, or name it below `links:`")
        } else {
            let mut change = self.change(id, Facet::Life, ChangeKind::Adopt, Cause::Left, 3);
            change.remote = Some(row.remote.clone());
            change.reasons = self.adoption_reasons(user, row, listed);
            self.claimed.insert(row.remote.clone(), id.clone());
            self.adoption_link(user, id, row, &super::compare::Findings::default());
            self.push(change);
            "this plan adopts the account, the next one disables it".to_owned()
        };
        self.notice(NoticeKind::StillHasAccess, id, access, Some(&hint));
    }

    fn leaver_refusal(&self, id: &UserId, row: &UnlinkedRow, listed: bool) -> Option<String> {
        match self.input().desired.app.adopt {
            _ if listed => None,
            Adopt::Never => Some("`adopt: never`".to_owned()),
            Adopt::Listed => Some("`adopt: listed` and it is not below `links:`".to_owned()),
            Adopt::Matched => self.identity_refusal(id, row),
        }
    }

    /// Why an account may not be taken over without being listed.
    fn refusal(&self, user: UserNo, id: &UserId, row: &UnlinkedRow, listed: bool) -> Option<String> {
        if row.protected {
            return Some("it is protected".to_owned());
        }
        match self.input().desired.app.adopt {
            _ if listed => return None,
            Adopt::Never => return Some("`adopt: never`".to_owned()),
            Adopt::Listed => return Some("`adopt: listed` and it is not below `links:`".to_owned()),
            Adopt::Matched => {}
        }
        if !row.active {
            return Some("it is inactive".to_owned());
        }
        self.identity_refusal(id, row)
            .or_else(|| self.privilege_refusal(user, row))
    }

    fn identity_refusal(&self, id: &UserId, row: &UnlinkedRow) -> Option<String> {
        if row.protected {
            return Some("it is protected".to_owned());
        }
        let external = row
            .external_id
            .as_deref()
            .filter(|external| !external.is_empty())?;
        (self.differ.maps_external_id && !self.is_our_external_id(id, row, external))
            .then(|| format!("its externalId is \"{external}\", which is not ours"))
    }

    /// A role or managed membership that nobody declared for this person.
    fn privilege_refusal(&self, user: UserNo, row: &UnlinkedRow) -> Option<String> {
        let findings =
            super::compare::account(self.input().desired, self.input().key, user, None, &row.values);
        if let Some(roles) = &findings.roles {
            let desired: Vec<_> = self.input().desired.roles_of(user).collect();
            if let Some(role) = roles.held.iter().find(|role| !desired.contains(role)) {
                let role = &self.input().desired.app.roles[role.index()].id;
                return Some(format!(
                    "it holds the role {role}, which {} is not declared to have",
                    self.user_id(user)
                ));
            }
        }
        let group = self.membership_beyond(user, &row.remote, row.name.as_deref())?;
        Some(format!(
            "it is a member of {group}, which {} is not declared to be in",
            self.user_id(user)
        ))
    }

    pub(super) fn unmappable(&mut self, id: &UserId, why: &str) {
        self.freeze(id.clone());
        let hint = "until this is put right, nothing changes for this person in this app";
        self.notice(NoticeKind::Undecided, id, why.to_owned(), Some(hint));
    }

    /// Removals wait for the first full apply (safety.md 5).
    pub(super) fn push_removal(&mut self, mut change: Change) {
        if !self.completed() && change.verdict.is_do() {
            let why = "until a full apply of this app has run to its end, nobody is removed: apply, then plan again";
            change.verdict = Verdict::Held {
                by: "first-apply".into(),
                why: why.to_owned(),
            };
        }
        self.push(change);
    }

    pub(super) fn notice(&mut self, kind: NoticeKind, id: &UserId, text: String, hint: Option<&str>) {
        let number = self.input().resolved.company.user(id.as_str());
        let span = number.map(|number| self.input().resolved.company.users[number.index()].span);
        self.notice_at(kind, id, text, hint, span);
    }

    fn notice_at(
        &mut self,
        kind: NoticeKind,
        id: &UserId,
        text: String,
        hint: Option<&str>,
        span: Option<crate::model::Span>,
    ) {
        let place = span.and_then(|span| self.input().files.place(span));
        let subject = Some(Object::User(id.clone()));
        self.notices.push(Notice {
            kind,
            subject,
            text,
            hint: hint.map(str::to_owned),
            place,
        });
    }
}
