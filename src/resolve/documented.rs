//! What a connector says about the values of its apps, compared with what a mapping sends there: mistakes that need no network.

use serde_json::Value as Json;

use crate::catalog::Definition;
use crate::catalog::rest::{Attribute, ValueType};
use crate::expr::RoleField;
use crate::model::company::{AttributeMapping, Mapping, MappingSource};
use crate::model::similar::did_you_mean;
use crate::model::value::Value;
use crate::model::{App, Diagnostic, Kind, Path, Span};

/// Roles whose values the app does not have, and several roles for an attribute that holds one.
pub(super) fn roles(
    app: &App,
    definition: &Definition,
    (path, span): (&Path, Span),
    field: RoleField,
) -> Vec<Diagnostic> {
    let document = definition.document.as_ref();
    let name = &path.parts().attribute;
    let mut attributes = document.iter().flat_map(|document| &document.users.attributes);
    let Some(attribute) = attributes.find(|attribute| attribute.name.eq_ignore_ascii_case(name)) else {
        return Vec::new();
    };
    let unknown = app.roles.iter().filter_map(|role| {
        let value = role.kind.value()?;
        let values = values(attribute)?;
        let is_one = |known: &String| match attribute.ignores_case {
            true => known.to_lowercase() == value.to_lowercase(),
            false => **known == **value,
        };
        (!values.iter().any(is_one)).then(|| {
            let message =
                format!("the role {} is `{value}` in app {}, and `{name}` cannot be that", role.id, app.id);
            let near = did_you_mean(value, values.iter().map(String::as_str));
            let finding = Diagnostic::error("role-value", role.span, message);
            let finding = near.into_iter().fold(finding, Diagnostic::with_hint);
            finding
                .with_related(attribute.span, "the values of this attribute")
                .with_hint(format!("write `value:` with one of {}", values.join(", ")))
        })
    });
    let found: Vec<Diagnostic> = unknown.collect();
    found.into_iter().chain(several(app, attribute, span, field)).collect()
}

/// The only values of an attribute, if the document lists them. Names of a table are known to the app alone.
fn values(attribute: &Attribute) -> Option<Vec<String>> {
    let text = |value: &Json| match value {
        Json::String(text) => text.clone(),
        other => other.to_string(),
    };
    let is_listed =
        !attribute.values.is_empty() && attribute.names.is_none() && attribute.of != ValueType::Boolean;
    is_listed.then(|| attribute.values.iter().map(text).collect())
}

fn several(app: &App, attribute: &Attribute, span: Span, field: RoleField) -> Option<Diagnostic> {
    let roles = app.roles.iter().filter(|role| role.kind.value().is_some()).count();
    if field != RoleField::Roles || attribute.many || roles < 2 {
        return None;
    }
    let message = format!(
        "`{}` of app {} has one value, and `account.roles` gives all of {roles} roles",
        attribute.name, app.id
    );
    Some(
        Diagnostic::error("several-roles", span, message)
            .with_related(attribute.span, "this attribute does not say `many: true`")
            .with_hint(
                "map `account.role`, or write `many: true` at the attribute if it is an array in the app",
            ),
    )
}

/// Secrets that are the same for everybody, and stand in git.
pub(super) fn shared_secrets(
    app: &App,
    definition: &Definition,
    kind: Kind,
    mapping: &Mapping,
) -> Vec<Diagnostic> {
    let schema = definition.schema(kind);
    let is_secret = |line: &&AttributeMapping| {
        is_constant(&line.source)
            && schema.attribute(&line.path).is_some_and(|attribute| attribute.is_never_shown())
    };
    let warning = |line: &AttributeMapping| {
        let message =
            format!("everybody in app {} gets the same {}, and it stands in git", app.id, line.path);
        let hint = match definition.document.is_some() {
            true => {
                "take the line out, and write `fresh: password` at the attribute of the connector: each value is drawn"
            }
            false => "take the line out: people set a password of their own, or sign in without one",
        };
        Diagnostic::warning("shared-secret", line.span, message).with_hint(hint)
    };
    mapping.attributes.iter().filter(is_secret).map(warning).collect()
}

/// A value that does not depend on anybody: a constant, or a text in quotes.
fn is_constant(source: &MappingSource) -> bool {
    match source {
        MappingSource::Constant(value) => !matches!(value, Value::Null),
        MappingSource::Expr(source) => {
            let inner = source.text.trim().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
            inner.is_some_and(|inner| !inner.contains('"'))
        }
    }
}
