//! Roles of an app.

use crate::config::merged::{Field, Merged};
use crate::model::Diagnostic;
use crate::model::app::{Role, RoleKind};
use crate::model::invisible::Joiners;

use super::invisible;
use super::reader::Reader;

/// The precedence of a role that does not say: after every one that does, in practice.
pub const PRECEDENCE: i64 = 1000;

/// Longest value that the ledger holds.
const VALUE_BYTES: usize = 4096;

/// Reads `roles:`, sorted by precedence, then id.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, app: &Merged<'a>) -> Vec<Role> {
    let fields = reader.map(app, "roles");
    let mut roles: Vec<Role> = fields.into_iter().map(|field| role(reader, field)).collect();
    roles.sort_by(|a, b| (a.precedence, &a.id).cmp(&(b.precedence, &b.id)));
    roles
}

fn role<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>) -> Role {
    let Field { key, value: of } = field;
    let (value, group) = (reader.shared(&of, "value"), reader.shared(&of, "group"));
    if let (Some(value), Some(group)) = (of.get("value"), of.get("group")) {
        reader.found.push(
            Diagnostic::error(
                "role-kind",
                group.key.span(),
                format!("the role `{}` is a value and a group", key.text()),
            )
            .with_related(value.key.span(), "`value` is here")
            .with_hint("remove one of the two"),
        );
    }
    if let (Some(field), Some(text)) = (of.get("value"), &value)
        && (text.len() > VALUE_BYTES || text.contains(char::is_control))
    {
        let message = format!(
            "the value of the role `{}` is longer than {VALUE_BYTES} bytes or holds control characters",
            key.text()
        );
        reader.found.push(
            Diagnostic::error("wrong-value", field.value.node.span(), message)
                .with_hint("write what the app calls the role"),
        );
    }
    if let Some(field) = of.get("group") {
        let whose = || format!("the group of the role `{}`", key.text());
        invisible::demand(reader, field.value.node, None, whose, Joiners::WhereTheyShow);
    }
    let precedence = match of.get("precedence") {
        Some(field) => reader.int(field.value.node).unwrap_or(PRECEDENCE),
        None => PRECEDENCE,
    };
    Role {
        id: reader.id(key.text()),
        previously: reader.ids(&of, "previously"),
        kind: match (value, group) {
            (None, Some(group)) => RoleKind::Group(group),
            (Some(value), _) => RoleKind::Value(value),
            (None, None) => RoleKind::Id(key.text().into()),
        },
        precedence,
        privileged: reader.bool(&of, "privileged", false),
        span: key.span(),
    }
}
