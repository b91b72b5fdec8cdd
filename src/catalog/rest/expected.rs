//! What an answer has to have before it is believed.

use serde_json::Value as Json;

use crate::model::node::Node;

use super::place::Place;
use super::reading::Reading;

/// What has to stand at a place of an answer.
#[derive(Debug, Clone, PartialEq)]
pub enum Expected {
    /// One of these values.
    OneOf(Vec<Json>),
    /// A list that has all of these: an array, or a text with blanks between its parts, as the scopes of a token.
    Has(Vec<Json>),
}

impl Expected {
    /// `{PLACE: [VALUE…]}`, or `{PLACE: {has: [VALUE…]}}`.
    pub(super) fn read_all(reading: &mut Reading, node: &Node) -> Vec<(Place, Self)> {
        let values = |node: &Node| node.one_or_more().iter().map(Node::json).collect();
        let entries = node.entries().iter().filter_map(|(key, node)| {
            let expected = match node.get("has") {
                Some(has) => Self::Has(values(has)),
                None => Self::OneOf(values(node)),
            };
            Some((reading.place_of(key)?, expected))
        });
        entries.collect()
    }
}
