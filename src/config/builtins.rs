//! What the program brings along: connectors and their mappings, as data from the rooms above.

/// Everything built in.
#[derive(Debug, Clone, Default)]
pub struct BuiltIns {
    /// By name.
    pub connectors: Vec<BuiltInConnector>,
}

/// One connector as data.
#[derive(Debug, Clone)]
pub struct BuiltInConnector {
    /// As in `connector:`.
    pub name: &'static str,
    /// JSON Schema of an app's `settings:`.
    pub settings_schema: &'static str,
    /// A YAML document with `mappings:`, read like a file of the tree.
    pub mappings: &'static str,
    /// The mapping of accounts where an app names none.
    pub users_mapping: &'static str,
    /// The mapping of groups where an app names none.
    pub groups_mapping: &'static str,
}

impl BuiltIns {
    /// The connector with this name.
    pub fn connector(&self, name: &str) -> Option<&BuiltInConnector> {
        self.connectors.iter().find(|connector| connector.name == name)
    }

    /// The name under which a connector's mappings appear among the files.
    pub fn file_name(connector: &str) -> String {
        format!("built-in/{connector}.yaml")
    }
}
