//! PATCH (RFC 7644 section 3.5.2): `apply` works on a copy, so that a refused operation changes nothing.
//!
//! Only operations of the standard are accepted: `remove` takes no value, and a value filter without a match is
//! `noTarget`.

mod action;
mod edit;
mod path;
mod value;

use axum::http::StatusCode;
use serde_json::Value;

use super::fault::{Fault, quote};
use super::kind::Kind;
use super::shape::{self, field};
use super::target::{Object, Target};

use action::Action;
use edit::Edit;
use path::Path;

/// Most operations in one request.
const OPERATIONS: usize = 1_000;

const SCHEMA: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The resource after all operations of `request`; `resource` has the form that clients see.
pub(super) fn apply(kind: Kind, mut resource: Object, request: &Object) -> Result<Object, Fault> {
    let operations = operations(request)?;
    for (at, operation) in operations.iter().enumerate() {
        operate(kind, &mut resource, operation)
            .map_err(|fault| Fault { detail: format!("operation {}: {}", at + 1, fault.detail), ..fault })?;
    }
    shape::resource(kind, &resource)
}

fn operations(request: &Object) -> Result<&[Value], Fault> {
    let named = field(request, "schemas").and_then(Value::as_array);
    let named = named.is_some_and(|urns| {
        urns.iter().any(|urn| urn.as_str().is_some_and(|urn| urn.eq_ignore_ascii_case(SCHEMA)))
    });
    if !named {
        return Err(Fault::syntax(format!("`schemas` must be [{SCHEMA:?}]")));
    }
    match field(request, "Operations") {
        Some(Value::Array(operations)) if operations.len() > OPERATIONS => Err(Fault::plain(
            StatusCode::PAYLOAD_TOO_LARGE,
            format!("{} operations in one request; at most {OPERATIONS}", operations.len()),
        )),
        Some(Value::Array(operations)) if !operations.is_empty() => Ok(operations),
        _ => Err(Fault::syntax("`Operations` must be an array with at least one operation")),
    }
}

fn operate(kind: Kind, resource: &mut Object, operation: &Value) -> Result<(), Fault> {
    let operation = operation.as_object().ok_or_else(|| Fault::syntax("it must be an object"))?;
    let action = action(operation)?;
    let path = match field(operation, "path") {
        None | Some(Value::Null) => None,
        Some(Value::String(text)) => Some(Path::parse(kind, text)?),
        Some(_) => return Err(Fault::syntax("`path` must be a string")),
    };
    let value = field(operation, "value");
    match (action, value) {
        (Action::Remove, Some(value)) if !value.is_null() => Err(Fault::syntax(
            "`remove` takes no `value`; name what to remove by a filter, as members[value eq \"ID\"]",
        )),
        (Action::Remove, _) => match path {
            Some(path) => at_path(resource, action, &path, &Value::Null),
            None => Err(Fault::no_target("`remove` needs a `path`")),
        },
        (_, None) => Err(Fault::value("`value` is missing")),
        (_, Some(value)) => match path {
            Some(path) => at_path(resource, action, &path, value),
            None => whole(kind, resource, action, value),
        },
    }
}

/// `op` is lower case in the standard, but widely used clients capitalise it.
fn action(operation: &Object) -> Result<Action, Fault> {
    const ACTIONS: [(&str, Action); 3] =
        [("add", Action::Add), ("replace", Action::Replace), ("remove", Action::Remove)];
    let op = field(operation, "op").and_then(Value::as_str).unwrap_or_default();
    ACTIONS
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case(op))
        .map(|(_, action)| *action)
        .ok_or_else(|| Fault::syntax(format!("`op` is {}, not add, replace or remove", quote(op))))
}

fn at_path(resource: &mut Object, action: Action, path: &Path, value: &Value) -> Result<(), Fault> {
    match path {
        Path::Extension(schema) if action == Action::Remove => {
            resource.remove(schema.urn);
            Ok(())
        }
        Path::Extension(schema) => extension(resource, action, schema, value),
        Path::Attribute { target, filter } => {
            Edit { action, target: *target, filter: filter.as_ref() }.apply(resource, value)
        }
    }
}

/// Without a path the value is an object of attributes, each added or replaced (RFC 7644 section 3.5.2.1, section 3.5.2.3).
fn whole(kind: Kind, resource: &mut Object, action: Action, value: &Value) -> Result<(), Fault> {
    let attributes =
        value.as_object().ok_or_else(|| Fault::syntax("without a `path`, `value` must be an object"))?;
    for (name, value) in attributes {
        if let Some(schema) = kind.extension(name) {
            extension(resource, action, schema, value)?;
            continue;
        }
        let attr = kind
            .attr(name)
            .ok_or_else(|| Fault::path(format!("{} has no attribute {}", kind.name(), quote(name))))?;
        Edit { action, target: Target::of(attr), filter: None }.apply(resource, value)?;
    }
    Ok(())
}

fn extension(
    resource: &mut Object,
    action: Action,
    schema: &'static super::schemas::Schema,
    value: &Value,
) -> Result<(), Fault> {
    let attributes =
        value.as_object().ok_or_else(|| Fault::value(format!("{} must be an object", schema.name)))?;
    for (name, value) in attributes {
        let attr = schema
            .attr(name)
            .ok_or_else(|| Fault::path(format!("{} has no attribute {}", schema.name, quote(name))))?;
        let target = Target { extension: Some(schema), attr, sub: None };
        Edit { action, target, filter: None }.apply(resource, value)?;
    }
    Ok(())
}

#[cfg(test)]
mod tests;
