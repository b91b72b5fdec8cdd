//! A group's link is a hint as well: what proves that the group in the app is the one we mean (safety.md 1).

use std::collections::BTreeSet;
use std::sync::Arc;

use super::page::GroupRow;
use super::settle::Settling;
use crate::model::change::Object;
use crate::model::ledger::GroupLink;
use crate::model::{RoleNo, UserId, Value, Want};
use crate::resolve::{DesiredAttribute, DesiredGroup};

/// What a group declared today is to be.
pub(super) struct Wanted<'w> {
    pub group: &'w DesiredGroup,
    pub attributes: &'w [DesiredAttribute],
    /// Name, folded.
    pub name: Option<&'w str>,
}

impl Settling<'_, '_> {
    /// Why a linked group may not be touched: nothing it shows is what it should be, or was. A group somebody renamed is
    /// still known by our externalId, or by half of the members it had.
    pub(super) fn group_conflict(
        &self,
        object: &Object,
        link: &GroupLink,
        row: &GroupRow,
        wanted: Option<&Wanted>,
    ) -> Option<String> {
        let proved = wanted.is_some_and(|wanted| self.is_wanted(wanted, row))
            || self.is_declared_name(object, row)
            || self.is_remembered(link, "displayname", row.name.as_ref())
            || self.is_remembered(link, "externalid", row.external_id.as_ref())
            || self.has_its_members(link, row);
        let name = row.name.as_deref().unwrap_or("no name");
        (!proved).then(|| {
            format!(
                "group {} (\"{name}\") has neither the name nor the members of {object}, neither today's nor those it had",
                row.remote
            )
        })
    }

    fn is_wanted(&self, wanted: &Wanted, row: &GroupRow) -> bool {
        let name = row.name.as_ref().map(|name| name.to_lowercase());
        let earlier = self.earlier_ids(wanted.group);
        let called = name.is_some_and(|name| {
            wanted.name == Some(name.as_str()) || earlier.iter().any(|id| id.to_lowercase() == name)
        });
        let external = wanted.attributes.iter().find_map(|attribute| match &attribute.want {
            Want::Is(Value::Str(text)) if &**attribute.path.key() == "externalid" => Some(text),
            _ => None,
        });
        called || (external.is_some() && external == row.external_id.as_ref())
    }

    /// The name of a group that is still declared, though not for this app.
    fn is_declared_name(&self, object: &Object, row: &GroupRow) -> bool {
        let company = self.input().resolved.company;
        let declared = match object {
            Object::Group(id) => company.group(id.as_str()),
            _ => None,
        };
        let declared = declared.map(|group| company.groups[group.index()].name.to_lowercase());
        declared.is_some() && declared == row.name.as_ref().map(|name| name.to_lowercase())
    }

    fn earlier_ids(&self, wanted: &DesiredGroup) -> Vec<String> {
        let group = wanted.group.map(|group| &self.input().resolved.company.groups[group.index()].previously);
        let role = |role: RoleNo| &self.input().desired.app.roles[role.index()].previously;
        let groups = group.into_iter().flatten().map(ToString::to_string);
        let roles = wanted.role.map(role).into_iter().flatten().map(ToString::to_string);
        groups.chain(roles).collect()
    }

    fn is_remembered(&self, link: &GroupLink, key: &str, actual: Option<&Arc<str>>) -> bool {
        // Values seen earlier prove nothing about another endpoint.
        let known = link.values.get(key).filter(|_| !self.differ.moved);
        known.zip(actual).is_some_and(|(known, actual)| {
            let hash = self.input().key.value(key, &Value::Str(actual.clone()));
            hash == known.kept || hash == known.asked
        })
    }

    fn has_its_members(&self, link: &GroupLink, row: &GroupRow) -> bool {
        let Some(members) = row.members.as_ref().filter(|_| !link.members.is_empty()) else {
            return false;
        };
        let there: BTreeSet<&UserId> = members
            .iter()
            .filter_map(|member| self.member_link(member))
            .map(|link| &self.links().row(link).user)
            .collect();
        let known = link.members.iter().map(|id| self.links().today(id));
        known.filter(|id| there.contains(id)).count() * 2 >= link.members.len()
    }
}
