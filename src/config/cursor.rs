//! A place in an arena, and what can be read there.

use crate::model::Span;

use super::arena::{Kind, Node, Notation, View};
use super::scalar;

/// One node of one file. Cheap to copy.
#[derive(Debug, Clone, Copy)]
pub struct Cursor<'a> {
    view: &'a View<'a>,
    at: u32,
}

impl<'a> Cursor<'a> {
    /// The root of a file; `None` for a file without content.
    pub fn root(view: &'a View<'a>) -> Option<Self> {
        (!view.nodes.is_empty()).then_some(Self { view, at: 0 })
    }

    /// The node with this place in the arena.
    pub fn at(view: &'a View<'a>, at: u32) -> Self {
        Self { view, at }
    }

    fn node(&self) -> Node {
        self.view.nodes[self.at as usize]
    }

    /// What it is.
    pub fn kind(&self) -> Kind {
        self.node().kind
    }

    /// How it is written.
    pub fn notation(&self) -> Notation {
        self.node().notation
    }

    /// The file it is in.
    pub fn view(&self) -> &'a View<'a> {
        self.view
    }

    /// Its place in the arena; unique within a file.
    pub fn index(&self) -> u32 {
        self.at
    }

    /// Where it is written. Quotes are not part of it if the text stands there as it is.
    pub fn span(&self) -> Span {
        let node = self.node();
        Span::new(self.view.file, node.start, node.start + node.len)
    }

    /// True for a mapping.
    pub fn is_map(&self) -> bool {
        self.kind() == Kind::Map
    }

    /// True for a sequence.
    pub fn is_seq(&self) -> bool {
        self.kind() == Kind::Seq
    }

    /// True for nothing.
    pub fn is_null(&self) -> bool {
        self.kind() == Kind::Null
    }

    /// The text of a string.
    pub fn as_str(&self) -> Option<&'a str> {
        matches!(self.kind(), Kind::Str | Kind::OwnedStr).then(|| self.text())
    }

    /// The text of a scalar of any kind; of a collection its source.
    pub fn text(&self) -> &'a str {
        let node = self.node();
        if node.kind == Kind::OwnedStr {
            let (from, to) = self.view.owned[node.next as usize];
            &self.view.extra[from as usize..to as usize]
        } else {
            &self.view.src[node.start as usize..(node.start + node.len) as usize]
        }
    }

    /// A whole number.
    pub fn as_int(&self) -> Option<i64> {
        match self.kind() {
            Kind::Int => scalar::int_value(self.text()),
            _ => None,
        }
    }

    /// A boolean.
    pub fn as_bool(&self) -> Option<bool> {
        match self.kind() {
            Kind::True => Some(true),
            Kind::False => Some(false),
            _ => None,
        }
    }

    /// The node after this one and its descendants.
    fn after(&self) -> u32 {
        match self.node() {
            Node { kind: Kind::Seq | Kind::Map, next, .. } => next,
            _ => self.at + 1,
        }
    }

    /// Children of a sequence; keys and values in turn of a mapping; none of a scalar.
    pub fn children(&self) -> Children<'a> {
        Children { view: self.view, at: self.at + 1, end: self.after() }
    }

    /// Items of a sequence; none of anything else.
    pub fn items(&self) -> Children<'a> {
        let mut children = self.children();
        if !self.is_seq() {
            children.at = children.end;
        }
        children
    }

    /// Keys and values of a mapping; none of anything else.
    pub fn entries(&self) -> Entries<'a> {
        let mut children = self.children();
        if !self.is_map() {
            children.at = children.end;
        }
        Entries(children)
    }

    /// The entry of a mapping with this key.
    pub fn entry(&self, key: &str) -> Option<(Cursor<'a>, Cursor<'a>)> {
        self.entries().find(|(name, _)| name.text() == key)
    }

    /// The value of a mapping's key.
    pub fn get(&self, key: &str) -> Option<Cursor<'a>> {
        self.entry(key).map(|(_, value)| value)
    }

    /// What it is, for people.
    pub fn kind_name(&self) -> &'static str {
        match self.kind() {
            Kind::Null => "nothing",
            Kind::True | Kind::False => "a boolean",
            Kind::Int => "a number",
            Kind::Float => "a decimal number",
            Kind::Str | Kind::OwnedStr => "text",
            Kind::Seq => "a list",
            Kind::Map => "a mapping",
        }
    }
}

/// Iterator over the direct children of a collection.
#[derive(Debug, Clone)]
pub struct Children<'a> {
    view: &'a View<'a>,
    at: u32,
    end: u32,
}

impl<'a> Iterator for Children<'a> {
    type Item = Cursor<'a>;

    fn next(&mut self) -> Option<Cursor<'a>> {
        if self.at >= self.end {
            return None;
        }
        let cursor = Cursor { view: self.view, at: self.at };
        self.at = cursor.after();
        Some(cursor)
    }
}

/// Iterator over the entries of a mapping.
#[derive(Debug, Clone)]
pub struct Entries<'a>(Children<'a>);

impl<'a> Iterator for Entries<'a> {
    type Item = (Cursor<'a>, Cursor<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = self.0.next()?;
        Some((key, self.0.next()?))
    }
}
