//! Where an error of the schema is, and what a message calls the place.

use jsonschema::ValidationError;
use jsonschema::paths::LocationSegment;

use crate::config::cursor::Cursor;
use crate::model::Span;

/// What is wrong with keys of one mapping.
#[derive(Default)]
pub(super) struct KeyMistakes {
    /// Keys that the schema does not know.
    pub unknown: Vec<String>,
    /// Keys that have to be there and are not.
    pub missing: Vec<String>,
    /// Keys of which one at least has to be there, if none is.
    pub one_of: Vec<String>,
    /// The part of the schema that refuses or asks for them, as a JSON pointer.
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
    /// The keys and places in lists, from the root to the node.
    pub steps: Vec<Step<'a>>,
    /// The node.
    pub node: Cursor<'a>,
    /// What a message calls the root, such as "the file".
    pub root_name: &'a str,
}

impl<'a> Location<'a> {
    /// The place of an error below `root`; `None` if there is no such node.
    pub(super) fn find(root: Cursor<'a>, root_name: &'a str, error: &ValidationError<'_>) -> Option<Self> {
        let mut steps = Vec::new();
        let mut node = root;
        for segment in error.instance_path().segments() {
            match segment {
                LocationSegment::Property(property) => {
                    let (key, value) = node.entry(&property)?;
                    steps.push(Step::Key(key));
                    node = value;
                }
                LocationSegment::Index(index) => {
                    steps.push(Step::Item(index + 1));
                    node = node.items().nth(index)?;
                }
            }
        }
        Some(Self { steps, node, root_name })
    }

    /// What a message calls it: `title`, or "item 3 of `members`".
    pub(super) fn called(&self) -> String {
        match self.steps.as_slice() {
            [] => self.root_name.to_owned(),
            [.., Step::Key(key)] => format!("`{}`", key.text()),
            [.., Step::Key(key), Step::Item(index)] => format!("item {index} of `{}`", key.text()),
            [.., Step::Item(index)] => format!("item {index}"),
        }
    }

    /// The innermost key; the node if that is in a list or is the root.
    pub(super) fn key_span(&self) -> Span {
        match self.steps.last() {
            Some(Step::Key(key)) => key.span(),
            _ => short_span(self.node),
        }
    }
}

/// The place of the node; of a collection, the place of its first child, because a collection may span many lines.
fn short_span(node: Cursor<'_>) -> Span {
    let mut span = node.span();
    if node.is_map() || node.is_seq() {
        let first = node.children().next().map_or(span, |child| child.span());
        span.start = first.start;
        span.end = first.end;
    }
    span
}
