//! Roles whose value the connector marks as power: they are privileged, whether the tree says so or not (safety.md 10).

use std::collections::BTreeMap;

use crate::catalog::{Catalog, Definition};
use crate::model::app::Role;
use crate::model::company::{Mapping, MappingSource};
use crate::model::folded::{folded, folded_value};
use crate::model::id::MappingId;
use crate::model::{Diagnostic, Path, Value};

use super::typed_app::TypedApp;

/// Expressions by which an attribute has the values of roles as they are.
const ROLES: [&str; 2] = ["account.role", "account.roles"];

/// Makes these roles privileged; where the tree says that one is not, it is told.
pub fn mark(
    typed: &mut TypedApp<'_>,
    catalog: &Catalog,
    mappings: &BTreeMap<MappingId, Mapping>,
    found: &mut Vec<Diagnostic>,
) {
    let app = &mut typed.app;
    let Some(definition) = catalog.get(&app.connector) else { return };
    let Some(mapping) = mappings.get(&app.users.mapping) else { return };
    let written = |path: &Path| {
        mapping.attributes.iter().any(|attribute| {
            let is_roles = match &attribute.source {
                MappingSource::Expr(source) => ROLES.contains(&source.text.trim_matches(['(', ')', ' '])),
                MappingSource::Constant(_) => false,
            };
            is_roles && attribute.path.key() == path.key()
        })
    };
    for role in app.roles.iter_mut() {
        let Some((path, value)) = marked(definition, role, &written) else { continue };
        role.privileged = true;
        let said = typed.written.get("roles").and_then(|roles| roles.value.get(role.id.as_str()));
        let said = said.and_then(|role| role.value.get("privileged"));
        if let Some(no) = said.filter(|said| said.value.node.text() == "false") {
            let message = format!(
                "the role `{}` is privileged all the same: {} says that `{value}` of `{path}` gives more than others",
                role.id, definition.name
            );
            let finding = Diagnostic::warning("privileged", no.value.node.span(), message);
            found.push(finding.with_hint("remove `privileged: false`"));
        }
    }
}

/// The value of a role that gives power, and where it stands.
fn marked<'d>(
    definition: &'d Definition,
    role: &Role,
    is_written: &impl Fn(&Path) -> bool,
) -> Option<(&'d Path, &'d Value)> {
    let own = folded(role.kind.value()?);
    let attributes = definition.power.iter().filter(|(path, _)| is_written(path));
    let mut values = attributes.flat_map(|(path, values)| values.iter().map(move |value| (path, value)));
    values.find(|(_, value)| folded_value(value).is_some_and(|value| value == own))
}
