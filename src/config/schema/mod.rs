//! JSON Schema over the arena. The schema is the public contract; this file compiles it and collects what it finds,
//! `keys` and `value` put findings about keys and about values into words.

mod keys;
mod value;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::paths::LocationSegment;
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

use crate::model::{Diagnostic, Span};

use super::cursor::Cursor;
use super::cursor_json::ArenaJson;

/// The schema of every file, as `rolecall schema` prints it.
pub const TEXT: &str = include_str!("../../../schemas/rolecall.schema.json");

/// All schemas by name, for `rolecall schema NAME`.
pub const ALL: [(&str, &str); 1] = [("rolecall", TEXT)];

/// More findings than this in one file are of no use to anybody.
const MOST: usize = 500;

/// The schema as a document.
pub fn document() -> &'static Value {
    static DOCUMENT: OnceLock<Value> = OnceLock::new();
    DOCUMENT.get_or_init(|| serde_json::from_str(TEXT).unwrap_or_default())
}

/// The patterns that messages have words for.
pub fn patterns() -> impl Iterator<Item = &'static str> {
    value::PATTERNS.iter().map(|(pattern, _, _)| *pattern)
}

fn validator() -> Option<&'static Validator<ArenaJson>> {
    static VALIDATOR: OnceLock<Option<Validator<ArenaJson>>> = OnceLock::new();
    VALIDATOR
        .get_or_init(|| {
            jsonschema::options_for::<ArenaJson>()
                .with_pattern_options(PatternOptions::regex())
                .build(document())
                .ok()
        })
        .as_ref()
}

/// Compiles the schema, which whoever validates first would have to wait for.
pub fn prepare() {
    validator();
}

/// What is wrong with keys of one mapping.
#[derive(Default)]
pub struct Keys {
    /// Keys that the schema does not know.
    pub unknown: Vec<String>,
    /// Keys that have to be there and are not.
    pub missing: Vec<String>,
    /// The part of the schema that says so.
    pub schema: String,
}

/// A step on the way to a node.
#[derive(Debug, Clone, Copy)]
pub enum Step<'a> {
    /// The key of an entry.
    Key(Cursor<'a>),
    /// The place in a list, counted from one.
    Item(usize),
}

/// Where an error is: the way from the root, and the node itself.
pub struct Location<'a> {
    /// From the root.
    pub steps: Vec<Step<'a>>,
    /// The node.
    pub node: Cursor<'a>,
    /// How to speak of the root.
    pub root: &'a str,
}

impl<'a> Location<'a> {
    fn find(root: Cursor<'a>, name: &'a str, error: &ValidationError<'_>) -> Option<Self> {
        let mut steps = Vec::new();
        let mut node = root;
        for segment in error.instance_path().segments() {
            match segment {
                LocationSegment::Property(name) => {
                    let (key, value) = node.entry(&name)?;
                    steps.push(Step::Key(key));
                    node = value;
                }
                LocationSegment::Index(index) => {
                    steps.push(Step::Item(index + 1));
                    node = node.items().nth(index)?;
                }
            }
        }
        Some(Self { steps, node, root: name })
    }

    /// How to speak of it: `title`, or "item 3 of `members`".
    pub fn name(&self) -> String {
        match self.steps.as_slice() {
            [] => self.root.to_owned(),
            [.., Step::Key(key)] => format!("`{}`", key.text()),
            [.., Step::Key(key), Step::Item(index)] => format!("item {index} of `{}`", key.text()),
            [.., Step::Item(index)] => format!("item {index}"),
        }
    }

    /// The innermost key, else the node.
    pub fn key_span(&self) -> Span {
        match self.steps.last() {
            Some(Step::Key(key)) => key.span(),
            _ => first_line(self.node),
        }
    }
}

/// A collection spans lines; its first word is enough to point at.
fn first_line(node: Cursor<'_>) -> Span {
    let mut span = node.span();
    if node.is_map() || node.is_seq() {
        let inner = node.children().next().map_or(span, |child| child.span());
        span.start = inner.start;
        span.end = inner.end;
    }
    span
}

/// Validates one file. `refused` takes the values that were found wrong, so that the typed reader is silent about them.
pub fn check(root: Cursor<'_>, found: &mut Vec<Diagnostic>, refused: &mut Vec<(u32, u32)>) {
    let Some(validator) = validator() else {
        found.push(Diagnostic::error("internal", None, "the built-in schema is not usable"));
        return;
    };
    check_with(validator, document(), (root, "the file"), found, refused);
}

/// Validates a node with any schema; the name is how to speak of it.
pub fn check_with(
    validator: &Validator<ArenaJson>,
    schema: &Value,
    (root, name): (Cursor<'_>, &str),
    found: &mut Vec<Diagnostic>,
    refused: &mut Vec<(u32, u32)>,
) {
    let mut keys: BTreeMap<u32, (Location<'_>, Keys)> = BTreeMap::new();
    for error in validator.iter_errors(root).take(MOST) {
        let Some(at) = Location::find(root, name, &error) else {
            continue;
        };
        let place = parent(error.schema_path().as_str());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let (_, keys) = keys.entry(at.node.index()).or_insert_with(|| (at, Keys::default()));
                keys.schema = place.to_owned();
                keys.unknown.extend(unexpected.iter().cloned());
            }
            ValidationErrorKind::Required { property } => {
                let (_, keys) = keys.entry(at.node.index()).or_insert_with(|| (at, Keys::default()));
                if keys.schema.is_empty() {
                    keys.schema = place.to_owned();
                }
                keys.missing.extend(property.as_str().map(str::to_owned));
            }
            kind => {
                let diagnostic = value::diagnostic(&at, kind, schema, place);
                if let Some(span) = diagnostic.span {
                    refused.push((span.start, span.end));
                }
                let whole = at.node.span();
                if !matches!(kind, ValidationErrorKind::PropertyNames { .. }) {
                    refused.push((whole.start, whole.end));
                }
                found.push(diagnostic);
            }
        }
    }
    for (at, keys) in keys.values() {
        keys::diagnostics(at, keys, schema, found);
    }
}

/// The schema that a keyword belongs to.
fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
