//! Characteristics of attributes: the standard schemas come from the catalog, others from the app's own `/Schemas`.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::catalog::{
    AttributeSchema, Definition, Mutability, OwnSchemas, Returned, Said, StoredCase, Type, Uniqueness,
};
use crate::model::path::{CORE_GROUP, CORE_USER};
use crate::model::{Kind, Path};

use super::extract::boolean;
use super::json::get;

/// Schemas of one app.
#[derive(Debug)]
pub(super) struct Schemas {
    /// The standard ones.
    definition: Arc<Definition>,
    /// How many attributes were taken from the app.
    taken: usize,
    /// All that the app shows.
    pub own: OwnSchemas,
    /// Multi-valued attributes of which the app keeps one entry, whatever its type.
    single: Vec<Arc<str>>,
}

/// More attributes than this are not taken from an app.
const MAX_ATTRIBUTES: usize = 10_000;

impl Schemas {
    /// Reads `/Schemas` (RFC 7643 section 7); what cannot be read is left out.
    pub(super) fn read(definition: &Arc<Definition>, resources: &[Json], single: &[Arc<str>]) -> Self {
        let (definition, single) = (definition.clone(), single.to_vec());
        let mut schemas = Self { definition, taken: 0, own: OwnSchemas::default(), single };
        for schema in resources.iter().filter_map(Json::as_object) {
            let Some(urn) = word(schema, "id") else {
                continue;
            };
            schemas.add(urn, schema);
        }
        schemas
    }

    /// Attributes of extensions that a preset names are there, also where the app's own list leaves them out.
    pub(super) fn add_of_preset(&mut self) {
        let preset = self.definition.preset.clone();
        let extensions = preset.iter().flat_map(|preset| &preset.extensions);
        for (urn, name) in extensions.flat_map(|of| of.attributes.iter().map(|name| (&of.urn, name))) {
            let path = Path::parse(&format!("{urn}:{name}")).ok();
            let known = path.filter(|path| self.own.users.lacks(path));
            if let Some(schema) = known.and_then(|path| self.definition.users.attribute(&path)) {
                self.own.users.add(&format!("{urn}:{name}"), schema);
            }
        }
    }

    /// Adds a schema. A core schema without the name of its objects describes nothing: nothing may follow from what it lacks.
    fn add(&mut self, urn: &str, schema: &Map<String, Json>) {
        let mut all = Vec::new();
        for attribute in objects(schema, "attributes") {
            let Some(name) = word(attribute, "name") else {
                continue;
            };
            let top = described(attribute);
            for sub in objects(attribute, "subAttributes") {
                if let Some(part) = word(sub, "name") {
                    all.push((format!("{name}.{part}"), described(sub)));
                }
            }
            all.push((name.to_owned(), top));
        }
        all.truncate(MAX_ATTRIBUTES.saturating_sub(self.taken));
        self.taken += all.len();
        let names = |wanted: &str| all.iter().any(|(name, _)| name.eq_ignore_ascii_case(wanted));
        let (users, groups) = match urn {
            _ if urn.eq_ignore_ascii_case(CORE_USER) => (Some(""), None),
            _ if urn.eq_ignore_ascii_case(CORE_GROUP) => (None, Some("")),
            // An extension may belong to either: a path that names it says to which.
            _ => (Some(urn), Some(urn)),
        };
        for (own, prefix, name) in
            [(&mut self.own.users, users, "userName"), (&mut self.own.groups, groups, "displayName")]
        {
            let Some(prefix) = prefix else { continue };
            if prefix.is_empty() && names(name) {
                own.show();
            }
            for (key, schema) in &all {
                let key = if prefix.is_empty() { key.clone() } else { format!("{prefix}:{key}") };
                own.add(&key, *schema);
            }
        }
    }

    /// True if brackets of this path mean the one entry that the app keeps.
    pub(super) fn is_single(&self, path: &Path) -> bool {
        let parts = path.parts();
        !parts.filter.is_empty() && self.single.iter().any(|name| name.eq_ignore_ascii_case(&parts.attribute))
    }

    /// The characteristics of the attribute at a path, if they are known: of the standard schemas those of the catalog, and
    /// of others what the app says.
    pub(super) fn of(&self, kind: Kind, path: &Path) -> Option<AttributeSchema> {
        if let Some(known) = self.definition.schema(kind).attribute(path) {
            return Some(known);
        }
        path.parts().urn.as_ref()?;
        let Said::Known(own) = self.own.of(kind).said(path) else {
            return None;
        };
        Some(own)
    }
}

fn word<'m>(map: &'m Map<String, Json>, name: &str) -> Option<&'m str> {
    get(map, name)?.as_str()
}

fn objects<'m>(map: &'m Map<String, Json>, name: &str) -> impl Iterator<Item = &'m Map<String, Json>> {
    let list = match get(map, name) {
        Some(Json::Array(list)) => list.as_slice(),
        _ => &[],
    };
    list.iter().filter_map(Json::as_object)
}

/// The characteristics of an attribute; a missing one has the default of RFC 7643 section 2.2.
fn described(attribute: &Map<String, Json>) -> AttributeSchema {
    let flag = |name| get(attribute, name).and_then(boolean).unwrap_or(false);
    let lower = |name| word(attribute, name).unwrap_or_default().to_lowercase();
    let uniqueness = match lower("uniqueness").as_str() {
        "server" => Uniqueness::Server,
        "global" => Uniqueness::Global,
        _ => Uniqueness::None,
    };
    AttributeSchema {
        of: match lower("type").as_str() {
            "boolean" => Type::Boolean,
            "decimal" => Type::Decimal,
            "integer" => Type::Integer,
            "datetime" => Type::DateTime,
            "binary" => Type::Binary,
            "reference" => Type::Reference,
            "complex" => Type::Complex,
            _ => Type::String,
        },
        multi_valued: flag("multiValued"),
        in_value: false,
        case_exact: flag("caseExact"),
        stored_case: match uniqueness {
            _ if flag("caseExact") => StoredCase::Counts,
            Uniqueness::None => StoredCase::MayChange,
            Uniqueness::Server | Uniqueness::Global => StoredCase::Ignored,
        },
        mutability: match lower("mutability").as_str() {
            "readonly" => Mutability::ReadOnly,
            "immutable" => Mutability::Immutable,
            "writeonly" => Mutability::WriteOnly,
            _ => Mutability::ReadWrite,
        },
        returned: match lower("returned").as_str() {
            "always" => Returned::Always,
            "never" => Returned::Never,
            "request" => Returned::Request,
            _ => Returned::Default,
        },
        required: flag("required"),
        uniqueness,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;
    use crate::model::path::CORE_USER;
    use serde_json::json;

    #[test]
    fn an_apps_own_extension_is_known() {
        let schemas = Schemas::read(
            &Arc::new(scim::definition()),
            &[
                json!({"id": "urn:x:2.0:User", "attributes": [
                    {"name": "Level", "type": "Integer", "caseExact": true},
                    {"name": "badges", "type": "complex", "multiValued": "true",
                     "subAttributes": [{"name": "value", "type": "string"}, {"name": "since", "type": "dateTime"}]},
                ]}),
                json!("nonsense"),
                json!({"id": CORE_USER, "attributes": [{"name": "userName", "caseExact": true}]}),
            ],
            &[],
        );
        let of = |text: &str| schemas.of(Kind::User, &Path::parse(text).unwrap());
        assert_eq!(of("urn:X:2.0:user:level").unwrap().of, Type::Integer);
        let badges = of("urn:x:2.0:User:badges").unwrap();
        assert!(badges.multi_valued && badges.in_value && badges.of == Type::String);
        assert_eq!(of(r#"urn:x:2.0:User:badges[value eq "a"].since"#).unwrap().of, Type::DateTime);
        assert!(of("urn:x:2.0:User:other").is_none());
        assert!(!of("userName").unwrap().case_exact, "the standard schemas are the catalog's");
    }
}
