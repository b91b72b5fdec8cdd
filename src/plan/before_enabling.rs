//! An account that is turned on gives back whatever it still holds: what is taken from its owner goes first, and is
//! gone before it is on (safety.md 13, 14).

use std::collections::{BTreeMap, BTreeSet, HashMap};

use super::settle::Settling;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object, Phase};
use crate::model::{RoleId, UserId, UserNo};

impl Settling<'_, '_> {
    /// Revocations and removals of somebody whose account is turned on come before that, and hold it if they are held.
    pub(super) fn lose_before_enabling(&mut self) {
        let enables: HashMap<UserId, ChangeKey> = self.changes.iter().filter_map(enabling).collect();
        if enables.is_empty() {
            return;
        }
        self.mark_privileged(&enables);
        let mut single: BTreeSet<UserId> = BTreeSet::new();
        for place in 0..self.changes.len() {
            let change = &self.changes[place];
            let is_loss = matches!(change.kind, ChangeKind::RoleRevoke | ChangeKind::MemberRemove);
            let Some((id, enable)) =
                change.loser().filter(|_| is_loss).and_then(|id| Some((id, enables.get(id)?)))
            else {
                continue;
            };
            let loss = change.key.clone();
            // What makes room for a grant goes with it, in one write.
            let latest = match self.work.needs.contains_key(&loss) {
                true => Phase::Update,
                false => Phase::MakeRoom,
            };
            if self.work.roles.get(id).is_some_and(|roles| roles.single) {
                single.insert(id.clone());
            }
            self.changes[place].phase = self.changes[place].phase.min(latest);
            let enable = enable.clone();
            self.needs(enable, loss);
        }
        // Where one role fits, the grant carries the revocation: an app may refuse to have none at all.
        for change in &mut self.changes {
            let (Object::User(id), Facet::Role(role)) = (&change.key.object, &change.key.facet) else {
                continue;
            };
            let roles = self.work.roles.get(id).filter(|_| single.contains(id));
            let is_value = roles.is_some_and(|roles| roles.values.contains_key(role));
            if change.kind == ChangeKind::RoleGrant && is_value {
                change.phase = Phase::MakeRoom;
            }
        }
    }

    /// Whoever gets an account back that shows a privileged role, and keeps it, gains privileged access.
    fn mark_privileged(&mut self, enables: &HashMap<UserId, ChangeKey>) {
        let mut shown = self.privileged_members(enables);
        for id in enables.keys() {
            shown.entry(id.clone()).or_default().extend(self.privileged_values(id));
        }
        for change in &self.changes {
            if let (ChangeKind::RoleRevoke, Some(id), Facet::Role(role)) =
                (change.kind, change.loser(), &change.key.facet)
                && let Some(roles) = shown.get_mut(id)
            {
                roles.remove(role);
            }
        }
        shown.retain(|_, roles| !roles.is_empty());
        for change in &mut self.changes {
            if enabling(change).is_some_and(|(id, _)| shown.contains_key(&id)) {
                change.privileged = true;
            }
        }
    }

    /// Privileged roles that the account shows as values.
    fn privileged_values(&self, id: &UserId) -> BTreeSet<RoleId> {
        let app = self.input().desired.app;
        let privileged = |role: &RoleId| {
            let number = app.role(role.as_str());
            number.is_some_and(|role| app.roles[role.index()].privileged)
        };
        if let Some(adopted) = self.work.links.get(id).filter(|_| self.is_adopted(id)) {
            return adopted.roles.iter().filter(|role| privileged(role)).cloned().collect();
        }
        let link = self.links().of_id(id);
        let findings = link.and_then(|link| self.seen(link)?.findings.as_deref());
        let shown: Vec<RoleId> = match findings.and_then(|findings| findings.roles.as_ref()) {
            Some(roles) => roles.held.iter().map(|role| self.role_id(*role)).collect(),
            // Not compared: whatever we gave is taken to be there.
            None => link.into_iter().flat_map(|link| self.link(link).roles.clone()).collect(),
        };
        shown.into_iter().filter(privileged).collect()
    }

    fn is_adopted(&self, id: &UserId) -> bool {
        let user: Option<UserNo> = self.input().resolved.company.user(id.as_str());
        user.is_some_and(|user| self.adopted.contains(&user))
    }

    /// Of these people, who is in a group of the app that stands for a privileged role.
    fn privileged_members(&self, enables: &HashMap<UserId, ChangeKey>) -> BTreeMap<UserId, BTreeSet<RoleId>> {
        let mut shown: BTreeMap<UserId, BTreeSet<RoleId>> = BTreeMap::new();
        for (role, remote) in &self.privileged_groups {
            let row = self.differ.seen.groups.get(remote);
            let members = row.and_then(|row| row.members.as_ref());
            for link in members.into_iter().flatten().filter_map(|member| self.member_link(member)) {
                let id = &self.links().row(link).user;
                if enables.contains_key(id) {
                    shown.entry(id.clone()).or_default().insert(role.clone());
                }
            }
        }
        shown
    }
}

/// The change that turns somebody's account on.
fn enabling(change: &Change) -> Option<(UserId, ChangeKey)> {
    match (&change.key.object, &change.key.facet) {
        (Object::User(id), Facet::Life) if change.turns_on() => Some((id.clone(), change.key.clone())),
        _ => None,
    }
}
