//! Connectors as data: what each is called, which settings it takes, its default mappings, the schemas of its
//! attributes and what it can do at most. PURE; uses `model` only.
//!
//! * [`connectors`], [`get`]: the connectors of this version
//! * [`attribute`]: what is known offline about a target attribute (RFC 7643 section 7)
//! * [`same`], [`matches`]: when two values of an attribute count as equal

mod attribute;
mod compare;
mod core;

pub use crate::model::path::{CORE_GROUP, CORE_USER};
pub use attribute::{AttributeSchema, Mutability, Returned, Type, Uniqueness};
pub use compare::{match_key, matches, same};
pub use core::{ENTERPRISE_USER, Sub, Top, tops};

use crate::model::capabilities::{Capabilities, MemberKey};
use crate::model::{Kind, Path};

/// A connector, as data.
#[derive(Debug, Clone)]
pub struct Connector {
    /// What `connector:` says.
    pub name: &'static str,
    /// One line for `rolecall connectors`.
    pub description: &'static str,
    /// JSON Schema (draft 2020-12) of `settings:`.
    pub settings_schema: &'static str,
    /// A YAML document with `mappings:`, the default ones.
    pub mappings: &'static str,
    /// The most it can do; discovery and settings take away from it.
    pub capabilities: Capabilities,
    /// The mapping of accounts that an app gets if it names none.
    pub user_mapping: &'static str,
    /// The mapping of groups that an app gets if it names none.
    pub group_mapping: &'static str,
}

/// Rows per page if neither the app nor the settings say.
pub const PAGE_SIZE: u32 = 100;

/// Members per request if the settings do not say.
pub const MEMBERS_BATCH: u32 = 100;

/// The most that `scim` can do.
pub const SCIM_CAPABILITIES: Capabilities = Capabilities {
    create_users: true,
    update_users: true,
    disable_users: true,
    delete_users: true,
    groups: true,
    create_groups: true,
    rename_groups: true,
    delete_groups: true,
    members_by: MemberKey::Id,
    filter: true,
    page_size: PAGE_SIZE,
    members_batch: MEMBERS_BATCH,
};

static CONNECTORS: [Connector; 1] = [Connector {
    name: "scim",
    description: "Any app that speaks SCIM 2.0 (RFC 7643, RFC 7644)",
    settings_schema: include_str!("scim/settings.schema.json"),
    mappings: include_str!("scim/mappings.yaml"),
    capabilities: SCIM_CAPABILITIES,
    user_mapping: "scim-users",
    group_mapping: "scim-groups",
}];

/// Every connector of this version.
pub fn connectors() -> &'static [Connector] {
    &CONNECTORS
}

/// The connector with this name.
pub fn get(name: &str) -> Option<&'static Connector> {
    CONNECTORS.iter().find(|connector| connector.name == name)
}

/// What is known offline about a target attribute; `None` if nothing is (see [`must_be_known`]).
pub fn attribute(connector: &str, kind: Kind, path: &Path) -> Option<AttributeSchema> {
    get(connector)?;
    attribute::lookup(tops(kind, path.parts().urn.as_deref())?, path)
}

/// True if an attribute that [`attribute`] does not know cannot exist: it claims to be of a standard schema. An
/// attribute of somebody's own extension may well exist.
pub fn must_be_known(connector: &str, kind: Kind, path: &Path) -> bool {
    get(connector).is_some() && tops(kind, path.parts().urn.as_deref()).is_some()
}

/// Every target path of the standard schemas, for "did you mean".
pub fn names(connector: &str, kind: Kind) -> Vec<String> {
    let schemas: &[Option<&str>] = match kind {
        Kind::User => &[None, Some(ENTERPRISE_USER)],
        Kind::Group => &[None],
    };
    let mut names = Vec::new();
    if get(connector).is_none() {
        return names;
    }
    for urn in schemas {
        let prefix = urn.map(|urn| format!("{urn}:")).unwrap_or_default();
        for top in tops(kind, *urn).unwrap_or_default() {
            if top.subs.is_empty() || top.value().is_some() {
                names.push(format!("{prefix}{}", top.name));
            }
            names.extend(top.subs.iter().map(|sub| format!("{prefix}{}.{}", top.name, sub.name)));
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_well_formed() {
        for connector in connectors() {
            let schema: serde_json::Value = serde_json::from_str(connector.settings_schema).unwrap();
            jsonschema::meta::validate(&schema).unwrap();
            let mappings: serde_yaml::Value = serde_yaml::from_str(connector.mappings).unwrap();
            for name in [connector.user_mapping, connector.group_mapping] {
                assert!(mappings["mappings"].get(name).is_some(), "{name}");
            }
        }
    }

    #[test]
    fn default_mappings_name_known_attributes_only() {
        let mappings: serde_yaml::Value = serde_yaml::from_str(get("scim").unwrap().mappings).unwrap();
        for (name, kind) in [("scim-users", Kind::User), ("scim-groups", Kind::Group)] {
            let attributes = mappings["mappings"][name]["attributes"].as_mapping().unwrap();
            let matching = mappings["mappings"][name]["match"].as_sequence().unwrap();
            for text in attributes.keys().chain(matching) {
                let path = Path::parse(text.as_str().unwrap()).unwrap();
                let schema = attribute("scim", kind, &path).unwrap_or_else(|| panic!("{path}"));
                assert_ne!(schema.mutability, Mutability::ReadOnly, "{path}");
            }
        }
    }

    #[test]
    fn every_settings_property_is_described() {
        let schema: serde_json::Value = serde_json::from_str(get("scim").unwrap().settings_schema).unwrap();
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
        check("settings", &schema);
    }

    #[test]
    fn names_are_paths() {
        for kind in [Kind::User, Kind::Group] {
            for name in names("scim", kind) {
                let path = Path::parse(&name).unwrap();
                assert!(attribute("scim", kind, &path).is_some(), "{name}");
            }
        }
        assert!(names("scim", Kind::User).contains(&"name.givenName".to_owned()));
        assert!(names("nothing", Kind::User).is_empty());
    }
}
