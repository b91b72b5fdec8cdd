//! The proof that a linked group of the app is the group that the ledger means: its link alone is only a hint (safety.md
//! 1, decision 15).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::find::{keys_of, member_link};
use crate::catalog::Meaning;
use crate::model::change::Object;
use crate::model::folded::folded;
use crate::model::ledger::{GroupKey, GroupLink};
use crate::model::seen::Seen;
use crate::model::{Path, RoleNo, UserId, Value};
use crate::plan::command;
use crate::plan::decide::context::Context;
use crate::plan::reading::differ::WantedGroup;
use crate::plan::reading::rows::GroupRow;
use crate::resolve::{DesiredAttribute, DesiredGroup};

/// The group as it is declared for this app today.
pub(super) struct Wanted<'w> {
    pub group: &'w DesiredGroup,
    pub attributes: &'w [DesiredAttribute],
    /// Name, folded.
    pub name: Option<&'w str>,
}

/// Why a linked group may not be touched.
pub(super) struct Conflict {
    pub why: String,
    /// It shows itself to be another group of ours.
    pub is_another: bool,
}

impl Conflict {
    pub(super) fn hint(&self, cx: &Context, wanted: &DesiredGroup, entry: &GroupKey) -> String {
        match self.is_another {
            true => put_right(entry),
            false => format!(
                "if it is the right group, give it its name in the app; if not, {}",
                otherwise(cx, wanted, entry)
            ),
        }
    }
}

/// The remedy for an entry that has the id of another group, or for groups that have each other's names.
pub(super) fn put_right(entry: &GroupKey) -> String {
    format!(
        "if somebody gave the groups other names in the app, give them their names back there; if the ledger was edited, take its entry of {entry} from an earlier state"
    )
}

/// Why a linked group may not be touched; none if it is proved. One of these is a proof: the name that is declared today or at
/// the last applied commit, our id, or, if it is not what another group has there, the name or our id that the ledger
/// remembers, or half of the members in the ledger. So a group that was renamed in the app is still recognised.
pub(super) fn conflict(
    cx: &Context,
    object: &Object,
    link: &GroupLink,
    row: &GroupRow,
    wanted: Option<&Wanted>,
) -> Option<Conflict> {
    let schema = &cx.input.desired.definition.groups;
    let remembered = |path: &Path, actual: Option<&Arc<str>>| is_remembered(cx, link, path.key(), actual);
    let is_proved = wanted.is_some_and(|wanted| has_wanted_name_or_id(cx, wanted, row))
        || has_declared_name(cx, object, row)
        || was_named(cx, object, link, row);
    let name = row.name.as_deref().unwrap_or("no name");
    if is_proved {
        return None;
    }
    if let Some(other) = another(cx, object, row) {
        let why = format!("group {} (\"{name}\") shows itself to be {other}", row.remote);
        return Some(Conflict { why, is_another: true });
    }
    let is_proved = remembered(&schema.name, row.name.as_ref())
        || schema.our_id.as_ref().is_some_and(|place| remembered(place, row.our_id.as_ref()))
        || has_half_of_its_members(cx, link, row);
    (!is_proved).then(|| {
        let why = format!(
            "group {} (\"{name}\") has neither a name nor members that {object} has or had",
            row.remote
        );
        Conflict { why, is_another: false }
    })
}

/// Why no commit is known to have declared a group that is not declared any more, under this id or an earlier one.
pub(super) fn undeclared(cx: &Context, key: &GroupKey, link: &GroupLink) -> Option<String> {
    cx.input.commit?;
    let commits = (link.commit.as_ref(), cx.input.ledger.applied_commit());
    let keys = keys_of(cx, &key.object());
    cx.answers.declared(commits, "it", |tree| keys.iter().find_map(|key| tree.groups.get(key))).err()
}

/// True if the group has the wanted name, our id, or an earlier id of ours as its name.
fn has_wanted_name_or_id(cx: &Context, wanted: &Wanted, row: &GroupRow) -> bool {
    let name = row.name.as_ref().map(|name| folded(name));
    let earlier_ids = earlier_ids(cx, wanted.group);
    let has_name = name.is_some_and(|name| {
        wanted.name == Some(name.as_str()) || earlier_ids.iter().any(|id| folded(id) == name)
    });
    let our_id = wanted.attributes.iter().find_map(|attribute| attribute.text_of(Meaning::OurId));
    has_name || (our_id.is_some() && our_id == row.our_id.as_ref())
}

/// True if the group had its name as this one, as git says: at the last applied commit, or at the one that the entry names. That
/// one is from before a change of names that was held.
fn was_named(cx: &Context, object: &Object, link: &GroupLink, row: &GroupRow) -> bool {
    let own = keys_of(cx, object);
    let by_entry = link.commit.iter().flat_map(|commit| named_at(cx, commit, row));
    named_at_last_apply(cx, row).chain(by_entry).any(|key| own.contains(key))
}

/// The groups that had this one's name at the last applied commit, as git says.
fn named_at_last_apply<'c>(cx: &'c Context, row: &GroupRow) -> impl Iterator<Item = &'c GroupKey> {
    let applied = cx.input.ledger.applied_commit();
    applied.into_iter().flat_map(|commit| named_at(cx, commit, row))
}

/// The groups that had this one's name at a commit.
fn named_at<'c>(
    cx: &'c Context,
    commit: &str,
    row: &GroupRow,
) -> impl Iterator<Item = &'c GroupKey> + use<'c> {
    let name = row.name.as_ref().map(|name| folded(name));
    let tree = cx.answers.tree(commit);
    let names = tree.into_iter().flat_map(|tree| &tree.group_names);
    names.filter(move |(_, known)| name.as_ref() == Some(*known)).map(|(key, _)| key)
}

/// The group of the app that shows itself to be a desired one and stands in the entry of another: with it, and that other.
pub(super) fn misplaced<'c>(cx: &'c Context, group: &WantedGroup) -> Option<(&'c GroupRow, GroupKey)> {
    let object = &cx.input.desired.groups[group.place].object;
    let entries = cx.input.ledger.groups.iter().filter(|(key, _)| key.object() != *object);
    entries.into_iter().find_map(|(key, link)| {
        let row = cx.differ.seen.groups.get(&link.remote).filter(|row| group.may_be(row))?;
        // A group that had its name by right is about to get another one.
        (!was_named(cx, &key.object(), link, row)).then(|| (row, key.clone()))
    })
}

/// Another group of ours that has the name or our id of this one, today or at the last applied commit.
fn another(cx: &Context, object: &Object, row: &GroupRow) -> Option<Object> {
    let desired = &cx.input.desired.groups;
    let today = cx.differ.groups.iter().filter(|group| group.may_be(row));
    let today = today.map(|group| desired[group.place].object.clone()).find(|other| other != object);
    today.or_else(|| named_at_last_apply(cx, row).next().map(GroupKey::object))
}

/// True if the group has the declared name. This is for a group that is not declared for this app any more, and so is
/// not wanted, but is declared still.
fn has_declared_name(cx: &Context, object: &Object, row: &GroupRow) -> bool {
    let company = cx.input.resolved.company;
    let declared = match object {
        Object::Group(id) => company.group(id.as_str()),
        _ => None,
    };
    let declared = declared.map(|group| folded(&company.groups[group.index()].name));
    declared.is_some() && declared == row.name.as_ref().map(|name| folded(name))
}

fn earlier_ids(cx: &Context, wanted: &DesiredGroup) -> Vec<String> {
    let group = wanted.group.map(|group| &cx.input.resolved.company.groups[group.index()].previously);
    let role = |role: RoleNo| &cx.input.desired.app.roles[role.index()].previously;
    let groups = group.into_iter().flatten().map(ToString::to_string);
    let roles = wanted.role.map(role).into_iter().flatten().map(ToString::to_string);
    groups.chain(roles).collect()
}

/// True if the value is the one that rolecall wrote, or the one that the app kept of it.
fn is_remembered(cx: &Context, link: &GroupLink, key: &str, actual: Option<&Arc<str>>) -> bool {
    // Values of the former endpoint prove nothing about the new one.
    let known = link.values.get(key).filter(|_| !cx.differ.has_new_endpoint);
    known.zip(actual).is_some_and(|(known, actual)| {
        let hash = cx.input.key.value(key, &Value::Str(actual.clone()));
        hash == known.kept || hash == known.asked
    })
}

fn has_half_of_its_members(cx: &Context, link: &GroupLink, row: &GroupRow) -> bool {
    let (Seen::Is(members), false) = (cx.holders(row), link.members.is_empty()) else {
        return false;
    };
    let in_app: BTreeSet<&UserId> =
        members.iter().filter_map(|member| member_link(cx, member)).map(|link| &cx.row(link).user).collect();
    let in_ledger = link.members.iter().map(|id| cx.links().today(id));
    in_ledger.filter(|id| in_app.contains(id)).count() * 2 >= link.members.len()
}

/// The remedy if a linked group is not the right one. The link of a privileged role is not dropped: it remembers the
/// people who were taken out in the app (safety.md 13).
pub(super) fn otherwise(cx: &Context, wanted: &DesiredGroup, entry: &GroupKey) -> String {
    match wanted.privileged {
        true => "declare the role under another id".to_owned(),
        false => command::unlink(&cx.input.desired.app.id, entry),
    }
}
