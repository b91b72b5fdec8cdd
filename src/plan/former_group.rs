//! Groups we managed that nobody declares any more (safety.md 4).

use super::notice::NoticeKind;
use super::settle::Settling;
use crate::model::app::GroupRemove;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Reason, Verdict};
use crate::model::ledger::{GroupKey, GroupLink};
use crate::model::{RoleId, UserId};

impl Settling<'_, '_> {
    pub(super) fn former_group(&mut self, key: &GroupKey, link: &GroupLink) {
        let Some(object) = key.object() else { return };
        let app = self.input().desired.app;
        if app.removed.is_some() {
            let reason = format!("app {} is being given up (`removed:`)", app.id);
            let reason = self.input().reason(reason, app.span);
            return self.forget_group(object, link, reason);
        }
        let row = match self.group_row(&link.remote) {
            Ok(row) => row,
            Err(why) => return self.group_notice(NoticeKind::Undecided, &object, why, None),
        };
        let takes = matches!(object, Object::Role(_)) || app.groups.remove == GroupRemove::Delete;
        let reason = Reason { text: format!("{object} is not declared for this app any more"), place: None };
        let Some(row) = row else {
            return self.forget_group(object, link, reason);
        };
        if self.differ.moved {
            let text = "is not declared any more, and cannot be proved to be the same group at the new endpoint: it is left alone".to_owned();
            let hint = "remove it in the app by hand if it should go";
            return self.group_notice(NoticeKind::Advice, &object, text, Some(hint));
        }
        if let (true, Some(why)) = (takes, self.differ.distrusted.get(key)) {
            let text = format!("is not declared, and the ledger cannot prove that it ever was: {why}");
            let entry = key.as_str();
            let hint = format!(
                "if the entry is right, remove the group in the app by hand; then `rolecall ledger unlink` {entry}"
            );
            return self.group_notice(NoticeKind::Undecided, &object, text, Some(&hint));
        }
        if let (true, Some(why)) = (takes, self.group_conflict(&object, link, row, None)) {
            let hint = format!("it is left alone: `rolecall ledger unlink` {}", key.as_str());
            return self.group_notice(NoticeKind::LinkConflict, &object, why, Some(&hint));
        }
        if let Object::Role(role) = &object {
            return self.former_role(key, role.clone(), link, reason);
        }
        if app.groups.remove == GroupRemove::Delete {
            return self.delete_group(key, object, link, reason);
        }
        if !link.members.is_empty() {
            let text = format!(
                "the group stays in the app with its members, {} of them ours (`groups.remove: keep`)",
                link.members.len()
            );
            let hint = "set `groups.remove: delete` before taking it out, or remove them in the app";
            self.group_notice(NoticeKind::Strangers, &object, text, Some(hint));
        }
        self.forget_group(object, link, reason);
    }

    fn forget_group(&mut self, object: Object, link: &GroupLink, reason: Reason) {
        let mut change = self.change_of(object, Facet::Life, ChangeKind::Forget, Cause::Config);
        change.remote = Some(link.remote.clone());
        change.reasons = vec![reason];
        self.push(change);
    }

    fn delete_group(&mut self, key: &GroupKey, object: Object, link: &GroupLink, reason: Reason) {
        if !self.input().capabilities.delete_groups {
            let text =
                format!("group {} should be deleted, and groups cannot be deleted in this app", link.remote);
            let hint = "delete it in the app, or set `groups.remove: keep`";
            return self.group_notice(NoticeKind::NotPossible, &object, text, Some(hint));
        }
        let protected = self.protected_member(link);
        let mut change = self.change_of(object, Facet::Life, ChangeKind::GroupDelete, Cause::Config);
        change.remote = Some(link.remote.clone());
        change.reasons = vec![reason];
        let shown = self.differ.seen.groups.get(&link.remote);
        let shown = shown.and_then(|row| row.members.as_ref());
        if let Some(member) = protected {
            change.verdict = Verdict::Held {
                by: "protect".into(),
                why: format!(
                    "its member {member} is protected and is not taken out of anything: delete the group by hand, or set `groups.remove: keep`"
                ),
            };
        } else if let Some(members) = shown {
            // Strangers lose the group as well.
            self.work.deleted.insert(key.clone(), members.len() as u64);
        } else {
            change.verdict = Verdict::Held {
                by: "members".into(),
                why: "its members could not be read, so nobody can say who would lose it: delete the group by hand, or set `groups.remove: keep`".to_owned(),
            };
        }
        self.push_removal(change);
    }

    /// Somebody protected whom the app shows as a member.
    fn protected_member(&self, link: &GroupLink) -> Option<String> {
        let members = self.differ.seen.groups.get(&link.remote)?.members.as_ref()?;
        members.iter().find_map(|member| self.protected_name(member))
    }

    /// A role that is a group: whoever we gave it loses it, then it is forgotten.
    fn former_role(&mut self, key: &GroupKey, role: RoleId, link: &GroupLink, reason: Reason) {
        let members = self.linked_members(link);
        let ours = link.members.iter().map(|id| self.links().today(id));
        let there: Vec<UserId> = ours.filter(|id| members.contains(*id)).cloned().collect();
        for id in &there {
            if self.is_frozen(id) || self.is_protected(id) {
                continue;
            }
            let Some(found) = self.links().of_id(id) else {
                continue;
            };
            let remote = self.link(found).remote.clone();
            let change: Change = match self.input().resolved.company.user(id.as_str()) {
                Some(user) => self.revocation(user, id, Some(&remote), &role, true, ""),
                None => {
                    let object = Object::User(id.clone());
                    let facet = Facet::Role(role.clone());
                    let mut change = self.change_of(object, facet, ChangeKind::RoleRevoke, Cause::Config);
                    change.remote = Some(remote);
                    change.reasons =
                        vec![Reason { text: format!("user:{id} is not declared any more"), place: None }];
                    change
                }
            };
            self.push_revocation(id, change);
        }
        if let (true, Some(object)) = (there.is_empty(), key.object()) {
            self.forget_group(object, link, reason);
        }
    }

    /// People with a link whom the app shows in a group; those the ledger knows, if it shows nobody.
    fn linked_members(&self, link: &GroupLink) -> std::collections::BTreeSet<UserId> {
        let shown = self.differ.seen.groups.get(&link.remote).and_then(|row| row.members.as_ref());
        match shown {
            Some(members) => {
                let links = members.iter().filter_map(|member| self.member_link(member));
                links.map(|link| self.links().row(link).user.clone()).collect()
            }
            None => link.members.iter().map(|id| self.links().today(id).clone()).collect(),
        }
    }
}
