//! Members of a managed group whom nobody declares, and what the ledger learns from a group (safety.md 10).

use super::group::GroupCase;
use super::members::{Membership, count};
use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::app::MembersPolicy;
use crate::model::change::{Cause, ChangeKind, Facet, Object, Reason, Shown};
use crate::model::ledger::LedgerUpdate;
use crate::model::words::first_ten;
use crate::model::{UserId, UserNo};

impl Settling<'_, '_> {
    /// A member whose person is not declared any more.
    pub(super) fn remove_undeclared(&mut self, case: &GroupCase, id: &UserId) {
        if self.is_frozen(id) || self.is_protected(id) || case.adopted {
            return;
        }
        let added = case.link.is_some_and(|link| link.added.contains(id));
        if self.input().desired.app.groups.members == MembersPolicy::Add && !added {
            return;
        }
        let (object, facet, kind) = match &case.wanted.object {
            Object::Role(role) => {
                (Object::User(id.clone()), Facet::Role(role.clone()), ChangeKind::RoleRevoke)
            }
            group => (group.clone(), Facet::Member(id.clone()), ChangeKind::MemberRemove),
        };
        let mut change = self.change_of(object, facet, kind, Cause::Config);
        change.remote = case.row.as_ref().map(|row| row.remote.clone());
        change.privileged = case.wanted.privileged;
        change.reasons = vec![Reason { text: format!("user:{id} is not declared any more"), place: None }];
        self.push_revocation(id, change);
    }

    pub(super) fn strangers(&mut self, case: &GroupCase, strangers: &[String]) {
        let policy = self.input().desired.app.groups.members;
        if strangers.is_empty() || policy == MembersPolicy::Add {
            return;
        }
        if policy != MembersPolicy::Exact || case.adopted {
            let text = format!(
                "{}: {}",
                count(strangers.len(), "member nobody declared", "members nobody declared"),
                first_ten(strangers)
            );
            let hint = if policy == MembersPolicy::Exact {
                "this plan takes the group over; the next one removes them"
            } else {
                "`groups.members: exact` removes them"
            };
            return self.group_notice(NoticeKind::Strangers, &case.wanted.object, text, Some(hint));
        }
        for stranger in strangers {
            let row = self.account_named(stranger);
            if row.is_some_and(|row| row.protected || self.is_in_question(row)) {
                continue;
            }
            let name = row.and_then(|row| row.name.clone());
            let facet = Facet::Stranger(stranger.as_str().into());
            let object = case.wanted.object.clone();
            let mut change = self.change_of(object, facet, ChangeKind::MemberRemove, Cause::Unmanaged);
            change.remote = case.row.as_ref().map(|row| row.remote.clone());
            change.old = Shown { text: name.map(|name| name.to_string()), hash: None };
            change.reasons = vec![self.declared_here(case.wanted)];
            self.push_removal(change);
        }
    }

    /// Members found as declared are ours from now on; those that are gone are not. Who an interrupted run set out to add
    /// counts as added by us.
    pub(super) fn observe_members(&mut self, case: &GroupCase, members: &Membership) {
        let Membership { present, known, .. } = members;
        let wanted = &case.wanted.holders.yes;
        let found = (present & wanted) - known;
        let found = found.iter().map(|user| self.user_id(UserNo(user)).clone());
        let (added, found): (Vec<_>, Vec<_>) = found.partition(|id| self.is_begun_member(case, id));
        // Neither there nor declared: nothing of ours any more.
        let gone = known - present - wanted;
        let gone = gone.iter().map(|user| self.user_id(UserNo(user)).clone());
        let lost = members.lost.iter().filter(|id| !members.undeclared.contains(id));
        let removed = gone.chain(lost.cloned());
        let removed: Vec<_> = removed.filter(|id| !self.is_frozen(id)).collect();
        if !added.is_empty() || !found.is_empty() || !removed.is_empty() {
            let key = case.key.clone();
            self.observe(LedgerUpdate::Members { key, added, found, removed });
        }
    }

    fn is_begun_member(&self, case: &GroupCase, id: &UserId) -> bool {
        match &case.wanted.object {
            Object::Role(role) => self.is_begun(&Object::User(id.clone()), Facet::Role(role.clone())),
            group => self.is_begun(group, Facet::Member(id.clone())),
        }
    }
}
