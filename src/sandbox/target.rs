use serde_json::{Map, Value};

use super::attr::{Attr, Type};
use super::kind::Kind;
use super::schemas::Schema;

pub(super) type Object = Map<String, Value>;

/// The target of an attribute path: an attribute, perhaps of an extension, perhaps one of its sub-attributes
/// (`attrPath` in RFC 7644 section 3.4.2.2).
#[derive(Debug, Clone, Copy)]
pub(super) struct Target {
    pub extension: Option<&'static Schema>,
    pub attr: &'static Attr,
    pub sub: Option<&'static Attr>,
}

impl Target {
    pub(super) fn of(attr: &'static Attr) -> Self {
        Self { extension: None, attr, sub: None }
    }

    /// Parses `userName`, `name.givenName`, `URN:department`, `URN:manager.value`; names and URNs ignore case.
    pub(super) fn parse(kind: Kind, path: &str) -> Option<Self> {
        let (extension, rest) = strip_urn(kind, path);
        let (name, sub) = split_sub(rest);
        let attr = match extension {
            Some(schema) => schema.attr(name)?,
            None => kind.attr(name)?,
        };
        Self { extension, attr, sub: None }.with_sub(sub)
    }

    /// A path inside one value of `attr`: a bare sub-attribute name.
    pub(super) fn inside(attr: &'static Attr, name: &str) -> Option<Self> {
        attr.sub(name).map(Self::of)
    }

    fn with_sub(mut self, sub: Option<&str>) -> Option<Self> {
        if let Some(name) = sub {
            self.sub = Some(self.attr.sub(name)?);
        }
        Some(self)
    }

    /// The definition of the compared values: a complex attribute stands for its `value` (RFC 7644 section 3.4.2.2).
    pub(super) fn leaf(&self) -> &'static Attr {
        let named = self.sub.unwrap_or(self.attr);
        if named.of == Type::Complex { named.sub("value").unwrap_or(named) } else { named }
    }

    /// The object that holds the attribute: the resource, or its extension.
    pub(super) fn holder<'a>(&self, resource: &'a Object) -> Option<&'a Object> {
        match self.extension {
            Some(schema) => resource.get(schema.urn)?.as_object(),
            None => Some(resource),
        }
    }

    /// Every value the path names, in order; sub-attributes of all the values of a multi-valued attribute.
    pub(super) fn values<'a>(&self, resource: &'a Object) -> Vec<&'a Value> {
        let Some(value) = self.holder(resource).and_then(|holder| holder.get(self.attr.name)) else {
            return Vec::new();
        };
        let leaf = self.leaf();
        let down = |value: &'a Value| match value {
            Value::Object(parts) if self.attr.of == Type::Complex && leaf.of != Type::Complex => {
                parts.get(leaf.name)
            }
            other => Some(other),
        };
        match value {
            Value::Array(entries) => entries.iter().filter_map(down).collect(),
            single => down(single).into_iter().collect(),
        }
    }
}

/// Removes a leading schema URN and its colon. The core URN names no extension.
pub(super) fn strip_urn(kind: Kind, path: &str) -> (Option<&'static Schema>, &str) {
    let after = |schema: &Schema| {
        let head = path.get(..schema.urn.len())?;
        let rest = path[schema.urn.len()..].strip_prefix(':')?;
        head.eq_ignore_ascii_case(schema.urn).then_some(rest)
    };
    for schema in kind.extensions() {
        if let Some(rest) = after(schema) {
            return (Some(schema), rest);
        }
    }
    (None, after(kind.schema()).unwrap_or(path))
}

fn split_sub(name: &str) -> (&str, Option<&str>) {
    match name.split_once('.') {
        Some((attr, sub)) => (attr, Some(sub)),
        None => (name, None),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_ignore_case_and_may_carry_a_urn() {
        let parse = |path| Target::parse(Kind::User, path);
        assert_eq!(parse("USERNAME").map(|t| t.attr.name), Some("userName"));
        assert_eq!(parse("name.GIVENname").and_then(|t| t.sub).map(|s| s.name), Some("givenName"));
        let core = parse("urn:ietf:params:scim:schemas:core:2.0:User:title");
        assert!(core.is_some_and(|t| t.extension.is_none() && t.attr.name == "title"));
        let manager = parse("URN:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value");
        assert!(manager.is_some_and(|t| t.extension.is_some() && t.sub.is_some()));
        for wrong in ["", "nope", "name.nope", "name.", "name.a.b", "urn:x:y", "department", "é"] {
            assert!(parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn values_reach_into_every_entry() {
        let user = json!({"emails": [{"value": "a", "type": "work"}, {"type": "home"}, {"value": "b"}]});
        let user = user.as_object().expect("an object");
        let at = |path| Target::parse(Kind::User, path).expect("known").values(user);
        assert_eq!(at("emails"), [&json!("a"), &json!("b")]);
        assert_eq!(at("emails.type"), [&json!("work"), &json!("home")]);
        assert!(at("name.givenName").is_empty());
    }
}
