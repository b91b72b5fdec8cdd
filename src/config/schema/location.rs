//! Where an error of the schema is, and how to speak of the place.

use jsonschema::ValidationError;
use jsonschema::paths::LocationSegment;

use crate::config::cursor::Cursor;
use crate::model::Span;

/// What is wrong with keys of one mapping.
#[derive(Default)]
pub(super) struct Keys {
    /// Keys that the schema does not know.
    pub unknown: Vec<String>,
    /// Keys that have to be there and are not.
    pub missing: Vec<String>,
    /// The part of the schema that says so.
    pub schema: String,
}

/// A step on the way to a node.
#[derive(Debug, Clone, Copy)]
pub(super) enum Step<'a> {
    /// The key of an entry.
    Key(Cursor<'a>),
    /// The place in a list, counted from one.
    Item(usize),
}

/// Where an error is: the way from the root, and the node itself.
pub(super) struct Location<'a> {
    /// From the root.
    pub steps: Vec<Step<'a>>,
    /// The node.
    pub node: Cursor<'a>,
    /// How to speak of the root.
    pub root: &'a str,
}

impl<'a> Location<'a> {
    pub(super) fn find(root: Cursor<'a>, name: &'a str, error: &ValidationError<'_>) -> Option<Self> {
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
    pub(super) fn name(&self) -> String {
        match self.steps.as_slice() {
            [] => self.root.to_owned(),
            [.., Step::Key(key)] => format!("`{}`", key.text()),
            [.., Step::Key(key), Step::Item(index)] => format!("item {index} of `{}`", key.text()),
            [.., Step::Item(index)] => format!("item {index}"),
        }
    }

    /// The innermost key, else the node.
    pub(super) fn key_span(&self) -> Span {
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
