//! What answers mean.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::node::Node;

use super::operation::Operation;
use super::place::Place;
use super::reading::Reading;

/// What an answer means to the engine. An operation has defaults for most of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// It is done.
    Done,
    /// It was so before.
    Already,
    /// The object does not exist: the only proof of absence by id.
    Gone,
    /// Another object has a value that has to be unique.
    Taken,
    /// The app does not accept it: in its own words.
    Refused,
    /// The credential may not do it.
    Denied,
    /// The credential is not, or not any more, known.
    Signin,
    /// It was not done, and may be repeated.
    Busy,
    /// The app cannot do it.
    Unable,
    /// It may be done or not.
    Unclear,
    /// The list is there and has no rows.
    Empty,
}

/// The words, as a document writes them.
pub const WORDS: [(&str, Word); 11] = [
    ("done", Word::Done),
    ("already", Word::Already),
    ("gone", Word::Gone),
    ("taken", Word::Taken),
    ("refused", Word::Refused),
    ("denied", Word::Denied),
    ("signin", Word::Signin),
    ("busy", Word::Busy),
    ("unable", Word::Unable),
    ("unclear", Word::Unclear),
    ("empty", Word::Empty),
];

/// How the answers of an app are told apart.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Answers {
    /// Stands before the JSON of an answer, and is removed.
    pub prefix: Option<Arc<str>>,
    /// Where an error has its code; the first place that is there counts.
    pub error_code: Vec<Place>,
    /// Where an error has its text. An error that shows neither is not the app's.
    pub error_text: Vec<Place>,
    /// What an answer has to have to be none of a failure, for apps that fail with status 200.
    pub ok: Vec<(Place, Vec<Json>)>,
    /// What proves that an object is gone.
    pub gone: GoneBy,
    /// In order; the first that fits counts.
    pub means: Vec<Meaning>,
}

/// What proves that an object is gone.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum GoneBy {
    /// The app's own 404.
    #[default]
    Get,
    /// Only a complete list that is without it: the app answers 404 for what may not be seen, too.
    List,
}

/// One rule: which answers have which meaning. All that is said has to hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Meaning {
    /// The operations; all if none is named.
    pub operations: Vec<Operation>,
    pub status: Vec<u16>,
    /// The code of the error is one of these.
    pub code: Vec<Arc<str>>,
    /// The text of the error has this part.
    pub text: Option<Arc<str>>,
    /// Each header has one of these values.
    pub headers: Vec<(Arc<str>, Vec<Arc<str>>)>,
    pub is: Word,
}

impl Answers {
    pub(super) fn read(reading: &mut Reading, node: &Node) -> Self {
        let mut places = |key: &str| {
            let node = node.get("error").and_then(|error| error.get(key));
            node.map(|node| reading.places(node)).unwrap_or_default()
        };
        let (error_code, error_text) = (places("code"), places("text"));
        let ok = node.get("ok").map(|ok| reading.expectations(ok)).unwrap_or_default();
        let gone = match node.get("gone").and_then(Node::text).map(|text| &**text) {
            Some("by-list") => GoneBy::List,
            _ => GoneBy::Get,
        };
        let prefix = node.get("prefix").and_then(Node::text).cloned();
        Self { prefix, error_code, error_text, ok, gone, means: Meaning::read_all(reading, node) }
    }
}

impl Meaning {
    /// The rules below `means`.
    pub(super) fn read_all(reading: &mut Reading, of: &Node) -> Vec<Self> {
        let nodes = of.get("means").map(Node::items).unwrap_or_default();
        nodes.iter().filter_map(|node| Self::read(reading, node)).collect()
    }

    fn read(reading: &mut Reading, node: &Node) -> Option<Self> {
        let word = node.get("is")?;
        let is = WORDS.iter().find(|(name, _)| word.text().is_some_and(|text| &**text == *name))?.1;
        let operations = node.get("for").map(Node::one_or_more).unwrap_or_default();
        let operations = operations.iter().filter_map(|node| Operation::read(reading, node)).collect();
        let status: Vec<u16> = node
            .get("status")
            .map(Node::one_or_more)
            .unwrap_or_default()
            .iter()
            .filter_map(|node| u16::try_from(node.number()?).ok())
            .collect();
        let code = node.get("code").map(Node::one_or_more).unwrap_or_default();
        let code = code.iter().filter_map(scalar_text).collect();
        let headers = node.get("header").map(Node::entries).unwrap_or_default().iter();
        let headers = headers.map(|(key, values)| {
            (key.text.clone(), values.one_or_more().iter().filter_map(scalar_text).collect())
        });
        let meaning = Self {
            operations,
            status,
            code,
            text: node.get("text").and_then(Node::text).cloned(),
            headers: headers.collect(),
            is,
        };
        let is_bare = meaning.status.is_empty()
            && meaning.code.is_empty()
            && meaning.text.is_none()
            && meaning.headers.is_empty();
        if is_bare {
            let message = "the rule fits every answer".to_owned();
            reading.error("answers", node.span, message, "say which: `status`, `code`, `text` or `header`");
            return None;
        }
        if let Some(status) = meaning.status.iter().find(|status| (300..400).contains(*status)) {
            let may = [Word::Signin, Word::Busy, Word::Unable, Word::Denied];
            if !may.contains(&is) {
                let message =
                    format!("an answer {status} says nothing about an object, and cannot mean {}", is.name());
                reading.error("answers", word.span, message, "it may mean signin, busy, unable or denied");
                return None;
            }
        }
        Some(meaning)
    }
}

impl Word {
    /// As a document writes it.
    pub fn name(self) -> &'static str {
        WORDS.iter().find(|(_, word)| *word == self).map_or("", |(name, _)| name)
    }
}

/// A text, a number or a boolean, as text.
pub(super) fn scalar_text(node: &Node) -> Option<Arc<str>> {
    match node.json() {
        Json::String(text) => Some(text.into()),
        Json::Number(number) => Some(number.to_string().into()),
        Json::Bool(value) => Some(value.to_string().into()),
        _ => None,
    }
}
