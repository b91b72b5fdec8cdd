//! Reading single values, with a finding for each that is not what it should be.

use std::str::FromStr;
use std::sync::Arc;

use crate::config::cursor::Cursor;
use crate::config::expr_source::expr_source;
use crate::config::merged::{Field, Merged};
use crate::config::world::World;
use crate::model::Diagnostic;
use crate::model::expr_source::ExprSource;

/// Reads values and collects findings.
pub struct Reader<'w, 'a> {
    /// What to look things up in.
    pub world: &'w World<'a>,
    /// What was found.
    pub found: Vec<Diagnostic>,
}

impl<'w, 'a> Reader<'w, 'a> {
    /// A reader without findings.
    pub fn new(world: &'w World<'a>) -> Self {
        Self { world, found: Vec::new() }
    }

    fn wrong(&mut self, node: Cursor<'a>, expected: &str) {
        self.found.push(
            Diagnostic::error(
                "wrong-type",
                node.span(),
                format!("expected {expected}, found {}", node.kind_name()),
            )
            .with_hint(format!("write {expected}")),
        );
    }

    /// Text.
    pub fn str(&mut self, node: Cursor<'a>) -> Option<&'a str> {
        let text = node.as_str();
        if text.is_none() {
            self.wrong(node, "text");
        }
        text
    }

    /// Text of a field, if there is one.
    pub fn text(&mut self, of: &Merged<'a>, key: &str) -> Option<&'a str> {
        let field = of.get(key)?;
        self.str(field.value.node)
    }

    /// The same, shared.
    pub fn shared(&mut self, of: &Merged<'a>, key: &str) -> Option<Arc<str>> {
        self.text(of, key).map(Arc::from)
    }

    /// `true` or `false`; `otherwise` if the field is not there.
    pub fn bool(&mut self, of: &Merged<'a>, key: &str, otherwise: bool) -> bool {
        let Some(field) = of.get(key) else {
            return otherwise;
        };
        let node = field.value.node;
        let value = node.as_bool();
        if value.is_none() {
            self.wrong(node, "true or false");
        }
        value.unwrap_or(otherwise)
    }

    /// A whole number.
    pub fn int(&mut self, node: Cursor<'a>) -> Option<i64> {
        let value = node.as_int();
        if value.is_none() {
            self.wrong(node, "a whole number");
        }
        value
    }

    /// A number that is not negative.
    pub fn count(&mut self, of: &Merged<'a>, key: &str) -> Option<u64> {
        let field = of.get(key)?;
        let value = self.int(field.value.node)?;
        let count = u64::try_from(value).ok();
        if count.is_none() {
            self.wrong(field.value.node, "a number that is not negative");
        }
        count
    }

    /// One of some words; the default of the type if the field is not there.
    pub fn word<T: Default + Copy>(&mut self, of: &Merged<'a>, key: &str, words: &[(&str, T)]) -> T {
        self.word_field(of, key, words).map_or_else(T::default, |(value, _)| value)
    }

    /// One of some words, with its place.
    pub fn word_field<T: Copy>(
        &mut self,
        of: &Merged<'a>,
        key: &str,
        words: &[(&str, T)],
    ) -> Option<(T, Field<'a>)> {
        let field = of.get(key)?;
        let text = self.str(field.value.node)?;
        let value = words.iter().find(|(word, _)| *word == text);
        if value.is_none() {
            let all: Vec<_> = words.iter().map(|(word, _)| *word).collect();
            self.wrong(field.value.node, &format!("one of {}", all.join(", ")));
        }
        value.map(|(_, value)| (*value, field))
    }

    /// The items of a list; empty if the field is not there.
    pub fn list(&mut self, of: &Merged<'a>, key: &str) -> Vec<Cursor<'a>> {
        let Some(field) = of.get(key) else {
            return Vec::new();
        };
        let node = field.value.node;
        if !node.is_seq() {
            self.wrong(node, "a list");
        }
        node.items().collect()
    }

    /// The entries of a mapping; empty if the field is not there.
    pub fn map(&mut self, of: &Merged<'a>, key: &str) -> Vec<Field<'a>> {
        let Some(field) = of.get(key) else {
            return Vec::new();
        };
        if !field.value.node.is_map() {
            self.wrong(field.value.node, "a mapping");
        }
        field.value.fields()
    }

    /// The earlier ids of a thing.
    pub fn ids<T: FromStr>(&mut self, of: &Merged<'a>, key: &str) -> Vec<T> {
        let nodes = self.list(of, key);
        nodes.into_iter().filter_map(|node| self.str(node)?.parse().ok()).collect()
    }

    /// The id that declares a thing. The schema has reported a text that is none; another id keeps the thing's place.
    pub fn id<T: FromStr + From<&'static str>>(&self, text: &str) -> T {
        text.parse().unwrap_or_else(|_| T::from("?"))
    }

    /// True if a mapping has a key that is none of these: it may be a misspelt one, so nothing is said to be missing.
    pub fn has_other_keys(&self, of: &Merged<'a>, known: &[&str]) -> bool {
        of.fields().iter().any(|field| !known.contains(&field.key.text()))
    }

    /// The source of an expression.
    pub fn expression(&mut self, of: &Merged<'a>, key: &str) -> Option<ExprSource> {
        let node = of.get(key)?.value.node;
        self.str(node)?;
        Some(expr_source(node))
    }
}
