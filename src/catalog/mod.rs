//! Connectors as data: what each is called, which settings it takes, its default mappings, the schemas of its
//! attributes and what it can do at most. PURE; uses `model` only.
//!
//! * [`Catalog`]: the connectors that a tree may name. A value, loaded with the tree: two revisions may define one
//!   connector differently
//! * [`Definition`] of a connector, with a [`Schema`] for accounts and one for groups
//! * [`OwnSchemas`]: what an app itself says of its attributes
//! * [`same`], [`matches`]: when two values of an attribute count as equal

mod attribute;
mod compare;
mod definition;
mod lines;
mod own_schemas;
mod preset;
pub mod rest;
mod schema;
pub mod scim;

use std::sync::Arc;

pub use attribute::{
    Attribute, AttributeSchema, Mutability, Returned, StoredCase, SubAttribute, Type, Uniqueness,
};
pub use compare::{is_as_written, match_key, matches, same, stored_form};
pub use definition::{Definition, Deletion, SignIn};
pub use lines::{declared_attributes_read, with_comments};
pub use own_schemas::{OwnSchema, OwnSchemas, Said};
pub use preset::{ExtensionAttributes, Preset, PresetSetting};
pub use schema::{Extension, Meaning, Others, Schema};

/// The connectors that a tree may name.
#[derive(Debug, Clone, Default)]
pub struct Catalog {
    connectors: Vec<Arc<Definition>>,
}

impl Catalog {
    /// The connectors of this version.
    pub fn built_in() -> Self {
        Self::of([scim::definition()])
    }

    /// These connectors; of several with one name the first counts.
    pub fn of(connectors: impl IntoIterator<Item = Definition>) -> Self {
        Self { connectors: connectors.into_iter().map(Arc::new).collect() }
    }

    /// These, and more.
    #[must_use]
    pub fn with(&self, more: impl IntoIterator<Item = Definition>) -> Self {
        let more = more.into_iter().map(Arc::new);
        Self { connectors: self.connectors.iter().cloned().chain(more).collect() }
    }

    /// All of them.
    pub fn connectors(&self) -> impl Iterator<Item = &Arc<Definition>> + Clone {
        self.connectors.iter()
    }

    /// The connector with this name.
    pub fn get(&self, name: &str) -> Option<&Arc<Definition>> {
        self.connectors.iter().find(|connector| &*connector.name == name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{Kind, Path};

    #[test]
    fn texts_are_well_formed() {
        for connector in Catalog::built_in().connectors() {
            let schema: serde_json::Value = serde_json::from_str(&connector.settings_schema).unwrap();
            jsonschema::meta::validate(&schema).unwrap();
            let mappings: serde_yaml::Value = serde_yaml::from_str(&connector.mappings).unwrap();
            for name in [&connector.user_mapping, &connector.group_mapping] {
                assert!(mappings["mappings"].get(&**name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn default_mappings_name_known_attributes_only() {
        for connector in Catalog::built_in().connectors() {
            let mappings: serde_yaml::Value = serde_yaml::from_str(&connector.mappings).unwrap();
            for kind in [Kind::User, Kind::Group] {
                let mapping = &mappings["mappings"][&**connector.mapping(kind)];
                let attributes = mapping["attributes"].as_mapping().unwrap();
                let matching = mapping["match"].as_sequence().unwrap();
                for text in attributes.keys().chain(matching) {
                    let path = Path::parse(text.as_str().unwrap()).unwrap();
                    let schema = connector.schema(kind).attribute(&path);
                    let schema = schema.unwrap_or_else(|| panic!("{}: {path}", connector.name));
                    assert_ne!(schema.mutability, Mutability::ReadOnly, "{}: {path}", connector.name);
                }
            }
        }
    }

    #[test]
    fn every_settings_property_is_described() {
        fn check(at: &str, schema: &serde_json::Value) {
            for (name, property) in schema["properties"].as_object().into_iter().flatten() {
                let at = format!("{at}.{name}");
                assert!(property["description"].is_string(), "{at} needs a description");
                assert!(
                    property["examples"].is_array() || property["properties"].is_object(),
                    "{at} needs examples"
                );
                check(&at, property);
            }
        }
        for connector in Catalog::built_in().connectors() {
            let schema: serde_json::Value = serde_json::from_str(&connector.settings_schema).unwrap();
            check(&connector.name, &schema);
        }
    }

    #[test]
    fn names_are_paths() {
        for connector in Catalog::built_in().connectors() {
            for kind in [Kind::User, Kind::Group] {
                let schema = connector.schema(kind);
                assert!(schema.attribute(&schema.name).is_some(), "{}", connector.name);
                for name in schema.names() {
                    let path = Path::parse(&name).unwrap();
                    assert!(schema.attribute(&path).is_some(), "{}: {name}", connector.name);
                }
            }
        }
        assert!(scim::definition().users.names().contains(&"name.givenName".to_owned()));
        assert!(Definition::unknown("nothing").users.names().is_empty());
    }
}
