//! `users:` and `groups:` of an app.

use crate::catalog::Definition;
use crate::config::merged::{Field, Merged};
use crate::model::app::{
    Actions, Deprovision, GroupRemove, GroupsPolicy, MembersPolicy, Nested, Scope, UsersPolicy,
};
use crate::model::id::MappingId;
use crate::model::{Diagnostic, Span};

use super::duration;
use super::principal;
use super::reader::Reader;

const SCOPE: [(&str, Scope); 2] = [("assigned", Scope::Assigned), ("all", Scope::All)];
const MEMBERS: [(&str, MembersPolicy); 3] =
    [("linked", MembersPolicy::Linked), ("exact", MembersPolicy::Exact), ("add", MembersPolicy::Add)];
const NESTED: [(&str, Nested); 2] = [("keep", Nested::Keep), ("remove", Nested::Remove)];
const REMOVE: [(&str, GroupRemove); 2] = [("keep", GroupRemove::Keep), ("delete", GroupRemove::Delete)];

fn mapping<'a>(
    reader: &mut Reader<'_, 'a>,
    of: Option<&Merged<'a>>,
    default: Option<&str>,
    key: Span,
) -> (MappingId, Span) {
    let Some(field) = of.and_then(|of| of.get("mapping")) else {
        let default = default.unwrap_or("");
        let world = reader.world;
        if !default.is_empty()
            && world.mappings.number(default).is_none()
            && !world.hidden.may_declare(default)
        {
            let ignored = world.mappings.is_a_note("unknown-mapping", "mapping", default, key);
            if let Some(ignored) = ignored {
                let hint = "give the mapping another name, and write that name at `mapping:` of the app";
                reader.found.push(ignored.with_hint(hint));
                return (MappingId::new(default), key);
            }
            let message = format!(
                "the app names no mapping, and its connector's own, `{default}`, is declared nowhere"
            );
            let hint = format!("declare it: `mappings: {{{default}: {{match: […], attributes: {{…}}}}}}`");
            reader.found.push(Diagnostic::error("unknown-mapping", key, message).with_hint(hint));
        }
        return (MappingId::new(default), key);
    };
    let node = field.value.node;
    let Some(id) = reader.str(node) else {
        return (MappingId::new(""), node.span());
    };
    let world = reader.world;
    if world.mappings.number(id).is_none() {
        reader.found.extend(world.unknown("unknown-mapping", "mapping", id, node.span(), &world.mappings));
    }
    (MappingId::new(id), node.span())
}

/// Reads `users:`.
pub fn users<'a>(reader: &mut Reader<'_, 'a>, app: &Merged<'a>, connector: &str, key: Span) -> UsersPolicy {
    let section = app.get("users").map(|field| field.value);
    let default = reader.world.catalog.get(connector);
    let (mapping, mapping_span) = mapping(
        reader,
        section.as_ref(),
        default.map(|connector| &*connector.user_mapping),
        app.get("connector").map_or(key, |field| field.value.node.span()),
    );
    let Some(of) = section else {
        return UsersPolicy {
            scope: Scope::default(),
            filter: None,
            mapping,
            mapping_span,
            actions: Actions::default(),
            deprovision: unsaid(default.map(std::convert::AsRef::as_ref)),
        };
    };
    UsersPolicy {
        scope: reader.word(&of, "scope", &SCOPE),
        filter: reader.expression(&of, "filter"),
        mapping,
        mapping_span,
        actions: actions(reader, &of),
        deprovision: deprovision(reader, &of, default.map(std::convert::AsRef::as_ref)),
    }
}

fn actions<'a>(reader: &mut Reader<'_, 'a>, of: &Merged<'a>) -> Actions {
    if of.get("actions").is_none() {
        return Actions::default();
    }
    let mut actions = Actions { create: false, update: false, deprovision: false };
    for node in reader.list(of, "actions") {
        match node.as_str() {
            Some("create") => actions.create = true,
            Some("update") => actions.update = true,
            Some("deprovision") => actions.deprovision = true,
            _ => reader.found.push(
                Diagnostic::error("wrong-type", node.span(), format!("`{}` is not an action", node.text()))
                    .with_hint("one of: create, update, deprovision"),
            ),
        }
    }
    actions
}

/// An app that cannot turn accounts off keeps them, unless something is said.
fn unsaid(connector: Option<&Definition>) -> Deprovision {
    match connector.is_some_and(|connector| !connector.capabilities.disable_users) {
        true => Deprovision::Keep { said: false },
        false => Deprovision::default(),
    }
}

/// `deprovision` is what the connector can do.
fn is_possible(reader: &mut Reader<'_, '_>, field: Span, kind: Deprovision, connector: Option<&Definition>) {
    let Some(connector) = connector else { return };
    let can = &connector.capabilities;
    let says_why = connector.preset.as_ref().is_some_and(|preset| preset.never_deletes.is_some());
    let (what, hint) = match kind {
        Deprovision::Delete { .. } if says_why => return,
        Deprovision::Disable if !can.disable_users && can.delete_users => (
            "turn accounts off",
            "write `deprovision: keep`, or `deprovision: delete`, which takes the account away",
        ),
        Deprovision::Disable if !can.disable_users => ("turn accounts off", "write `deprovision: keep`"),
        Deprovision::Delete { .. } if !can.delete_users && can.disable_users => {
            ("delete accounts", "write `deprovision: disable`")
        }
        Deprovision::Delete { .. } if !can.delete_users => ("delete accounts", "write `deprovision: keep`"),
        _ => return,
    };
    let text = format!("the connector {} cannot {what}", connector.name);
    reader.found.push(Diagnostic::error("deprovision", field, text).with_hint(hint));
}

/// Finds `delete` for the accounts of an app where they are never deleted.
pub fn can_delete<'a>(reader: &mut Reader<'_, 'a>, field: Option<Field<'a>>, connector: Option<&Definition>) {
    let Some(node) = field.map(|field| field.value.node).filter(|node| node.as_str() == Some("delete"))
    else {
        return;
    };
    let preset = connector.and_then(|connector| connector.preset.as_ref());
    let Some((preset, why)) = preset.and_then(|preset| Some((preset, preset.never_deletes.as_ref()?))) else {
        return;
    };
    let message = format!("accounts of {} are never deleted: {why}", preset.title);
    let hint = "write `disable`";
    reader.found.push(Diagnostic::error("never-deleted", node.span(), message).with_hint(hint));
}

fn deprovision<'a>(
    reader: &mut Reader<'_, 'a>,
    of: &Merged<'a>,
    connector: Option<&Definition>,
) -> Deprovision {
    if of.get("deprovision").is_none() && of.get("delete_after").is_none() {
        return unsaid(connector);
    }
    let delete = of.get("deprovision").is_some_and(|field| field.value.node.as_str() == Some("delete"));
    let after = reader.duration(of, "delete_after");
    let kind = reader.word(
        of,
        "deprovision",
        &[
            ("disable", Deprovision::Disable),
            ("keep", Deprovision::Keep { said: true }),
            (
                "delete",
                Deprovision::Delete { after: after.or_else(|| duration::parse("30d")).unwrap_or_default() },
            ),
        ],
    );
    if let Some(field) = of.get("delete_after").filter(|_| !delete) {
        reader.found.push(
            Diagnostic::error(
                "delete-after",
                field.key.span(),
                "`delete_after` has no effect without `deprovision: delete`",
            )
            .with_hint("remove it, or write `deprovision: delete`"),
        );
    }
    if let Some(field) = of.get("deprovision") {
        can_delete(reader, Some(field), connector);
        is_possible(reader, field.value.node.span(), kind, connector);
    }
    kind
}

/// Reads `groups:`.
pub fn groups<'a>(reader: &mut Reader<'_, 'a>, app: &Merged<'a>, connector: &str, key: Span) -> GroupsPolicy {
    let section = app.get("groups").map(|field| field.value);
    let default = reader.world.catalog.get(connector);
    let (mapping, mapping_span) = mapping(
        reader,
        section.as_ref(),
        default.filter(|connector| connector.capabilities.groups).map(|connector| &*connector.group_mapping),
        app.get("connector").map_or(key, |field| field.value.node.span()),
    );
    let Some(of) = section else {
        return GroupsPolicy {
            push: Vec::new(),
            mapping,
            mapping_span,
            members: MembersPolicy::default(),
            nested: Nested::default(),
            remove: GroupRemove::default(),
        };
    };
    let mut push = Vec::new();
    for node in reader.list(&of, "push") {
        let Some(id) = reader.str(node) else { continue };
        push.extend(principal::group(reader, id, node.span()).map(|group| (group, node.span())));
    }
    let members = reader.word(&of, "members", &MEMBERS);
    let is_mixed = default.is_some_and(|connector| connector.capabilities.members_mixed);
    if let (Some(field), true) = (of.get("members"), is_mixed && members == MembersPolicy::Exact) {
        let text = format!(
            "the connector {connector} shows people of groups inside as members: `exact` would take them out as strangers"
        );
        let hint = "write `linked`, or `add`";
        reader.found.push(Diagnostic::error("members-mixed", field.value.node.span(), text).with_hint(hint));
    }
    GroupsPolicy {
        push,
        mapping,
        mapping_span,
        members,
        nested: reader.word(&of, "nested", &NESTED),
        remove: reader.word(&of, "remove", &REMOVE),
    }
}
