//! Roles kept as values, shown as grants and sent once.

use std::collections::{BTreeMap, BTreeSet};

use super::compare::RoleValues;
use super::notice::NoticeKind;
use super::settle::Settling;
use super::work::RoleWork;
use crate::model::app::Drift;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Shown, Verdict};
use crate::model::ledger::{Link, LinkState};
use crate::model::{RemoteId, RoleId, RoleNo, UserId, UserNo, Value};
use crate::resolve::{DesiredAttribute, RoleStorage};

impl<'a> Settling<'_, 'a> {
    /// Grants that come with a new account.
    ///
    /// An account that is made again after somebody deleted it gets back what is privileged as drift: that is held.
    pub(super) fn initial_roles(
        &mut self,
        user: UserNo,
        id: &UserId,
        attributes: &[DesiredAttribute],
        cause: Cause,
    ) {
        let stores = |attribute: &&DesiredAttribute| attribute.stores_roles();
        let Some(attribute) = attributes.iter().find(stores).cloned() else {
            return;
        };
        let roles =
            RoleValues { attribute, actual: Vec::new(), held: BTreeSet::new(), undeclared: Vec::new() };
        for role in self.wanted_roles(user, &roles) {
            let change = self.grant(user, id, None, role, cause);
            self.push_grant(user, self.link_of(user), change);
        }
        self.role_work(id, &roles);
    }

    pub(super) fn role_changes(
        &mut self,
        user: UserNo,
        id: &UserId,
        remote: &RemoteId,
        link: Option<&Link>,
        roles: &RoleValues,
    ) {
        let wanted = self.wanted_roles(user, roles);
        let single = roles.attribute.roles == RoleStorage::One;
        let before = self.changes.len();
        let former = link.or_else(|| self.made_again(user));
        for role in wanted.iter().filter(|role| !roles.held.contains(role)) {
            let revalued = self.earlier_value(*role, roles);
            let given = revalued.is_none() && former.is_some_and(|link| self.was_given(link, *role));
            let cause = if given { Cause::Drift } else { Cause::Config };
            let mut change = self.grant(user, id, Some(remote), *role, cause);
            // A value that is replaced is shown, whoever put it there.
            let replaced = roles.undeclared.first().filter(|_| single).map(ToString::to_string);
            change.old.text = replaced.or(revalued);
            self.push_grant(user, former, change);
        }
        for role in roles.held.iter().filter(|role| !wanted.contains(role)) {
            let role_id = self.role_id(*role);
            let value =
                self.input().desired.role_value(*role).map(|value| value.to_string()).unwrap_or_default();
            self.revoke_value(user, id, remote, link, &role_id, &value);
            let kept = self.input().desired.roles_of(user).any(|kept| kept == *role);
            if let (true, true, Some(winner)) = (single, kept, wanted.first()) {
                self.outranked(id, &role_id, *winner);
            }
        }
        let granted = |change: &Change| change.kind == ChangeKind::RoleGrant && change.verdict.is_do();
        let replaced = single && self.changes[before..].iter().any(granted);
        self.undeclared_values(id, remote, link, roles, replaced);
        if single {
            let staying = roles.held.iter().filter(|role| !wanted.contains(role));
            self.hold_without_room(before, staying.count());
            self.grant_needs_room(before);
        }
        if self.changes.len() > before {
            self.role_work(id, roles);
        }
        self.observe_roles(user, id, link, roles);
    }

    /// Roles the attribute should hold: all of them, or the one of lowest precedence number.
    fn wanted_roles(&self, user: UserNo, roles: &RoleValues) -> BTreeSet<RoleNo> {
        let desired = self.input().desired;
        let values = desired.roles_of(user).filter(|role| desired.role_value(*role).is_some());
        match roles.attribute.roles {
            RoleStorage::One => values.take(1).collect(),
            _ => values.collect(),
        }
    }

    /// The link of an account that is gone and that another one takes the place of: what was given to it and is not
    /// there was taken away (safety.md 13).
    pub(super) fn made_again(&self, user: UserNo) -> Option<&'a Link> {
        let link = self.link_of(user).filter(|_| self.adopted.contains(&user))?;
        (!matches!(link.state, LinkState::Gone { .. })).then_some(link)
    }

    /// The ledger says we gave this role, under its id or an earlier one.
    pub(super) fn was_given(&self, link: &Link, role: RoleNo) -> bool {
        let role = &self.input().desired.app.roles[role.index()];
        std::iter::once(&role.id).chain(&role.previously).any(|id| link.roles.contains(id))
    }

    /// The role was managed at the end of a full apply, under its id or an earlier one.
    pub(super) fn was_managed(&self, role: &RoleId) -> bool {
        let app = self.input().desired.app;
        let earlier = app.role(role.as_str()).map(|role| &app.roles[role.index()].previously);
        std::iter::once(role)
            .chain(earlier.into_iter().flatten())
            .any(|id| self.input().ledger.roles.contains_key(id))
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
        let mut change = self.change(id, Facet::Role(declared.id.clone()), ChangeKind::RoleGrant, cause);
        change.remote = remote.cloned();
        change.new = Shown { text: Some(declared.id.to_string()), hash: None };
        change.privileged = declared.privileged;
        change.reasons = self.input().why_role(user, role);
        change
    }

    /// A privileged role that somebody else took away is held (safety.md 13).
    pub(super) fn push_grant(&mut self, user: UserNo, link: Option<&Link>, mut change: Change) {
        let Some(id) = self.subject(&change) else { return };
        if change.cause == Cause::Drift {
            let changed = link.and_then(|link| link.life).is_some_and(|known| known != self.life(user));
            if changed {
                change.cause = Cause::Config;
            } else if self.input().desired.app.drift == Drift::Report {
                let text = format!("lost role {} in the app", change.new.text.unwrap_or_default());
                return self.notice(NoticeKind::Drift, &id, text, None);
            } else if change.privileged && !self.input().enable.contains(&id) {
                let why = format!(
                    "somebody else took this privileged role away; --enable {id} or a change of status, start, end or grants gives it back"
                );
                change.verdict = Verdict::Held { by: "drift".into(), why };
            }
        }
        self.push_permitted(user, change);
    }

    /// A policy holds back grants, never a removal (safety.md 12).
    pub(super) fn push_permitted(&mut self, user: UserNo, mut change: Change) {
        if let Facet::Role(role) = &change.key.facet {
            let app = &self.input().desired.app.id;
            if let Some((policy, why)) = self.input().resolved.forbids(user, app, role) {
                change.verdict = Verdict::Held { by: format!("policy:{policy}").into(), why };
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

    fn role_work(&mut self, id: &UserId, roles: &RoleValues) {
        let app = self.input().desired.app;
        let declared = (0..app.roles.len()).map(RoleNo::from).filter_map(|role| {
            let value = self.input().desired.role_value(role)?;
            Some((app.roles[role.index()].id.clone(), Value::Str(value.clone())))
        });
        let former =
            self.input().ledger.roles.iter().map(|(role, value)| (role.clone(), Value::Str(value.clone())));
        let undeclared = roles.undeclared.iter().map(|value| {
            let text = value.to_string();
            let former = self.former_role_of(&text);
            let role = former.map_or_else(|| self.key_of_value(&text), |former| former.key());
            (role, value.clone())
        });
        let values: BTreeMap<_, _> = former.chain(undeclared).chain(declared).collect();
        let work = RoleWork {
            path: roles.attribute.path.clone(),
            single: roles.attribute.roles == RoleStorage::One,
            actual: roles.actual.clone(),
            values,
        };
        self.work.roles.insert(id.clone(), work);
    }

    /// Roles found as declared are ours from now on; those that are neither there nor declared are forgotten.
    fn observe_roles(&mut self, user: UserNo, id: &UserId, link: Option<&Link>, roles: &RoleValues) {
        let Some(link) = link else { return };
        let wanted = self.wanted_roles(user, roles);
        let there = |id: &RoleId| {
            let number = self.input().desired.app.role(id.as_str());
            match number {
                Some(role) => roles.held.contains(&role) || wanted.contains(&role),
                None => self.input().ledger.roles.contains_key(id) && !self.is_earlier_id(id),
            }
        };
        let mut known: BTreeSet<RoleId> = link.roles.iter().filter(|role| there(role)).cloned().collect();
        let found = roles.held.iter().filter(|role| wanted.contains(role));
        known.extend(found.map(|role| self.role_id(*role)));
        for role in wanted.iter().filter(|role| self.was_given(link, **role)) {
            known.insert(self.role_id(*role));
        }
        if known != link.roles {
            self.observe_link(id, link, |link| link.roles = known);
        }
    }

    fn is_earlier_id(&self, id: &RoleId) -> bool {
        let roles = &self.input().desired.app.roles;
        roles.iter().any(|role| role.previously.contains(id))
    }
}
