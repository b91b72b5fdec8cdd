//! Keys that are not known or are missing: one message each, and one for both if a misspelling explains them.

use serde_json::Value;

use crate::model::Diagnostic;
use crate::model::similar;

use super::location::{KeyMistakes, Location};

/// What the design names and this version does not do: the part of the schema, the key.
const LATER: &[(&str, &str)] = &[
    ("", "overrides"),
    ("/$defs/app", "notify"),
    ("/$defs/app", "overrides"),
    ("/$defs/policy", "require_expiry"),
    ("/$defs/policy", "deny"),
];

/// The findings about one mapping.
pub(super) fn diagnostics(
    at: &Location<'_>,
    keys: &KeyMistakes,
    schema: &Value,
    found: &mut Vec<Diagnostic>,
) {
    let known: Vec<&str> = schema
        .pointer(&format!("{}/properties", keys.schema))
        .and_then(Value::as_object)
        .map(|properties| properties.keys().map(String::as_str).collect())
        .unwrap_or_default();
    let free: Vec<&str> = known.iter().copied().filter(|name| at.node.get(name).is_none()).collect();
    let mut missing = keys.missing.clone();
    if let ([_, ..], []) = (keys.one_of.as_slice(), keys.unknown.as_slice()) {
        let all: Vec<String> = keys.one_of.iter().map(|name| format!("`{name}`")).collect();
        let message = format!("{} has none of {}", at.called(), all.join(", "));
        let mut diagnostic = Diagnostic::error("missing-key", at.key_span(), message);
        if let Some((name, example)) =
            keys.one_of.first().and_then(|name| Some((name, example(schema, &keys.schema, name)?)))
        {
            diagnostic = diagnostic.with_hint(format!("one of them is enough, such as `{name}: {example}`"));
        }
        found.push(diagnostic);
    }
    for name in &keys.unknown {
        let Some((key, value)) = at.node.entry(name) else {
            continue;
        };
        if LATER.contains(&(keys.schema.as_str(), name.as_str())) {
            missing.clear();
            found.push(
                Diagnostic::error(
                    "not-in-this-version",
                    key.span(),
                    format!("`{name}` is not in this version"),
                )
                .with_hint("remove it: it would have no effect"),
            );
            continue;
        }
        if let Some(principal) = split_principal(at, name, value.text()) {
            missing.clear();
            found.push(
                Diagnostic::error("principal", key.span(), "a principal is one word")
                    .with_hint(format!("write `{principal}`, without a space")),
            );
            continue;
        }
        let is_plain = !value.is_map() && !value.is_seq() && !value.is_null();
        if keys.schema == "/$defs/secretSource" || (is_credential(&keys.schema) && is_plain) {
            found.push(literal_secret(key.span()));
            missing.clear();
            continue;
        }
        let below = Below::of(schema, &keys.schema, name);
        let near = similar::nearest(name, missing.iter().map(String::as_str))
            .map(str::to_owned)
            .or_else(|| similar::nearest(name, free.iter().copied()).map(str::to_owned));
        let mut diagnostic =
            Diagnostic::error("unknown-key", key.span(), format!("unknown key `{name}`{}", inside(at)));
        if let Some(below) = below.filter(|_| !near.as_ref().is_some_and(|near| similar::is_slip(name, near)))
        {
            diagnostic = diagnostic.with_hint(below.hint(name));
        } else if let Some(near) = near {
            missing.retain(|name| *name != near);
            diagnostic = diagnostic.with_hint(format!("did you mean `{near}`?"));
        } else if !known.is_empty() {
            diagnostic = diagnostic.with_hint(format!("known keys: {}", known.join(", ")));
        }
        found.push(diagnostic);
    }
    for name in missing {
        let example = example(schema, &keys.schema, &name);
        let mut diagnostic =
            Diagnostic::error("missing-key", at.key_span(), format!("{} has no `{name}`", at.called()));
        if let Some(example) = example {
            diagnostic = diagnostic.with_hint(format!("add it, such as `{name}: {example}`"));
        }
        found.push(diagnostic);
    }
}

/// The only key of a mapping below which another key may stand.
struct Below<'s>(&'s str);

impl<'s> Below<'s> {
    fn of(schema: &'s Value, place: &str, name: &str) -> Option<Self> {
        let properties = schema.pointer(&format!("{place}/properties"))?.as_object()?;
        let mut above = properties.iter().filter(|(_, below)| may_have(schema, below, name));
        match (above.next(), above.next()) {
            (Some((key, _)), None) => Some(Self(key)),
            _ => None,
        }
    }

    fn hint(&self, name: &str) -> String {
        format!("`{name}` belongs below `{}:`", self.0)
    }
}

/// True if a part of the schema allows a mapping with this key.
fn may_have(schema: &Value, part: &Value, name: &str) -> bool {
    let without = part.pointer("/propertyNames/not/enum").and_then(Value::as_array);
    if without.is_some_and(|names| names.iter().any(|other| other == name)) {
        return false;
    }
    let referred =
        part.get("$ref").and_then(Value::as_str).and_then(|to| schema.pointer(to.strip_prefix('#')?));
    let forms = ["anyOf", "oneOf"].into_iter().filter_map(|key| part.get(key)?.as_array()).flatten();
    part.get("properties").is_some_and(|properties| properties.get(name).is_some())
        || referred.is_some_and(|part| part.pointer("/properties").is_some_and(|of| of.get(name).is_some()))
        || forms.into_iter().any(|form| may_have(schema, form, name))
}

/// The keys of which a part of the schema wants one at least.
pub(super) fn one_of<'s>(schema: &'s Value, place: &str) -> impl Iterator<Item = &'s str> {
    let alternatives = schema.pointer(&format!("{place}/anyOf")).and_then(Value::as_array);
    let asks_for_keys = |part: &Value| part.as_object().is_some_and(|part| part.keys().eq(["required"]));
    let alternatives = alternatives.filter(|all| all.iter().all(asks_for_keys));
    alternatives.into_iter().flatten().filter_map(|part| part.pointer("/required/0")?.as_str())
}

/// True for the parts of the schema where a file may hold the secret itself by mistake.
pub(super) fn is_credential(place: &str) -> bool {
    ["auth", "credential", "secretSource", "env", "secretFile"].iter().any(|name| {
        let rest = place.strip_prefix("/$defs/").and_then(|rest| rest.strip_prefix(name));
        rest.is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    })
}

/// A secret that stands in the file.
pub fn literal_secret(span: crate::model::Span) -> Diagnostic {
    Diagnostic::error("literal-secret", span, "a secret is never written in a file")
        .with_hint("name where it comes from: `{env: NAME}` or `{file: NAME}`")
        .with_hint("if it stood here, replace the secret itself: it is in the history now")
}

/// `user: ada` where `user:ada` was meant.
fn split_principal(at: &Location<'_>, key: &str, value: &str) -> Option<String> {
    let single = at.node.is_map() && at.node.entries().count() == 1;
    (single && matches!(key, "user" | "group") && at.node.get("member").is_none())
        .then(|| format!("{key}:{value}"))
}

fn inside(at: &Location<'_>) -> String {
    match at.steps.last() {
        None if at.root_name == "the file" => String::new(),
        _ => format!(" in {}", at.called()),
    }
}

fn example(schema: &Value, place: &str, name: &str) -> Option<String> {
    let example = schema.pointer(&format!("{place}/properties/{name}/examples/0"))?;
    Some(flow(example))
}

/// A value in one line of YAML.
pub(super) fn flow(value: &Value) -> String {
    match value {
        Value::String(text) => text.clone(),
        Value::Array(items) => format!("[{}]", items.iter().map(flow).collect::<Vec<_>>().join(", ")),
        Value::Object(entries) => format!(
            "{{{}}}",
            entries
                .iter()
                .map(|(key, value)| format!("{key}: {}", flow(value)))
                .collect::<Vec<_>>()
                .join(", ")
        ),
        other => other.to_string(),
    }
}
