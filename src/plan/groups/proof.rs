//! A group's link is a hint only. This is the proof that the group in the app is the one we mean (safety.md 1).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::find::member_link;
use crate::catalog::Meaning;
use crate::model::change::Object;
use crate::model::ledger::GroupLink;
use crate::model::{Path, RoleNo, UserId, Value, Want};
use crate::plan::decide::context::Context;
use crate::plan::reading::rows::GroupRow;
use crate::resolve::{DesiredAttribute, DesiredGroup};

/// The group as it is declared today.
pub(super) struct Wanted<'w> {
    pub group: &'w DesiredGroup,
    pub attributes: &'w [DesiredAttribute],
    /// Name, folded.
    pub name: Option<&'w str>,
}

/// Why a linked group may not be touched: none of its values is the desired or the last seen one. A group that was
/// renamed in the app is still recognised by our id, or by half of its former members.
pub(super) fn conflict(
    cx: &Context,
    object: &Object,
    link: &GroupLink,
    row: &GroupRow,
    wanted: Option<&Wanted>,
) -> Option<String> {
    let schema = &cx.input.desired.definition.groups;
    let remembered = |path: &Path, actual: Option<&Arc<str>>| is_remembered(cx, link, path.key(), actual);
    let proved = wanted.is_some_and(|wanted| is_wanted(cx, wanted, row))
        || is_declared_name(cx, object, row)
        || remembered(&schema.name, row.name.as_ref())
        || schema.our_id.as_ref().is_some_and(|place| remembered(place, row.our_id.as_ref()))
        || has_its_members(cx, link, row);
    let name = row.name.as_deref().unwrap_or("no name");
    (!proved).then(|| {
        format!(
            "group {} (\"{name}\") has neither the name nor the members of {object}, neither today's nor those it had",
            row.remote
        )
    })
}

fn is_wanted(cx: &Context, wanted: &Wanted, row: &GroupRow) -> bool {
    let name = row.name.as_ref().map(|name| name.to_lowercase());
    let earlier = earlier_ids(cx, wanted.group);
    let called = name.is_some_and(|name| {
        wanted.name == Some(name.as_str()) || earlier.iter().any(|id| id.to_lowercase() == name)
    });
    let external = wanted.attributes.iter().find_map(|attribute| match &attribute.want {
        Want::Is(Value::Str(text)) if attribute.meaning == Meaning::OurId => Some(text),
        _ => None,
    });
    called || (external.is_some() && external == row.our_id.as_ref())
}

/// The name of a group that is still declared, though not for this app.
fn is_declared_name(cx: &Context, object: &Object, row: &GroupRow) -> bool {
    let company = cx.input.resolved.company;
    let declared = match object {
        Object::Group(id) => company.group(id.as_str()),
        _ => None,
    };
    let declared = declared.map(|group| company.groups[group.index()].name.to_lowercase());
    declared.is_some() && declared == row.name.as_ref().map(|name| name.to_lowercase())
}

fn earlier_ids(cx: &Context, wanted: &DesiredGroup) -> Vec<String> {
    let group = wanted.group.map(|group| &cx.input.resolved.company.groups[group.index()].previously);
    let role = |role: RoleNo| &cx.input.desired.app.roles[role.index()].previously;
    let groups = group.into_iter().flatten().map(ToString::to_string);
    let roles = wanted.role.map(role).into_iter().flatten().map(ToString::to_string);
    groups.chain(roles).collect()
}

fn is_remembered(cx: &Context, link: &GroupLink, key: &str, actual: Option<&Arc<str>>) -> bool {
    // Values seen earlier prove nothing about another endpoint.
    let known = link.values.get(key).filter(|_| !cx.differ.moved);
    known.zip(actual).is_some_and(|(known, actual)| {
        let hash = cx.input.key.value(key, &Value::Str(actual.clone()));
        hash == known.kept || hash == known.asked
    })
}

fn has_its_members(cx: &Context, link: &GroupLink, row: &GroupRow) -> bool {
    let Some(members) = row.members.as_ref().filter(|_| !link.members.is_empty()) else {
        return false;
    };
    let there: BTreeSet<&UserId> =
        members.iter().filter_map(|member| member_link(cx, member)).map(|link| &cx.row(link).user).collect();
    let known = link.members.iter().map(|id| cx.links().today(id));
    known.filter(|id| there.contains(id)).count() * 2 >= link.members.len()
}
