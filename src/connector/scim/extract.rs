//! The value at a path of a SCIM object, and what it is compared as.

use serde_json::{Map, Value as Json};

use crate::catalog::{AttributeSchema, Type};
use crate::model::path::{Condition, ConditionValue, quoted};
use crate::model::{Path, Value};

use super::json::get;

/// The value at `path`, [`Value::normalised`]. Brackets that pick several entries give a list of their values, one if
/// they agree; an entry without a sub-attribute stands for its `value` (RFC 7643 section 2.4).
/// `is_single` takes whatever entry there is for the one meant.
pub(super) fn value(
    object: &Map<String, Json>,
    path: &Path,
    schema: Option<&AttributeSchema>,
    is_single: bool,
) -> Value {
    let of = schema.map(|schema| schema.of);
    let found = match attribute(object, path) {
        None => Value::Null,
        Some(json) => below(json, path, of, is_single),
    };
    let several = schema.is_some_and(|schema| schema.multi_valued);
    match found.normalised() {
        Value::List(mut items) if items.len() == 1 && !several && !path.parts().filter.is_empty() => {
            items.pop().unwrap_or_default()
        }
        // An app may write one value without the list around it.
        single if several && !matches!(single, Value::Null | Value::List(_)) => Value::List(vec![single]),
        found => found,
    }
}

/// The attribute a path begins with.
fn attribute<'o>(object: &'o Map<String, Json>, path: &Path) -> Option<&'o Json> {
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

fn below(json: &Json, path: &Path, of: Option<Type>, is_single: bool) -> Value {
    let parts = path.parts();
    let is_meant = |entry: &Json| is_single || picks(&parts.filter, entry);
    match json {
        Json::Array(entries) => Value::List(
            entries
                .iter()
                .filter(|entry| is_meant(entry))
                .map(|entry| entry_value(entry, parts.sub.as_deref(), of))
                .collect(),
        ),
        entry if !is_meant(entry) => Value::Null,
        entry => entry_value(entry, parts.sub.as_deref(), of),
    }
}

/// One entry of a multi-valued attribute, or the only value.
fn entry_value(entry: &Json, sub: Option<&str>, of: Option<Type>) -> Value {
    match (entry, sub) {
        (Json::Object(map), Some(sub)) => get(map, sub).map_or(Value::Null, |json| plain(json, of)),
        (Json::Object(map), None) => match get(map, "value") {
            Some(json) => plain(json, of),
            // Never to be taken for nothing.
            None if map.is_empty() => Value::Null,
            None => Value::str(entry.to_string()),
        },
        // A list of plain texts where entries were to be: the text is the value.
        (plain_json, sub) if sub.is_none_or(|sub| sub.eq_ignore_ascii_case("value")) => plain(plain_json, of),
        _ => Value::Null,
    }
}

/// A JSON value, with the booleans of apps that write them as text.
fn plain(json: &Json, of: Option<Type>) -> Value {
    match json {
        Json::Null => Value::Null,
        Json::Bool(flag) => Value::Bool(*flag),
        Json::Number(number) => match number.as_i64() {
            Some(number) => Value::Int(number),
            None => Value::str(number.to_string()),
        },
        Json::String(text) if of == Some(Type::Boolean) => {
            boolean(json).map_or_else(|| Value::str(text.as_str()), Value::Bool)
        }
        Json::String(text) => Value::str(text.as_str()),
        Json::Array(items) => Value::List(items.iter().map(|item| entry_value(item, None, of)).collect()),
        Json::Object(_) => entry_value(json, None, of),
    }
}

/// A boolean, also as text.
pub(super) fn boolean(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(flag) => Some(*flag),
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
            ConditionValue::Text(wanted) => actual
                .as_str()
                .is_some_and(|actual| actual == &**wanted || actual.to_lowercase() == wanted.to_lowercase()),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog;
    use serde_json::json;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn read(object: &Json, path: &str) -> Value {
        let path = Path::parse(path).unwrap();
        let schema = catalog::scim::definition().users.attribute(&path);
        value(object.as_object().unwrap(), &path, schema.as_ref(), false)
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
    fn an_object_is_never_taken_for_nothing() {
        let object = json!({"name": {"givenName": "Ada"}, "urn:x:y": {"o": {"a": 1}}});
        assert_ne!(read(&object, "name"), Value::Null);
        assert_ne!(read(&object, "urn:x:y:o"), Value::Null);
    }
}
