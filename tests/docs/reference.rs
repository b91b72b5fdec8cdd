//! A reference page of a schema: a section for each kind of object, a table of its keys.

use std::collections::{BTreeMap, VecDeque};

use serde_yaml::Value;

use super::links::anchor;
use super::schema::Schema;

/// The names of definitions that are single values.
const NAMES: [(&str, &str); 11] = [
    ("id", "id"),
    ("principal", "`user:ID` or `group:ID`"),
    ("duration", "duration"),
    ("date", "date"),
    ("count", "whole number"),
    ("percent", "percent"),
    ("path", "target attribute"),
    ("expression", "[expression](expressions.md)"),
    ("constant", "text, whole number, true, false, null, or a list of them"),
    ("scalar", "text, whole number, true or false"),
    ("env", "name of a variable"),
];

/// Writes the sections of a schema, outermost first. `prefix` is the path of its keys in a tree, empty at the top.
pub fn sections(schema: &Schema, prefix: &str, title: &str) -> String {
    let mut reference = Reference {
        schema,
        title,
        of_definition: BTreeMap::new(),
        of_path: BTreeMap::new(),
        children: BTreeMap::new(),
    };
    reference.find(prefix);
    let mut page = String::new();
    reference.write(prefix, &mut page);
    page
}

struct Reference<'s> {
    schema: &'s Schema,
    /// Heading of the outermost section.
    title: &'s str,
    /// The section of each definition.
    of_definition: BTreeMap<&'s str, String>,
    /// The object of each section.
    of_path: BTreeMap<String, &'s Value>,
    /// The sections below each section.
    children: BTreeMap<String, Vec<String>>,
}

impl<'s> Reference<'s> {
    /// Gives every object its section, under the shortest path that leads to it.
    fn find(&mut self, prefix: &str) {
        let mut open = VecDeque::from([(prefix.to_owned(), self.schema.top())]);
        self.of_path.insert(prefix.to_owned(), self.schema.top());
        while let Some((path, node)) = open.pop_front() {
            let mut below = Vec::new();
            for (key, value) in self.schema.properties(node) {
                let path = below_path(&path, key);
                self.objects(&path, value, &mut below);
            }
            self.children.insert(path, below.iter().map(|(path, _)| path.clone()).collect());
            open.extend(below);
        }
    }

    /// Objects in a value that have no section yet.
    fn objects(&mut self, path: &str, node: &'s Value, into: &mut Vec<(String, &'s Value)>) {
        if self.schema.is_object(node) {
            if self.of_path.values().any(|known| std::ptr::eq(*known, node)) {
                return;
            }
            if let (_, Some(name)) = self.schema.settle(node) {
                if self.of_definition.contains_key(name) {
                    return;
                }
                self.of_definition.insert(name, path.to_owned());
            }
            self.of_path.insert(path.to_owned(), node);
            into.push((path.to_owned(), node));
            return;
        }
        let (node, _) = self.schema.settle(node);
        if let Some(entries) = self.schema.entries(node) {
            self.objects(&format!("{path}.{}", placeholder(path)), entries, into);
        }
        if let Some(items) = self.schema.items(node) {
            self.objects(&format!("{path}[]"), items, into);
        }
        for part in ["then", "else"] {
            if let Some(part) = node.get(part) {
                self.objects(path, part, into);
            }
        }
    }

    fn write(&self, path: &str, page: &mut String) {
        let node = self.of_path[path];
        let node_is_top = std::ptr::eq(node, self.schema.top());
        let heading = if node_is_top { self.title.to_owned() } else { heading(path) };
        page.push_str(&format!("\n## {heading}\n\n"));
        let (settled, _) = self.schema.settle(node);
        let description = self.schema.text(settled, "description");
        if !description.is_empty() {
            page.push_str(&format!("{description}\n\n"));
        }
        page.push_str("| key | value | meaning |\n| --- | --- | --- |\n");
        let required = self.schema.required(node);
        for (key, value) in self.schema.properties(node) {
            page.push_str(&self.row(path, key, value, required.contains(&key)));
        }
        for child in &self.children[path] {
            self.write(child, page);
        }
    }

    fn row(&self, path: &str, key: &str, value: &'s Value, required: bool) -> String {
        let mut meaning = self.schema.text(value, "description").to_owned();
        if required {
            meaning.push_str(" Required.");
        }
        let default = value.get("default").or_else(|| self.schema.settle(value).0.get("default"));
        if let Some(default) = default {
            meaning.push_str(&format!(" Default: {}.", code(default)));
        }
        let settled = self.schema.settle(value).0;
        let obvious =
            settled.get("enum").is_some() || settled.get("const").is_some() || self.is_boolean(value);
        let examples = value.get("examples").and_then(Value::as_sequence).into_iter().flatten();
        let examples = examples.filter(|example| !obvious && Some(*example) != default);
        let examples: Vec<String> = examples.map(code).collect();
        if !examples.is_empty() {
            meaning.push_str(&format!(" Such as {}.", examples.join(", ")));
        }
        let kind = self.kind(&below_path(path, key), value);
        format!("| `{key}` | {} | {} |\n", cell(&kind), cell(&meaning))
    }

    fn is_boolean(&self, node: &Value) -> bool {
        self.schema.text(node, "type") == "boolean"
    }

    /// The kind of a value, in words.
    fn kind(&self, path: &str, node: &'s Value) -> String {
        let (settled, name) = self.schema.settle(node);
        if self.schema.is_object(node) {
            return self.link(path, node);
        }
        if let Some((_, words)) = NAMES.iter().find(|(known, _)| Some(*known) == name) {
            return (*words).to_owned();
        }
        if let (Some(then), Some(other)) = (settled.get("then"), settled.get("else")) {
            return format!("{}, or {}", self.kind(path, other), self.kind(path, then));
        }
        if let Some(choices) = settled.get("enum").and_then(Value::as_sequence) {
            return choices.iter().map(code).collect::<Vec<_>>().join(", ");
        }
        if let Some(constant) = settled.get("const") {
            return code(constant);
        }
        if let Some(items) = self.schema.items(settled) {
            return format!("list of {}", self.kind(&format!("{path}[]"), items));
        }
        if let Some(entries) = self.schema.entries(settled) {
            let to = self.kind(&format!("{path}.{}", placeholder(path)), entries);
            return format!("{} to {to}", placeholder(path));
        }
        match settled.get("type").and_then(Value::as_str) {
            Some("integer") => "whole number",
            Some("boolean") => "true or false",
            Some("object") => "map",
            _ => "text",
        }
        .to_owned()
    }

    fn link(&self, path: &str, node: &'s Value) -> String {
        let at = match self.schema.settle(node) {
            (_, Some(name)) => self.of_definition.get(name),
            (node, None) => {
                self.of_path.iter().find(|(_, other)| std::ptr::eq(**other, node)).map(|(at, _)| at)
            }
        };
        let at = at.unwrap_or_else(|| panic!("{path} has a section"));
        format!("[`{at}`](#{})", anchor(&heading(at)))
    }
}

fn below_path(path: &str, key: &str) -> String {
    if path.is_empty() { key.to_owned() } else { format!("{path}.{key}") }
}

fn heading(path: &str) -> String {
    format!("`{path}`")
}

/// The placeholder in a path for a key that users choose.
fn placeholder(path: &str) -> &'static str {
    match path.rsplit('.').next() {
        Some("secrets" | "labels" | "headers") => "NAME",
        Some("attributes") if path.starts_with("mappings") => "TARGET",
        Some("attributes") => "NAME",
        Some("links") => "USER",
        Some("extensions") => "URN",
        Some("min_members") => "ROLE",
        _ => "ID",
    }
}

/// A value in YAML flow style.
fn code(value: &Value) -> String {
    format!("`{}`", flow(value))
}

fn flow(value: &Value) -> String {
    match value {
        Value::Sequence(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Mapping(map) => {
            let entries = map.iter().map(|(key, value)| format!("{}: {}", flow(key), flow(value)));
            format!("{{{}}}", entries.collect::<Vec<_>>().join(", "))
        }
        Value::String(text) if needs_quotes(text) => format!("\"{}\"", text.replace('"', "\\\"")),
        Value::String(text) => text.clone(),
        other => serde_yaml::to_string(other).unwrap().trim_end().to_owned(),
    }
}

fn needs_quotes(text: &str) -> bool {
    let as_something_else = !serde_yaml::from_str::<Value>(text).is_ok_and(|value| value.is_string());
    let old_boolean = ["on", "off", "yes", "no", "y", "n"].contains(&text);
    as_something_else || old_boolean || text.contains([',', '{', '}', '[', ']', '#']) || text.ends_with(':')
}

fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}
