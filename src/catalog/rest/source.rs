//! Where an answer has a value: in its body or in a header.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::model::node::Node;

use super::place::Place;
use super::reading::Reading;

/// A place of an answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// In the body.
    Body(Place),
    /// In a header. With `rel`: the target of the link of this relation (RFC 8288).
    Header { name: Arc<str>, rel: Option<Arc<str>> },
}

impl Source {
    pub(super) fn read(reading: &mut Reading, node: &Node) -> Option<Self> {
        if !node.is_map() {
            return reading.place(node).map(Self::Body);
        }
        let name = node.get("header")?.text()?.clone();
        Some(Self::Header { name, rel: node.get("rel").and_then(Node::text).cloned() })
    }
}

/// The places of one value in the three kinds of documents that an app exchanges. Where it has none, it is not shown there,
/// or cannot be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Places {
    /// In a row of a list.
    pub list: Option<Place>,
    /// In the answer about one object.
    pub one: Option<Place>,
    /// In what is sent.
    pub write: Option<Place>,
    /// The same value is sent there, too: of a password that has to be repeated.
    pub repeated: Vec<Place>,
}

impl Places {
    /// The same place in all three.
    pub fn everywhere(place: Place) -> Self {
        Self { list: Some(place.clone()), one: Some(place.clone()), write: Some(place), repeated: Vec::new() }
    }

    /// `PLACE` or `{list: PLACE, one: PLACE, write: PLACE}`.
    pub(super) fn read(reading: &mut Reading, node: &Node) -> Option<Self> {
        if !node.is_map() {
            return reading.place(node).map(Self::everywhere);
        }
        let mut at = |key| reading.place_at(node, key);
        let (list, one) = (at("list"), at("one"));
        let mut write = node.get("write").map(|node| reading.places(node)).unwrap_or_default().into_iter();
        Some(Self { list, one, write: write.next(), repeated: write.collect() })
    }

    /// Puts a value into what is sent, wherever it is written.
    ///
    /// # Errors
    /// It is not written, or something else stands on the way.
    pub fn put(&self, body: &mut Json, value: &Json, with: &Map<String, Json>) -> Result<(), &'static str> {
        let write = self.write.as_ref().ok_or("it cannot be written")?;
        std::iter::once(write)
            .chain(&self.repeated)
            .try_for_each(|place| place.put(body, value.clone(), with))
    }

    /// True if an app shows the value somewhere.
    pub fn is_shown(&self) -> bool {
        self.list.is_some() || self.one.is_some()
    }
}
