//! Attribute values, the same on both sides: in YAML and expressions, and as read from an app.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::time::Date;

/// One attribute value. Absent, JSON `null` and an empty list are all [`Value::Null`] once normalised
/// (RFC 7643 section 2.5: "unassigned").
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Value {
    /// Unassigned.
    #[default]
    Null,
    /// A boolean.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// Text; also decimals and timestamps from an app, kept as the app wrote them.
    Str(Arc<str>),
    /// Several values; in an app their order has no meaning (RFC 7643 section 2.4).
    List(Vec<Value>),
    /// A calendar day. Sent as `YYYY-MM-DD`. Never comes out of `Deserialize`.
    #[serde(skip_deserializing)]
    Date(Date),
}

impl Value {
    /// Text.
    pub fn str(text: impl Into<Arc<str>>) -> Self {
        Value::Str(text.into())
    }

    /// The text, if it is text.
    pub fn as_str(&self) -> Option<&str> {
        match self {
            Value::Str(text) => Some(text),
            _ => None,
        }
    }

    /// True if unassigned: null, or a list without values, or empty text is *not* (that is the app's to say).
    pub fn is_null(&self) -> bool {
        match self {
            Value::Null => true,
            Value::List(items) => items.is_empty(),
            _ => false,
        }
    }

    /// True if an app may store it as no value: unassigned, or empty text.
    pub fn is_unassigned(&self) -> bool {
        self.is_null() || self.as_str() == Some("")
    }

    /// The same value in the one form that comparison uses: dates as text, empty lists as null, lists sorted and
    /// without repeats or nulls.
    pub fn normalised(self) -> Self {
        match self {
            Value::Date(date) => Value::str(date.to_string()),
            Value::List(items) => {
                let mut items: Vec<_> =
                    items.into_iter().map(Value::normalised).filter(|item| !item.is_null()).collect();
                items.sort();
                items.dedup();
                if items.is_empty() { Value::Null } else { Value::List(items) }
            }
            other => other,
        }
    }

    /// The kind of value, for messages.
    pub fn type_name(&self) -> &'static str {
        match self {
            Value::Null => "null",
            Value::Bool(_) => "boolean",
            Value::Int(_) => "integer",
            Value::Str(_) => "string",
            Value::List(_) => "list",
            Value::Date(_) => "date",
        }
    }
}

impl fmt::Display for Value {
    /// For people: text without quotes, lists in brackets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Value::Null => f.write_str("null"),
            Value::Bool(value) => write!(f, "{value}"),
            Value::Int(value) => write!(f, "{value}"),
            Value::Str(text) => f.write_str(text),
            Value::Date(date) => write!(f, "{date}"),
            Value::List(items) => {
                f.write_str("[")?;
                for (index, item) in items.iter().enumerate() {
                    write!(f, "{}{item}", if index > 0 { ", " } else { "" })?;
                }
                f.write_str("]")
            }
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Value::str(text)
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Value::Bool(value)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn normalised_lists_are_sets() {
        let list = Value::List(vec!["b".into(), Value::Null, "a".into(), "b".into()]);
        assert_eq!(list.normalised(), Value::List(vec!["a".into(), "b".into()]));
        assert_eq!(Value::List(vec![Value::Null]).normalised(), Value::Null);
    }
}
