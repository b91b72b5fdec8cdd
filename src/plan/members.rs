//! Who is in a managed group, against who should be (safety.md 10).

use std::collections::BTreeSet;

use super::group::GroupCase;
use super::notice::NoticeKind;
use super::page::MemberRef;
use super::settle::Settling;
use crate::model::app::MembersPolicy;
use crate::model::change::{Cause, ChangeKind, Facet, Object, Reason, Shown};
use crate::model::ledger::LedgerUpdate;
use crate::model::{UserId, UserNo};
use crate::resolve::{OutReason, Standing};

impl Settling<'_, '_> {
    /// Compares the members of one group.
    pub(super) fn members(&mut self, case: &GroupCase) {
        let read = case.row.as_ref().is_none_or(|row| row.members.is_some());
        if !read {
            let text = "its members cannot be read in this app: nobody is removed from it".to_owned();
            self.group_notice(NoticeKind::Advice, &case.wanted.object, text, None);
        }
        let (present, undeclared, strangers) = self.present(case);
        self.add_missing(case, &present);
        if read {
            for user in &present {
                self.remove_surplus(case, *user);
            }
            for (id, _) in &undeclared {
                self.remove_undeclared(case, id);
            }
            self.strangers(case, &strangers);
        }
        self.observe_members(case, &present);
    }

    /// Members that are accounts of declared people, of people who are not declared any more, and of nobody.
    #[allow(clippy::type_complexity)] // three lists that belong together, named at the one call
    fn present(&self, case: &GroupCase) -> (BTreeSet<UserNo>, Vec<(UserId, String)>, Vec<String>) {
        let (mut present, mut undeclared, mut strangers) = (BTreeSet::new(), Vec::new(), Vec::new());
        let members = case
            .row
            .as_ref()
            .and_then(|row| row.members.as_deref())
            .unwrap_or_default();
        for member in members {
            let link = match member {
                MemberRef::Linked(link) => Some(*link),
                MemberRef::Other(text) => self
                    .differ
                    .seen
                    .by_name
                    .get(&text.to_lowercase())
                    .and_then(|id| self.links().of_remote(id.as_str())),
            };
            let row = link.map(|link| self.links().row(link));
            match (row.map(|row| (row.number, &row.user)), member) {
                (Some((Some(user), _)), _) => _ = present.insert(user),
                (Some((None, id)), _) => {
                    let remote = link
                        .map(|link| self.link(link).remote.to_string())
                        .unwrap_or_default();
                    undeclared.push((id.clone(), remote));
                }
                (None, MemberRef::Other(text)) => match self.claimed_by(text) {
                    Some(user) => _ = present.insert(user),
                    None => strangers.push(text.to_string()),
                },
                (None, MemberRef::Linked(_)) => {}
            }
        }
        (present, undeclared, strangers)
    }

    /// The person whose account this plan takes over.
    fn claimed_by(&self, member: &str) -> Option<UserNo> {
        let remote = self
            .differ
            .seen
            .by_name
            .get(&member.to_lowercase())
            .map_or(member, |id| id.as_str());
        let id = self.claimed.get(remote)?;
        self.input().resolved.company.user(id.as_str())
    }

    fn add_missing(&mut self, case: &GroupCase, present: &BTreeSet<UserNo>) {
        for number in &case.wanted.holders.yes {
            let user = UserNo(number);
            let id = self.user_id(user).clone();
            let suspended = self.input().desired.suspended.contains(number);
            if present.contains(&user)
                || suspended
                || self.is_frozen(&id)
                || !self.accounts.contains_key(&user)
            {
                continue;
            }
            let had = case.link.is_some_and(|link| link.members.contains(&id));
            let cause = if had { Cause::Drift } else { Cause::Config };
            let mut change = self.membership(case, user, &id, true, cause);
            if change.kind == ChangeKind::RoleGrant {
                let link = self.input().ledger.users.get(&id);
                self.push_grant(user, link, change);
                continue;
            }
            if let Some(group) = case.wanted.group {
                change.reasons = self.input().why_member(user, group);
            }
            if had && self.input().desired.app.drift == crate::model::app::Drift::Report {
                let text = format!("was taken out of {} in the app", case.wanted.object);
                self.notice(NoticeKind::Drift, &id, text, None);
                continue;
            }
            self.push(change);
        }
    }

    fn remove_surplus(&mut self, case: &GroupCase, user: UserNo) {
        let holders = &case.wanted.holders;
        let id = self.user_id(user).clone();
        if holders.yes.contains(user.0) || holders.unknown.contains(user.0) || self.is_frozen(&id) {
            return;
        }
        if self.adopted.contains(&user) || self.protected_link(user) {
            return;
        }
        let standing = self.input().desired.standing(user);
        if matches!(standing, Standing::Unknown(_) | Standing::Ignored) {
            return;
        }
        if case.adopted {
            let text = format!(
                "is a member of {}, which this plan takes over, and is not declared to be",
                case.wanted.object
            );
            return self.notice(
                NoticeKind::Strangers,
                &id,
                text,
                Some("the next plan removes them"),
            );
        }
        let ours = case.link.is_some_and(|link| link.members.contains(&id));
        if self.input().desired.app.groups.members == MembersPolicy::Add
            && !case.link.is_some_and(|link| link.added.contains(&id))
        {
            return;
        }
        let cause = match &standing {
            Standing::Out(OutReason::Left) => Cause::Left,
            Standing::Out(OutReason::Ended | OutReason::Lapsed) => Cause::Expiry,
            _ if holders.lapsed.contains(user.0) => Cause::Expiry,
            _ if ours => Cause::Config,
            _ => Cause::Drift,
        };
        let mut change = self.membership(case, user, &id, false, cause);
        if change.kind == ChangeKind::RoleRevoke && cause != change.cause {
            change.cause = cause;
            change.phase = if cause.is_declared() { 1 } else { 8 };
        }
        change.reasons = match &standing {
            Standing::Out(out) => self.input().why_out(user, *out),
            _ => vec![self.not_a_member(case, &id, cause)],
        };
        self.push_revocation(&id, change);
    }

    fn not_a_member(&self, case: &GroupCase, id: &UserId, cause: Cause) -> Reason {
        let object = &case.wanted.object;
        let text = match cause {
            Cause::Expiry => format!("what made user:{id} a member of {object} has expired"),
            Cause::Drift => format!("somebody in the app added user:{id} to {object}; nothing here does"),
            _ => format!("nothing makes user:{id} a member of {object} any more"),
        };
        let declared = case
            .wanted
            .group
            .map(|group| self.input().resolved.company.groups[group.index()].span);
        self.input().reason(text, declared.unwrap_or(case.wanted.span))
    }

    fn protected_link(&self, user: UserNo) -> bool {
        self.links()
            .of_user(user)
            .and_then(|link| self.seen(link))
            .is_some_and(|seen| seen.protected)
    }

    /// A member whose person is not declared any more.
    fn remove_undeclared(&mut self, case: &GroupCase, id: &UserId) {
        let link = self.links().rows().iter().position(|row| row.user == *id);
        let protected = link
            .and_then(|place| self.seen(super::links::LinkNo(place as u32)))
            .is_some_and(|seen| seen.protected);
        if self.is_frozen(id) || protected || case.adopted {
            return;
        }
        let added = case.link.is_some_and(|link| link.added.contains(id));
        if self.input().desired.app.groups.members == MembersPolicy::Add && !added {
            return;
        }
        let (object, facet, kind) = match &case.wanted.object {
            Object::Role(role) => (
                Object::User(id.clone()),
                Facet::Role(role.clone()),
                ChangeKind::RoleRevoke,
            ),
            group => (group.clone(), Facet::Member(id.clone()), ChangeKind::MemberRemove),
        };
        let mut change = self.change_of(object, facet, kind, Cause::Config, 8);
        change.remote = case.row.as_ref().map(|row| row.remote.clone());
        change.privileged = case.wanted.privileged;
        change.reasons = vec![Reason {
            text: format!("user:{id} is not declared any more"),
            place: None,
        }];
        self.push_revocation(id, change);
    }

    fn strangers(&mut self, case: &GroupCase, strangers: &[String]) {
        if strangers.is_empty() {
            return;
        }
        if self.input().desired.app.groups.members != MembersPolicy::Exact || case.adopted {
            let text = format!(
                "{}: {}",
                count(
                    strangers.len(),
                    "member nobody declared",
                    "members nobody declared"
                ),
                first(strangers)
            );
            return self.group_notice(
                NoticeKind::Strangers,
                &case.wanted.object,
                text,
                Some("`groups.members: exact` removes them"),
            );
        }
        for stranger in strangers {
            let protected = self
                .differ
                .seen
                .unlinked
                .get(stranger.as_str())
                .is_some_and(|row| row.protected);
            if protected {
                continue;
            }
            let facet = Facet::Stranger(stranger.as_str().into());
            let mut change = self.change_of(
                case.wanted.object.clone(),
                facet,
                ChangeKind::MemberRemove,
                Cause::Unmanaged,
                8,
            );
            change.remote = case.row.as_ref().map(|row| row.remote.clone());
            let name = self
                .differ
                .seen
                .unlinked
                .get(stranger.as_str())
                .and_then(|row| row.name.clone());
            change.old = Shown {
                text: name.map(|name| name.to_string()),
                hash: None,
            };
            change.reasons = vec![self.declared_here(case.wanted)];
            self.push_removal(change);
        }
    }

    /// Members found as declared are ours from now on.
    fn observe_members(&mut self, case: &GroupCase, present: &BTreeSet<UserNo>) {
        let known = case.link.map(|link| &link.members);
        let found: Vec<_> = present
            .iter()
            .filter(|user| case.wanted.holders.yes.contains(user.0))
            .map(|user| self.user_id(*user).clone())
            .filter(|id| !known.is_some_and(|known| known.contains(id)))
            .collect();
        if !found.is_empty() {
            let key = case.key.clone();
            self.observe(LedgerUpdate::Members {
                key,
                added: Vec::new(),
                found,
                removed: Vec::new(),
            });
        }
    }
}

/// `1 thing` or `n things`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}

/// The first ten, and how many more.
pub(super) fn first(names: &[String]) -> String {
    let shown = names.iter().take(10).cloned().collect::<Vec<_>>().join(", ");
    match names.len().saturating_sub(10) {
        0 => shown,
        more => format!("{shown} and {more} more"),
    }
}
