//! Roles of an app.

use std::sync::Arc;

use crate::catalog::Definition;
use crate::config::merged::{Field, Merged};
use crate::model::Diagnostic;
use crate::model::app::{Role, RoleKind};
use crate::model::grant::Target;
use crate::model::invisible::Joiners;

use super::invisible;
use super::reader::Reader;

/// The precedence of a role that does not say: after every one that does, in practice.
pub const PRECEDENCE: i64 = 1000;

/// Longest value that the ledger holds.
const VALUE_BYTES: usize = 4096;

/// Reads `roles:`, sorted by precedence, then id.
pub fn read<'a>(reader: &mut Reader<'_, 'a>, app: &Merged<'a>, connector: Option<&Definition>) -> Vec<Role> {
    let fields = reader.map(app, "roles");
    let mut roles: Vec<Role> = fields.into_iter().map(|field| role(reader, field, connector)).collect();
    roles.sort_by(|a, b| (a.precedence, &a.id).cmp(&(b.precedence, &b.id)));
    roles
}

/// What a role is on, by the names of the parts.
fn grant<'a>(
    reader: &mut Reader<'_, 'a>,
    of: &Merged<'a>,
    connector: Option<&Definition>,
) -> Option<Arc<Target>> {
    let field = of.get("grant")?;
    let parts = field.value.node.entries();
    let named =
        parts.into_iter().filter_map(|(key, value)| Some((key.text().into(), value.as_str()?.into())));
    let target = Target::new(named.collect());
    let connector = connector?;
    if connector.grants.iter().any(|keys| target.has_parts(keys)) {
        return Some(Arc::new(target));
    }
    let kinds: Vec<String> = connector.grants.iter().map(|keys| keys.join(" and ")).collect();
    let (text, hint) = match kinds.is_empty() {
        true => (
            format!("the connector {} has no grants", connector.name),
            "write `value: …` or `group: …`".to_owned(),
        ),
        false => (
            format!("grants of the connector {} are on other things", connector.name),
            format!("a grant names {}", kinds.join(", or ")),
        ),
    };
    reader.found.push(Diagnostic::error("grant", field.value.node.span(), text).with_hint(hint));
    None
}

fn role<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>, connector: Option<&Definition>) -> Role {
    let Field { key, value: of } = field;
    let (value, group) = (reader.shared(&of, "value"), reader.shared(&of, "group"));
    let grant = grant(reader, &of, connector);
    let is_said = |name: &str| of.get(name).is_some();
    if let (Some(field), true) = (of.get("grant"), is_said("value") || is_said("group")) {
        let text = format!("the role `{}` is a grant, and a value or a group", key.text());
        let finding = Diagnostic::error("role-kind", field.key.span(), text);
        reader.found.push(finding.with_hint("remove all but one of `grant`, `value` and `group`"));
    }
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
            _ if grant.is_some() => {
                RoleKind::Group(grant.iter().map(ToString::to_string).collect::<String>().into())
            }
            (None, Some(group)) => RoleKind::Group(group),
            (Some(value), _) => RoleKind::Value(value),
            (None, None) => RoleKind::Id(key.text().into()),
        },
        grant,
        precedence,
        privileged: reader.bool(&of, "privileged", false),
        span: key.span(),
    }
}
