//! A part of a YAML document with its place, for readers that know no files.

use std::sync::Arc;

use serde_json::{Map, Number, Value as Json};

use super::span::Span;

/// A value, and where it is written.
#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    /// Where. Of a text that stands there as it is, without its quotes.
    pub span: Span,
    /// True for a text that stands there as it is, so that a byte of it has a place of its own.
    pub is_verbatim: bool,
    /// What.
    pub what: What,
}

/// A value.
#[derive(Debug, Clone, PartialEq)]
pub enum What {
    Null,
    Bool(bool),
    Number(Number),
    Text(Arc<str>),
    List(Vec<Node>),
    /// In the order of the file.
    Map(Vec<(Key, Node)>),
}

/// A key of a mapping.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Key {
    pub text: Arc<str>,
    pub span: Span,
}

impl Node {
    /// The keys and values of a mapping; none of anything else.
    pub fn entries(&self) -> &[(Key, Node)] {
        match &self.what {
            What::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list; none of anything else.
    pub fn items(&self) -> &[Node] {
        match &self.what {
            What::List(items) => items,
            _ => &[],
        }
    }

    /// The items of a list, or the one value that stands there instead.
    pub fn one_or_more(&self) -> &[Node] {
        match &self.what {
            What::List(items) => items,
            _ => std::slice::from_ref(self),
        }
    }

    /// The entry of a mapping with this key.
    pub fn entry(&self, key: &str) -> Option<(&Key, &Node)> {
        self.entries().iter().find(|(name, _)| &*name.text == key).map(|(name, value)| (name, value))
    }

    /// The value of a mapping's key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entry(key).map(|(_, value)| value)
    }

    /// The text.
    pub fn text(&self) -> Option<&Arc<str>> {
        match &self.what {
            What::Text(text) => Some(text),
            _ => None,
        }
    }

    /// `true` or `false`.
    pub fn bool(&self) -> Option<bool> {
        match self.what {
            What::Bool(value) => Some(value),
            _ => None,
        }
    }

    /// A whole number that is not negative.
    pub fn number(&self) -> Option<u64> {
        match &self.what {
            What::Number(number) => number.as_u64(),
            _ => None,
        }
    }

    /// True for a mapping.
    pub fn is_map(&self) -> bool {
        matches!(self.what, What::Map(_))
    }

    /// The place of some bytes of a text; that of the whole if they have none of their own.
    pub fn part(&self, at: usize, length: usize) -> Span {
        if !self.is_verbatim {
            return self.span;
        }
        let start = self.span.start.saturating_add(at as u32).min(self.span.end);
        let end = start.saturating_add(length as u32).min(self.span.end);
        Span::new(self.span.file, start, end)
    }

    /// The same as JSON.
    pub fn json(&self) -> Json {
        match &self.what {
            What::Null => Json::Null,
            What::Bool(value) => Json::Bool(*value),
            What::Number(number) => Json::Number(number.clone()),
            What::Text(text) => Json::String(text.to_string()),
            What::List(items) => items.iter().map(Node::json).collect(),
            What::Map(entries) => {
                let pairs = entries.iter().map(|(key, value)| (key.text.to_string(), value.json()));
                Json::Object(pairs.collect::<Map<_, _>>())
            }
        }
    }
}
