//! When two values of an attribute count as equal.

use std::borrow::Cow;
use std::sync::Arc;

use crate::model::Value;
use crate::model::folded::folded;
use crate::model::nfc::nfc;

use super::attribute::{AttributeSchema, StoredCase, Type};

/// True if `actual` already is `desired`, so that nothing needs to be written.
///
/// * Absent, null and an empty list are equal, order and repeats in lists have no meaning (RFC 7643 sections 2.4,
///   2.5), and a list of one equals that one.
/// * Types are the schema's: `"true"` equals `true` where it says boolean, `7` equals `"7"` where it says string, the
///   same instant in two spellings is equal where it says dateTime.
/// * Text is compared in NFC: an app may store the same letters in another form.
/// * Case is ignored by [`StoredCase`]: an app that stores logins and addresses in lower case has kept what it was given.
///   Look-ups are another question, see [`matches`].
pub fn same(schema: Option<&AttributeSchema>, desired: &Value, actual: &Value) -> bool {
    desired == actual || stored_form(schema, desired) == stored_form(schema, actual)
}

/// The form by which values are indexed for [`same`].
pub fn stored_form(schema: Option<&AttributeSchema>, value: &Value) -> Value {
    let fold = schema.is_some_and(|schema| schema.stored_case != StoredCase::Counts);
    canonical(schema, value, fold)
}

/// As [`same`], but a case that the app may change counts: a declared change of it is a change.
pub fn is_as_written(schema: Option<&AttributeSchema>, desired: &Value, actual: &Value) -> bool {
    let fold = schema.is_some_and(|schema| schema.stored_case == StoredCase::Ignored);
    desired == actual || canonical(schema, desired, fold) == canonical(schema, actual, fold)
}

/// True if a look-up for `wanted` may take an object that has `actual`: case counts only where the schema says so
/// (RFC 7643 section 2.2: `caseExact` is false by default). Null never matches anything, not even null.
pub fn matches(schema: Option<&AttributeSchema>, wanted: &Value, actual: &Value) -> bool {
    match (match_key(schema, wanted), match_key(schema, actual)) {
        (Some(wanted), Some(actual)) => wanted == actual,
        _ => false,
    }
}

/// The value by which objects are indexed for [`matches`]; `None` if it is unassigned.
pub fn match_key(schema: Option<&AttributeSchema>, value: &Value) -> Option<Value> {
    let fold = schema.is_some_and(|schema| !schema.case_exact);
    let key = canonical(schema, value, fold);
    (!key.is_null()).then_some(key)
}

/// One form for all spellings of a value.
fn canonical(schema: Option<&AttributeSchema>, value: &Value, fold: bool) -> Value {
    let of = schema.map_or(Type::String, |schema| schema.of);
    let convert = |value: &Value| scalar(of, schema.is_some(), value, fold);
    match value.clone().normalised() {
        Value::List(items) => match Value::List(items.iter().map(convert).collect()).normalised() {
            Value::List(mut items) if items.len() == 1 => items.pop().unwrap_or_default(),
            list => list,
        },
        single => convert(&single),
    }
}

fn scalar(of: Type, known: bool, value: &Value, fold: bool) -> Value {
    match (of, value) {
        (Type::Boolean, Value::Str(text)) => match text.to_ascii_lowercase().as_str() {
            "true" => Value::Bool(true),
            "false" => Value::Bool(false),
            _ => value.clone(),
        },
        (Type::DateTime, Value::Str(text)) => Value::str(instant(text)),
        (Type::Integer, Value::Str(text)) => text.parse().map_or_else(|_| value.clone(), Value::Int),
        (Type::Integer | Type::Boolean, _) => value.clone(),
        (_, Value::Int(number)) if known => Value::str(number.to_string()),
        (_, Value::Str(text)) => Value::Str(written(text, fold)),
        _ => value.clone(),
    }
}

/// Text in NFC, and without case if it is to be folded.
fn written(text: &Arc<str>, fold: bool) -> Arc<str> {
    if text.bytes().all(|b| b.is_ascii() && !(fold && b.is_ascii_uppercase())) {
        return text.clone();
    }
    if fold { folded(text).into() } else { nfc(text).into() }
}

/// The instant in UTC, or the text if it is none.
fn instant(text: &str) -> Cow<'_, str> {
    match text.parse::<jiff::Timestamp>() {
        Ok(instant) => Cow::Owned(instant.to_string()),
        Err(_) => Cow::Borrowed(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;
    use crate::model::Path;

    fn schema(path: &str) -> AttributeSchema {
        scim::definition().users.attribute(&Path::parse(path).unwrap()).unwrap()
    }

    fn list(items: &[&str]) -> Value {
        Value::List(items.iter().map(|item| Value::str(*item)).collect())
    }

    #[test]
    fn logins_and_addresses_compare_without_case_and_prose_with_it() {
        let same = |path, a: &str, b: &str| same(Some(&schema(path)), &a.into(), &b.into());
        assert!(same("userName", "Ada@x.example", "ada@X.example"));
        assert!(!same("title", "Analyst", "analyst"));
        assert!(!same("displayName", "Ada", "ADA"));
        assert!(!same("externalId", "A", "a"));
        assert!(!same("userName", "ada", "bob"));
        assert!(same(r#"emails[type eq "work"].value"#, "Ada@x.example", "ada@x.example"));
        assert!(same("displayName", "Jos\u{e9}", "Jose\u{301}"));
    }

    #[test]
    fn look_ups_follow_case_exact() {
        let matches = |path, a: &str, b: &str| matches(Some(&schema(path)), &a.into(), &b.into());
        assert!(matches("userName", "ADA", "ada"));
        assert!(matches("displayName", "Ädä", "äDÄ"));
        assert!(matches("displayName", "Ad\u{e4}", "AdA\u{308}"));
        assert!(matches("emails.value", "Ada@x", "ada@x"));
        assert!(!matches("externalId", "A", "a"));
    }

    #[test]
    fn nothing_matches_nothing() {
        assert!(!matches(None, &Value::Null, &Value::Null));
        assert!(!matches(None, &Value::List(vec![]), &Value::Null));
        assert!(same(None, &Value::List(vec![]), &Value::Null));
    }

    #[test]
    fn types_are_the_schemas() {
        let primary = schema(r#"emails[type eq "work"].primary"#);
        assert!(same(Some(&primary), &Value::Bool(true), &"True".into()));
        assert!(!same(Some(&primary), &Value::Bool(true), &"yes".into()));
        assert!(same(Some(&schema("title")), &Value::Int(7), &"7".into()));
        assert!(!same(None, &Value::Int(7), &"7".into()));
        let created = schema("meta.created");
        assert!(same(
            Some(&created),
            &"2026-01-01T01:00:00+01:00".into(),
            &"2026-01-01T00:00:00.000Z".into()
        ));
    }

    #[test]
    fn lists_are_sets() {
        let roles = schema("roles");
        assert!(same(Some(&roles), &list(&["b", "a", "a"]), &list(&["a", "b"])));
        assert!(same(Some(&roles), &list(&["a"]), &"a".into()));
        assert!(!same(Some(&roles), &list(&["a"]), &list(&["a", "b"])));
    }
}
