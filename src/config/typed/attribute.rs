//! Declared attributes and the values users give them.

use std::sync::Arc;

use crate::config::arena::Kind;
use crate::config::cursor::Cursor;
use crate::config::merged::{Field, Merged};
use crate::model::company::{AttributeDecl, AttributeType, User};
use crate::model::invisible::{InvisibleText, Joiners};
use crate::model::similar::did_you_mean;
use crate::model::time::Date;
use crate::model::{Diagnostic, Value};

use super::date::FIRST_YEAR;
use super::invisible;
use super::reader::Reader;

const TYPES: [(&str, AttributeType); 4] = [
    ("string", AttributeType::String),
    ("integer", AttributeType::Integer),
    ("boolean", AttributeType::Boolean),
    ("date", AttributeType::Date),
];

/// Reads `attributes:` of rolecall.yaml, sorted by name.
pub fn declarations<'a>(
    reader: &mut Reader<'_, 'a>,
    root: &Merged<'a>,
    noted: &mut Vec<InvisibleText>,
) -> Vec<AttributeDecl> {
    let fields = reader.map(root, "attributes");
    let mut declarations: Vec<_> = fields
        .into_iter()
        .map(|field| {
            let values = ["enum", "default"].into_iter().filter_map(|key| field.value.get(key));
            let texts = values.flat_map(|field| texts(field.value.node));
            let name = || format!("attributes.{}", field.key.text());
            noted.extend(texts.filter_map(|node| invisible::note(node, None, Joiners::Nowhere, name)));
            declaration(reader, field)
        })
        .collect();
    declarations.sort_by(|a: &AttributeDecl, b| a.name.cmp(&b.name));
    declarations.dedup_by(|later, first| later.name == first.name);
    declarations
}

/// A value that is one, or the values of a list.
pub fn texts(node: Cursor<'_>) -> impl Iterator<Item = Cursor<'_>> {
    (!node.is_seq()).then_some(node).into_iter().chain(node.items())
}

fn declaration<'a>(reader: &mut Reader<'_, 'a>, field: Field<'a>) -> AttributeDecl {
    let Field { key, value: of } = field;
    let kind = reader.word_field(&of, "type", &TYPES).map_or(AttributeType::String, |(kind, _)| kind);
    let mut decl = AttributeDecl {
        name: key.text().into(),
        kind,
        multi_valued: reader.bool(&of, "multi_valued", false),
        allowed: Vec::new(),
        default: None,
        unique: reader.bool(&of, "unique", false),
        sensitive: reader.bool(&of, "sensitive", false),
        span: key.span(),
    };
    for node in reader.list(&of, "enum") {
        decl.allowed.extend(checked(reader, &decl, node, Some(node), &[]));
    }
    if let Some(default) = of.get("default") {
        let allowed = decl.allowed.clone();
        decl.default = value(reader, &decl, default.value.node, None, &allowed);
        if decl.unique && decl.default.as_ref().is_some_and(|value| !value.is_null()) {
            reader.found.push(
                Diagnostic::error(
                    "unique-default",
                    default.value.node.span(),
                    format!("`{}` is unique and has a default", decl.name),
                )
                .with_hint("remove the default: two users without a value would share it"),
            );
        }
    }
    if User::BUILT_IN.contains(&&*decl.name) {
        reader.found.push(
            Diagnostic::error(
                "built-in-attribute",
                key.span(),
                format!("`{}` is a built-in field of every user", decl.name),
            )
            .with_hint(
                "users write it beside `name` and `email`; choose another name for a further attribute",
            ),
        );
    }
    decl
}

/// Reads the value of a declared attribute. A sensitive value is reported at `owner` and never repeated.
pub fn value<'a>(
    reader: &mut Reader<'_, 'a>,
    decl: &AttributeDecl,
    node: Cursor<'a>,
    owner: Option<Cursor<'a>>,
    allowed: &[Value],
) -> Option<Value> {
    if node.is_null() {
        return Some(Value::Null);
    }
    let at = if decl.sensitive { owner } else { Some(node) };
    if !decl.multi_valued {
        return checked(reader, decl, node, at, allowed);
    }
    if !node.is_seq() {
        wrong(reader, decl, node, at, "a list");
        return None;
    }
    let items: Option<Vec<_>> = node
        .items()
        .map(|item| checked(reader, decl, item, if decl.sensitive { owner } else { Some(item) }, allowed))
        .collect();
    items.map(Value::List)
}

fn checked<'a>(
    reader: &mut Reader<'_, 'a>,
    decl: &AttributeDecl,
    node: Cursor<'a>,
    at: Option<Cursor<'a>>,
    allowed: &[Value],
) -> Option<Value> {
    let Some(value) = single(decl.kind, node) else {
        let expected = match decl.kind {
            AttributeType::String => "text",
            AttributeType::Integer => "a whole number",
            AttributeType::Boolean => "true or false",
            AttributeType::Date => "a date",
        };
        wrong(reader, decl, node, at, expected);
        return None;
    };
    if let Value::Date(day) = &value
        && day.year() < FIRST_YEAR
    {
        let message = format!("the attribute `{}` is before {FIRST_YEAR}", decl.name);
        reader.found.push(
            Diagnostic::error("wrong-date", span(decl, at), message)
                .with_hint("if it stands for no date, remove the key; otherwise correct the year"),
        );
        return None;
    }
    if !allowed.is_empty() && !allowed.contains(&value) {
        not_allowed(reader, decl, node, at, allowed);
        return None;
    }
    Some(value)
}

fn single(kind: AttributeType, node: Cursor<'_>) -> Option<Value> {
    match kind {
        AttributeType::String => node.as_str().map(|text| Value::Str(Arc::from(text))),
        AttributeType::Integer => node.as_int().map(Value::Int),
        AttributeType::Boolean => node.as_bool().map(Value::Bool),
        AttributeType::Date => node
            .as_str()
            .filter(|text| text.len() == 10)
            .and_then(|text| text.parse::<Date>().ok())
            .map(Value::Date),
    }
}

fn span(decl: &AttributeDecl, at: Option<Cursor<'_>>) -> crate::model::Span {
    at.map_or(decl.span, |node| node.span())
}

fn wrong<'a>(
    reader: &mut Reader<'_, 'a>,
    decl: &AttributeDecl,
    node: Cursor<'a>,
    at: Option<Cursor<'a>>,
    expected: &str,
) {
    let mut diagnostic = Diagnostic::error(
        "attribute-type",
        span(decl, at),
        format!("the attribute `{}` has to be {expected}, found {}", decl.name, found(decl, node)),
    )
    .with_related(decl.span, "declared here");
    let number = matches!(node.kind(), Kind::Int | Kind::Float | Kind::True | Kind::False);
    diagnostic = match (decl.kind, number && !decl.sensitive) {
        (AttributeType::String, true) if expected == "text" => {
            diagnostic.with_hint(format!("put it in quotes: \"{}\"", node.text()))
        }
        (AttributeType::Date, _) => diagnostic.with_hint("write a day of the calendar as 2026-12-31"),
        _ => diagnostic.with_hint(format!("write {expected}, or change the type where it is declared")),
    };
    reader.found.push(diagnostic);
}

fn not_allowed<'a>(
    reader: &mut Reader<'_, 'a>,
    decl: &AttributeDecl,
    node: Cursor<'a>,
    at: Option<Cursor<'a>>,
    allowed: &[Value],
) {
    let what =
        if decl.sensitive { "a value that is".to_owned() } else { format!("`{}`, which is", node.text()) };
    let mut diagnostic = Diagnostic::error(
        "attribute-value",
        span(decl, at),
        format!("the attribute `{}` has {what} not among its allowed values", decl.name),
    )
    .with_related(decl.span, "declared here");
    if decl.sensitive {
        diagnostic = diagnostic.with_hint("see `enum` where it is declared");
    } else {
        let all: Vec<String> = allowed.iter().map(Value::to_string).collect();
        if let Some(hint) = did_you_mean(node.text(), all.iter().map(String::as_str)) {
            diagnostic = diagnostic.with_hint(hint);
        }
        diagnostic = diagnostic.with_hint(format!("one of: {}", all.join(", ")));
    }
    reader.found.push(diagnostic);
}

/// What stands there instead; of a sensitive attribute only its kind.
fn found(decl: &AttributeDecl, node: Cursor<'_>) -> String {
    match node.as_str() {
        Some(text) if !decl.sensitive => format!("the text `{text}`"),
        _ => node.kind_name().to_owned(),
    }
}
