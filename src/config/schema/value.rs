//! A value that does not fit the schema: what was expected, what stands there, what to write.

use jsonschema::JsonType;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use serde_json::Value;

use crate::model::Diagnostic;
use crate::model::invisible::{Invisible, Joiners};
use crate::model::similar;

use super::keys;
use super::location::Location;
use crate::config::arena::Kind;

/// The pattern of an e-mail address.
const ADDRESS: &str = "^[^\\s@<>:,;]+@([^\\s@<>:,;.]+\\.)+[^\\s@<>:,;.]+$";

/// What each pattern of the schema stands for, in words and by example.
pub(super) const PATTERNS: &[(&str, &str, &str)] = &[
    (
        "^[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127}$",
        "an id",
        "an id has letters, digits and . _ @ + -, begins with a letter, digit or _, and is no longer than 128",
    ),
    (
        "^(x-.*|[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127})$",
        "an id",
        "an id has letters, digits and . _ @ + -, begins with a letter, digit or _, and is no longer than 128",
    ),
    (
        "^(x-.*|[A-Za-z][A-Za-z0-9_]{0,63})$",
        "a name of an attribute",
        "letters, digits and _, beginning with a letter",
    ),
    ("^(user|group):[A-Za-z0-9_][A-Za-z0-9._@+-]{0,127}$", "a principal", "write `user:ID` or `group:ID`"),
    ("^[0-9]+(ms|s|m|h|d|w)$", "a duration", "a number and a unit, such as 30s, 2m, 12h or 30d"),
    (
        "^[0-9]{4}-[0-9]{2}-[0-9]{2}([Tt ].+)?$",
        "a date",
        "write a day as 2026-12-31, or an instant as 2026-12-31T18:00:00+01:00",
    ),
    ("^refs/.+$", "a full ref name", "such as refs/heads/rolecall/ledger"),
    (
        "^(\\[[0-9A-Fa-f:.]+\\]|[A-Za-z0-9._-]+)(:[0-9]{1,5})?$",
        "a host",
        "write host or host:port, without scheme and path",
    ),
    (
        "^[A-Za-z_][A-Za-z0-9_]*$",
        "a name of an environment variable",
        "letters, digits and _, not beginning with a digit",
    ),
    (ADDRESS, "an e-mail address", "such as ada@acme.example"),
    ("^[0-9]+(\\.[0-9]+)?/(s|m|h)$", "a rate", "such as 10/s or 600/m"),
    (
        "^[A-Za-z0-9_][A-Za-z0-9._@+-]*/[A-Za-z0-9_][A-Za-z0-9._@+-]*$",
        "a role of an app",
        "write `app/role`, such as payments/maker",
    ),
];

/// The finding about one value.
pub(super) fn diagnostic(
    at: &Location<'_>,
    kind: &ValidationErrorKind,
    schema: &Value,
    place: &str,
) -> Diagnostic {
    let span = at.node.span();
    let name = at.called();
    match kind {
        ValidationErrorKind::Type { kind } => wrong_type(at, kind, schema, place),
        ValidationErrorKind::Pattern { pattern } => {
            let (what, hint) = pattern_words(pattern);
            if keys::is_credential(place) {
                let message = format!("{name}: this is not {what}");
                return Diagnostic::error("literal-secret", span, message)
                    .with_hint(hint)
                    .with_hint("if it is the secret itself, replace it: it is in the history now");
            }
            let diagnostic =
                Diagnostic::error("wrong-form", span, format!("{name}: `{}` is not {what}", at.node.text()));
            let diagnostic = with_invisible(diagnostic, at.node.text());
            match (pattern.starts_with("^(user|group):"), at.node.text().split_once(':')) {
                (true, None) => {
                    diagnostic.with_hint(format!("write `user:{0}` or `group:{0}`", at.node.text()))
                }
                _ if pattern == ADDRESS => {
                    let hints = address_hint(at.node.text()).into_iter().chain([hint]);
                    hints.fold(diagnostic, Diagnostic::with_hint)
                }
                _ => diagnostic.with_hint(hint),
            }
        }
        ValidationErrorKind::PropertyNames { error } => {
            let text = error.instance().as_str().unwrap_or_default();
            let span = at.node.entry(text).map_or(span, |(key, _)| key.span());
            let (what, hint) = match error.kind() {
                ValidationErrorKind::Pattern { pattern } => pattern_words(pattern),
                _ => ("allowed here", "remove it, or write it where it belongs"),
            };
            let shown = if text.is_empty() { "an empty key".to_owned() } else { format!("`{text}`") };
            let diagnostic = Diagnostic::error("wrong-form", span, format!("{shown} is not {what}"));
            with_invisible(diagnostic, text).with_hint(hint)
        }
        ValidationErrorKind::Enum { options } => {
            let options: Vec<&str> = options
                .as_array()
                .map(|all| all.iter().filter_map(Value::as_str).collect())
                .unwrap_or_default();
            let text = at.node.text();
            let diagnostic =
                Diagnostic::error("wrong-value", span, format!("{name} cannot be {}", described(at)));
            let mut diagnostic = with_invisible(diagnostic, text);
            if let Some(hint) = similar::did_you_mean(text, options.iter().copied()) {
                diagnostic = diagnostic.with_hint(hint);
            }
            diagnostic.with_hint(format!("one of: {}", options.join(", ")))
        }
        ValidationErrorKind::Constant { expected_value } => {
            Diagnostic::error("wrong-value", span, format!("{name} cannot be {}", described(at)))
                .with_hint(format!("write {expected_value}"))
        }
        ValidationErrorKind::Minimum { limit } => {
            Diagnostic::error("wrong-value", span, format!("{name} is below {limit}"))
                .with_hint(format!("the least is {limit}"))
        }
        ValidationErrorKind::Maximum { limit } => {
            Diagnostic::error("wrong-value", span, format!("{name} is above {limit}"))
                .with_hint(format!("the most is {limit}"))
        }
        ValidationErrorKind::MinLength { .. } => {
            Diagnostic::error("wrong-value", at.key_span(), format!("{name} is empty text"))
                .with_hint("write a value or remove the key")
        }
        ValidationErrorKind::MaxLength { limit } => {
            Diagnostic::error("wrong-value", span, format!("{name} is longer than {limit} characters"))
                .with_hint("shorten it")
        }
        ValidationErrorKind::MinItems { limit } => Diagnostic::error(
            "wrong-value",
            at.key_span(),
            format!("{name} needs at least {limit} {}", if *limit == 1 { "entry" } else { "entries" }),
        )
        .with_hint("add what is missing, or remove the key"),
        ValidationErrorKind::MaxItems { limit } => Diagnostic::error(
            "wrong-value",
            at.key_span(),
            format!("{name} has more than {limit} {}", if *limit == 1 { "entry" } else { "entries" }),
        )
        .with_hint("leave some of them out"),
        ValidationErrorKind::MinProperties { .. } => {
            Diagnostic::error("wrong-value", at.key_span(), format!("{name} is an empty mapping"))
                .with_hint("say what belongs below it, or remove the key")
        }
        other => Diagnostic::error(
            "wrong-value",
            span,
            format!("{name} does not fit the schema ({})", other.keyword()),
        )
        .with_hint("`rolecall schema` prints what is allowed"),
    }
}

/// A text may look right and hold an invisible character: the hint names it.
fn with_invisible(diagnostic: Diagnostic, text: &str) -> Diagnostic {
    match Invisible::find(text, Joiners::Nowhere) {
        Some(invisible) => diagnostic.with_hint(invisible.hint()),
        None => diagnostic,
    }
}

/// What an address has too much, or lacks.
fn address_hint(text: &str) -> Option<&'static str> {
    let domain = text.split_once('@').map(|(_, domain)| domain);
    if text.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("mailto:")) {
        Some("write the address alone, without `mailto:`")
    } else if text.contains(['<', '>']) {
        Some("write the address alone, without a name and without < and >")
    } else if text.contains([',', ';']) {
        Some("write one address")
    } else if domain.is_some_and(|domain| !domain.contains('.')) {
        Some("write the whole domain: the part behind the @ has a dot")
    } else {
        None
    }
}

fn pattern_words(pattern: &str) -> (&'static str, &'static str) {
    PATTERNS.iter().find(|(known, _, _)| *known == pattern).map_or(
        ("in the form expected here", "`rolecall schema` prints what is allowed"),
        |(_, what, hint)| (*what, *hint),
    )
}

fn described(at: &Location<'_>) -> String {
    match at.node.kind() {
        Kind::Map | Kind::Seq | Kind::Null => at.node.kind_name().to_owned(),
        _ => format!("`{}`", at.node.text()),
    }
}

pub(super) fn type_name(kind: JsonType) -> &'static str {
    match kind {
        JsonType::Null => "nothing",
        JsonType::Boolean => "true or false",
        JsonType::Integer | JsonType::Number => "a whole number",
        JsonType::String => "text",
        JsonType::Array => "a list",
        JsonType::Object => "a mapping",
    }
}

fn wrong_type(at: &Location<'_>, kind: &TypeKind, schema: &Value, place: &str) -> Diagnostic {
    let name = at.called();
    let wanted: Vec<JsonType> = match kind {
        TypeKind::Single(one) => vec![*one],
        TypeKind::Multiple(several) => several.iter().collect(),
    };
    let mut words: Vec<&str> = wanted.iter().map(|kind| type_name(*kind)).collect();
    words.dedup();
    let words = words.join(" or ");
    if keys::is_credential(place) {
        return keys::literal_secret(at.key_span());
    }
    if let Some(principal) = mapping_principal(at, place) {
        return Diagnostic::error("principal", at.key_span(), "a principal is one word")
            .with_hint(format!("write `{principal}`, without a space"));
    }
    if at.node.is_null() && !at.node.text().is_empty() {
        let text = at.node.text();
        return Diagnostic::error(
            "wrong-type",
            at.node.span(),
            format!("{name}: unquoted `{text}` means nothing"),
        )
        .with_hint(format!("write \"{text}\" if it is text, or remove the key"));
    }
    if at.node.is_null() {
        return Diagnostic::error("wrong-type", at.key_span(), format!("{name} has no value"))
            .with_hint(format!("write {words}, or remove the key"));
    }
    let collection = at.node.is_map() || at.node.is_seq();
    let span = if collection { at.key_span() } else { at.node.span() };
    let diagnostic = Diagnostic::error(
        "wrong-type",
        span,
        format!("{name}: expected {words}, found {}", at.node.kind_name()),
    );
    let text = at.node.text();
    let wants = |kind| wanted.contains(&kind);
    let stated = |keyword: &str| schema.pointer(&format!("{place}/{keyword}"));
    if let Some(pattern) = stated("pattern").and_then(Value::as_str) {
        return diagnostic.with_hint(pattern_words(pattern).1);
    }
    match at.node.kind() {
        Kind::Int | Kind::Float | Kind::True | Kind::False if wants(JsonType::String) => {
            diagnostic.with_hint(format!("put it in quotes: \"{text}\""))
        }
        Kind::Str if wants(JsonType::Integer) && text.parse::<i64>().is_ok() => {
            diagnostic.with_hint("remove the quotes")
        }
        Kind::Str if wants(JsonType::Boolean) => diagnostic.with_hint("write true or false"),
        Kind::Map if wants(JsonType::String) && placeholder(at).is_some() => {
            let text = placeholder(at).unwrap_or_default();
            diagnostic.with_hint(format!("put the text in quotes: \"{text}\""))
        }
        _ if wants(JsonType::Array) && !collection => diagnostic.with_hint(format!("write a list: [{text}]")),
        _ => diagnostic.with_hint(match stated("examples/0") {
            Some(example) => format!("write {words}, such as {}", keys::flow(example)),
            None => format!("write {words}"),
        }),
    }
}

/// `{group}`, which is text only in quotes.
fn placeholder(at: &Location<'_>) -> Option<String> {
    let mut entries = at.node.entries();
    let (key, value) = entries.next()?;
    (value.is_null() && entries.next().is_none()).then(|| format!("{{{}}}", key.text()))
}

/// `- user: ada` in a list of principals.
fn mapping_principal(at: &Location<'_>, place: &str) -> Option<String> {
    let mut entries = at.node.entries();
    let (key, value) = entries.next()?;
    let fits = place.starts_with("/$defs/principal")
        && entries.next().is_none()
        && matches!(key.text(), "user" | "group");
    fits.then(|| format!("{}:{}", key.text(), value.text()))
}
