//! A JSON Schema for the reference pages: `$ref` is followed, and keys keep the order of the file.

use serde_yaml::Value;

/// A schema document.
pub struct Schema {
    whole: Value,
}

impl Schema {
    /// Reads a document; JSON is YAML, and YAML keeps the order of keys.
    pub fn parse(text: &str) -> Schema {
        Schema { whole: serde_yaml::from_str(text).unwrap() }
    }

    /// The document itself.
    pub fn top(&self) -> &Value {
        &self.whole
    }

    /// The node that `$ref` leads to, and the name of its definition.
    pub fn settle<'s>(&'s self, node: &'s Value) -> (&'s Value, Option<&'s str>) {
        let name = node.get("$ref").and_then(Value::as_str);
        match name.and_then(|name| name.strip_prefix("#/$defs/")) {
            Some(name) => (&self.whole["$defs"][name], Some(name)),
            None => (node, None),
        }
    }

    /// The keys that an object may have, with those of its alternatives.
    pub fn properties<'s>(&'s self, node: &'s Value) -> Vec<(&'s str, &'s Value)> {
        let (node, _) = self.settle(node);
        let own = node.get("properties").and_then(Value::as_mapping).into_iter().flatten();
        let mut found: Vec<_> = own.filter_map(|(key, value)| Some((key.as_str()?, value))).collect();
        for part in ["then", "else"] {
            if let Some(part) = node.get(part) {
                found.extend(self.properties(part));
            }
        }
        found
    }

    /// True if every alternative is an object with known keys.
    pub fn is_object(&self, node: &Value) -> bool {
        let (node, _) = self.settle(node);
        let alternatives: Vec<&Value> = ["then", "else"].iter().filter_map(|part| node.get(part)).collect();
        node.get("properties").is_some()
            || (!alternatives.is_empty() && alternatives.iter().all(|part| self.is_object(part)))
    }

    /// The keys that an object must have.
    pub fn required<'s>(&'s self, node: &'s Value) -> Vec<&'s str> {
        let (node, _) = self.settle(node);
        let required = node.get("required").and_then(Value::as_sequence).into_iter().flatten();
        required.filter_map(Value::as_str).collect()
    }

    /// A text of the node, or of the node that `$ref` leads to.
    pub fn text<'s>(&'s self, node: &'s Value, key: &str) -> &'s str {
        let own = node.get(key).and_then(Value::as_str);
        own.or_else(|| self.settle(node).0.get(key)?.as_str()).unwrap_or_default()
    }

    /// The values of an object whose keys users choose.
    pub fn entries<'s>(&'s self, node: &'s Value) -> Option<&'s Value> {
        let (node, _) = self.settle(node);
        node.get("additionalProperties").filter(|value| value.is_mapping())
    }

    /// The items of a list.
    pub fn items<'s>(&'s self, node: &'s Value) -> Option<&'s Value> {
        self.settle(node).0.get("items")
    }
}
