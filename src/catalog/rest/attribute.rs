//! The attributes of accounts and groups, as mappings name them.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::model::node::{Key, Node};
use crate::model::{Diagnostic, Path, Span};

use super::filling::Fresh;
use super::place::Place;
use super::reading::{Reading, Scope};
use super::request::{Get, Send};
use super::source::Places;
use super::template::Placeholder;

/// One attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct Attribute {
    /// Its name in mappings.
    pub name: Arc<str>,
    pub at: Places,
    pub of: ValueType,
    /// What it means beyond its value.
    pub is: Option<Special>,
    /// It has several values, in an array.
    pub many: bool,
    pub required: Required,
    pub unique: bool,
    pub ignores_case: bool,
    /// What a new entry of an array gets besides the value.
    pub with: serde_json::Map<String, Json>,
    /// The only values there are; all if there are none.
    pub values: Vec<Json>,
    /// The values that give power.
    pub power: Vec<Json>,
    /// It cannot change once the object exists.
    pub fixed: bool,
    /// It is written and never shown.
    pub secret: bool,
    /// Its values are ids that have names: below `names:`.
    pub names: Option<Arc<str>>,
    /// Its value is drawn when the object is created.
    pub fresh: Option<Fresh>,
    /// It is the name of a new object in the address of its create.
    pub is_in_path: bool,
    /// It has calls of its own.
    pub calls: Option<Calls>,
    pub span: Span,
}

/// The requests of an attribute that has its own.
#[derive(Debug, Clone, PartialEq)]
pub struct Calls {
    pub read: Option<(Get, Place)>,
    pub set: Option<Send>,
    pub clear: Option<Send>,
}

/// The type of each value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ValueType {
    Text,
    Boolean,
    Integer,
    Date(DateFormat),
    /// The id of another account.
    Account,
}

/// How a date is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateFormat {
    /// RFC 3339: `2026-06-01` or `2026-06-01T00:00:00Z`.
    Iso,
    /// `06/01/2026`.
    MonthDayYear,
    /// `01/06/2026`.
    DayMonthYear,
    /// Seconds since 1970 in UTC.
    EpochSeconds,
    /// Milliseconds since 1970 in UTC.
    EpochMillis,
}

/// The formats, as a document writes them.
pub const DATE_FORMATS: [(&str, DateFormat); 5] = [
    ("YYYY-MM-DD", DateFormat::Iso),
    ("MM/DD/YYYY", DateFormat::MonthDayYear),
    ("DD/MM/YYYY", DateFormat::DayMonthYear),
    ("epoch-s", DateFormat::EpochSeconds),
    ("epoch-ms", DateFormat::EpochMillis),
];

/// What an attribute means to us.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Special {
    /// The login of an account.
    Login,
    /// The name of a group.
    Name,
    /// An address of e-mail.
    Email,
    /// The place for an id of ours.
    Ours,
}

/// When an attribute has to have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Required {
    No,
    Always,
    /// When the object is created.
    Create,
}

impl Attribute {
    /// The attributes below `attributes:`, in their order.
    pub(super) fn read_all(reading: &mut Reading, of: &Node, what: &str) -> Vec<Self> {
        let entries = of.get("attributes").map(Node::entries).unwrap_or_default();
        let mut first: BTreeMap<String, Span> = BTreeMap::new();
        let mut special: BTreeMap<Special, Span> = BTreeMap::new();
        let mut all = Vec::new();
        for (key, node) in entries {
            let Some(attribute) = Self::read(reading, key, node, what) else { continue };
            if let Some(other) = first.insert(key.text.to_lowercase(), key.span) {
                let message = format!("`{}` is there in another spelling", key.text);
                let finding = Diagnostic::error("attribute", key.span, message);
                reading.found.push(
                    finding.with_related(other, "first here").with_hint(
                        "upper and lower case make no difference in mappings: rename one of the two",
                    ),
                );
            }
            let once = attribute.is.filter(|is| *is != Special::Email);
            if let Some(other) = once.and_then(|is| special.insert(is, key.span)) {
                let message = format!("there are two attributes of {what} with this `is`");
                let finding = Diagnostic::error("attribute", key.span, message);
                reading
                    .found
                    .push(finding.with_related(other, "first here").with_hint("remove one of the two"));
            }
            all.push(attribute);
        }
        all
    }

    fn read(reading: &mut Reading, key: &Key, node: &Node, what: &str) -> Option<Self> {
        let is_plain = |path: Path| {
            let parts = path.parts();
            parts.urn.is_none() && parts.filter.is_empty() && parts.sub.is_none()
        };
        if !Path::parse(&key.text).is_ok_and(is_plain) {
            let message = format!("`{}` cannot be the name of an attribute", key.text);
            let hint = "write letters, digits, `_` and `-`; where it stands in the app is said by `at:`";
            reading.error("attribute", key.span, message, hint);
            return None;
        }
        let calls = Calls::read(reading, key, node, what);
        let at = match node.get("at") {
            Some(at) => Places::read(reading, at)?,
            // What has a call of its own stands nowhere else unless it is said.
            None if calls.is_some() => Places { list: None, one: None, write: None, repeated: Vec::new() },
            None => Places::everywhere(Place::key(&key.text)),
        };
        let names = node.get("names").and_then(Node::text).cloned();
        if let (Some(name), Some(at)) = (&names, node.get("names")) {
            reading.is_a_name(name, at.span);
        }
        let flag = |name| node.get(name).and_then(Node::bool).unwrap_or(false);
        let values = |name: &str| -> Vec<Json> {
            node.get(name).map(Node::one_or_more).unwrap_or_default().iter().map(Node::json).collect()
        };
        let attribute = Self {
            name: key.text.clone(),
            at,
            of: ValueType::read(node),
            is: node.get("is").and_then(Node::text).and_then(|text| special(text)),
            many: flag("many"),
            required: required(node),
            unique: flag("unique"),
            ignores_case: node.get("case").and_then(Node::text).is_some_and(|text| &**text == "ignore"),
            with: match node.get("with").map(Node::json) {
                Some(Json::Object(with)) => with,
                _ => serde_json::Map::new(),
            },
            values: values("values"),
            power: values("power"),
            fixed: flag("fixed"),
            secret: flag("secret"),
            names,
            fresh: node.get("fresh").and_then(|_| Fresh::read(node)),
            is_in_path: false,
            calls,
            span: key.span,
        };
        attribute.check(reading, node);
        Some(attribute)
    }

    /// What cannot be so.
    fn check(&self, reading: &mut Reading, node: &Node) {
        let name = &self.name;
        if self.secret && self.at.is_shown() && node.get("at").is_some_and(|at| !at.is_map()) {
            let message = format!("`{name}` is secret and would be read");
            reading.error(
                "attribute",
                self.span,
                message,
                "say where it is written only: `at: {write: PLACE}`",
            );
        }
        if self.fresh.is_some() && !self.secret {
            let hint = "add `secret: true`: a drawn value is never shown or compared";
            reading.error("attribute", self.span, format!("`{name}` is drawn and not secret"), hint);
        }
        if !self.at.is_shown() && self.at.write.is_none() && self.calls.is_none() {
            let message = format!("`{name}` stands nowhere");
            reading.error("attribute", self.span, message, "add `at:` with a place, or `read:` and `set:`");
        }
        let call = ["set", "clear"].iter().find_map(|call| node.entry(call)).map(|(key, _)| key);
        if let Some(call) = call.filter(|_| self.at.write.is_some()) {
            let message = format!("`{name}` is sent with the object and by a call of its own");
            let shown = self.at.list.as_ref().or(self.at.one.as_ref());
            let hint = match shown {
                Some(place) => format!(
                    "say where it is shown only: `at: {{list: {place}, one: {place}}}`; or remove `{}`",
                    call.text
                ),
                None => format!("remove `write` from `at`, or `{}`", call.text),
            };
            reading.error("attribute", call.span, message, &hint);
        }
        if let Some(call) = call.filter(|_| self.many) {
            let message = format!("`{name}` has several values, and a call of its own sets one");
            let hint =
                "write the whole array with the object: give it a place with `at:`, and remove the call";
            reading.error("attribute", call.span, message, hint);
        }
        for (key, values) in [("power", &self.power), ("values", &self.values)] {
            let wrong = values.iter().find(|value| !self.of.fits(value));
            if let (Some(wrong), Some((at, _))) = (wrong, node.entry(key)) {
                let message = format!("`{name}` cannot be {wrong}: it is {}", self.of.words());
                reading.error("attribute", at.span, message, "correct the value, or the `type`");
            }
        }
        let odd = self.power.iter().find(|value| !self.values.is_empty() && !self.values.contains(value));
        if let (Some(odd), Some((at, _))) = (odd, node.entry("power")) {
            let message = format!("{odd} is not among the values of `{name}`");
            reading.error("attribute", at.span, message, "add it to `values:`");
        }
    }
}

impl Calls {
    fn read(reading: &mut Reading, key: &Key, node: &Node, what: &str) -> Option<Self> {
        let read = node.get("read").and_then(|read| {
            let operation = format!("`read` of {what}.{}", key.text);
            let scope = Scope::later(&operation, &[Placeholder::Id]).with(&["at"]);
            let get = Get::read(reading, read, None, scope)?;
            let place = reading.place_at(read, "at").or_else(|| {
                let hint = "add `at:` with the place of the value in the answer";
                reading.error("place", read.span, format!("{operation} has no `at`"), hint);
                None
            })?;
            Some((get, place))
        });
        let mut send = |name: &str, own: &[Placeholder]| {
            let operation = format!("`{name}` of {what}.{}", key.text);
            Send::read(reading, node.get(name)?, None, Scope::later(&operation, own))
        };
        let set = send("set", &[Placeholder::Id, Placeholder::Value, Placeholder::Base]);
        let clear = send("clear", &[Placeholder::Id, Placeholder::Old, Placeholder::Base]);
        let calls = Self { read, set, clear };
        let is_any = ["read", "set", "clear"].iter().any(|name| node.get(name).is_some());
        is_any.then_some(calls)
    }
}

impl ValueType {
    fn read(node: &Node) -> Self {
        match node.get("type").and_then(Node::text).map(|text| &**text) {
            Some("boolean") => Self::Boolean,
            Some("integer") => Self::Integer,
            Some("account") => Self::Account,
            Some("date") => Self::Date(DateFormat::read(node).unwrap_or(DateFormat::Iso)),
            _ => Self::Text,
        }
    }

    fn fits(self, value: &Json) -> bool {
        match self {
            Self::Boolean => value.is_boolean(),
            Self::Integer => value.is_i64() || value.is_u64(),
            Self::Text | Self::Date(_) | Self::Account => value.is_string() || value.is_number(),
        }
    }

    /// As a document writes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Text => "string",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Date(_) => "date",
            Self::Account => "account",
        }
    }

    fn words(self) -> &'static str {
        match self {
            Self::Boolean => "true or false",
            Self::Integer => "a whole number",
            Self::Text => "text",
            Self::Date(_) => "a date",
            Self::Account => "the id of an account",
        }
    }
}

impl DateFormat {
    pub(super) fn read(node: &Node) -> Option<Self> {
        let text = node.get("format")?.text()?;
        DATE_FORMATS.iter().find(|(word, _)| *word == &**text).map(|(_, format)| *format)
    }
}

fn special(text: &str) -> Option<Special> {
    Some(match text {
        "login" => Special::Login,
        "name" => Special::Name,
        "email" => Special::Email,
        "ours" => Special::Ours,
        _ => return None,
    })
}

fn required(node: &Node) -> Required {
    let node = node.get("required");
    match node.and_then(Node::bool) {
        Some(true) => Required::Always,
        None if node.and_then(Node::text).is_some_and(|text| &**text == "create") => Required::Create,
        _ => Required::No,
    }
}
