//! The value at a path of a SCIM object, and what it is compared as.

use serde_json::{Map, Value as Json};

use crate::catalog::{AttributeSchema, Type};
use crate::connector::error::shown;
use crate::model::folded::folded;
use crate::model::path::{Condition, ConditionValue, quoted};
use crate::model::seen::{Seen, Unread};
use crate::model::{Path, Value};

use super::json::get;

/// What stands at `path`, [`Value::normalised`]. Brackets that pick several entries give a list of their values, one if
/// they agree; an entry without a sub-attribute stands for its `value` (RFC 7643 section 2.4).
/// `is_single` takes whatever entry there is for the one meant.
///
/// An attribute that is left out has no value (RFC 7643 section 2.5), unless its schema says that it is never shown.
pub(super) fn value(
    object: &Map<String, Json>,
    path: &Path,
    schema: Option<&AttributeSchema>,
    is_single: bool,
) -> Seen<Value> {
    let of = schema.map(|schema| schema.of);
    let found = match whole(object, path) {
        None if schema.is_some_and(AttributeSchema::is_never_shown) => return Seen::Unread(Unread::NotShown),
        None => return Seen::None,
        Some(json) => below(json, path, of, is_single),
    };
    let found = match found {
        Ok(found) => found.normalised(),
        Err(odd) => return Seen::Unread(Unread::Form(odd.into())),
    };
    let several = schema.is_some_and(|schema| schema.multi_valued);
    match found {
        Value::Null => Seen::None,
        Value::List(mut items) if items.len() == 1 && !several && !path.parts().filter.is_empty() => {
            items.pop().map_or(Seen::None, Seen::Is)
        }
        // An app may write one value without the list around it.
        single if several && !matches!(single, Value::List(_)) => Seen::Is(Value::List(vec![single])),
        found => Seen::Is(found),
    }
}

/// A value, or the form that is not understood.
type Read = Result<Value, String>;

/// The attribute a path begins with, as a whole.
pub(super) fn whole<'o>(object: &'o Map<String, Json>, path: &Path) -> Option<&'o Json> {
    let parts = path.parts();
    match &parts.urn {
        Some(urn) => match get(object, urn) {
            Some(Json::Object(extension)) => get(extension, &parts.attribute),
            // Some apps write extension attributes flat.
            _ => get(object, &format!("{urn}:{}", parts.attribute)),
        },
        None => get(object, &parts.attribute),
    }
}

fn below(json: &Json, path: &Path, of: Option<Type>, is_single: bool) -> Read {
    let parts = path.parts();
    let is_meant = |entry: &Json| is_single || picks(&parts.filter, entry);
    match json {
        Json::Array(entries) => {
            let meant = entries.iter().filter(|entry| is_meant(entry));
            let values = meant.map(|entry| entry_value(entry, parts.sub.as_deref(), of));
            values.collect::<Result<_, _>>().map(Value::List)
        }
        entry if !is_meant(entry) => Ok(Value::Null),
        entry => entry_value(entry, parts.sub.as_deref(), of),
    }
}

/// One entry of a multi-valued attribute, or the only value.
fn entry_value(entry: &Json, sub: Option<&str>, of: Option<Type>) -> Read {
    match (entry, sub) {
        (Json::Object(map), Some(sub)) => get(map, sub).map_or(Ok(Value::Null), |json| plain(json, of)),
        (Json::Object(map), None) => match get(map, "value") {
            Some(json) => plain(json, of),
            None if map.is_empty() => Ok(Value::Null),
            None => Err(shown(&entry.to_string())),
        },
        (Json::Null, _) => Ok(Value::Null),
        // A list of plain texts where entries were to be: the text is the value.
        (plain_json, sub) if sub.is_none_or(|sub| sub.eq_ignore_ascii_case("value")) => plain(plain_json, of),
        (odd, _) => Err(shown(&odd.to_string())),
    }
}

/// A JSON value, with the booleans of apps that write them as text or as a number.
fn plain(json: &Json, of: Option<Type>) -> Read {
    Ok(match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::String(_) | Json::Number(_) if of == Some(Type::Boolean) => {
            Value::Bool(boolean(json).ok_or_else(|| shown(&json.to_string()))?)
        }
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::str(number.to_string()),
        },
        Json::String(text) => Value::str(text.as_str()),
        Json::Array(items) => {
            let items = items.iter().map(|item| entry_value(item, None, of));
            Value::List(items.collect::<Result<_, _>>()?)
        }
        Json::Object(_) => return entry_value(json, None, of),
    })
}

/// A boolean, also as text, or as 1 and 0.
pub(super) fn boolean(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(flag) => Some(*flag),
        Json::Number(number) if number.as_u64() == Some(1) => Some(true),
        Json::Number(number) if number.as_u64() == Some(0) => Some(false),
        Json::String(text) if text.eq_ignore_ascii_case("true") => Some(true),
        Json::String(text) if text.eq_ignore_ascii_case("false") => Some(false),
        _ => None,
    }
}

/// A condition as filters and paths write it.
pub(super) fn condition_text(condition: &Condition) -> String {
    match &condition.value {
        ConditionValue::Text(text) => format!("{} eq {}", condition.name, quoted(text)),
        ConditionValue::Bool(flag) => format!("{} eq {flag}", condition.name),
    }
}

/// True if an entry meets every condition in brackets. Text compares without case: the sub-attributes that pick
/// entries, such as `type`, are not caseExact (RFC 7643 section 2.4).
pub(super) fn picks(filter: &[Condition], entry: &Json) -> bool {
    filter.iter().all(|condition| {
        let Json::Object(map) = entry else {
            return false;
        };
        let Some(actual) = get(map, &condition.name) else {
            return false;
        };
        match &condition.value {
            ConditionValue::Bool(wanted) => boolean(actual) == Some(*wanted),
            ConditionValue::Text(wanted) => {
                actual.as_str().is_some_and(|actual| actual == &**wanted || folded(actual) == folded(wanted))
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use serde_json::json;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn seen(object: &Json, path: &str) -> Seen<Value> {
        let path = Path::parse(path).unwrap();
        let schema = catalog::scim::definition().users.attribute(&path);
        value(object.as_object().unwrap(), &path, schema.as_ref(), false)
    }

    fn read(object: &Json, path: &str) -> Value {
        match seen(object, path) {
            Seen::Is(value) => value,
            Seen::None => Value::Null,
            Seen::Unread(why) => panic!("{path}: {why}"),
        }
    }

    fn list(items: &[&str]) -> Value {
        Value::List(items.iter().map(|item| Value::str(*item)).collect())
    }

    #[test]
    fn paths_are_followed_without_case() {
        let object = json!({
            "USERNAME": "ada", "name": {"givenname": "Ada"}, "Active": "True", "title": null, "roles": [],
            "emails": [{"type": "home", "value": "h"}, {"TYPE": "Work", "Value": "w", "primary": "true"}],
            ENTERPRISE.to_lowercase(): {"Department": "R&D", "manager": {"value": "7"}},
        });
        assert_eq!(read(&object, "userName"), "ada".into());
        assert_eq!(read(&object, "name.givenName"), "Ada".into());
        assert_eq!(read(&object, "active"), Value::Bool(true));
        assert_eq!(read(&object, r#"emails[type eq "work"].value"#), "w".into());
        assert_eq!(read(&object, r"emails[primary eq true].value"), "w".into());
        assert_eq!(read(&object, r#"emails[type eq "other"].value"#), Value::Null);
        assert_eq!(read(&object, "emails"), list(&["h", "w"]));
        assert_eq!(read(&object, "emails.value"), list(&["h", "w"]));
        assert_eq!(read(&object, &format!("{ENTERPRISE}:department")), "R&D".into());
        assert_eq!(read(&object, &format!("{ENTERPRISE}:manager")), "7".into());
        assert_eq!(read(&object, &format!("{ENTERPRISE}:manager.value")), "7".into());
        for nothing in ["title", "roles", "displayName", "urn:x:y:z"] {
            assert_eq!(read(&object, nothing), Value::Null, "{nothing}");
        }
    }

    #[test]
    fn what_apps_write_instead() {
        let flat = json!({
            format!("{ENTERPRISE}:department"): "R&D",
            "emails": {"type": "work", "value": "w"},
            "roles": ["b", "a", "b"],
            "addresses": [{"type": "work", "locality": "X"}, {"type": "work", "locality": "Y"}],
            "title": 7,
        });
        assert_eq!(read(&flat, &format!("{ENTERPRISE}:department")), "R&D".into());
        assert_eq!(read(&flat, r#"emails[type eq "work"].value"#), "w".into());
        assert_eq!(read(&flat, "emails"), list(&["w"]));
        assert_eq!(read(&flat, "roles"), list(&["a", "b"]));
        assert_eq!(read(&flat, r#"addresses[type eq "work"].locality"#), list(&["X", "Y"]));
        assert_eq!(read(&flat, "title"), Value::Int(7));
    }

    #[test]
    fn what_is_not_understood_is_neither_a_value_nor_none() {
        let object = json!({
            "urn:x:y": {"o": {"a": 1}}, "emails": ["a", {"type": "work"}],
            "phoneNumbers": [{"type": "work", "primary": "perhaps"}], "name": "Ada",
        });
        for path in ["urn:x:y:o", "emails", r#"phoneNumbers[type eq "work"].primary"#, "name.givenName"] {
            assert!(
                matches!(seen(&object, path), Seen::Unread(Unread::Form(_))),
                "{path}: {:?}",
                seen(&object, path)
            );
        }
        assert_eq!(seen(&object, "password"), Seen::Unread(Unread::NotShown));
    }

    #[test]
    fn numbers_stand_for_booleans_where_the_schema_says_boolean() {
        assert_eq!(read(&json!({"active": 1}), "active"), Value::Bool(true));
        assert_eq!(
            read(&json!({"emails": [{"type": "x", "primary": 0}]}), r#"emails[type eq "x"].primary"#),
            Value::Bool(false)
        );
        assert!(matches!(seen(&json!({"active": 2}), "active"), Seen::Unread(Unread::Form(_))));
    }
}
