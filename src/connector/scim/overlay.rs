//! Laying wanted values over an object, everything else kept as it is (RFC 7644 section 3.5.1, safe form).

use serde_json::{Map, Value as Json};

use crate::catalog::AttributeSchema;
use crate::model::Value;
use crate::model::path::{Condition, ConditionValue};

use super::extract::picks;
use super::json::spelling;
use super::set::Set;
use super::wire;

/// Puts a value at its path; null removes the value there.
pub(super) fn put(object: &mut Map<String, Json>, set: &Set<'_>) {
    let parts = set.path.parts();
    match &parts.urn {
        Some(urn) => {
            let urn = owned_spelling(object, urn);
            let mut extension = taken_object(object, &urn);
            put_in(&mut extension, set);
            if !extension.is_empty() {
                object.insert(urn, Json::Object(extension));
            }
        }
        None => put_in(object, set),
    }
}

fn put_in(object: &mut Map<String, Json>, wanted: &Set<'_>) {
    let (parts, value, schema) = (wanted.path.parts(), wanted.value, wanted.schema.as_ref());
    let name = owned_spelling(object, &parts.attribute);
    let several = schema.is_some_and(|schema| schema.multi_valued);
    let sub = parts.sub.as_deref();
    let is_value = sub.is_none_or(|sub| sub.eq_ignore_ascii_case("value"));
    let new = if wanted.is_single {
        only(object.remove(&name), &parts.filter, sub, value, schema)
    } else if !parts.filter.is_empty() {
        picked(object.remove(&name), &parts.filter, sub, value, schema)
    } else if (several || matches!(value, Value::List(_))) && is_value {
        all(object.remove(&name), value, schema, sub.is_some())
    } else if let Some(sub) = sub {
        below(taken_object(object, &name), sub, value, schema)
    } else if value.is_null() {
        None
    } else if schema.is_some_and(|schema| schema.in_value) {
        Some(Json::Object(wire::entry(wire::scalar(value, schema))))
    } else {
        Some(wire::scalar(value, schema))
    };
    match new {
        Some(new) => object.insert(name, new),
        None => object.remove(&name),
    };
}

/// The sub-attribute of the only value.
fn below(
    mut entry: Map<String, Json>,
    sub: &str,
    value: &Value,
    schema: Option<&AttributeSchema>,
) -> Option<Json> {
    set(&mut entry, sub, value, schema);
    (!entry.is_empty()).then_some(Json::Object(entry))
}

/// All values of a multi-valued attribute: entries that stay keep their other sub-attributes.
fn all(
    before: Option<Json>,
    value: &Value,
    schema: Option<&AttributeSchema>,
    in_entries: bool,
) -> Option<Json> {
    let before = entries(before);
    let as_entries = in_entries
        || schema.is_some_and(|schema| schema.in_value)
        || (schema.is_none() && before.iter().any(Json::is_object));
    let after: Vec<Json> = wire::items(value)
        .into_iter()
        .map(|item| {
            let wanted = wire::scalar(item, schema);
            if !as_entries {
                return wanted;
            }
            let has_it = |entry: &&Json| {
                let map = entry.as_object();
                map.and_then(|map| super::json::get(map, "value")) == Some(&wanted)
            };
            let kept = before.iter().find(has_it).cloned();
            kept.unwrap_or_else(|| Json::Object(wire::entry(wanted)))
        })
        .collect();
    (!after.is_empty()).then_some(Json::Array(after))
}

/// The entries that brackets pick, or a new one that they would.
fn picked(
    before: Option<Json>,
    filter: &[Condition],
    sub: Option<&str>,
    value: &Value,
    schema: Option<&AttributeSchema>,
) -> Option<Json> {
    let mut entries = entries(before);
    let sub = sub.unwrap_or("value");
    if value.is_null() && sub.eq_ignore_ascii_case("value") {
        entries.retain(|entry| !picks(filter, entry));
    } else {
        let mut found = false;
        for entry in entries.iter_mut().filter(|entry| picks(filter, entry)) {
            if let Json::Object(map) = entry {
                set(map, sub, value, schema);
                found = true;
            }
        }
        if !found && !value.is_null() {
            entries.push(Json::Object(new_entry(filter, sub, value, schema)));
        }
    }
    (!entries.is_empty()).then_some(Json::Array(entries))
}

/// The one entry that the app keeps, made to meet the conditions.
fn only(
    before: Option<Json>,
    filter: &[Condition],
    sub: Option<&str>,
    value: &Value,
    schema: Option<&AttributeSchema>,
) -> Option<Json> {
    let sub = sub.unwrap_or("value");
    if value.is_null() && sub.eq_ignore_ascii_case("value") {
        return None;
    }
    let mut entry = match entries(before).into_iter().next() {
        Some(Json::Object(entry)) => entry,
        _ => Map::new(),
    };
    let new = new_entry(filter, sub, value, schema);
    for (name, json) in new {
        let name = owned_spelling(&entry, &name);
        entry.insert(name, json);
    }
    set(&mut entry, sub, value, schema);
    Some(Json::Array(vec![Json::Object(entry)]))
}

/// An entry that meets the conditions and has the value.
pub(super) fn new_entry(
    filter: &[Condition],
    sub: &str,
    value: &Value,
    schema: Option<&AttributeSchema>,
) -> Map<String, Json> {
    let mut entry = Map::new();
    for condition in filter {
        let wanted = match &condition.value {
            ConditionValue::Text(text) => Json::from(&**text),
            ConditionValue::Bool(flag) => Json::Bool(*flag),
        };
        entry.insert(condition.name.to_string(), wanted);
    }
    set(&mut entry, sub, value, schema);
    entry
}

/// Sets a sub-attribute. What described the old `value` goes with it.
fn set(entry: &mut Map<String, Json>, sub: &str, value: &Value, schema: Option<&AttributeSchema>) {
    let name = owned_spelling(entry, sub);
    let new = wire::scalar(value, schema);
    if sub.eq_ignore_ascii_case("value") && entry.get(&name) != Some(&new) {
        for stale in ["$ref", "displayName"] {
            entry.remove(&owned_spelling(entry, stale));
        }
    }
    if value.is_null() {
        entry.remove(&name);
    } else {
        entry.insert(name, new);
    }
}

fn entries(json: Option<Json>) -> Vec<Json> {
    match json {
        Some(Json::Array(entries)) => entries,
        Some(Json::Null) | None => Vec::new(),
        Some(single) => vec![single],
    }
}

fn taken_object(object: &mut Map<String, Json>, name: &str) -> Map<String, Json> {
    match object.remove(name) {
        Some(Json::Object(map)) => map,
        _ => Map::new(),
    }
}

fn owned_spelling(object: &Map<String, Json>, name: &str) -> String {
    spelling(object, name).unwrap_or(name).to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;
    use crate::model::Path;
    use serde_json::json;

    const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

    fn laid_over(object: Json, path: &str, value: impl Into<Value>, is_single: bool) -> Json {
        let Json::Object(mut map) = object else { panic!() };
        let path = Path::parse(path).unwrap();
        let set = Set {
            path: &path,
            value: &value.into(),
            schema: scim::definition().users.attribute(&path),
            is_single,
        };
        put(&mut map, &set);
        Json::Object(map)
    }

    fn after(object: Json, path: &str, value: impl Into<Value>) -> Json {
        laid_over(object, path, value, false)
    }

    #[test]
    fn the_only_entry_is_the_one_meant() {
        let before = json!({"emails": [{"Value": "old", "primary": true}]});
        let work = r#"emails[type eq "work"].value"#;
        assert_eq!(
            laid_over(before.clone(), work, "new", true),
            json!({"emails": [{"Value": "new", "primary": true, "type": "work"}]})
        );
        assert_eq!(laid_over(before, work, Value::Null, true), json!({}));
        assert_eq!(
            laid_over(json!({}), work, "new", true),
            json!({"emails": [{"type": "work", "value": "new"}]})
        );
    }

    #[test]
    fn what_is_not_named_stays() {
        let before = json!({"Title": "a", "name": {"givenName": "A", "middleName": "M"}, "x": 1});
        assert_eq!(after(before.clone(), "title", "b")["Title"], "b");
        assert_eq!(
            after(before.clone(), "name.givenName", "B"),
            json!({"Title": "a", "name": {"givenName": "B", "middleName": "M"}, "x": 1})
        );
        assert_eq!(after(before, "title", Value::Null).get("Title"), None);
        assert_eq!(after(json!({"name": {"givenName": "A"}}), "name.givenName", Value::Null), json!({}));
    }

    #[test]
    fn brackets_change_their_entry_or_add_it() {
        let before =
            json!({"emails": [{"type": "home", "value": "h"}, {"type": "Work", "value": "w", "x": 1}]});
        let work = r#"emails[type eq "work"].value"#;
        assert_eq!(
            after(before.clone(), work, "n")["emails"],
            json!([{"type": "home", "value": "h"}, {"type": "Work", "value": "n", "x": 1}])
        );
        assert_eq!(
            after(before.clone(), work, Value::Null)["emails"],
            json!([{"type": "home", "value": "h"}])
        );
        assert_eq!(after(json!({}), work, "n"), json!({"emails": [{"type": "work", "value": "n"}]}));
        assert_eq!(after(json!({}), work, Value::Null), json!({}));
        let primary = r#"emails[type eq "work" and primary eq true].value"#;
        assert_eq!(
            after(json!({}), primary, "n"),
            json!({"emails": [{"type": "work", "primary": true, "value": "n"}]})
        );
    }

    #[test]
    fn lists_keep_what_their_entries_carry() {
        let before = json!({"roles": [{"value": "a", "type": "t"}, {"value": "b"}]});
        let roles = Value::List(vec!["a".into(), "c".into()]);
        assert_eq!(
            after(before.clone(), "roles", roles.clone())["roles"],
            json!([{"value": "a", "type": "t"}, {"value": "c"}])
        );
        assert_eq!(after(before, "roles", Value::Null), json!({}));
        assert_eq!(
            after(json!({}), "urn:x:2.0:User:tags", roles),
            json!({"urn:x:2.0:User": {"tags": ["a", "c"]}})
        );
    }

    #[test]
    fn a_new_manager_has_not_the_name_of_the_old() {
        let before =
            json!({ENTERPRISE: {"manager": {"value": "1", "displayName": "Old", "$ref": "../Users/1"}}});
        let path = format!("{ENTERPRISE}:manager.value");
        assert_eq!(after(before.clone(), &path, "2"), json!({ENTERPRISE: {"manager": {"value": "2"}}}));
        assert_eq!(after(before.clone(), &path, "1"), before);
        assert_eq!(after(before.clone(), &path, Value::Null), json!({}));
        assert_eq!(
            after(before, &format!("{ENTERPRISE}:manager"), "2"),
            json!({ENTERPRISE: {"manager": {"value": "2"}}})
        );
    }
}
