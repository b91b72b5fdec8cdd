//! Groups of the app: found by link or, once, by name (safety.md 4).

use std::collections::{BTreeSet, HashSet};

use rayon::prelude::*;

use super::differ::WantedGroup;
use super::group_proof::Wanted;
use super::members::Membership;
use super::notice::NoticeKind;
use super::page::{GroupRow, MemberRef};
use super::settle::Settling;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object};
use crate::model::ledger::{GroupKey, GroupLink, LedgerUpdate};
use crate::model::remote::{Kind, Presence};
use crate::model::{RemoteId, UserId, UserNo};
use crate::resolve::{DesiredAttribute, DesiredGroup};

/// A desired group with what was found of it.
pub(super) struct GroupCase<'g> {
    pub wanted: &'g DesiredGroup,
    pub key: GroupKey,
    pub link: Option<&'g GroupLink>,
    pub row: Option<&'g GroupRow>,
    /// This plan takes it over: nobody is removed.
    pub adopted: bool,
}

impl<'s> Settling<'s, '_> {
    /// Tables over groups, made once: which are free by name, and who without a link is in which.
    pub(super) fn index_groups(&mut self) {
        let differ = self.differ;
        let linked: HashSet<&RemoteId> =
            differ.input.ledger.groups.values().map(|link| &link.remote).collect();
        for row in differ.seen.groups.values().filter(|row| !linked.contains(&row.remote)) {
            if let Some(name) = &row.name {
                let rows = self.free_groups.entry(name.to_lowercase()).or_default();
                rows.push(row.remote.clone());
            }
        }
        for (place, group) in differ.groups.iter().enumerate() {
            let wanted = &differ.input.desired.groups[group.place];
            let Some(key) = GroupKey::of(&wanted.object) else {
                continue;
            };
            let link = differ.input.ledger.groups.get(&self.ledger_key(wanted, &key));
            let row = match link {
                Some(link) => Some(&link.remote),
                None => group.name.as_ref().and_then(|name| self.free_groups.get(name)?.first()),
            };
            let row = row.and_then(|remote| differ.seen.groups.get(remote));
            for member in row.and_then(|row| row.members.as_ref()).into_iter().flatten() {
                if let MemberRef::Other(text) = member {
                    self.insiders.entry(text.to_lowercase()).or_default().push(place);
                }
            }
        }
    }

    pub(super) fn settle_groups(&mut self) {
        let desired = self.input().desired;
        let wanted = desired.groups.iter();
        let known = wanted.filter_map(|wanted| Some(self.ledger_key(wanted, &GroupKey::of(&wanted.object)?)));
        let mut known: BTreeSet<GroupKey> = known.collect();
        let suspected = self.suspected_groups(&known);
        let found = self.all_members();
        for (place, found) in found.iter().enumerate() {
            let wanted = &desired.groups[self.differ.groups[place].place];
            let Some(key) = GroupKey::of(&wanted.object) else {
                continue;
            };
            if let Some(old) = suspected.get(&place) {
                self.group_rename_suspected(&wanted.object, old);
                continue;
            }
            if !self.input().capabilities.groups {
                let text = "this app has no groups".to_owned();
                let hint = "take it out of `groups.push`, or give the role a `value:`";
                self.group_notice(NoticeKind::NotPossible, &wanted.object, text, Some(hint));
                continue;
            }
            match &self.differ.groups[place].attributes {
                Err(why) => {
                    let hint = "until this is put right, nothing changes in this group";
                    self.group_notice(NoticeKind::Undecided, &wanted.object, why.clone(), Some(hint));
                }
                Ok(attributes) => {
                    let name = self.differ.groups[place].name.as_deref();
                    self.settle_group(wanted, key, attributes, name, found);
                }
            }
        }
        known.extend(suspected.into_values());
        let ledger = self.input().ledger;
        for (key, link) in ledger.groups.iter().filter(|(key, _)| !known.contains(*key)) {
            self.former_group(key, link);
        }
    }

    /// The members of every desired group that is there, by its place.
    fn all_members(&self) -> Vec<Membership> {
        let found = self.differ.groups.par_iter().map(|group| {
            let (link, row) = self.group_found(group);
            self.membership_of(link, row)
        });
        found.collect()
    }

    /// The link of a desired group, and what the app shows of it, found by name if there is no link.
    pub(super) fn group_found(&self, group: &WantedGroup) -> (Option<&'s GroupLink>, Option<&'s GroupRow>) {
        let differ = self.differ;
        let wanted = &differ.input.desired.groups[group.place];
        let key = GroupKey::of(&wanted.object);
        let link = key.and_then(|key| differ.input.ledger.groups.get(&self.ledger_key(wanted, &key)));
        let row = match link {
            Some(link) => self.group_row(&link.remote),
            None => self.group_by_name(wanted, group.name.as_deref()),
        };
        (link, row.ok().flatten())
    }

    /// The key the ledger holds a group under: today's, or an earlier one named by `previously`.
    pub(super) fn ledger_key(&self, wanted: &DesiredGroup, key: &GroupKey) -> GroupKey {
        let company = self.input().resolved.company;
        let app = self.input().desired.app;
        let ledger = &self.input().ledger.groups;
        if ledger.contains_key(key) {
            return key.clone();
        }
        let groups = wanted.group.map(|group| &company.groups[group.index()].previously);
        let roles = wanted.role.map(|role| &app.roles[role.index()].previously);
        let earlier = groups.into_iter().flatten().map(|id| Object::Group(id.clone()));
        let earlier = earlier.chain(roles.into_iter().flatten().map(|id| Object::Role(id.clone())));
        let found = earlier.filter_map(|object| GroupKey::of(&object)).find(|key| ledger.contains_key(key));
        found.unwrap_or_else(|| key.clone())
    }

    fn settle_group(
        &mut self,
        wanted: &DesiredGroup,
        key: GroupKey,
        attributes: &[DesiredAttribute],
        name: Option<&str>,
        members: &Membership,
    ) {
        let kept_under = self.ledger_key(wanted, &key);
        let link = self.input().ledger.groups.get(&kept_under);
        let row = match link {
            Some(link) => match self.group_row(&link.remote) {
                Ok(row) => row,
                Err(why) => {
                    let hint = "nothing changes in this group until the app answers";
                    return self.group_notice(NoticeKind::Undecided, &wanted.object, why, Some(hint));
                }
            },
            None => match self.group_by_name(wanted, name) {
                Ok(row) => row,
                Err(why) => {
                    let hint = "rename one of them in the app, or give the group another name";
                    return self.group_notice(NoticeKind::Ambiguous, &wanted.object, why, Some(hint));
                }
            },
        };
        if let (true, Some(_), Some(row)) = (self.differ.moved, link, &row) {
            let called = row.name.as_ref().map(|name| name.to_lowercase());
            if called.as_deref() != name {
                let text = format!(
                    "group {} at the new endpoint is called \"{}\": it is not proved to be the same group",
                    row.remote,
                    row.name.as_deref().unwrap_or_default()
                );
                let otherwise = otherwise(wanted, &kept_under);
                let hint = format!("rename it in the app if it is; if not, {otherwise}");
                return self.group_notice(NoticeKind::LinkConflict, &wanted.object, text, Some(&hint));
            }
        }
        if let (Some(link), Some(row)) = (link, row) {
            let meant = Wanted { group: wanted, attributes, name };
            if let Some(why) = self.group_conflict(&wanted.object, link, row, Some(&meant)) {
                let otherwise = otherwise(wanted, &kept_under);
                let hint =
                    format!("if it is the right group, give it its name in the app; if not, {otherwise}");
                return self.group_notice(NoticeKind::LinkConflict, &wanted.object, why, Some(&hint));
            }
        }
        if kept_under != key {
            self.observe(LedgerUpdate::MoveGroup { from: kept_under, to: key.clone() });
        }
        let adopted = link.is_none() && row.is_some();
        let case = GroupCase { wanted, key, link, row, adopted };
        if case.row.is_none() {
            if !self.input().capabilities.create_groups {
                let text = "the app has no such group, and groups cannot be created there".to_owned();
                let hint = "create it in the app";
                return self.group_notice(NoticeKind::NotPossible, &wanted.object, text, Some(hint));
            }
            self.create_group(&case, attributes);
        } else {
            if adopted {
                self.adopt_group(&case, attributes);
            }
            self.group_attributes(&case, attributes);
        }
        self.members(&case, members);
    }

    /// The row of a linked group; none if it is proven gone.
    pub(super) fn group_row(&self, remote: &RemoteId) -> Result<Option<&'s GroupRow>, String> {
        if let Some(row) = self.differ.seen.groups.get(remote) {
            return Ok(Some(row));
        }
        match self.answers.get(Kind::Group, remote) {
            Some(Presence::Gone(_)) => Ok(None),
            Some(Presence::Unknown { why }) => {
                Err(format!("cannot tell whether group {remote} is still there: {why}"))
            }
            _ => Err(format!("cannot tell whether group {remote} is still there")),
        }
    }

    fn group_by_name(
        &self,
        wanted: &DesiredGroup,
        name: Option<&str>,
    ) -> Result<Option<&'s GroupRow>, String> {
        let rows = name.and_then(|name| self.free_groups.get(name)).map_or(&[][..], Vec::as_slice);
        match rows {
            [] => Ok(None),
            [one] => Ok(self.differ.seen.groups.get(one)),
            several => {
                let ids: Vec<_> = several.iter().map(RemoteId::to_string).collect();
                Err(format!(
                    "{} groups in the app have the name of {}: {}",
                    several.len(),
                    wanted.object,
                    ids.join(", ")
                ))
            }
        }
    }

    /// A managed group an unlinked account is in without being declared to be (safety.md 2).
    pub(super) fn membership_beyond(
        &self,
        user: UserNo,
        remote: &RemoteId,
        name: Option<&str>,
    ) -> Option<String> {
        let known_as = if self.differ.members_by_name { name? } else { remote.as_str() };
        let places = self.insiders.get(&known_as.to_lowercase())?;
        places.iter().find_map(|place| {
            let wanted = &self.input().desired.groups[self.differ.groups[*place].place];
            (!wanted.holders.yes.contains(user.0)).then(|| wanted.object.to_string())
        })
    }

    /// A membership change: of a pushed group under the group, of a role under the person.
    pub(super) fn membership(
        &self,
        case: &GroupCase,
        user: UserNo,
        id: &UserId,
        add: bool,
        cause: Cause,
    ) -> Change {
        if let Some(role) = case.wanted.role {
            let held = self.accounts.get(user).and_then(|account| account.remote.clone());
            if add {
                return self.grant(user, id, held.as_ref(), role, cause);
            }
            // Whoever loses a role may have no account to hold any more: the link still says which one it was.
            let linked = self.links().of_user(user).map(|link| self.link(link).remote.clone());
            let given = case.link.is_some_and(|link| self.links().is_among(&link.members, id));
            return self.revocation(user, id, held.or(linked).as_ref(), &self.role_id(role), given, "");
        }
        let kind = if add { ChangeKind::MemberAdd } else { ChangeKind::MemberRemove };
        let mut change = self.change_of(case.wanted.object.clone(), Facet::Member(id.clone()), kind, cause);
        change.remote = case.row.as_ref().map(|row| row.remote.clone());
        change
    }
}

/// What to do if a linked group is not the right one. The link of a privileged role is not dropped: it remembers who was
/// taken out by somebody else (safety.md 13).
fn otherwise(wanted: &DesiredGroup, entry: &GroupKey) -> String {
    match wanted.privileged {
        true => "declare the role under another id".to_owned(),
        false => format!("`rolecall ledger unlink` {}", entry.as_str()),
    }
}
