//! JSON bodies with placeholders.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::node::{Node, What};

use super::reading::{Reading, Scope};
use super::template::Template;

/// A JSON value, some of whose texts are filled in when it is sent.
#[derive(Debug, Clone, PartialEq)]
pub enum Filling {
    /// As it is.
    Value(Json),
    /// A text. If it is one placeholder, the value of that in its own JSON type.
    Text(Template),
    /// `{fresh: digits, length: N}`: drawn when it is sent, never shown, stored or compared.
    Fresh(Fresh),
    /// `{each: TEMPLATE}`: one entry for each object of a batch.
    Each(Template),
    List(Vec<Filling>),
    Map(Vec<(Arc<str>, Filling)>),
}

/// A value that is drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fresh {
    pub of: Letters,
    /// The number of characters.
    pub length: usize,
}

/// What a drawn value consists of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Letters {
    Digits,
    /// Letters, digits and signs, at least one of each.
    Password,
}

/// The length of a drawn value that says none.
const FRESH_LENGTH: u64 = 24;

impl Filling {
    pub(super) fn read(reading: &mut Reading, node: &Node, scope: Scope<'_>) -> Option<Self> {
        match &node.what {
            What::Text(_) => {
                let template = reading.template(node, scope)?;
                Some(match template.literal() {
                    Some(text) => Self::Value(Json::String(text)),
                    None => Self::Text(template),
                })
            }
            What::List(items) => {
                let items = items.iter().map(|item| Self::read(reading, item, scope));
                items.collect::<Option<Vec<_>>>().map(Self::List)
            }
            What::Map(_) if node.get("fresh").is_some() => Fresh::read(node).map(Self::Fresh),
            What::Map(entries) => match entries.as_slice() {
                [(key, each)] if &*key.text == "each" => reading.template(each, scope).map(Self::Each),
                entries => {
                    let entries = entries.iter();
                    let entries = entries
                        .map(|(key, value)| Some((key.text.clone(), Self::read(reading, value, scope)?)));
                    entries.collect::<Option<Vec<_>>>().map(Self::Map)
                }
            },
            _ => Some(Self::Value(node.json())),
        }
    }

    /// True if it has an entry for each object of a batch.
    pub fn is_batch(&self) -> bool {
        self.any(&|filling| matches!(filling, Self::Each(_)))
    }

    /// True if a part of it is drawn when it is sent.
    pub fn has_fresh(&self) -> bool {
        self.any(&|filling| matches!(filling, Self::Fresh(_)))
    }

    /// Calls this with every template.
    pub fn each_template(&self, with: &mut dyn FnMut(&Template)) {
        match self {
            Self::Text(template) | Self::Each(template) => with(template),
            Self::List(items) => items.iter().for_each(|item| item.each_template(with)),
            Self::Map(entries) => entries.iter().for_each(|(_, value)| value.each_template(with)),
            Self::Value(_) | Self::Fresh(_) => {}
        }
    }

    fn any(&self, is: &dyn Fn(&Self) -> bool) -> bool {
        is(self)
            || match self {
                Self::List(items) => items.iter().any(|item| item.any(is)),
                Self::Map(entries) => entries.iter().any(|(_, value)| value.any(is)),
                _ => false,
            }
    }
}

impl Fresh {
    /// `{fresh: digits, length: 10}`.
    pub(super) fn read(node: &Node) -> Option<Self> {
        let of = match &**node.get("fresh")?.text()? {
            "digits" => Letters::Digits,
            "password" => Letters::Password,
            _ => return None,
        };
        let length = node.get("length").and_then(Node::number).unwrap_or(FRESH_LENGTH);
        Some(Self { of, length: length as usize })
    }
}
