//! Requests that list rows.

use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::node::Node;

use super::page::Paging;
use super::place::Place;
use super::reading::{Reading, Scope};
use super::request::Get;
use super::template::Template;

/// A list.
#[derive(Debug, Clone, PartialEq)]
pub struct Listing {
    pub request: Get,
    /// Where the rows are; the first place that is there counts. An answer without any of them is no list.
    pub rows: Vec<Place>,
    pub page: Paging,
    /// The rows that are meant.
    pub only: Only,
    /// The list is asked for once with each of these parameters; all together are the list.
    pub parts: Vec<Vec<(Arc<str>, Vec<Template>)>>,
    /// Says that rows are missing at the end.
    pub truncated: Option<Place>,
    /// The connection's own account has to be among the rows.
    pub holds_self: bool,
}

/// Which rows of a list are meant; the others are passed over.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Only {
    /// Each place has one of these values.
    pub is: Vec<(Place, Vec<Json>)>,
    /// These places are there and not null.
    pub present: Vec<Place>,
    /// These are not.
    pub absent: Vec<Place>,
}

/// The keys of lists besides those of every request.
pub(super) const LIST: &[&str] = &["rows", "page", "only", "parts", "truncated", "holds_self"];
/// Those of look-ups.
pub(super) const FIND: &[&str] = &["rows", "page", "only", "parts", "truncated", "exact"];
/// Those of tables of names.
pub(super) const NAMES: &[&str] = &["rows", "page", "only", "parts", "truncated", "name", "id"];
/// Those of lists of members.
pub(super) const MEMBERS: &[&str] = &["rows", "page", "only", "parts", "truncated", "account", "in"];

/// What a list takes from around it.
#[derive(Clone, Copy)]
pub(super) struct Around<'d> {
    /// The request of a list that names none.
    pub path: Option<&'d [Template]>,
    /// `rows` beside `path`.
    pub rows: Option<&'d Node>,
    /// `page:` of the document.
    pub page: Option<&'d Paging>,
}

impl Listing {
    /// Reads a list; the node may be left out where there is a default request.
    pub(super) fn read(
        reading: &mut Reading,
        node: Option<&Node>,
        of: &Node,
        around: Around<'_>,
        scope: Scope<'_>,
    ) -> Option<Self> {
        let own = |key: &str| node.and_then(|node| node.get(key));
        let request = match (node, around.path) {
            (Some(node), path) => Get::read(reading, node, path, scope)?,
            (None, Some(path)) => Get::default(path, of.span),
            (None, None) => return None,
        };
        let rows = own("rows").or(around.rows);
        let Some(rows) = rows else {
            let message = format!("{} has no `rows`", scope.operation);
            let hint =
                "add the place of its rows, such as `rows: items`, or `rows: .` if the answer is the array";
            reading.error("rows", node.unwrap_or(of).span, message, hint);
            return None;
        };
        let rows = reading.places(rows);
        let page = match (own("page"), around.page) {
            (Some(page), document) => Paging::read(reading, page, document, scope)?,
            (None, Some(document)) => document.clone(),
            (None, None) if reading.known.page_is_wrong => return None,
            (None, None) => {
                let message = format!("it is not said how {} is paged", scope.operation);
                let hint = "add `page:` to the connector or to the list; `page: {by: none}` is one page";
                reading.error("page", node.unwrap_or(of).span, message, hint);
                return None;
            }
        };
        let parts = own("parts").map(Node::items).unwrap_or_default();
        let parts = parts.iter().filter_map(|part| query_of(reading, part, scope)).collect();
        Some(Self {
            request,
            rows,
            page,
            only: own("only").map(|only| Only::read(reading, only)).unwrap_or_default(),
            parts,
            truncated: own("truncated").and_then(|node| reading.place(node)),
            holds_self: own("holds_self").and_then(Node::bool).unwrap_or(false),
        })
    }
}

/// `{query: {NAME: VALUE}}` of a part of a list.
fn query_of(reading: &mut Reading, part: &Node, scope: Scope<'_>) -> Option<Vec<(Arc<str>, Vec<Template>)>> {
    let query = part.get("query")?.entries().iter();
    let query = query.map(|(key, values)| {
        let values = values.one_or_more().iter().map(|value| reading.template(value, scope));
        Some((key.text.clone(), values.collect::<Option<Vec<_>>>()?))
    });
    query.collect()
}

impl Only {
    fn read(reading: &mut Reading, node: &Node) -> Self {
        let mut places = |key: &str| node.get(key).map(|node| reading.places(node)).unwrap_or_default();
        let (present, absent) = (places("present"), places("absent"));
        let mut is = reading.expectations(node);
        is.retain(|(place, _)| ![Place::key("present"), Place::key("absent")].contains(place));
        Self { is, present, absent }
    }
}
