//! Values of a running expression: borrowed from the company and the program where possible.

use std::cmp::Ordering;
use std::ops::Deref;
use std::sync::Arc;

use super::limits::Work;
use super::problem::At;
use crate::model::time::Date;
use crate::model::{UserNo, Value};

/// A value of the expression language. Null remembers the place of the absent value.
#[derive(Debug, Clone)]
pub(super) enum Val<'a> {
    Null(At),
    Bool(bool),
    Int(i64),
    Date(Date),
    Text(Text<'a>),
    User(UserNo),
    /// `account.ref(…)` of this person.
    Reference(UserNo),
    List(List<'a>),
}

/// A text, and its owner.
#[derive(Debug, Clone)]
pub(super) enum Text<'a> {
    /// A text that can be shared without a copy.
    Shared(&'a Arc<str>),
    Plain(&'a str),
    Owned(String),
}

/// A list, and its owner.
#[derive(Debug, Clone)]
pub(super) enum List<'a> {
    Values(&'a [Value]),
    Names(&'a [Arc<str>]),
    Owned(Vec<Val<'a>>),
}

impl Deref for Text<'_> {
    type Target = str;

    fn deref(&self) -> &str {
        match self {
            Text::Shared(text) => text,
            Text::Plain(text) => text,
            Text::Owned(text) => text,
        }
    }
}

impl<'a> Text<'a> {
    /// The text, if it belongs to the company or the program.
    pub(super) fn borrowed(&self) -> Option<&'a str> {
        match self {
            Text::Shared(text) => Some(text),
            Text::Plain(text) => Some(text),
            Text::Owned(_) => None,
        }
    }

    /// A part of the text, borrowed if the whole is.
    pub(super) fn part(self, cut: impl for<'t> Fn(&'t str) -> &'t str) -> Text<'a> {
        match self {
            Text::Shared(text) => Text::Plain(cut(text)),
            Text::Plain(text) => Text::Plain(cut(text)),
            Text::Owned(text) => Text::Owned(cut(&text).to_owned()),
        }
    }
}

impl<'a> List<'a> {
    pub(super) fn len(&self) -> usize {
        match self {
            List::Values(items) => items.len(),
            List::Names(items) => items.len(),
            List::Owned(items) => items.len(),
        }
    }

    /// An element; if it is null, `at` is its place.
    pub(super) fn get(&self, index: usize, at: At) -> Option<Val<'a>> {
        match self {
            List::Values(items) => items.get(index).map(|item| Val::of(item, at)),
            List::Names(items) => items.get(index).map(|item| Val::Text(Text::Shared(item))),
            List::Owned(items) => items.get(index).cloned(),
        }
    }

    /// All elements; if one is null, `at` is its place.
    pub(super) fn iter(&self, at: At) -> impl Iterator<Item = Val<'a>> {
        (0..self.len()).filter_map(move |index| self.get(index, at))
    }
}

impl<'a> Val<'a> {
    /// A value of the model; if it is null, `at` is its place.
    pub(super) fn of(value: &'a Value, at: At) -> Self {
        match value {
            Value::Null => Val::Null(at),
            Value::Bool(value) => Val::Bool(*value),
            Value::Int(value) => Val::Int(*value),
            Value::Str(text) => Val::Text(Text::Shared(text)),
            Value::List(items) => Val::List(List::Values(items)),
            Value::Date(date) => Val::Date(*date),
        }
    }

    pub(super) fn owned(text: String) -> Self {
        Val::Text(Text::Owned(text))
    }

    pub(super) fn is_null(&self) -> bool {
        matches!(self, Val::Null(_))
    }

    /// The value in the form of the model. People become their ids by `id`.
    pub(super) fn to_value(&self, id: &impl Fn(UserNo) -> Option<Arc<str>>) -> Value {
        match self {
            Val::Null(_) => Value::Null,
            Val::Bool(value) => Value::Bool(*value),
            Val::Int(value) => Value::Int(*value),
            Val::Date(date) => Value::Date(*date),
            Val::Text(Text::Shared(text)) => Value::Str(Arc::clone(text)),
            Val::Text(text) => Value::str(&**text),
            Val::User(user) | Val::Reference(user) => id(*user).map_or(Value::Null, Value::Str),
            // Lists have one level only: the checker lets no list stand in a list.
            Val::List(List::Values(items)) => Value::List(items.to_vec()),
            Val::List(list) => Value::List(list.iter(At::default()).map(|item| item.to_scalar(id)).collect()),
        }
    }

    fn to_scalar(&self, id: &impl Fn(UserNo) -> Option<Arc<str>>) -> Value {
        match self {
            Val::List(_) => Value::Null,
            scalar => scalar.to_value(id),
        }
    }

    /// True if both are the same. `Ok(None)` if an operand is null, or a list element that matters.
    pub(super) fn equals(&self, other: &Val<'_>, work: &mut Work) -> Result<Option<bool>, &'static str> {
        match (self, other) {
            (Val::List(left), Val::List(right)) => {
                if left.len() != right.len() {
                    return Ok(Some(false));
                }
                let mut unknown = false;
                for index in 0..left.len() {
                    work.spend(1)?;
                    let at = At::default();
                    let (Some(left), Some(right)) = (left.get(index, at), right.get(index, at)) else {
                        return Err(MISMATCH);
                    };
                    match left.order(&right, work)? {
                        Some(Ordering::Equal) => {}
                        Some(_) => return Ok(Some(false)),
                        None => unknown = true,
                    }
                }
                Ok((!unknown).then_some(true))
            }
            (left, right) => Ok(left.order(right, work)?.map(|order| order == Ordering::Equal)),
        }
    }

    /// The order of both. `Ok(None)` if one is null.
    pub(super) fn order(&self, other: &Val<'_>, work: &mut Work) -> Result<Option<Ordering>, &'static str> {
        let order = match (self, other) {
            (Val::Null(_), _) | (_, Val::Null(_)) => return Ok(None),
            (Val::Text(left), Val::Text(right)) => {
                work.read(left.len().min(right.len()))?;
                (**left).cmp(&**right)
            }
            (Val::Int(left), Val::Int(right)) => left.cmp(right),
            (Val::Bool(left), Val::Bool(right)) => left.cmp(right),
            (Val::Date(left), Val::Date(right)) => left.cmp(right),
            (Val::User(left), Val::User(right)) => left.cmp(right),
            _ => return Err(MISMATCH),
        };
        Ok(Some(order))
    }
}

/// The value has another type than declared, which the loader should have refused.
pub(super) const MISMATCH: &str = "the value is not of the declared type";
