//! How many rows of a list have each attribute, and in what form. A place or a type that is wrong is found before anything is
//! written: an attribute that no row has would be sent once, and believed for ever.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Found, Objects, Place, Required, Special, ValueType};
use crate::connector::{Finding, Level};
use crate::model::Kind;

use super::decode;

/// The rows of a list so far.
pub(super) struct Counts<'d> {
    kind: Kind,
    rows: usize,
    columns: Vec<Column<'d>>,
}

/// One attribute in these rows.
struct Column<'d> {
    attribute: &'d Attribute,
    place: &'d Place,
    /// The document says that the app does not show it.
    not_shown: bool,
    /// Rows that have the place, perhaps without a value.
    there: usize,
    /// Rows that have a value there.
    filled: usize,
    /// Rows with a value in another form than the document says, by the word for that form.
    odd: BTreeMap<&'static str, usize>,
}

impl<'d> Counts<'d> {
    /// No rows yet. `not_shown` are the attributes of which the document says that the app does not show them.
    pub(super) fn of(kind: Kind, objects: &'d Objects, not_shown: &BTreeMap<Arc<str>, Arc<str>>) -> Self {
        let column = |attribute: &'d Attribute| {
            Some(Column {
                attribute,
                place: attribute.at.list.as_ref().filter(|_| !attribute.secret)?,
                not_shown: not_shown.contains_key(&attribute.name),
                there: 0,
                filled: 0,
                odd: BTreeMap::new(),
            })
        };
        Self { kind, rows: 0, columns: objects.attributes.iter().filter_map(column).collect() }
    }

    pub(super) fn add(&mut self, row: &Json) {
        self.rows += 1;
        self.columns.iter_mut().for_each(|column| column.add(row));
    }

    /// What the rows show; nothing if there are none.
    pub(super) fn findings(&self) -> Vec<Finding> {
        if self.rows == 0 {
            return Vec::new();
        }
        let missing = self.columns.iter().filter_map(|column| column.missing(self.kind, self.rows));
        let odd = self.columns.iter().flat_map(|column| column.odd(self.rows));
        let found: Vec<Finding> = missing.chain(odd).collect();
        self.told().into_iter().chain(found).collect()
    }

    /// How many rows have which attributes.
    fn told(&self) -> Option<Finding> {
        let mut by_number: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        for column in self.columns.iter().filter(|column| column.there > 0) {
            by_number.entry(column.there).or_default().push(&column.attribute.name);
        }
        let parts = by_number.iter().rev().map(|(number, names)| {
            let names = names.join(", ");
            match *number == self.rows {
                true if self.rows == 1 => format!("{names} in the only row"),
                true => format!("{names} in each of {} rows", self.rows),
                false => format!("{names} in {number} of {} rows", self.rows),
            }
        });
        let text = format!("attributes of {}s: {}", self.kind, parts.collect::<Vec<_>>().join("; "));
        (!by_number.is_empty()).then_some(Finding { level: Level::Good, text, hint: None })
    }
}

impl Column<'_> {
    fn add(&mut self, row: &Json) {
        let found = self.place.get(row);
        let (is_there, values) = match found {
            Found::Missing | Found::Unclear(_) => (false, Vec::new()),
            Found::Nothing => (true, Vec::new()),
            Found::One(Json::Array(entries)) if self.attribute.many => (true, entries.iter().collect()),
            Found::One(one) => (true, vec![one]),
            Found::Each(values) => (true, values),
        };
        self.there += usize::from(is_there);
        self.filled += usize::from(values.iter().any(|value| value.as_str() != Some("")));
        let several = (values.len() > 1 && !self.attribute.many).then_some("several values");
        let odd = values.iter().find_map(|value| decode::form(self.attribute, value));
        if let Some(form) = several.or(odd) {
            *self.odd.entry(form).or_default() += 1;
        }
    }

    /// Each account has it, in every app.
    fn is_in_each(&self) -> bool {
        let is = self.attribute.is;
        self.attribute.required == Required::Always || matches!(is, Some(Special::Login | Special::Name))
    }

    /// No row has it, although the document says that rows have it.
    fn missing(&self, kind: Kind, rows: usize) -> Option<Finding> {
        let is_in_each = self.is_in_each();
        let number = if is_in_each { self.filled } else { self.there };
        // The place for our id is empty until rolecall has written it.
        if number > 0 || self.not_shown || self.attribute.is == Some(Special::Ours) {
            return None;
        }
        let is_bad = is_in_each || !self.attribute.power.is_empty();
        let hint = "correct its place, or say with `at: {one: …}` or `not_shown` that lists do not show it";
        let otherwise = "; if the app leaves out what is empty, all is well once an object has a value";
        Some(Finding {
            level: if is_bad { Level::Bad } else { Level::Note },
            text: format!(
                "attribute {} of {kind}s (at `{}`) is in none of {rows} rows",
                self.attribute.name, self.place
            ),
            hint: Some(format!("{hint}{}", if is_bad { "" } else { otherwise })),
        })
    }

    /// Values of another form.
    fn odd(&self, rows: usize) -> Vec<Finding> {
        let Attribute { name, of, many, .. } = self.attribute;
        let told = |(form, number): (&&'static str, &usize)| {
            let said = if *many { format!("several of type {}", of.name()) } else { of.name().to_owned() };
            let hint = match (*form, of) {
                ("several values" | "an array", _) if !many => "add `many: true`".to_owned(),
                ("an object" | "an array", _) => {
                    "correct `at`: the value is a part of what stands there".to_owned()
                }
                ("a boolean", ValueType::Text) => "write `type: boolean`".to_owned(),
                (_, ValueType::Date(_)) => "correct `format`".to_owned(),
                _ => "correct `type`, or `at`".to_owned(),
            };
            Finding {
                level: if *number == self.filled { Level::Bad } else { Level::Note },
                text: format!("{name}: {number} of {rows} rows have {form}, the document says {said}"),
                hint: Some(format!("{hint}: what is not understood is not compared")),
            }
        };
        self.odd.iter().map(told).collect()
    }
}
