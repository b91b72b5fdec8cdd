//! Roles kept as values, shown as grants and sent once.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::RoleValues;
use super::notice::NoticeKind;
use super::settle::Settling;
use super::work::RoleWork;
use crate::model::app::{Drift, MembersPolicy};
use crate::model::change::{Cause, Change, ChangeKind, Facet, Shown, Verdict};
use crate::model::ledger::Link;
use crate::model::{RemoteId, RoleId, RoleNo, UserId, UserNo, Value};
use crate::resolve::{DesiredAttribute, RoleStorage};

impl Settling<'_, '_> {
    /// Grants that come with a new account.
    pub(super) fn initial_roles(&mut self, user: UserNo, id: &UserId, attributes: &[DesiredAttribute]) {
        let stores =
            |attribute: &&DesiredAttribute| matches!(attribute.roles, RoleStorage::One | RoleStorage::All);
        let Some(attribute) = attributes.iter().find(stores).cloned() else {
            return;
        };
        let roles = RoleValues {
            attribute,
            actual: Vec::new(),
            held: BTreeSet::new(),
            undeclared: Vec::new(),
        };
        for role in self.wanted_roles(user, &roles) {
            let change = self.grant(user, id, None, role, Cause::Config);
            self.push(change);
        }
        self.role_work(id, &roles);
    }

    pub(super) fn role_changes(
        &mut self,
        user: UserNo,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        roles: RoleValues,
    ) {
        let wanted = self.wanted_roles(user, &roles);
        let before = self.changes.len();
        for role in wanted.iter().filter(|role| !roles.held.contains(role)) {
            let given = link.is_some_and(|link| link.roles.contains(&self.role_id(*role)));
            let cause = if given { Cause::Drift } else { Cause::Config };
            let change = self.grant(user, id, Some(remote), *role, cause);
            self.push_grant(user, link, change);
        }
        for role in roles.held.iter().filter(|role| !wanted.contains(role)) {
            let role_id = self.role_id(*role);
            let value = self
                .input()
                .desired
                .role_value(*role)
                .map(|value| value.to_string())
                .unwrap_or_default();
            self.revoke_value(user, id, remote, link, &role_id, &value);
        }
        let replaces = roles.attribute.roles == RoleStorage::One && !wanted.is_empty();
        self.undeclared_values(id, remote, &roles, replaces);
        if roles.attribute.roles == RoleStorage::One {
            self.hold_without_room(before, &roles, wanted.first().copied());
        }
        if self.changes.len() > before {
            self.role_work(id, &roles);
        }
        self.observe_roles(user, id, link, &roles);
    }

    /// Roles the attribute should hold: all of them, or the one of lowest precedence number.
    fn wanted_roles(&self, user: UserNo, roles: &RoleValues) -> BTreeSet<RoleNo> {
        let desired = self.input().desired;
        let values = desired
            .roles_of(user)
            .filter(|role| desired.role_value(*role).is_some());
        match roles.attribute.roles {
            RoleStorage::One => values.take(1).collect(),
            _ => values.collect(),
        }
    }

    pub(super) fn role_id(&self, role: RoleNo) -> RoleId {
        self.input().desired.app.roles[role.index()].id.clone()
    }

    /// A grant of a role, however it is stored.
    pub(super) fn grant(
        &self,
        user: UserNo,
        id: &UserId,
        remote: Option<&RemoteId>,
        role: RoleNo,
        cause: Cause,
    ) -> Change {
        let declared = &self.input().desired.app.roles[role.index()];
        let mut change = self.change(
            id,
            Facet::Role(declared.id.clone()),
            ChangeKind::RoleGrant,
            cause,
            7,
        );
        change.remote = remote.cloned();
        change.new = Shown {
            text: Some(declared.id.to_string()),
            hash: None,
        };
        change.privileged = declared.privileged;
        change.reasons = self.input().why_role(user, role);
        change
    }

    /// A privileged role that somebody else took away is held (safety.md 13).
    pub(super) fn push_grant(&mut self, user: UserNo, link: Option<&Link>, mut change: Change) {
        let Some(id) = self.subject(&change) else { return };
        if change.cause == Cause::Drift {
            let changed = link
                .and_then(|link| link.life)
                .is_some_and(|known| known != self.life(user));
            if changed {
                change.cause = Cause::Config;
            } else if self.input().desired.app.drift == Drift::Report {
                let text = format!(
                    "{} was taken away in the app",
                    change.new.text.unwrap_or_default()
                );
                return self.notice(NoticeKind::Drift, &id, text, None);
            } else if change.privileged && !self.input().enable.contains(&id) {
                let why = format!(
                    "somebody else took this privileged role away; --enable {id} or a change of status, start, end or grants gives it back"
                );
                change.verdict = Verdict::Held {
                    by: "drift".into(),
                    why,
                };
            }
        }
        self.push(change);
    }

    fn subject(&self, change: &Change) -> Option<UserId> {
        match &change.key.object {
            crate::model::change::Object::User(id) => Some(id.clone()),
            _ => None,
        }
    }

    fn revoke_value(
        &mut self,
        user: UserNo,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        role: &RoleId,
        value: &str,
    ) {
        let given = link.is_some_and(|link| link.roles.contains(role));
        if self.adopted.contains(&user) {
            return;
        }
        let managed = self.input().ledger.roles.contains_key(role) || given;
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
        let lapsed =
            number.is_some_and(|role| self.input().desired.roles[role.index()].lapsed.contains(user.0));
        let cause = match (given, lapsed) {
            (_, true) => Cause::Expiry,
            (true, false) => Cause::Config,
            (false, false) => Cause::Drift,
        };
        let phase = if cause.is_declared() { 1 } else { 8 };
        let mut change = self.change(
            id,
            Facet::Role(role.clone()),
            ChangeKind::RoleRevoke,
            cause,
            phase,
        );
        change.remote = remote.cloned();
        change.old = Shown {
            text: Some(if value.is_empty() {
                role.to_string()
            } else {
                value.to_owned()
            }),
            hash: None,
        };
        change.privileged = number.is_some_and(|role| app.roles[role.index()].privileged);
        let (text, span) = match (number, cause) {
            (None, _) => (format!("role {role} is not declared any more"), None),
            (Some(role_no), Cause::Expiry) => (
                format!("the grant of {role} to user:{id} has expired"),
                Some(app.roles[role_no.index()].span),
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

    pub(super) fn push_revocation(&mut self, id: &UserId, change: Change) {
        if change.cause == Cause::Drift && self.input().desired.app.drift == Drift::Report {
            let text = format!("{} was gained in the app", change.old.text.unwrap_or_default());
            return self.notice(NoticeKind::Drift, id, text, None);
        }
        self.push_removal(change);
    }

    /// Values that are no declared role: former roles of ours are revoked, others stay unless membership is exact.
    /// The value a grant takes the place of, in an attribute for one role, goes with it.
    fn undeclared_values(&mut self, id: &UserId, remote: &RemoteId, roles: &RoleValues, replaced: bool) {
        let exact = replaced || self.input().desired.app.groups.members == MembersPolicy::Exact;
        let user = self.input().resolved.company.user(id.as_str());
        let mut strangers = Vec::new();
        for value in &roles.undeclared {
            let text = value.to_string();
            let former = self.former_role_of(&text);
            match (former, user) {
                (Some(role), Some(user)) => {
                    let change = self.revocation(user, id, Some(remote), &role, true, &text);
                    self.push_revocation(id, change);
                }
                (None, Some(user)) if exact && !self.adopted.contains(&user) => {
                    let role = self.role_of_value(&text);
                    let change = self.revocation(user, id, Some(remote), &role, false, &text);
                    self.push_revocation(id, change);
                }
                _ => strangers.push(text),
            }
        }
        if !strangers.is_empty() && roles.attribute.roles == RoleStorage::All {
            let text = format!(
                "holds {}, which is no declared role: it stays",
                strangers.join(", ")
            );
            self.notice(
                NoticeKind::Strangers,
                id,
                text,
                Some("declare the role, or set `groups.members: exact`"),
            );
        }
    }

    /// The role that was kept as this value, and is not any more.
    fn former_role_of(&self, text: &str) -> Option<RoleId> {
        let known = &self.input().ledger.roles;
        let (role, _) = known.iter().find(|(_, value)| ***value == *text)?;
        let is_declared = self.input().desired.app.role(role.as_str()).is_some();
        // The id may mean another role by now, kept elsewhere.
        Some(if is_declared {
            self.role_of_value(text)
        } else {
            role.clone()
        })
    }

    /// An id for a value that is no declared role: never that of one.
    fn role_of_value(&self, text: &str) -> RoleId {
        match self.input().desired.app.role(text) {
            Some(_) => RoleId::new(format!("={text}")),
            None => RoleId::new(text),
        }
    }

    /// Where an attribute keeps one role only and what is there stays, nothing can be granted.
    fn hold_without_room(&mut self, from: usize, roles: &RoleValues, wanted: Option<RoleNo>) {
        let wanted = wanted.and_then(|role| self.input().desired.role_value(role));
        let is_other = |value: &&Value| wanted.is_none_or(|wanted| value.to_string() != **wanted);
        let others = roles.actual.iter().filter(is_other).count();
        let changes = &mut self.changes[from..];
        let is_going = |change: &&Change| change.kind == ChangeKind::RoleRevoke && change.verdict.is_do();
        if changes.iter().filter(is_going).count() >= others {
            return;
        }
        let grants = changes
            .iter_mut()
            .filter(|change| change.kind == ChangeKind::RoleGrant);
        for grant in grants.filter(|grant| grant.verdict.is_do()) {
            let why =
                "the app keeps one role of this account, and the one that is there is not to be revoked now";
            grant.verdict = Verdict::Held {
                by: "one-role".into(),
                why: why.to_owned(),
            };
        }
    }

    fn role_work(&mut self, id: &UserId, roles: &RoleValues) {
        let app = self.input().desired.app;
        let declared = (0..app.roles.len()).map(RoleNo::from).filter_map(|role| {
            let value = self.input().desired.role_value(role)?;
            Some((app.roles[role.index()].id.clone(), Value::Str(value.clone())))
        });
        let former = self
            .input()
            .ledger
            .roles
            .iter()
            .map(|(role, value)| (role.clone(), Value::Str(value.clone())));
        let undeclared = roles
            .undeclared
            .iter()
            .map(|value| (self.role_of_value(&value.to_string()), value.clone()));
        let values: BTreeMap<_, _> = undeclared.chain(former).chain(declared).collect();
        let work = RoleWork {
            path: roles.attribute.path.clone(),
            single: roles.attribute.roles == RoleStorage::One,
            actual: roles.actual.clone(),
            values,
        };
        self.work.roles.insert(id.clone(), work);
    }

    /// Roles found as declared are ours from now on.
    fn observe_roles(&mut self, user: UserNo, id: &UserId, link: Option<&Link>, roles: &RoleValues) {
        let Some(link) = link else { return };
        let wanted = self.wanted_roles(user, roles);
        let found: Vec<_> = roles
            .held
            .iter()
            .filter(|role| wanted.contains(role))
            .map(|role| self.role_id(*role))
            .collect();
        if found.iter().any(|role| !link.roles.contains(role)) {
            self.observe_link(id, link, |link| link.roles.extend(found));
        }
    }
}
