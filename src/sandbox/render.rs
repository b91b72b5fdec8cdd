use std::collections::BTreeSet;

use serde_json::{Value, json};

use super::draft;
use super::id::Id;
use super::kind::Kind;
use super::schemas::ENTERPRISE;
use super::state::{Entry, State};
use super::target::Object;

/// Writes resources in the form that clients see: with `schemas`, `id`, `meta`, addresses, names and computed
/// attributes.
pub(super) struct Renderer<'a> {
    pub state: &'a State,
    pub base: &'a str,
}

impl Renderer<'_> {
    pub(super) fn resource(&self, id: Id, entry: &Entry) -> Object {
        let mut shown = entry.attributes.clone();
        let mut schemas = vec![id.kind.schema().urn];
        schemas.extend(id.kind.extensions().iter().map(|e| e.urn).filter(|urn| shown.contains_key(*urn)));
        shown.insert("schemas".to_owned(), json!(schemas));
        shown.insert("id".to_owned(), id.to_string().into());
        shown.insert("meta".to_owned(), self.meta(id, entry));
        let computed = match id.kind {
            Kind::User => ("groups", self.groups(id)),
            Kind::Group => ("members", entry.members.iter().map(|member| self.member(*member)).collect()),
        };
        if let (name, Value::Array(values)) = computed
            && !values.is_empty()
        {
            shown.insert(name.to_owned(), Value::Array(values));
        }
        self.complete_manager(&mut shown);
        shown
    }

    pub(super) fn location(&self, id: Id) -> String {
        format!("{}/{}/{id}", self.base, id.kind.endpoint())
    }

    fn meta(&self, id: Id, entry: &Entry) -> Value {
        json!({
            "resourceType": id.kind.name(),
            "created": entry.created.to_string(),
            "lastModified": entry.modified.to_string(),
            "location": self.location(id),
            "version": version(entry),
        })
    }

    fn member(&self, id: Id) -> Value {
        json!({
            "value": id.to_string(),
            "$ref": self.location(id),
            "display": self.display(id),
            "type": id.kind.name(),
        })
    }

    /// The groups a user is in, directly or through others (RFC 7643 section 4.1.2).
    fn groups(&self, user: Id) -> Value {
        let direct: BTreeSet<Id> = self.state.groups_of(user).collect();
        let mut all = direct.clone();
        let mut open: Vec<Id> = direct.iter().copied().collect();
        while let Some(group) = open.pop() {
            open.extend(self.state.groups_of(group).filter(|parent| all.insert(*parent)));
        }
        all.into_iter()
            .map(|group| {
                json!({
                    "value": group.to_string(),
                    "$ref": self.location(group),
                    "display": self.display(group),
                    "type": if direct.contains(&group) { "direct" } else { "indirect" },
                })
            })
            .collect()
    }

    fn complete_manager(&self, shown: &mut Object) {
        let Some(manager) = draft::manager(shown).and_then(|value| value.parse().ok()) else {
            return;
        };
        let (address, name) = (self.location(manager), self.display(manager));
        if let Some(Value::Object(parts)) = shown.get_mut(ENTERPRISE.urn).and_then(|e| e.get_mut("manager")) {
            parts.insert("$ref".to_owned(), address.into());
            parts.insert("displayName".to_owned(), name.into());
        }
    }

    fn display(&self, id: Id) -> &str {
        let Some(entry) = self.state.get(id) else {
            return "";
        };
        let text = |name| entry.attributes.get(name).and_then(Value::as_str);
        text("displayName").or_else(|| text(id.kind.unique_attr())).unwrap_or_default()
    }
}

/// The weak entity tag (RFC 7644 section 3.14).
pub(super) fn version(entry: &Entry) -> String {
    format!("W/\"{}\"", entry.version)
}
