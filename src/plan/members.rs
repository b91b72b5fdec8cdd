//! Who is in a managed group, against who should be (safety.md 10).

use roaring::RoaringBitmap;

use super::group::GroupCase;
use super::links::LinkNo;
use super::notice::NoticeKind;
use super::page::{GroupRow, MemberRef, UnlinkedRow};
use super::settle::Settling;
use crate::model::app::MembersPolicy;
use crate::model::change::{Cause, ChangeKind, Object, Phase, Reason};
use crate::model::ledger::GroupLink;
use crate::model::time::Timestamp;
use crate::model::{UserId, UserNo};
use crate::resolve::{OutReason, Standing, why};

/// Members of one group.
#[derive(Debug, Default)]
pub(super) struct Membership {
    /// Declared people who are in it.
    pub present: RoaringBitmap,
    /// People in it who are not declared any more.
    pub undeclared: Vec<UserId>,
    /// Members who are nobody's account, sorted.
    pub strangers: Vec<String>,
    /// Declared people whom the ledger has as members.
    pub known: RoaringBitmap,
    /// Today's ids of others whom the ledger has as members.
    pub lost: Vec<UserId>,
}

impl Settling<'_, '_> {
    /// Compares the members of one group.
    pub(super) fn members(&mut self, case: &GroupCase, found: &Membership) {
        let read = case.row.is_none_or(|row| row.members.is_some());
        if !read {
            let text = "its members cannot be read in this app: nobody is removed from it".to_owned();
            self.group_notice(NoticeKind::Advice, &case.wanted.object, text, None);
        }
        if let (Object::Role(role), true, Some(row)) = (&case.wanted.object, case.wanted.privileged, case.row)
        {
            self.privileged_groups.push((role.clone(), row.remote.clone()));
        }
        self.add_missing(case, &found.present);
        if read {
            let declared = &case.wanted.holders;
            for user in &found.present - &declared.yes - &declared.unknown {
                self.remove_surplus(case, UserNo(user));
            }
            for id in &found.undeclared {
                self.remove_undeclared(case, id);
            }
            self.strangers(case, &found.strangers);
            self.observe_members(case, found);
        }
    }

    /// Who is in a group of the app, and who is according to the ledger.
    pub(super) fn membership_of(&self, link: Option<&GroupLink>, row: Option<&GroupRow>) -> Membership {
        let mut found = Membership::default();
        if let Some(members) = row.and_then(|row| row.members.as_ref()) {
            self.shown_members(members, &mut found);
        }
        self.known_members(link, &mut found);
        if row.is_some_and(|row| row.members.is_none()) {
            // Not shown: whoever we know to have added is taken to be there still.
            found.present = found.known.clone();
        }
        found
    }

    fn shown_members(&self, members: &[MemberRef], found: &mut Membership) {
        let mut present = Vec::new();
        for member in members {
            let row = self.member_link(member).map(|link| self.links().row(link));
            match (row, member) {
                (Some(row), _) => match row.number {
                    // The id of an account that is gone: the one made in its place has to join.
                    Some(user) if self.is_made_again(user) => {}
                    Some(user) => present.push(user.0),
                    None => found.undeclared.push(row.user.clone()),
                },
                (None, MemberRef::Other(text)) => match self.claimed_by(text) {
                    Some(user) => present.push(user.0),
                    None => found.strangers.push(text.to_string()),
                },
                (None, MemberRef::Linked(_)) => {}
            }
        }
        found.strangers.sort();
        present.sort_unstable();
        found.present.extend(present);
    }

    /// Most members of the ledger are among those who are there, and both stand in the same order: hardly anybody has to
    /// be looked up.
    fn known_members(&self, link: Option<&GroupLink>, found: &mut Membership) {
        let company = self.input().resolved.company;
        let mut present = found.present.iter().map(UserNo).peekable();
        for id in link.into_iter().flat_map(|link| &link.members) {
            let id = self.links().today(id);
            while present.next_if(|user| self.user_id(*user) < id).is_some() {}
            let number = match present.next_if(|user| self.user_id(*user) == id) {
                Some(user) => Some(user),
                None => match self.links().of_id(id) {
                    Some(link) => self.links().row(link).number,
                    None => company.user(id.as_str()),
                },
            };
            match number {
                Some(user) => _ = found.known.insert(user.0),
                None => found.lost.push(id.clone()),
            }
        }
    }

    /// True if this plan makes the account of somebody who has a link.
    fn is_made_again(&self, user: UserNo) -> bool {
        let account = self.accounts.get(user);
        account.is_some_and(|account| account.remote.is_none())
    }

    /// The link of a member, by id or by name.
    pub(super) fn member_link(&self, member: &MemberRef) -> Option<LinkNo> {
        match member {
            MemberRef::Linked(link) => Some(*link),
            MemberRef::Other(text) => {
                let remote = self.differ.seen.by_name.get(&text.to_lowercase())?;
                self.links().of_remote(remote.as_str())
            }
        }
    }

    /// How a member is called that is protected; none if it is not.
    pub(super) fn protected_name(&self, member: &MemberRef) -> Option<String> {
        if let Some(link) = self.member_link(member) {
            let id = &self.links().row(link).user;
            return self.is_protected(id).then(|| id.to_string());
        }
        let MemberRef::Other(text) = member else {
            return None;
        };
        let row = self.account_named(text)?;
        row.protected.then(|| text.to_string())
    }

    /// The account without a link that a group knows by this name or id.
    pub(super) fn account_named(&self, member: &str) -> Option<&UnlinkedRow> {
        let by_name = self.differ.seen.by_name.get(&member.to_lowercase());
        let remote = by_name.map_or(member, |id| id.as_str());
        self.differ.seen.unlinked.get(remote)
    }

    /// The person whose account this plan takes over.
    fn claimed_by(&self, member: &str) -> Option<UserNo> {
        let id = self.claimed.get(&self.account_named(member)?.remote)?;
        self.input().resolved.company.user(id.as_str())
    }

    fn add_missing(&mut self, case: &GroupCase, present: &RoaringBitmap) {
        for number in &case.wanted.holders.yes - present - &self.input().desired.suspended {
            let user = UserNo(number);
            let id = self.user_id(user).clone();
            if self.is_protected(&id) || self.is_frozen(&id) || self.accounts.get(user).is_none() {
                continue;
            }
            let had = case.link.is_some_and(|link| self.links().is_among(&link.members, &id));
            let cause = if had { Cause::Drift } else { Cause::Config };
            let mut change = self.membership(case, user, &id, true, cause);
            if change.kind == ChangeKind::RoleGrant {
                let link = self.link_of(user);
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
        let id = self.user_id(user).clone();
        if self.is_frozen(&id) {
            return;
        }
        if self.adopted.contains(&user) || self.is_protected(&id) {
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
            return self.notice(NoticeKind::Strangers, &id, text, Some("the next plan removes them"));
        }
        let ours = case.link.is_some_and(|link| self.links().is_among(&link.members, &id));
        let added = case.link.is_some_and(|link| self.links().is_among(&link.added, &id));
        if self.input().desired.app.groups.members == MembersPolicy::Add && !added {
            return;
        }
        let standing = match standing {
            Standing::Out(out) => Standing::Out(self.today(user, out)),
            other => other,
        };
        let ended = self.membership_ended(case, user, &standing);
        let cause = match &standing {
            Standing::Out(OutReason::Left) => Cause::Left,
            _ if ended.is_some() => Cause::Expiry,
            _ if ours => Cause::Config,
            _ => Cause::Drift,
        };
        let mut change = self.membership(case, user, &id, false, cause);
        if change.kind == ChangeKind::RoleRevoke && cause != change.cause {
            change.cause = cause;
            change.phase = Phase::of(&change.key.object, change.kind, cause);
        }
        change.reasons = match &standing {
            Standing::Out(out) => self.input().why_out(user, *out),
            _ => vec![self.not_a_member(case, &id, cause, ended)],
        };
        if let Some(ended) = ended.filter(|_| cause == Cause::Expiry) {
            self.ends.insert(change.key.clone(), ended);
        }
        self.push_revocation(&id, change);
    }

    /// When that ended by which somebody was a member until now, if it did: `end`, or the `expires` of a line.
    fn membership_ended(&self, case: &GroupCase, user: UserNo, standing: &Standing) -> Option<Timestamp> {
        if let Standing::Out(out @ (OutReason::Ended | OutReason::Lapsed)) = standing {
            return self.input().ended(user, *out);
        }
        let (resolved, desired) = (self.input().resolved, self.input().desired);
        let ended = match case.wanted.group {
            _ if !case.wanted.holders.lapsed.contains(user.0) => None,
            Some(group) => why::membership_expired(resolved, group, user),
            None => why::expired(resolved, desired, user, case.wanted.role),
        };
        ended.map(|(end, _)| end).filter(|end| self.is_news(user, *end))
    }

    fn not_a_member(&self, case: &GroupCase, id: &UserId, cause: Cause, ended: Option<Timestamp>) -> Reason {
        let object = &case.wanted.object;
        let text = match cause {
            Cause::Expiry => {
                format!("what made user:{id} a member of {object} expired{}", self.input().since(ended))
            }
            Cause::Drift => format!("somebody in the app added user:{id} to {object}; nothing here does"),
            _ => format!("nothing makes user:{id} a member of {object} any more"),
        };
        let declared =
            case.wanted.group.map(|group| self.input().resolved.company.groups[group.index()].span);
        self.input().reason(text, declared.unwrap_or(case.wanted.span))
    }
}

/// `1 thing` or `n things`.
pub(super) fn count(number: usize, one: &str, many: &str) -> String {
    format!("{number} {}", if number == 1 { one } else { many })
}
