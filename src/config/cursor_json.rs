//! Lets the JSON Schema validator read the nodes of the arena directly, without building JSON values.

use std::borrow::Cow;

use jsonschema::JsonType;
use jsonschema::json::{self, Json, NodeIdentity};
use serde_json::{Number, Value};

use super::arena::{Kind, Node, Notation, View};
use super::cursor::{Children, Cursor, Entries};

/// The arena, as the validator asks for it.
#[derive(Debug)]
pub struct ArenaJson;

impl Json for ArenaJson {
    type Node<'a> = Cursor<'a>;
    type PreparedKey = String;
    type StringBuffer = ();

    fn prepare_key(key: &str) -> String {
        key.to_owned()
    }

    fn with_string_node<T>((): &mut (), string: &str, f: impl FnOnce(Cursor<'_>) -> T) -> T {
        let nodes = [Node {
            start: 0,
            len: string.len() as u32,
            next: 1,
            kind: Kind::Str,
            notation: Notation::Plain,
        }];
        f(Cursor::at(&View { file: 0, src: string, nodes: &nodes, extra: "", owned: &[] }, 0))
    }
}

/// The node and its descendants as a value; for small documents and messages.
pub fn to_value(cursor: Cursor<'_>) -> Value {
    match cursor.kind() {
        Kind::Null => Value::Null,
        Kind::True => Value::Bool(true),
        Kind::False => Value::Bool(false),
        Kind::Int | Kind::Float => number(cursor).map_or(Value::Null, Value::Number),
        Kind::Str | Kind::OwnedStr => Value::String(cursor.text().to_owned()),
        Kind::Seq => cursor.items().map(to_value).collect(),
        Kind::Map => Value::Object(
            cursor.entries().map(|(key, value)| (key.text().to_owned(), to_value(value))).collect(),
        ),
    }
}

fn number(cursor: Cursor<'_>) -> Option<Number> {
    match cursor.kind() {
        Kind::Int => cursor.as_int().map(Number::from),
        Kind::Float => {
            // A number beyond the range of f64 is the largest one, so that a limit of the schema still refuses it.
            let value = cursor.text().parse().unwrap_or(f64::MAX);
            Number::from_f64(value).or_else(|| Number::from_f64(f64::MAX))
        }
        _ => None,
    }
}

impl<'a> json::Node<'a, ArenaJson> for Cursor<'a> {
    type Object = Map<'a>;
    type Array = Seq<'a>;
    type Number = Number;

    fn as_object(&self) -> Option<Map<'a>> {
        self.is_map().then_some(Map(*self))
    }

    fn as_array(&self) -> Option<Seq<'a>> {
        self.is_seq().then_some(Seq(*self))
    }

    fn as_string(&self) -> Option<Cow<'a, str>> {
        self.as_str().map(Cow::Borrowed)
    }

    fn as_number(&self) -> Option<Number> {
        number(*self)
    }

    fn as_boolean(&self) -> Option<bool> {
        self.as_bool()
    }

    fn is_null(&self) -> bool {
        Cursor::is_null(self)
    }

    fn is_number(&self) -> bool {
        matches!(self.kind(), Kind::Int | Kind::Float)
    }

    fn json_type(&self) -> JsonType {
        match self.kind() {
            Kind::Null => JsonType::Null,
            Kind::True | Kind::False => JsonType::Boolean,
            Kind::Int | Kind::Float => JsonType::Number,
            Kind::Str | Kind::OwnedStr => JsonType::String,
            Kind::Seq => JsonType::Array,
            Kind::Map => JsonType::Object,
        }
    }

    fn equals_value(&self, expected: &Value) -> bool {
        match (self.as_str(), expected) {
            (Some(text), Value::String(expected)) => text == expected,
            (Some(_), _) => false,
            _ => json::cmp::equal(&to_value(*self), expected),
        }
    }

    /// The validator puts this value into its errors. A collection is left out: an error at a map of 100,000 users must not
    /// copy them, and messages are made from positions.
    fn to_value(&self) -> Cow<'a, Value> {
        Cow::Owned(match self.kind() {
            Kind::Seq | Kind::Map => Value::Null,
            _ => to_value(*self),
        })
    }

    /// Two cursors are one node if they have the same place in the same list of nodes.
    fn identity(&self) -> Option<NodeIdentity> {
        let address = self.view().nodes.as_ptr() as usize;
        Some(NodeIdentity::tagged(address, self.index()))
    }
}

/// A map, for the validator.
#[derive(Debug, Clone, Copy)]
pub struct Map<'a>(Cursor<'a>);

impl<'a> json::Object<'a, ArenaJson> for Map<'a> {
    type Node = Cursor<'a>;
    type MemberName = &'a str;
    type MembersIter = Members<'a>;

    fn len(&self) -> usize {
        self.0.entries().count()
    }

    fn is_empty(&self) -> bool {
        self.0.entries().next().is_none()
    }

    fn get(&self, key: &String) -> Option<Cursor<'a>> {
        self.0.get(key)
    }

    fn members(&self) -> Members<'a> {
        Members(self.0.entries())
    }
}

/// Members of a mapping, for the validator.
#[derive(Debug)]
pub struct Members<'a>(Entries<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (&'a str, Cursor<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        self.0.next().map(|(key, value)| (key.text(), value))
    }
}

/// A sequence, for the validator.
#[derive(Debug, Clone, Copy)]
pub struct Seq<'a>(Cursor<'a>);

impl<'a> json::Array<'a, ArenaJson> for Seq<'a> {
    type Node = Cursor<'a>;
    type ElementsIter = Children<'a>;

    fn len(&self) -> usize {
        self.0.items().count()
    }

    fn elements(&self) -> Children<'a> {
        self.0.items()
    }

    fn is_unique(&self) -> bool {
        let values: Vec<Cow<'_, Value>> = self.0.items().map(|item| Cow::Owned(to_value(item))).collect();
        json::unique::is_unique(&values)
    }
}
