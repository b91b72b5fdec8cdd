//! JSON Schema over the arena. The schema is the public contract; this file compiles it and collects what it finds,
//! `keys` and `value` put findings about keys and about values into words.

mod branches;
mod keys;
mod location;
mod value;

use std::collections::BTreeMap;
use std::sync::OnceLock;

use jsonschema::error::ValidationErrorKind;
use jsonschema::{PatternOptions, ValidationError, Validator};
use serde_json::Value;

use crate::model::Diagnostic;

pub use keys::literal_secret;

use super::cursor::Cursor;
use super::cursor_json::ArenaJson;
use location::{KeyMistakes, Location};

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

/// Compiles the schema early, so that the first validation need not wait for it.
pub fn prepare() {
    validator();
}

/// Validates one file. `refused` takes the values that were found wrong, so that the typed reader is silent about them.
pub fn check(root: Cursor<'_>, found: &mut Vec<Diagnostic>, refused: &mut Vec<(u32, u32)>) {
    let Some(validator) = validator() else {
        found.push(Diagnostic::error("internal", None, "the built-in schema is not usable"));
        return;
    };
    check_with(validator, document(), (root, "the file"), found, refused);
}

/// Validates a node with any schema; messages call it by the name.
pub fn check_with(
    validator: &Validator<ArenaJson>,
    schema: &Value,
    (root, root_name): (Cursor<'_>, &str),
    found: &mut Vec<Diagnostic>,
    refused: &mut Vec<(u32, u32)>,
) {
    let mut all = Findings { schema, root, root_name, keys: BTreeMap::new(), found, refused };
    for error in validator.iter_errors(root).take(MOST) {
        all.add(&error);
    }
    for (at, keys) in all.keys.values() {
        keys::diagnostics(at, keys, schema, all.found);
    }
}

/// The findings about one node and what is below it.
struct Findings<'a, 'f> {
    schema: &'f Value,
    root: Cursor<'a>,
    root_name: &'f str,
    /// What is wrong with the keys of each mapping.
    keys: BTreeMap<u32, (Location<'f>, KeyMistakes)>,
    found: &'f mut Vec<Diagnostic>,
    refused: &'f mut Vec<(u32, u32)>,
}

impl<'a: 'f, 'f> Findings<'a, 'f> {
    fn add(&mut self, error: &ValidationError<'_>) {
        let Self { schema, keys, .. } = self;
        let Some(at) = Location::find(self.root, self.root_name, error) else {
            return;
        };
        let place = parent(error.schema_path().as_str());
        match error.kind() {
            ValidationErrorKind::AdditionalProperties { unexpected } => {
                let entries = unexpected.iter().filter_map(|name| at.node.entry(name));
                self.refused.extend(entries.map(|(key, _)| (key.span().start, key.span().end)));
                let (_, keys) = keys.entry(at.node.index()).or_insert_with(|| (at, KeyMistakes::default()));
                keys.schema = place.to_owned();
                keys.unknown.extend(unexpected.iter().cloned());
            }
            ValidationErrorKind::Required { property } => {
                let (_, keys) = keys.entry(at.node.index()).or_insert_with(|| (at, KeyMistakes::default()));
                if keys.schema.is_empty() {
                    keys.schema = place.to_owned();
                }
                keys.missing.extend(property.as_str().map(str::to_owned));
            }
            ValidationErrorKind::AnyOf { .. } if keys::one_of(schema, place).next().is_some() => {
                let (_, keys) = keys.entry(at.node.index()).or_insert_with(|| (at, KeyMistakes::default()));
                if keys.schema.is_empty() {
                    keys.schema = place.to_owned();
                }
                keys.one_of.extend(keys::one_of(schema, place).map(str::to_owned));
            }
            kind => {
                if let Some(meant) = branches::meant(error) {
                    meant.iter().for_each(|inner| self.add(inner));
                    return;
                }
                let diagnostic = branches::diagnostic(&at, error, schema, place)
                    .unwrap_or_else(|| value::diagnostic(&at, kind, schema, place));
                let (found, refused) = (&mut *self.found, &mut *self.refused);
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
}

/// The schema that a keyword belongs to.
fn parent(pointer: &str) -> &str {
    pointer.rsplit_once('/').map_or("", |(parent, _)| parent)
}
