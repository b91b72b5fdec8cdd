//! How a list is walked, and what proves that it is complete.

use std::sync::Arc;

use crate::model::Span;
use crate::model::node::Node;

use super::place::Place;
use super::reading::{Reading, Scope};
use super::request::Get;
use super::source::Source;

/// The pages of a list.
#[derive(Debug, Clone, PartialEq)]
pub struct Paging {
    pub walk: Walk,
    /// The parameter of the query that says how many rows a page may have.
    pub size: Option<Arc<str>>,
    /// The most rows that a page may have.
    pub max: u64,
    /// How many rows there are, as the app says.
    pub total: Option<Total>,
    /// Says whether there are more pages.
    pub more: Option<Place>,
    /// The next page, for lists that are walked by numbers: only its absence is used.
    pub next: Option<Source>,
    /// One page further than the total is asked for.
    pub beyond: bool,
    /// Rises from row to row, as a number.
    pub order: Option<Place>,
    /// As many rows are not all: the app shows no more than these.
    pub cap: Option<u64>,
}

/// How the next page is asked for.
#[derive(Debug, Clone, PartialEq)]
pub enum Walk {
    /// By the number of rows before it.
    Offset { at: Arc<str>, from: u64, step: Step },
    /// By its number.
    Number { at: Arc<str>, from: u64 },
    /// By a word of the page before.
    Cursor { at: Arc<str>, next: Source },
    /// By an address in the page before, of which only path and query are used.
    Link { next: Source },
    /// There is one page.
    Once,
}

/// By how much an offset grows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// By the size of the page, also where hidden rows are left out of it.
    Size,
    /// By the rows that were there.
    Rows,
}

/// Where the number of all rows stands.
#[derive(Debug, Clone, PartialEq)]
pub enum Total {
    /// In each page.
    InPage(Source),
    /// In the answer to a request of its own.
    Asked(Box<Get>, Place),
}

/// The number of rows of a page that says none.
const MAX: u64 = 100;

impl Paging {
    /// One page.
    pub fn once() -> Self {
        Self {
            walk: Walk::Once,
            size: None,
            max: MAX,
            total: None,
            more: None,
            next: None,
            beyond: false,
            order: None,
            cap: None,
        }
    }

    /// Reads `page:` of a list. Without `by` it amends the one of the document.
    pub(super) fn read(
        reading: &mut Reading,
        node: &Node,
        document: Option<&Self>,
        scope: Scope<'_>,
    ) -> Option<Self> {
        let mut page = match (node.get("by"), document) {
            (Some(by), _) => Self { walk: walk(reading, node, by)?, ..Self::once() },
            (None, Some(document)) => document.clone(),
            (None, None) => {
                let hint = "say how the pages are asked for: `by: offset`, number, cursor, link or none";
                reading.error("page", node.span, "the pages of the list have no `by`".to_owned(), hint);
                return None;
            }
        };
        let text = |key| node.get(key).and_then(Node::text).cloned();
        page.size = text("size").or(page.size);
        page.max = node.get("max").and_then(Node::number).unwrap_or(page.max);
        if let Some(total) = node.get("total") {
            page.total = Some(Total::read(reading, total, scope)?);
        }
        page.more = reading.place_at(node, "more").or(page.more);
        if let (Some(next), Walk::Offset { .. } | Walk::Number { .. }) = (node.get("next"), &page.walk) {
            page.next = Source::read(reading, next);
        }
        page.beyond = node.get("beyond").and_then(Node::bool).unwrap_or(page.beyond);
        page.order = reading.place_at(node, "order").or(page.order);
        page.cap = node.get("cap").and_then(Node::number).or(page.cap);
        Some(page)
    }

    /// What proves that such a list is complete; none if nothing can.
    pub fn evidence(&self) -> Option<&'static str> {
        match (&self.walk, &self.total, &self.next, &self.more, &self.order) {
            (_, Some(_), ..) => Some("the rows are counted"),
            (Walk::Cursor { .. } | Walk::Link { .. }, ..) => Some("the last page names no next one"),
            (_, _, Some(_), ..) => Some("the last page names no next one"),
            (_, _, _, Some(_), _) => Some("the last page says that there are no more"),
            (Walk::Once, ..) => Some("there is one page"),
            (.., Some(_)) => Some("the pages run out, and their rows are in order"),
            _ => None,
        }
    }
}

impl Total {
    fn read(reading: &mut Reading, node: &Node, scope: Scope<'_>) -> Option<Self> {
        if node.get("at").is_none() {
            return Source::read(reading, node).map(Self::InPage);
        }
        let place = reading.place_at(node, "at")?;
        let get = Get::read(reading, node, None, scope.with(&["at"]))?;
        Some(Self::Asked(Box::new(get), place))
    }
}

fn walk(reading: &mut Reading, node: &Node, by: &Node) -> Option<Walk> {
    let word = by.text()?;
    let from = |otherwise| node.get("from").and_then(Node::number).unwrap_or(otherwise);
    Some(match &**word {
        "offset" => Walk::Offset {
            at: needed(reading, node, by.span, "at", word)?.text()?.clone(),
            from: from(0),
            step: match node.get("step").and_then(Node::text).map(|text| &**text) {
                Some("rows") => Step::Rows,
                _ => Step::Size,
            },
        },
        "number" => {
            Walk::Number { at: needed(reading, node, by.span, "at", word)?.text()?.clone(), from: from(1) }
        }
        "cursor" => Walk::Cursor {
            at: needed(reading, node, by.span, "at", word)?.text()?.clone(),
            next: next(reading, node, by.span, word)?,
        },
        "link" => Walk::Link { next: next(reading, node, by.span, word)? },
        "none" => Walk::Once,
        "after" => {
            let message = "`by: after` is not in this version".to_owned();
            reading.error(
                "not-in-this-version",
                by.span,
                message,
                "there are offset, number, cursor, link and none",
            );
            return None;
        }
        _ => return None,
    })
}

fn next(reading: &mut Reading, node: &Node, span: Span, by: &str) -> Option<Source> {
    let next = needed(reading, node, span, "next", by)?;
    Source::read(reading, next)
}

fn needed<'n>(reading: &mut Reading, node: &'n Node, span: Span, key: &str, by: &str) -> Option<&'n Node> {
    let found = node.get(key);
    if found.is_none() {
        let what = match key {
            "at" => "the parameter of the query that says which page, such as `at: page`",
            _ => "the place of the next page, such as `next: links.next`",
        };
        reading.error("page", span, format!("pages by {by} need `{key}`"), &format!("add {what}"));
    }
    found
}
