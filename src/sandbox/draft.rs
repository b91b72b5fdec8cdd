use std::collections::BTreeSet;

use serde_json::Value;

use super::fault::{Fault, quote};
use super::id::Id;
use super::kind::Kind;
use super::schemas::ENTERPRISE;
use super::target::Object;

/// The desired content of a resource: attributes in their stored form, and the members separately.
#[derive(Debug, PartialEq)]
pub(super) struct Draft {
    pub attributes: Object,
    pub members: BTreeSet<Id>,
}

impl Draft {
    /// A draft from a body that `shape::resource` accepted. For a member, only the id counts.
    pub(super) fn new(kind: Kind, mut attributes: Object) -> Result<Self, Fault> {
        let mut members = BTreeSet::new();
        if let (Kind::Group, Some(Value::Array(entries))) = (kind, attributes.remove("members")) {
            for entry in entries {
                members.insert(member(&entry)?);
            }
        }
        Ok(Self { attributes, members })
    }
}

fn member(entry: &Value) -> Result<Id, Fault> {
    let part = |name: &str| entry.get(name).and_then(Value::as_str);
    let value = part("value").unwrap_or_default();
    let id: Id = value.parse().map_err(|_| no_member(value))?;
    match part("type") {
        Some(kind) if !kind.eq_ignore_ascii_case(id.kind.name()) => {
            Err(Fault::value(format!("the member {value} is a {}, not a {}", id.kind.name(), quote(kind))))
        }
        _ => Ok(id),
    }
}

/// A member that does not exist.
pub(super) fn no_member(value: &str) -> Fault {
    Fault::value(format!("the member {} does not exist", quote(value)))
}

/// The id in `manager.value` of the enterprise extension, as written.
pub(super) fn manager(attributes: &Object) -> Option<&str> {
    attributes.get(ENTERPRISE.urn)?.get("manager")?.get("value")?.as_str()
}

/// Removes the manager, and the extension if nothing else is in it.
pub(super) fn remove_manager(attributes: &mut Object) {
    let Some(Value::Object(extension)) = attributes.get_mut(ENTERPRISE.urn) else {
        return;
    };
    extension.remove("manager");
    if extension.is_empty() {
        attributes.remove(ENTERPRISE.urn);
    }
}
