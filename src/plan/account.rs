//! One person's account: what the life cycle asks for, given where the person stands and what was found.

use super::found::Found;
use super::links::LinkNo;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::app::Drift;
use crate::model::change::{Cause, ChangeKind, Facet, Object, Reason};
use crate::model::ledger::{LedgerUpdate, LinkState};
use crate::model::{UserId, UserNo};
use crate::resolve::{self, Life, OutReason, Standing};

impl Settling<'_, '_> {
    /// Decides about a declared person.
    pub(super) fn declared(&mut self, user: UserNo) {
        let id = self.user_id(user).clone();
        if self.is_frozen(&id) {
            return;
        }
        let standing = self.input().desired.standing(user);
        if let Standing::Unknown(why) = &standing {
            return self.undecided(&id, why.clone());
        }
        if standing == Standing::Ignored {
            return self.ignored(user, &id);
        }
        let found = self.links().of_user(user).map_or(Found::Nothing, |link| self.found(link));
        if self.input().desired.app.removed.is_some() {
            return self.given_up(&id, found);
        }
        self.doubtful_roles(user, &id);
        match found {
            Found::Unclear { link, why } => self.unclear(link, &id, &why),
            Found::Linked(link) => self.linked(user, &id, link, &standing),
            Found::Vanished(link) | Found::Tombstone(link) => self.vanished(user, &id, link, &standing),
            Found::Nothing => self.unlinked(user, &id, &standing),
        }
    }

    /// Nothing changes for somebody of whom it cannot be said what they should have (safety.md 9).
    fn undecided(&mut self, id: &UserId, why: String) {
        let hint = "until this is decided, nothing changes for this person in this app";
        self.notice(NoticeKind::Undecided, id, why, Some(hint));
        self.freeze(id.clone());
    }

    pub(super) fn unclear(&mut self, link: LinkNo, id: &UserId, why: &str) {
        let text = format!("cannot tell whether account {} is still there: {why}", self.link(link).remote);
        let hint = "nothing changes for this person until the app answers";
        self.notice(NoticeKind::Undecided, id, text, Some(hint));
        self.freeze(id.clone());
    }

    /// Roles and memberships that cannot be decided stay as they are, and are said.
    fn doubtful_roles(&mut self, user: UserNo, id: &UserId) {
        if !self.doubtful.contains(user.0) {
            return;
        }
        let desired = self.input().desired;
        let roles = desired.roles.iter().zip(&desired.app.roles);
        let roles = roles.filter(|(holders, _)| holders.unknown.contains(user.0));
        let groups = desired.groups.iter().filter(|group| group.role.is_none());
        let groups = groups.filter(|group| group.holders.unknown.contains(user.0));
        let mut doubtful: Vec<_> = roles.map(|(_, role)| format!("have role {}", role.id)).collect();
        doubtful.extend(groups.map(|group| format!("be in {}", group.object)));
        if !doubtful.is_empty() {
            let text = format!("cannot say whether they should {}", doubtful.join(", "));
            let hint = "it stays as it is until a rule can be decided: give its attributes a value, or guard it with `has(…)`";
            self.notice(NoticeKind::Undecided, id, text, Some(hint));
        }
    }

    /// A link whose account was seen. True if it may be written.
    pub(super) fn usable(&mut self, link: LinkNo, id: &UserId) -> bool {
        let remote = self.link(link).remote.clone();
        let Some(seen) = self.seen(link) else { return false };
        if seen.protected {
            // It can still be referred to.
            if let Some(user) = self.links().row(link).number {
                self.hold_account(user, &remote);
            }
            return false;
        }
        if !seen.verified {
            let name = seen.name.as_deref().unwrap_or("no name").to_owned();
            let ours = self.links().row(link).number.map(|user| self.matching_words(user));
            let text = format!(
                "account {remote} ({name}) has none of the matching values of {id}{}, neither today's nor the last ones seen",
                ours.unwrap_or_default()
            );
            let hint = format!(
                "if it is the right account, correct its values in the app; if not, `rolecall ledger unlink` {id}"
            );
            self.notice(NoticeKind::LinkConflict, id, text, Some(&hint));
            self.freeze(id.clone());
            return false;
        }
        true
    }

    /// ` (userName ada@acme.example)`: our side of a conflict.
    fn matching_words(&self, user: UserNo) -> String {
        let sensitive = self.input().desired.sensitive_paths();
        let matching = self.input().desired.matching(user);
        let shown = matching.iter().filter(|(path, _)| !sensitive.contains(path.key()));
        let words: Vec<_> = shown.map(|(path, value)| format!("{path} {value}")).collect();
        if words.is_empty() { String::new() } else { format!(" ({})", words.join(", ")) }
    }

    fn linked(&mut self, user: UserNo, id: &UserId, link: LinkNo, standing: &Standing) {
        if !self.usable(link, id) {
            return self.protected(id, link);
        }
        self.renamed(link, id);
        let known = self.link(link);
        let active = self.seen(link).is_some_and(|seen| seen.active);
        match standing {
            Standing::In if matches!(known.state, LinkState::Gone { .. }) => {
                self.returns(user, id, link, active)
            }
            Standing::In if active => {
                self.hold_account(user, &known.remote);
                self.attributes(user, id, link);
                if known.state != LinkState::Active && !self.is_frozen(id) {
                    self.observe_active(link, id);
                }
            }
            Standing::In => self.enable(user, id, link),
            Standing::Suspended => {
                self.hold_account(user, &known.remote);
                if active {
                    let reasons = self.why_suspended(user);
                    self.disable(link, id, Cause::Left, reasons, None);
                } else {
                    self.observe_disabled(link, id);
                }
            }
            Standing::Out(out) => self.take_away_declared(user, id, link, *out),
            Standing::Ignored | Standing::Unknown(_) => {}
        }
    }

    pub(super) fn why_suspended(&self, user: UserNo) -> Vec<Reason> {
        let declared = &self.input().resolved.company.users[user.index()];
        let text = format!("user:{} is declared suspended", declared.id);
        vec![self.input().reason(text, declared.life_span)]
    }

    /// A link without its account: gone behind our back, or a tombstone.
    fn vanished(&mut self, user: UserNo, id: &UserId, link: LinkNo, standing: &Standing) {
        let is_tombstone = self.links().row(link).is_tombstone();
        if !matches!(standing, Standing::In) {
            self.renamed(link, id);
            if !is_tombstone {
                self.observe_gone(link, id);
            }
            return;
        }
        match self.candidate(user, id) {
            Some(row) => {
                self.renamed(link, id);
                self.adopt(user, id, &row, ChangeKind::Relink);
            }
            None if self.is_frozen(id) => {}
            None if !is_tombstone && self.input().desired.app.drift == Drift::Report => {
                let text = format!("account {} is gone from the app", self.link(link).remote);
                let hint = "`drift: report` leaves it so; `drift: revert` makes a new one";
                self.notice(NoticeKind::Drift, id, text, Some(hint));
            }
            None => {
                self.renamed(link, id);
                let cause = if is_tombstone { Cause::Config } else { Cause::Drift };
                self.create(user, id, cause);
            }
        }
    }

    pub(super) fn observe_gone(&mut self, link: LinkNo, id: &UserId) {
        let since = self.input().resolved.at;
        let known = self.link(link);
        self.observe_link(id, known, |link| {
            link.state = LinkState::Gone { since };
            // Whoever returns gets their roles by what is declared then.
            link.roles.clear();
        });
    }

    fn unlinked(&mut self, user: UserNo, id: &UserId, standing: &Standing) {
        if self.differ.protection.names_user(id) {
            return;
        }
        let candidate = self.candidate(user, id);
        match (standing, candidate) {
            (Standing::In, Some(row)) => self.adopt(user, id, &row, ChangeKind::Adopt),
            (Standing::In, None) if self.is_frozen(id) => {}
            (Standing::In, None) => self.create(user, id, self.start_or_config(user)),
            (standing, Some(row)) if row.active && self.is_leaver(user, standing) => {
                self.adopt_leaver(user, id, &row)
            }
            _ => {}
        }
    }

    /// `start`, if it came after the last applied commit.
    pub(super) fn start_or_config(&self, user: UserNo) -> Cause {
        let start = self.input().resolved.company.users[user.index()].window.start;
        let applied = self.input().ledger.applied.as_ref().map(|applied| applied.at);
        match (start, applied) {
            (Some(start), Some(applied)) if applied < start => Cause::Start,
            _ => Cause::Config,
        }
    }

    /// Declared to have no access, as against merely not assigned.
    pub(super) fn is_leaver(&self, user: UserNo, standing: &Standing) -> bool {
        match standing {
            Standing::Suspended | Standing::Out(OutReason::Left | OutReason::Ended) => true,
            Standing::Out(_) => {
                let resolved = self.input().resolved;
                resolve::life(resolved.company, user, resolved.at) == Life::Suspended
            }
            _ => false,
        }
    }

    fn create(&mut self, user: UserNo, id: &UserId, cause: Cause) {
        if !self.input().desired.app.users.actions.create {
            return self.forbid("create", "add `create` to `users.actions` if it should", id);
        }
        if !self.input().capabilities.create_users {
            let text = "this app cannot create accounts".to_owned();
            let hint = "create the account in the app; the next plan adopts it";
            return self.notice(NoticeKind::NotPossible, id, text, Some(hint));
        }
        match self.input().desired.attributes(user) {
            Ok(attributes) => {
                self.hold_new_account(user);
                self.creates.push((user, cause, attributes));
            }
            Err(why) => self.unmappable(id, &why),
        }
    }

    pub(super) fn unmappable(&mut self, id: &UserId, why: &str) {
        self.freeze(id.clone());
        let hint = "until this is put right, nothing changes for this person in this app";
        self.notice(NoticeKind::Undecided, id, why.to_owned(), Some(hint));
    }

    /// The ledger still holds an earlier id.
    pub(super) fn renamed(&mut self, link: LinkNo, id: &UserId) {
        if let Some(from) = self.links().row(link).moved_from.clone() {
            self.moves.push((from, id.clone(), self.link(link).remote.clone()));
        }
    }

    /// Moves of the ledger; shown as a change of their own where the person has no other change of life.
    pub(super) fn settle_moves(&mut self) {
        let lives = self.changes.iter().filter(|change| change.key.facet == Facet::Life);
        let taken: std::collections::HashSet<Object> =
            lives.map(|change| change.key.object.clone()).collect();
        for (from, to, remote) in std::mem::take(&mut self.moves).into_iter().rev() {
            if !taken.contains(&Object::User(to.clone())) {
                let mut change = self.change(&to, Facet::Life, ChangeKind::Relink, Cause::Config);
                change.remote = Some(remote);
                change.old.text = Some(from.to_string());
                let number = self.input().resolved.company.user(to.as_str());
                let span = number.map(|number| self.input().resolved.company.users[number.index()].span);
                change.reasons = vec![self.input().reason(format!("user:{to} was user:{from}"), span)];
                self.push(change);
            }
            self.work.observed.insert(0, LedgerUpdate::MoveUser { from, to });
        }
    }
}
