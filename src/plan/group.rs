//! Groups of the app: found, adopted, created, renamed, and who is in them (safety.md 4, 10).

use std::collections::BTreeSet;

use super::causes::Difference;
use super::compare::{self, Verdict};
use super::notice::{Notice, NoticeKind};
use super::page::{GroupRow, MemberRef};
use super::settle::Settling;
use crate::model::app::GroupRemove;
use crate::model::change::{Cause, Change, ChangeKind, Facet, Object, Reason, Shown};
use crate::model::ledger::{GroupKey, GroupLink, Hashes, LedgerUpdate, Origin};
use crate::model::remote::{Kind, Presence};
use crate::model::{RemoteId, UserId, UserNo, Value, Want};
use crate::resolve::{DesiredAttribute, DesiredGroup};

/// A desired group with what was found of it.
pub(super) struct GroupCase<'g> {
    pub wanted: &'g DesiredGroup,
    pub key: GroupKey,
    pub link: Option<&'g GroupLink>,
    pub row: Option<GroupRow>,
    /// This plan takes it over: nobody is removed.
    pub adopted: bool,
}

impl Settling<'_, '_> {
    pub(super) fn settle_groups(&mut self) {
        let desired = self.input().desired;
        let mut known = BTreeSet::new();
        for place in 0..self.differ.groups.len() {
            let wanted = &desired.groups[self.differ.groups[place].place];
            let Some(key) = GroupKey::of(&wanted.object) else {
                continue;
            };
            known.insert(self.ledger_key(wanted, &key));
            match &self.differ.groups[place].attributes {
                Err(why) => {
                    let why = why.clone();
                    self.group_notice(NoticeKind::Undecided, &wanted.object, why, None);
                }
                Ok(attributes) => self.settle_group(wanted, key, attributes.clone()),
            }
        }
        let ledger = self.input().ledger;
        for (key, link) in ledger.groups.iter().filter(|(key, _)| !known.contains(*key)) {
            self.former_group(key, link);
        }
    }

    /// The key the ledger holds a group under: today's, or an earlier one named by `previously`.
    fn ledger_key(&self, wanted: &DesiredGroup, key: &GroupKey) -> GroupKey {
        let company = self.input().resolved.company;
        let app = self.input().desired.app;
        let groups = wanted
            .group
            .map(|group| &company.groups[group.index()].previously);
        let roles = wanted.role.map(|role| &app.roles[role.index()].previously);
        let earlier = groups.into_iter().flatten().map(|id| Object::Group(id.clone()));
        let earlier = earlier.chain(roles.into_iter().flatten().map(|id| Object::Role(id.clone())));
        if self.input().ledger.groups.contains_key(key) {
            return key.clone();
        }
        let found = earlier
            .filter_map(|object| GroupKey::of(&object))
            .find(|key| self.input().ledger.groups.contains_key(key));
        found.unwrap_or_else(|| key.clone())
    }

    fn settle_group(&mut self, wanted: &DesiredGroup, key: GroupKey, attributes: Vec<DesiredAttribute>) {
        let kept_under = self.ledger_key(wanted, &key);
        let link = self.input().ledger.groups.get(&kept_under);
        if kept_under != key {
            self.observe(LedgerUpdate::MoveGroup {
                from: kept_under,
                to: key.clone(),
            });
        }
        let row = match link {
            Some(link) => match self.group_row(&link.remote) {
                Ok(row) => row,
                Err(why) => return self.group_notice(NoticeKind::Undecided, &wanted.object, why, None),
            },
            None => match self.group_by_name(wanted, &attributes) {
                Ok(row) => row,
                Err(why) => {
                    let hint = "rename one of them in the app, or give the group another name";
                    return self.group_notice(NoticeKind::Ambiguous, &wanted.object, why, Some(hint));
                }
            },
        };
        let adopted = link.is_none() && row.is_some();
        let case = GroupCase {
            wanted,
            key,
            link,
            row,
            adopted,
        };
        if case.row.is_none() {
            if !self.input().capabilities.create_groups {
                let text = "the app has no such group, and groups cannot be created there".to_owned();
                return self.group_notice(
                    NoticeKind::NotPossible,
                    &wanted.object,
                    text,
                    Some("create it in the app"),
                );
            }
            self.create_group(&case, &attributes);
        } else {
            if adopted {
                self.adopt_group(&case, &attributes);
            }
            self.group_attributes(&case, &attributes);
        }
        self.members(&case);
    }

    /// The row of a linked group; none if it is proven gone.
    fn group_row(&self, remote: &RemoteId) -> Result<Option<GroupRow>, String> {
        if let Some(row) = self.differ.seen.groups.iter().find(|row| row.remote == *remote) {
            return Ok(Some(row.clone()));
        }
        match self.answers.get(Kind::Group, remote) {
            Some(Presence::Gone(_)) => Ok(None),
            Some(Presence::Unknown { why }) => Err(format!(
                "cannot tell whether group {remote} is still there: {why}"
            )),
            _ => Err(format!("cannot tell whether group {remote} is still there")),
        }
    }

    fn group_by_name(
        &self,
        wanted: &DesiredGroup,
        attributes: &[DesiredAttribute],
    ) -> Result<Option<GroupRow>, String> {
        let name = attributes.iter().find_map(|attribute| match &attribute.want {
            Want::Is(Value::Str(name)) if &**attribute.path.key() == "displayname" => {
                Some(name.to_lowercase())
            }
            _ => None,
        });
        let Some(name) = name else { return Ok(None) };
        let named = |row: &&GroupRow| row.name.as_ref().is_some_and(|row| row.to_lowercase() == name);
        let taken = |row: &&GroupRow| {
            self.input()
                .ledger
                .groups
                .values()
                .any(|link| link.remote == row.remote)
        };
        let rows: Vec<_> = self
            .differ
            .seen
            .groups
            .iter()
            .filter(named)
            .filter(|row| !taken(row))
            .collect();
        match rows.as_slice() {
            [] => Ok(None),
            [row] => Ok(Some((*row).clone())),
            several => {
                let ids: Vec<_> = several.iter().map(|row| row.remote.to_string()).collect();
                Err(format!(
                    "{} groups in the app have the name of {}: {}",
                    several.len(),
                    wanted.object,
                    ids.join(", ")
                ))
            }
        }
    }

    fn create_group(&mut self, case: &GroupCase, attributes: &[DesiredAttribute]) {
        let cause = if case.link.is_some() {
            Cause::Drift
        } else {
            Cause::Config
        };
        let mut change = self.change_of(
            case.wanted.object.clone(),
            Facet::Life,
            ChangeKind::GroupCreate,
            cause,
            6,
        );
        change.new = self.group_name(attributes);
        change.reasons = vec![self.declared_here(case.wanted)];
        let values = attributes
            .iter()
            .filter(|attribute| matches!(attribute.want, Want::Is(_)));
        let values = values
            .map(|attribute| (attribute.path.clone(), attribute.want.clone()))
            .collect();
        self.work.group_attributes.insert(case.key.clone(), values);
        self.push(change);
    }

    fn adopt_group(&mut self, case: &GroupCase, attributes: &[DesiredAttribute]) {
        let Some(row) = &case.row else { return };
        let mut change = self.change_of(
            case.wanted.object.clone(),
            Facet::Life,
            ChangeKind::Adopt,
            Cause::Config,
            6,
        );
        change.remote = Some(row.remote.clone());
        change.new = self.group_name(attributes);
        change.reasons = vec![self.declared_here(case.wanted)];
        let mut values = std::collections::BTreeMap::new();
        for attribute in attributes {
            let actual = self
                .differ
                .group_column(&attribute.path)
                .and_then(|column| row.values.get(column));
            if let (Want::Is(wanted), Some(actual)) = (&attribute.want, actual) {
                let key = attribute.path.key();
                let verdict = compare::one(
                    self.input().desired,
                    self.input().key,
                    Kind::Group,
                    attribute,
                    wanted,
                    actual,
                    None,
                );
                if verdict.is_none() {
                    let (asked, kept) = (
                        self.input().key.value(key, wanted),
                        self.input().key.value(key, actual),
                    );
                    values.insert(
                        key.clone(),
                        Hashes {
                            asked,
                            kept,
                            at: self.input().resolved.at,
                        },
                    );
                }
            }
        }
        let link = GroupLink {
            remote: row.remote.clone(),
            origin: Origin::Adopted,
            members: BTreeSet::new(),
            added: BTreeSet::new(),
            values,
        };
        self.work.group_links.insert(case.key.clone(), link);
        self.push(change);
    }

    fn group_attributes(&mut self, case: &GroupCase, attributes: &[DesiredAttribute]) {
        let Some(row) = &case.row else { return };
        for attribute in attributes {
            let actual = self
                .differ
                .group_column(&attribute.path)
                .and_then(|column| row.values.get(column))
                .cloned();
            let Some(actual) = actual else { continue };
            let key = attribute.path.key();
            let wanted = match &attribute.want {
                Want::Is(value) => value.clone(),
                Want::Clear => Value::Null,
                Want::Keep | Want::Ref(_) => continue,
            };
            let known = case.link.and_then(|link| link.values.get(key));
            let verdict = compare::one(
                self.input().desired,
                self.input().key,
                Kind::Group,
                attribute,
                &wanted,
                &actual,
                known,
            );
            let cause = match verdict {
                None => continue,
                Some(Verdict::Differs(Difference::Change(cause))) => cause,
                Some(Verdict::Differs(Difference::NotKept { since })) => {
                    let text = format!(
                        "{}: the app shows another value than it was given {}",
                        attribute.path,
                        since.strftime("on %Y-%m-%d")
                    );
                    self.group_notice(NoticeKind::NotKept, &case.wanted.object, text, None);
                    continue;
                }
                Some(Verdict::Immutable) => {
                    let text = format!("{} cannot be changed in this app once it is set", attribute.path);
                    self.group_notice(NoticeKind::NotPossible, &case.wanted.object, text, None);
                    continue;
                }
            };
            let is_name = &**key == "displayname";
            if is_name && !self.input().capabilities.rename_groups {
                let text = format!("is called \"{actual}\" in the app, and groups cannot be renamed there");
                self.group_notice(
                    NoticeKind::NotPossible,
                    &case.wanted.object,
                    text,
                    Some("rename it in the app"),
                );
                continue;
            }
            let kind = if is_name {
                ChangeKind::GroupRename
            } else {
                ChangeKind::Update
            };
            let mut change = self.change_of(
                case.wanted.object.clone(),
                Facet::Attribute(key.clone()),
                kind,
                cause,
                6,
            );
            change.remote = Some(row.remote.clone());
            change.old = self.shown(key, &actual, attribute.sensitive);
            change.new = self.shown(key, &wanted, attribute.sensitive);
            change.reasons = vec![self.declared_here(case.wanted)];
            change.want = Some((attribute.path.clone(), attribute.want.clone()));
            self.push(change);
        }
    }

    /// A group we managed that nobody declares any more.
    fn former_group(&mut self, key: &GroupKey, link: &GroupLink) {
        let Some(object) = key.object() else { return };
        let gone = matches!(self.group_row(&link.remote), Ok(None));
        if let (Object::Role(role), false) = (&object, gone) {
            return self.former_role(key, role.clone(), link);
        }
        let reason = Reason {
            text: format!("{object} is not declared for this app any more"),
            place: None,
        };
        let delete = self.input().desired.app.groups.remove == GroupRemove::Delete && !gone;
        if delete && !self.input().capabilities.delete_groups {
            let text = format!(
                "group {} should be deleted, and groups cannot be deleted in this app",
                link.remote
            );
            return self.group_notice(
                NoticeKind::NotPossible,
                &object,
                text,
                Some("delete it in the app, or set `groups.remove: keep`"),
            );
        }
        let kind = if delete {
            ChangeKind::GroupDelete
        } else {
            ChangeKind::Forget
        };
        let mut change = self.change_of(object.clone(), Facet::Life, kind, Cause::Config, 9);
        change.remote = Some(link.remote.clone());
        change.reasons = vec![reason];
        if delete {
            return self.push_removal(change);
        }
        if !gone && !link.members.is_empty() {
            let text = format!(
                "the group stays in the app with its members, {} of them ours (`groups.remove: keep`)",
                link.members.len()
            );
            self.group_notice(
                NoticeKind::Strangers,
                &object,
                text,
                Some("set `groups.remove: delete` before taking it out, or remove them in the app"),
            );
        }
        self.push(change);
    }

    /// A role that is a group: whoever we gave it loses it, then it is forgotten.
    fn former_role(&mut self, key: &GroupKey, role: crate::model::RoleId, link: &GroupLink) {
        for id in &link.members {
            let Some(user) = self.input().resolved.company.user(id.as_str()) else {
                continue;
            };
            let Some(remote) = self
                .accounts
                .get(&user)
                .and_then(|account| account.remote.clone())
            else {
                continue;
            };
            let mut change = self.revocation(user, id, Some(&remote), &role, true, "");
            change.cause = Cause::Config;
            self.push_revocation(id, change);
        }
        if link.members.is_empty() {
            let Some(object) = key.object() else { return };
            let mut change = self.change_of(object, Facet::Life, ChangeKind::Forget, Cause::Config, 9);
            change.remote = Some(link.remote.clone());
            change.reasons = vec![Reason {
                text: format!("role {role} is not declared any more"),
                place: None,
            }];
            self.push(change);
        }
    }

    fn group_name(&self, attributes: &[DesiredAttribute]) -> Shown {
        attributes
            .iter()
            .find_map(|attribute| match &attribute.want {
                Want::Is(value) if &**attribute.path.key() == "displayname" => {
                    Some(self.shown("displayname", value, false))
                }
                _ => None,
            })
            .unwrap_or_default()
    }

    pub(super) fn declared_here(&self, wanted: &DesiredGroup) -> Reason {
        let app = &self.input().desired.app.id;
        let text = match &wanted.object {
            Object::Role(role) => format!("role {role} of {app} is a group"),
            object => format!("{object} is pushed to {app}"),
        };
        self.input().reason(text, wanted.span)
    }

    pub(super) fn group_notice(
        &mut self,
        kind: NoticeKind,
        object: &Object,
        text: String,
        hint: Option<&str>,
    ) {
        let hint = hint.map(str::to_owned);
        self.notices.push(Notice {
            kind,
            subject: Some(object.clone()),
            text,
            hint,
            place: None,
        });
    }

    /// A managed group an unlinked account is in without being declared to be (safety.md 2).
    pub(super) fn membership_beyond(
        &self,
        user: UserNo,
        remote: &RemoteId,
        name: Option<&str>,
    ) -> Option<String> {
        let is_it = |member: &MemberRef| match member {
            MemberRef::Other(text) if self.differ.members_by_name => {
                name.is_some_and(|name| name.eq_ignore_ascii_case(text))
            }
            MemberRef::Other(text) => **text == *remote.as_str(),
            MemberRef::Linked(_) => false,
        };
        let desired = self.input().desired;
        self.differ.groups.iter().find_map(|group| {
            let wanted = &desired.groups[group.place];
            let row = self
                .differ
                .seen
                .groups
                .iter()
                .find(|row| self.is_row_of(wanted, group.name.as_deref(), row))?;
            let inside = row
                .members
                .as_ref()
                .is_some_and(|members| members.iter().any(is_it));
            let declared = wanted.holders.yes.contains(user.0) || wanted.holders.unknown.contains(user.0);
            (inside && !declared).then(|| wanted.object.to_string())
        })
    }

    fn is_row_of(&self, wanted: &DesiredGroup, name: Option<&str>, row: &GroupRow) -> bool {
        match GroupKey::of(&wanted.object).and_then(|key| self.input().ledger.groups.get(&key)) {
            Some(link) => link.remote == row.remote,
            None => name.is_some() && row.name.as_ref().map(|row| row.to_lowercase()).as_deref() == name,
        }
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
            let remote = self
                .accounts
                .get(&user)
                .and_then(|account| account.remote.clone());
            if add {
                return self.grant(user, id, remote.as_ref(), role, cause);
            }
            let given = case.link.is_some_and(|link| link.members.contains(id));
            let linked = || {
                self.links()
                    .of_user(user)
                    .map(|link| self.link(link).remote.clone())
            };
            let remote = remote.or_else(linked);
            return self.revocation(user, id, remote.as_ref(), &self.role_id(role), given, "");
        }
        let kind = if add {
            ChangeKind::MemberAdd
        } else {
            ChangeKind::MemberRemove
        };
        let phase = if add {
            7
        } else if cause.is_declared() {
            1
        } else {
            8
        };
        let mut change = self.change_of(
            case.wanted.object.clone(),
            Facet::Member(id.clone()),
            kind,
            cause,
            phase,
        );
        change.remote = case.row.as_ref().map(|row| row.remote.clone());
        change
    }
}
