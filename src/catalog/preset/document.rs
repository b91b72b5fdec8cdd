//! A preset as it is written.

use std::sync::Arc;

use crate::model::node::{Node, What};
use crate::model::{Diagnostic, Path, Span, Value};

/// A connector that is another one with defaults of its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Preset {
    /// The word after `connector:` of an app.
    pub name: Arc<str>,
    /// The connector that it is made of.
    pub of: Arc<str>,
    /// The name of the app, for people.
    pub title: Arc<str>,
    /// Public pages from which it was written.
    pub source: Vec<Arc<str>>,
    /// What was tried, and against what.
    pub proven: Vec<Arc<str>>,
    /// What was not tried, and why.
    pub unproven: Vec<Arc<str>>,
    /// A URL as its apps have it, for messages.
    pub example_url: Option<Arc<str>>,
    /// Defaults of settings, by their dotted names; an app may say otherwise.
    pub settings: Vec<PresetSetting>,
    /// Attributes of accounts besides those of the base.
    pub extensions: Vec<ExtensionAttributes>,
    /// Why accounts are never deleted, if they are not.
    pub never_deletes: Option<Arc<str>>,
    /// Where it is written.
    pub span: Span,
}

/// The default of one setting.
#[derive(Debug, Clone, PartialEq)]
pub struct PresetSetting {
    /// The dotted name, such as `update.users`.
    pub name: Arc<str>,
    /// Its value.
    pub value: Value,
    /// Where it is written.
    pub span: Span,
}

/// Attributes of one extension. All of them are texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExtensionAttributes {
    /// The URN before their names.
    pub urn: Arc<str>,
    /// Their names.
    pub attributes: Vec<Arc<str>>,
    /// The app may have others in it.
    pub has_others: bool,
}

impl Preset {
    /// Reads a preset whose form the JSON Schema has accepted.
    ///
    /// # Errors
    /// What is wrong with it, each with its place.
    pub fn read(name: &str, node: &Node) -> Result<Self, Vec<Diagnostic>> {
        let text = |key: &str| node.get(key).and_then(Node::text).cloned();
        let texts = |key: &str| -> Vec<Arc<str>> {
            let nodes = node.get(key).map(Node::one_or_more).unwrap_or_default();
            nodes.iter().filter_map(|node| node.text().cloned()).collect()
        };
        let mut settings = Vec::new();
        node.get("settings").into_iter().for_each(|node| flatten("", node, &mut settings));
        let mut found = Vec::new();
        let extensions = node.get("extensions").map(Node::entries).unwrap_or_default();
        let extensions =
            extensions.iter().map(|(urn, node)| extension(&urn.text, node, &mut found)).collect();
        let cannot = node.get("cannot").and_then(|cannot| cannot.get("delete_users"));
        let preset = Self {
            name: name.into(),
            of: text("of").unwrap_or_default(),
            title: text("title").unwrap_or_else(|| name.into()),
            source: texts("source"),
            proven: texts("proven"),
            unproven: texts("unproven"),
            example_url: text("example_url"),
            settings,
            extensions,
            never_deletes: cannot.and_then(Node::text).cloned(),
            span: node.span,
        };
        if found.is_empty() { Ok(preset) } else { Err(found) }
    }
}

fn extension(urn: &Arc<str>, node: &Node, found: &mut Vec<Diagnostic>) -> ExtensionAttributes {
    let names = node.get("attributes").map(Node::one_or_more).unwrap_or_default();
    let mut attributes = Vec::new();
    for name in names {
        let Some(text) = name.text() else { continue };
        let is_one = |path: &Path| path.parts().urn.is_some() && *path.parts().attribute == **text;
        if Path::parse(&format!("{urn}:{text}")).is_ok_and(|path| is_one(&path)) {
            attributes.push(text.clone());
        } else {
            let message = format!("`{urn}:{text}` is not a target attribute of an extension");
            let hint =
                "write the URN of the extension as the key, and the names of its attributes as they are";
            found.push(Diagnostic::error("target-path", name.span, message).with_hint(hint));
        }
    }
    let has_others = node.get("others").and_then(Node::bool).unwrap_or(false);
    ExtensionAttributes { urn: urn.clone(), attributes, has_others }
}

/// Nested names are joined by dots, as those of the settings of an app are.
fn flatten(prefix: &str, node: &Node, settings: &mut Vec<PresetSetting>) {
    for (key, node) in node.entries().iter().filter(|(key, _)| !key.text.starts_with("x-")) {
        let name = format!("{prefix}{}", key.text);
        if node.is_map() {
            flatten(&format!("{name}."), node, settings);
        } else {
            settings.push(PresetSetting { name: name.into(), value: constant(node), span: node.span });
        }
    }
}

fn constant(node: &Node) -> Value {
    match &node.what {
        What::Null | What::Map(_) => Value::Null,
        What::Bool(value) => Value::Bool(*value),
        What::Number(number) => number.as_i64().map_or_else(|| Value::str(number.to_string()), Value::Int),
        What::Text(text) => Value::Str(text.clone()),
        What::List(items) => Value::List(items.iter().map(constant).collect()),
    }
}
