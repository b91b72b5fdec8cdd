//! The node arena: one YAML file as a flat list of 16-byte nodes that borrow their text from the file.
//!
//! [`build`] makes one from the events of a YAML parser; `refusals` are the parts of YAML that are not taken, and
//! `syntax_error` puts the parser's errors into words.

mod build;
mod refusals;
mod syntax_error;

pub use build::build;

/// Deepest nesting taken in; the language itself needs fewer than ten levels.
const MAX_DEPTH: usize = 64;

/// What a node is. Scalars are typed by the YAML 1.2 core schema.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Kind {
    /// Nothing.
    Null,
    /// `true`.
    True,
    /// `false`.
    False,
    /// A whole number that fits 64 bits.
    Int,
    /// Any other number.
    Float,
    /// Text that stands in the file as it is.
    Str,
    /// Text with escapes or folded lines, kept beside the file.
    OwnedStr,
    /// A sequence.
    Seq,
    /// A mapping: key, value, key, value.
    Map,
}

/// How a scalar is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(u8)]
pub enum Notation {
    /// Without quotes; also everything that is no scalar.
    Plain,
    /// In single quotes.
    Single,
    /// In double quotes.
    Double,
    /// After `|` or `>`; its place is the content without that line.
    Block,
}

/// One node. Children follow their parent directly.
#[derive(Debug, Clone, Copy)]
pub struct Node {
    /// First byte in the file.
    pub start: u32,
    /// Bytes in the file.
    pub len: u32,
    /// Of a collection: the node after its last descendant. Of [`Kind::OwnedStr`]: its place in [`Arena::owned`].
    pub next: u32,
    /// What it is.
    pub kind: Kind,
    /// How it is written.
    pub notation: Notation,
}

/// All nodes of one file; the first is the root.
#[derive(Debug, Default)]
pub struct Arena {
    /// In document order.
    pub nodes: Vec<Node>,
    /// Texts of [`Kind::OwnedStr`], one after the other.
    pub extra: String,
    /// Where in `extra` each begins and ends.
    pub owned: Vec<(u32, u32)>,
    /// Byte ranges in which something was refused already: nothing more is said about them.
    pub refused: Vec<(u32, u32)>,
    /// True if the rest of the file was not read, because a second document begins there; what it declares is not known.
    pub partial: bool,
}

/// An arena together with the text it borrows from.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// Number of the file in the set.
    pub file: u32,
    /// The whole text.
    pub src: &'a str,
    /// See [`Arena::nodes`].
    pub nodes: &'a [Node],
    /// See [`Arena::extra`].
    pub extra: &'a str,
    /// See [`Arena::owned`].
    pub owned: &'a [(u32, u32)],
}

impl Arena {
    /// The arena over its text.
    pub fn view<'a>(&'a self, file: u32, src: &'a str) -> View<'a> {
        View { file, src, nodes: &self.nodes, extra: &self.extra, owned: &self.owned }
    }
}
