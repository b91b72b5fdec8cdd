//! A node of an arena as a value of its own.

use serde_json::Value;

use crate::model::node::{Key, Node, What};

use super::arena::Kind;
use super::cursor::Cursor;
use super::cursor_json::to_value;

/// Copies a node with everything below it; for small documents.
pub fn node(cursor: Cursor<'_>) -> Node {
    let what = match cursor.kind() {
        Kind::Null => What::Null,
        Kind::True => What::Bool(true),
        Kind::False => What::Bool(false),
        Kind::Int | Kind::Float => match to_value(cursor) {
            Value::Number(number) => What::Number(number),
            _ => What::Null,
        },
        Kind::Str | Kind::OwnedStr => What::Text(cursor.text().into()),
        Kind::Seq => What::List(cursor.items().map(node).collect()),
        Kind::Map => What::Map(cursor.entries().map(|(name, value)| (key(name), node(value))).collect()),
    };
    Node { span: cursor.span(), is_verbatim: cursor.kind() == Kind::Str, what }
}

fn key(cursor: Cursor<'_>) -> Key {
    Key { text: cursor.text().into(), span: cursor.span() }
}
