use serde_json::Value;

use super::attr::{Attr, Returned};
use super::fault::Fault;
use super::kind::Kind;
use super::schemas::Schema;
use super::target::{Object, Target};

/// The attributes of an answer: `attributes` or `excludedAttributes` (RFC 7644 section 3.9).
#[derive(Debug, Default)]
pub(super) enum Projection {
    /// Everything returned by default.
    #[default]
    Default,
    Only(Vec<Pick>),
    Without(Vec<Pick>),
}

#[derive(Debug)]
pub(super) enum Pick {
    Extension(&'static Schema),
    Attribute(Target),
}

impl Projection {
    /// Names that are no attributes select nothing.
    pub(super) fn new(kind: Kind, only: &[String], without: &[String]) -> Result<Self, Fault> {
        let picks = |names: &[String]| names.iter().filter_map(|name| pick(kind, name.trim())).collect();
        match (only.is_empty(), without.is_empty()) {
            (true, true) => Ok(Self::Default),
            (false, true) => Ok(Self::Only(picks(only))),
            (true, false) => Ok(Self::Without(picks(without))),
            (false, false) => Err(Fault::value("`attributes` and `excludedAttributes` exclude each other")),
        }
    }

    pub(super) fn apply(&self, kind: Kind, resource: Object) -> Object {
        match self {
            Self::Default => resource,
            Self::Only(picks) => {
                let mut kept = Object::new();
                for name in resource.keys().filter(|name| always(kind, name)) {
                    kept.extend(resource.get_key_value(name).map(|(k, v)| (k.clone(), v.clone())));
                }
                for pick in picks {
                    pick.copy(&resource, &mut kept);
                }
                kept
            }
            Self::Without(picks) => {
                let mut kept = resource;
                for pick in picks {
                    pick.remove(&mut kept);
                }
                kept
            }
        }
    }
}

fn pick(kind: Kind, name: &str) -> Option<Pick> {
    match kind.extension(name) {
        Some(schema) => Some(Pick::Extension(schema)),
        None => Target::parse(kind, name).map(Pick::Attribute),
    }
}

fn always(kind: Kind, name: &str) -> bool {
    kind.attr(name).is_some_and(|attr| attr.returned == Returned::Always)
}

impl Pick {
    fn copy(&self, from: &Object, to: &mut Object) {
        match self {
            Self::Extension(schema) => {
                if let Some(value) = from.get(schema.urn) {
                    to.insert(schema.urn.to_owned(), value.clone());
                }
            }
            Self::Attribute(Target { extension, attr, sub }) => match extension {
                None => copy_attr(attr, *sub, from, to),
                Some(schema) => {
                    let Some(Value::Object(from)) = from.get(schema.urn) else {
                        return;
                    };
                    let to = to.entry(schema.urn).or_insert_with(|| Object::new().into());
                    if let Value::Object(to) = to {
                        copy_attr(attr, *sub, from, to);
                    }
                }
            },
        }
    }

    fn remove(&self, resource: &mut Object) {
        match self {
            Self::Extension(schema) => {
                resource.remove(schema.urn);
            }
            Self::Attribute(target) if target.attr.returned == Returned::Always => {}
            Self::Attribute(Target { extension: None, attr, sub }) => remove_attr(attr, *sub, resource),
            Self::Attribute(Target { extension: Some(schema), attr, sub }) => {
                if let Some(Value::Object(part)) = resource.get_mut(schema.urn) {
                    remove_attr(attr, *sub, part);
                }
            }
        }
    }
}

fn copy_attr(attr: &Attr, sub: Option<&Attr>, from: &Object, to: &mut Object) {
    let Some(value) = from.get(attr.name) else { return };
    let Some(sub) = sub else {
        to.insert(attr.name.to_owned(), value.clone());
        return;
    };
    match (value, to.get_mut(attr.name)) {
        (Value::Array(entries), Some(Value::Array(kept))) => {
            for (entry, kept) in entries.iter().zip(kept) {
                copy_part(sub, entry, kept);
            }
        }
        (Value::Array(entries), None) => {
            let part = |entry: &Value| {
                let mut kept = Value::Object(Object::new());
                copy_part(sub, entry, &mut kept);
                kept
            };
            to.insert(attr.name.to_owned(), entries.iter().map(part).collect());
        }
        (single, Some(kept)) => copy_part(sub, single, kept),
        (single, None) => {
            let mut kept = Value::Object(Object::new());
            copy_part(sub, single, &mut kept);
            to.insert(attr.name.to_owned(), kept);
        }
    }
}

fn copy_part(sub: &Attr, from: &Value, to: &mut Value) {
    if let (Some(value), Value::Object(to)) = (from.get(sub.name), to) {
        to.insert(sub.name.to_owned(), value.clone());
    }
}

fn remove_attr(attr: &Attr, sub: Option<&Attr>, from: &mut Object) {
    match (sub, from.get_mut(attr.name)) {
        (None, _) => {
            from.remove(attr.name);
        }
        (Some(sub), Some(Value::Array(entries))) => {
            for part in entries.iter_mut().filter_map(Value::as_object_mut) {
                part.remove(sub.name);
            }
        }
        (Some(sub), Some(Value::Object(parts))) => {
            parts.remove(sub.name);
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    const URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn project(only: &[&str], without: &[&str]) -> Value {
        let resource = json!({
            "schemas": ["s"], "id": "u-0001", "userName": "ada", "title": "Countess",
            "emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}],
            URN: {"department": "R&D", "costCenter": "7"},
        });
        let own = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let projection = Projection::new(Kind::User, &own(only), &own(without)).expect("not both");
        let resource = resource.as_object().cloned().expect("an object");
        Value::Object(projection.apply(Kind::User, resource))
    }

    #[test]
    fn only_some_attributes() {
        assert_eq!(project(&["nope"], &[]), json!({"schemas": ["s"], "id": "u-0001"}));
        assert_eq!(
            project(&["TITLE", "emails.value", "emails.type", &format!("{URN}:department")], &[]),
            json!({"schemas": ["s"], "id": "u-0001", "title": "Countess",
                "emails": [{"value": "a", "type": "work"}, {"value": "b", "type": "home"}],
                URN: {"department": "R&D"}})
        );
        assert_eq!(project(&["emails.type"], &[])["emails"], json!([{"type": "work"}, {"type": "home"}]));
        assert_eq!(project(&[URN], &[])[URN]["costCenter"], json!("7"));
    }

    #[test]
    fn without_some_attributes() {
        assert_eq!(
            project(&[], &["id", "schemas", "title", "emails.type", &format!("{URN}:costCenter")]),
            json!({"schemas": ["s"], "id": "u-0001", "userName": "ada",
                "emails": [{"value": "a"}, {"value": "b"}], URN: {"department": "R&D"}})
        );
        let both = Projection::new(Kind::User, &["id".to_owned()], &["id".to_owned()]);
        assert!(both.is_err());
    }
}
