//! The subject of a change and its effect, for a reader: the person and the role, also where the key names a group.

use std::collections::BTreeMap;

use super::line::{Line, Tone};
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object};
use crate::model::{GroupId, RoleId, UserId};

/// Longest name that is shown, in characters.
const NAME: usize = 60;

/// Who or what a change happens to.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Subject<'p> {
    /// A declared person.
    Person(&'p UserId),
    /// An account nobody declared.
    Account(&'p str),
    /// A group of the app inside a managed one, with its name.
    InnerGroup(&'p str),
    /// A pushed group itself.
    Group(&'p GroupId),
    /// The group that stands for a role.
    RoleGroup(&'p RoleId),
}

/// Names for ids.
pub(crate) type Names = BTreeMap<UserId, String>;

impl<'p> Subject<'p> {
    /// The subject of a change.
    pub(crate) fn of_change(change: &'p Change) -> Self {
        let inner = change.old.text.as_deref().and_then(|text| text.strip_prefix("group "));
        match (&change.key.facet, inner) {
            (Facet::UnmanagedMember(_), Some(group)) => Subject::InnerGroup(group),
            _ => Subject::of(&change.key),
        }
    }

    /// The subject of a change with this key.
    pub(crate) fn of(key: &'p ChangeKey) -> Self {
        match (&key.facet, &key.object) {
            (Facet::Member(user), _) => Subject::Person(user),
            (Facet::UnmanagedMember(remote), _) => Subject::Account(remote),
            (_, object) => Subject::of_object(object),
        }
    }

    /// The object itself.
    pub(crate) fn of_object(object: &'p Object) -> Self {
        match object {
            Object::User(user) => Subject::Person(user),
            Object::Account(remote) => Subject::Account(remote.as_str()),
            Object::Group(group) => Subject::Group(group),
            Object::Role(role) => Subject::RoleGroup(role),
        }
    }

    /// The bare id.
    pub(crate) fn id(&self) -> &'p str {
        match self {
            Subject::Person(id) => id.as_str(),
            Subject::Account(id) | Subject::InnerGroup(id) => id,
            Subject::Group(id) => id.as_str(),
            Subject::RoleGroup(id) => id.as_str(),
        }
    }

    /// True for groups.
    pub(crate) fn is_group(&self) -> bool {
        matches!(self, Subject::Group(_) | Subject::RoleGroup(_))
    }

    /// Id and name: `ada (Ada Lovelace)`, `account 2819`, `group platform`.
    pub(crate) fn line(&self, names: &Names) -> Line {
        self.line_with(names, None)
    }

    /// The same with the login of the account, where it is another word than the id: `ada (Ada Lovelace, ada@x)`.
    pub(crate) fn line_with(&self, names: &Names, login: Option<&str>) -> Line {
        match self {
            Subject::Person(id) => {
                let line = Line::new().solid(Tone::Strong, id.as_str());
                let is_news = |text: &&str| *text != id.as_str() && !text.is_empty();
                let name = names.get(*id).map(String::as_str).filter(is_news);
                match (name, login.filter(is_news)) {
                    (None, None) => line,
                    (Some(name), None) => line.plain(format!(" ({})", short(name))),
                    (None, Some(login)) => line.plain(" (").solid(Tone::Plain, login).plain(")"),
                    (Some(name), Some(login)) => {
                        line.plain(format!(" ({}, ", short(name))).solid(Tone::Plain, login).plain(")")
                    }
                }
            }
            Subject::InnerGroup(name) => Line::new().plain("group ").solid(Tone::Strong, name),
            Subject::Account(id) => Line::new().plain("account ").solid(Tone::Strong, id),
            Subject::Group(id) => Line::new().plain("group ").solid(Tone::Strong, id.as_str()),
            Subject::RoleGroup(id) => Line::new().plain("group of role ").solid(Tone::Strong, id.as_str()),
        }
    }
}

fn short(name: &str) -> String {
    if name.chars().count() <= NAME {
        return name.to_owned();
    }
    name.chars().take(NAME).chain(['…']).collect()
}

/// Adding to or removing from the group of a role is granting or revoking the role.
pub(crate) fn effect(kind: ChangeKind, key: &ChangeKey) -> ChangeKind {
    match (kind, &key.object) {
        (ChangeKind::MemberAdd, Object::Role(_)) => ChangeKind::RoleGrant,
        (ChangeKind::MemberRemove, Object::Role(_)) => ChangeKind::RoleRevoke,
        _ => kind,
    }
}
