//! What an app described by a document needs in a new account or group, and what its mapping does not give.

use std::collections::BTreeMap;

use crate::catalog::Catalog;
use crate::catalog::rest::{Objects, Required};
use crate::model::app::App;
use crate::model::company::Mapping;
use crate::model::id::MappingId;
use crate::model::{Diagnostic, Span};

/// Without such an attribute no account and no group can be created.
pub fn check(
    app: &App,
    catalog: &Catalog,
    mappings: &BTreeMap<MappingId, Mapping>,
    found: &mut Vec<Diagnostic>,
) {
    let document = catalog.get(&app.connector).and_then(|definition| definition.document.as_ref());
    let Some(document) = document else { return };
    let (users, groups) = (&app.users, &app.groups);
    let mut one = |what: &str, objects: &Objects, mapping: &MappingId, at: Span| {
        let Some(mapping) = mappings.get(mapping) else { return };
        let missing = missing(objects, mapping);
        if !missing.is_empty() {
            let names: Vec<_> = missing.iter().map(|name| format!("`{name}`")).collect();
            let message = format!(
                "the app `{}` can create no {what}: the mapping `{}` gives no {}, which the app requires",
                app.id,
                mapping.id,
                names.join(" and no ")
            );
            let hint = "map it, with a default if not all have a value";
            found.push(Diagnostic::warning("required", at, message).with_hint(hint));
        }
    };
    if users.actions.create && document.users.create.is_some() {
        one("accounts", &document.users, &users.mapping, users.mapping_span);
    }
    if let (Some(of), false) = (&document.groups, groups.push.is_empty())
        && of.create.is_some()
    {
        one("groups", of, &groups.mapping, groups.mapping_span);
    }
}

fn missing<'o>(objects: &'o Objects, mapping: &Mapping) -> Vec<&'o str> {
    let is_given = |name: &str| {
        let is_it = |path: &crate::model::Path| path.parts().attribute.eq_ignore_ascii_case(name);
        mapping.attributes.iter().any(|attribute| is_it(&attribute.path))
    };
    let needed = objects.attributes.iter().filter(|attribute| {
        attribute.required != Required::No && attribute.fresh.is_none() && attribute.calls.is_none()
    });
    needed.map(|attribute| &*attribute.name).filter(|name| !is_given(name)).collect()
}
