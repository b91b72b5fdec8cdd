//! A connector as data.

use std::sync::Arc;

use crate::model::capabilities::Capabilities;
use crate::model::{Kind, Path};

use super::rest::Document;
use super::schema::{Others, Schema};

/// All that is known of a connector without a network.
#[derive(Debug, Clone)]
pub struct Definition {
    /// The word after `connector:`.
    pub name: Arc<str>,
    /// The code that speaks to its apps: several connectors may share one.
    pub protocol: Arc<str>,
    /// One line for `rolecall connectors`.
    pub description: Arc<str>,
    /// JSON Schema (draft 2020-12) of `settings:`.
    pub settings_schema: Arc<str>,
    /// A YAML document with `mappings:`, the default ones; read like a file of the tree.
    pub mappings: Arc<str>,
    /// The mapping of accounts that an app gets if it names none.
    pub user_mapping: Arc<str>,
    /// The mapping of groups that an app gets if it names none.
    pub group_mapping: Arc<str>,
    /// The most it can do, and how its apps name members; discovery and settings take away from it.
    pub capabilities: Capabilities,
    /// Attributes of accounts.
    pub users: Schema,
    /// Attributes of groups.
    pub groups: Schema,
    /// Last parts of addresses that are no base: of collections, and of documents that people copy instead.
    pub not_bases: Vec<Arc<str>>,
    /// A URL as apps have it, for messages.
    pub example_url: Arc<str>,
    /// Target attributes as mappings name them, for messages: `a, b or c`.
    pub example_targets: Arc<str>,
    /// The document that describes it; none of a protocol that is code.
    pub document: Option<Arc<Document>>,
}

impl Definition {
    /// Stands for a connector that is in no catalog. The loader refuses an app that names one, so that it is compiled
    /// for its other mistakes only.
    pub fn unknown(name: &str) -> Self {
        let nothing = || Schema {
            attributes: Vec::new(),
            extensions: Vec::new(),
            others: Others::Anywhere,
            name: Path::top("name"),
            our_id: None,
            access: Vec::new(),
            activity: None,
        };
        Self {
            name: name.into(),
            protocol: name.into(),
            description: "".into(),
            settings_schema: "true".into(),
            mappings: "".into(),
            user_mapping: "".into(),
            group_mapping: "".into(),
            capabilities: Capabilities::NOTHING,
            users: nothing(),
            groups: nothing(),
            not_bases: Vec::new(),
            example_url: "".into(),
            example_targets: "".into(),
            document: None,
        }
    }

    /// The attributes of accounts or of groups.
    pub fn schema(&self, kind: Kind) -> &Schema {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// The default mapping of accounts or of groups.
    pub fn mapping(&self, kind: Kind) -> &Arc<str> {
        match kind {
            Kind::User => &self.user_mapping,
            Kind::Group => &self.group_mapping,
        }
    }
}
