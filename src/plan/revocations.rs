//! Roles that are taken away: no longer declared, expired, gained by drift, stored otherwise, or outranked.

use super::compare::RoleValues;
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::app::{Drift, MembersPolicy};
use crate::model::change::{Cause, Change, ChangeKey, ChangeKind, Facet, Object, Phase, Shown};
use crate::model::ledger::Link;
use crate::model::{RemoteId, RoleId, RoleNo, UserId, UserNo};
use crate::resolve::{RoleStorage, why};

/// A role of ours that the app still shows under a value it is not stored as any more.
pub(super) struct FormerRole {
    role: RoleId,
    value: String,
    /// It is still declared, with another value.
    is_declared: bool,
}

impl FormerRole {
    /// A role that is stored otherwise today goes by both, since its id alone is the key of the grant of today's value.
    pub fn key(&self) -> RoleId {
        if self.is_declared {
            RoleId::new(format!("{}={}", self.role, self.value))
        } else {
            self.role.clone()
        }
    }

    fn was_given(&self, link: Option<&Link>) -> bool {
        link.is_some_and(|link| link.roles.contains(&self.role))
    }
}

impl Settling<'_, '_> {
    /// The value the account still has from a time when the role was stored as another one.
    pub(super) fn earlier_value(&self, role: RoleNo, roles: &RoleValues) -> Option<String> {
        let value = self.input().ledger.roles.get(&self.role_id(role))?;
        let texts = roles.undeclared.iter().map(ToString::to_string);
        texts.into_iter().find(|text| *text == **value)
    }

    /// One role fits into the attribute, and another one of the person's comes first.
    pub(super) fn outranked(&mut self, id: &UserId, role: &RoleId, winner: RoleNo) {
        let declared = &self.input().desired.app.roles[winner.index()];
        let text = format!(
            "the app holds one role, and {} comes before {role} (precedence {})",
            declared.id, declared.precedence
        );
        let reason = self.input().reason(text, declared.span);
        let winner = declared.id.clone();
        let Some(change) = self.changes.last() else {
            return;
        };
        if change.key.object != Object::User(id.clone()) || change.key.facet != Facet::Role(role.clone()) {
            return;
        }
        let grant = ChangeKey { facet: Facet::Role(winner), ..change.key.clone() };
        if !self.changes.iter().any(|change| change.key == grant) {
            self.changes.pop();
            return;
        }
        let Some(change) = self.changes.last_mut() else {
            return;
        };
        change.reasons = vec![reason];
        // Only the grant takes it away: it comes no earlier, and without the grant it stays.
        change.phase = Phase::Remove;
        let revocation = change.key.clone();
        self.needs(grant.clone(), revocation.clone());
        self.needs(revocation, grant);
    }

    /// A role of a conflict policy goes before its counterpart comes (safety.md 14), or the counterpart waits.
    fn make_room(&mut self, user: UserNo, change: &mut Change) {
        let Facet::Role(role) = &change.key.facet else {
            return;
        };
        let app = &self.input().desired.app.id;
        let Some((_, wanted)) = self.input().resolved.counterpart(user, app, role) else {
            return;
        };
        change.phase = change.phase.min(Phase::MakeRoom);
        if wanted.app == *app {
            let grant = ChangeKey { facet: Facet::Role(wanted.role.clone()), ..change.key.clone() };
            self.needs(grant, change.key.clone());
        }
    }

    pub(super) fn revoke_value(
        &mut self,
        user: UserNo,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        role: &RoleId,
        value: &str,
    ) {
        let number = self.input().desired.app.role(role.as_str());
        let given = link.is_some_and(|link| {
            link.roles.contains(role) || number.is_some_and(|number| self.was_given(link, number))
        });
        if self.adopted.contains(&user) {
            return;
        }
        let managed = self.was_managed(role) || given;
        if !managed && self.completed() {
            let text = format!(
                "holds the role {role}, which is managed for the first time by this plan and not declared for {id}"
            );
            return self.notice(NoticeKind::Strangers, id, text, Some("the next plan revokes it"));
        }
        if self.input().desired.app.groups.members == MembersPolicy::Add && !given {
            return;
        }
        let change = self.revocation(user, id, Some(remote), role, given, value);
        self.push_revocation(id, change);
    }

    /// A revocation of a role, however it is stored.
    pub(super) fn revocation(
        &self,
        user: UserNo,
        id: &UserId,
        remote: Option<&RemoteId>,
        role: &RoleId,
        given: bool,
        value: &str,
    ) -> Change {
        let app = self.input().desired.app;
        let number = app.role(role.as_str());
        let lapsed = |role: &RoleNo| self.input().desired.roles[role.index()].lapsed.contains(user.0);
        let expired = number
            .filter(lapsed)
            .and_then(|role| why::expired(self.input().resolved, self.input().desired, user, Some(role)))
            .filter(|(end, _)| self.is_news(user, *end));
        let lapsed = expired.is_some();
        let cause = match (given, lapsed) {
            (_, true) => Cause::Expiry,
            (true, false) => Cause::Config,
            (false, false) => Cause::Drift,
        };
        let mut change = self.change(id, Facet::Role(role.clone()), ChangeKind::RoleRevoke, cause);
        change.remote = remote.cloned();
        change.old = Shown {
            text: Some(if value.is_empty() { role.to_string() } else { value.to_owned() }),
            hash: None,
        };
        change.privileged = number.is_some_and(|role| app.roles[role.index()].privileged);
        let (text, span) = match (number, cause) {
            (None, _) => (format!("role {role} is not declared any more"), None),
            (Some(role_no), Cause::Expiry) => (
                format!(
                    "the grant of {role} to user:{id} expired{}",
                    self.input().since(expired.map(|(end, _)| end))
                ),
                Some(expired.map_or(app.roles[role_no.index()].span, |(_, span)| span)),
            ),
            (Some(role_no), Cause::Drift) => (
                format!("somebody in the app gave {role} to user:{id}; nothing here does"),
                Some(app.roles[role_no.index()].span),
            ),
            (Some(role_no), _) => (
                format!("nothing assigns {role} to user:{id} any more"),
                Some(app.roles[role_no.index()].span),
            ),
        };
        change.reasons = vec![self.input().reason(text, span)];
        change
    }

    pub(super) fn push_revocation(&mut self, id: &UserId, mut change: Change) {
        if change.cause == Cause::Drift && self.input().desired.app.drift == Drift::Report {
            let text = match (&change.key.facet, &change.key.object) {
                (Facet::Role(role), _) => format!("gained role {role} in the app"),
                (_, object) => format!("was added to {object} in the app"),
            };
            return self.notice(NoticeKind::Drift, id, text, None);
        }
        if let (Facet::Role(role), Some(user)) =
            (&change.key.facet, self.input().resolved.company.user(id.as_str()))
        {
            if let (Cause::Expiry, Some(role)) = (change.cause, self.input().desired.app.role(role.as_str()))
            {
                let ended = why::expired(self.input().resolved, self.input().desired, user, Some(role));
                self.ends.extend(ended.map(|(end, _)| (change.key.clone(), end)));
            }
            self.make_room(user, &mut change);
        }
        self.push_removal(change);
    }

    /// Values that are no declared role: former roles of ours are revoked, others stay unless membership is exact.
    pub(super) fn undeclared_values(
        &mut self,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        roles: &RoleValues,
        replaced: bool,
    ) {
        let policy = self.input().desired.app.groups.members;
        let (exact, adds) = (policy == MembersPolicy::Exact, policy == MembersPolicy::Add);
        let user = self.input().resolved.company.user(id.as_str());
        let mut strangers = Vec::new();
        let adopted = user.is_some_and(|user| self.adopted.contains(&user));
        for value in &roles.undeclared {
            let text = value.to_string();
            match (self.former_role_of(&text), user) {
                (Some(former), Some(user)) if !adopted && (!adds || former.was_given(link)) => {
                    // Where one value fits, the grant itself replaces it.
                    if !replaced {
                        let key = former.key();
                        let mut change = self.revocation(user, id, Some(remote), &key, true, &text);
                        if former.is_declared {
                            let text = format!("role {} is not stored as \"{text}\" any more", former.role);
                            change.reasons = vec![self.input().reason(text, self.input().desired.app.span)];
                        }
                        self.push_revocation(id, change);
                    }
                }
                (None, Some(user)) if exact && !replaced && !adopted => {
                    let key = self.key_of_value(&text);
                    let change = self.revocation(user, id, Some(remote), &key, false, &text);
                    self.push_revocation(id, change);
                }
                _ => strangers.push(text),
            }
        }
        if !strangers.is_empty() && roles.attribute.roles == RoleStorage::All {
            let text = format!("holds {}, which is no declared role: it stays", strangers.join(", "));
            self.notice(
                NoticeKind::Strangers,
                id,
                text,
                Some("declare the role, or set `groups.members: exact`"),
            );
        }
    }

    /// The role of ours that was stored as this value.
    pub(super) fn former_role_of(&self, text: &str) -> Option<FormerRole> {
        let mut known = self.input().ledger.roles.iter();
        let (role, value) = known.find(|(_, value)| ***value == *text)?;
        Some(FormerRole {
            role: role.clone(),
            value: value.to_string(),
            is_declared: self.input().desired.app.role(role.as_str()).is_some(),
        })
    }
}
