//! PATCH bodies (RFC 7644 section 3.5.2).

use serde_json::{Map, Value as Json, json};

use crate::model::path::Parts;
use crate::model::{Path, Value};

use super::extract;
use super::set::Set;
use super::settings::Patch;
use super::{overlay, wire};

/// URN of PATCH bodies.
pub(super) const PATCH_OP: &str = "urn:ietf:params:scim:api:messages:2.0:PatchOp";

/// The operations that make `current` have the values.
pub(super) fn operations(current: &Map<String, Json>, sets: &[Set<'_>], style: &Patch) -> Vec<Json> {
    let mut desired = current.clone();
    for set in sets {
        overlay::put(&mut desired, set);
    }
    let mut builder = Builder {
        current,
        desired: &desired,
        operations: Vec::new(),
        whole: Vec::new(),
        added: Vec::new(),
        object: Map::new(),
    };
    for set in sets {
        builder.add(set, style);
    }
    builder.finish()
}

/// The whole body.
pub(super) fn body(operations: &[Json], style: &Patch) -> Vec<u8> {
    let operations: Vec<Json> = operations
        .iter()
        .cloned()
        .map(|mut operation| {
            if style.capitalised
                && let Some(Json::String(op)) = operation.get_mut("op")
                && let Some(first) = op.get_mut(..1)
            {
                first.make_ascii_uppercase();
            }
            if style.bool_as_string
                && let Some(value) = operation.get_mut("value")
            {
                booleans_as_text(value);
            }
            operation
        })
        .collect();
    json!({"schemas": [PATCH_OP], "Operations": operations}).to_string().into_bytes()
}

fn booleans_as_text(json: &mut Json) {
    match json {
        Json::Bool(flag) => *json = Json::from(if *flag { "True" } else { "False" }),
        Json::Array(items) => items.iter_mut().for_each(booleans_as_text),
        Json::Object(map) => map.values_mut().for_each(booleans_as_text),
        _ => {}
    }
}

struct Builder<'b> {
    current: &'b Map<String, Json>,
    desired: &'b Map<String, Json>,
    operations: Vec<Json>,
    /// Attributes already written whole.
    whole: Vec<String>,
    /// New entries of multi-valued attributes: attribute, brackets, entry.
    added: Vec<(String, String, Map<String, Json>)>,
    /// For the style without paths.
    object: Map<String, Json>,
}

impl Builder<'_> {
    fn add(&mut self, set: &Set<'_>, style: &Patch) {
        let parts = set.path.parts();
        let is_list = set.schema.is_some_and(|schema| schema.multi_valued)
            || matches!(set.value, Value::List(_))
            || set.is_single
            || (!parts.filter.is_empty() && (!style.value_paths || style.as_object));
        if is_list {
            self.add_whole(parts, style);
        } else if set.value.is_null() {
            self.remove(set, style);
        } else if style.as_object {
            overlay::put(&mut self.object, set);
        } else if self.is_there(set.path) {
            let value = match set.schema {
                Some(schema) if schema.in_value && parts.filter.is_empty() => {
                    Json::Object(wire::entry(wire::scalar(set.value, Some(&schema))))
                }
                _ => wire::scalar(set.value, set.schema.as_ref()),
            };
            let path = path_text(parts, parts.sub.as_deref().or(default_sub(parts)));
            self.operations.push(json!({"op": "replace", "path": path, "value": value}));
        } else {
            self.add_entry(set);
        }
    }

    /// `replace` of a multi-valued attribute as a whole.
    fn add_whole(&mut self, parts: &Parts, style: &Patch) {
        let name = attribute_text(parts);
        if self.whole.iter().any(|known| known.eq_ignore_ascii_case(&name)) {
            return;
        }
        let list = whole(self.desired, parts);
        match list {
            Some(list) if style.as_object => {
                if let Some(object) = container(&mut self.object, parts) {
                    object.insert(parts.attribute.to_string(), list.clone());
                }
            }
            Some(list) => self.operations.push(json!({"op": "replace", "path": name, "value": list})),
            None => self.operations.push(json!({"op": "remove", "path": name})),
        }
        self.whole.push(name);
    }

    fn remove(&mut self, set: &Set<'_>, style: &Patch) {
        let parts = set.path.parts();
        let is_value = parts.sub.as_deref().is_none_or(|sub| sub.eq_ignore_ascii_case("value"));
        // An entry, or a reference, without its value would be nothing.
        let sub = if is_value { None } else { parts.sub.as_deref() };
        if parts.filter.is_empty() || (style.value_paths && self.is_there(set.path)) {
            self.operations.push(json!({"op": "remove", "path": path_text(parts, sub)}));
        }
    }

    /// Brackets that pick nothing yet, or a part of something that is not there: `replace` may fail with noTarget, so the
    /// whole is added, with everything that this update wants in it.
    fn add_entry(&mut self, set: &Set<'_>) {
        let parts = set.path.parts();
        let sub = parts.sub.as_deref().unwrap_or("value");
        let entry = overlay::new_entry(&parts.filter, sub, set.value, set.schema.as_ref());
        let attribute = attribute_text(parts);
        let brackets = path_text(parts, None);
        match self.added.iter_mut().find(|(_, known, _)| known.eq_ignore_ascii_case(&brackets)) {
            Some((_, _, known)) => known.extend(entry),
            None => self.added.push((attribute, brackets, entry)),
        }
    }

    fn is_there(&self, path: &Path) -> bool {
        let parts = path.parts();
        if parts.filter.is_empty() && parts.sub.is_none() {
            return true;
        }
        match whole(self.current, parts) {
            Some(Json::Array(entries)) => entries.iter().any(|entry| extract::picks(&parts.filter, entry)),
            Some(Json::Object(entry)) if parts.filter.is_empty() => !entry.is_empty(),
            Some(entry) => extract::picks(&parts.filter, entry),
            None => false,
        }
    }

    fn finish(mut self) -> Vec<Json> {
        if !self.object.is_empty() {
            self.operations.insert(0, json!({"op": "replace", "value": self.object}));
        }
        for (attribute, brackets, entry) in self.added {
            let value = match brackets == attribute {
                true => Json::Object(entry),
                false => Json::Array(vec![Json::Object(entry)]),
            };
            self.operations.push(json!({"op": "add", "path": attribute, "value": value}));
        }
        self.operations
    }
}

/// The attribute a path begins with, whole.
fn whole<'o>(object: &'o Map<String, Json>, parts: &Parts) -> Option<&'o Json> {
    let object = match &parts.urn {
        Some(urn) => super::json::get(object, urn)?.as_object()?,
        None => object,
    };
    super::json::get(object, &parts.attribute)
}

/// Where the attribute stands in an object for the style without paths.
fn container<'o>(object: &'o mut Map<String, Json>, parts: &Parts) -> Option<&'o mut Map<String, Json>> {
    match parts.urn.as_deref() {
        Some(urn) => object.entry(urn).or_insert_with(|| Json::Object(Map::new())).as_object_mut(),
        None => Some(object),
    }
}

/// `emails`, `urn:…:User:manager`.
fn attribute_text(parts: &Parts) -> String {
    match &parts.urn {
        Some(urn) => format!("{urn}:{}", parts.attribute),
        None => parts.attribute.to_string(),
    }
}

/// An entry picked by brackets stands for its `value`.
fn default_sub(parts: &Parts) -> Option<&'static str> {
    (!parts.filter.is_empty()).then_some("value")
}

fn path_text(parts: &Parts, sub: Option<&str>) -> String {
    let mut text = attribute_text(parts);
    if !parts.filter.is_empty() {
        let conditions: Vec<_> = parts.filter.iter().map(extract::condition_text).collect();
        text.push_str(&format!("[{}]", conditions.join(" and ")));
    }
    if let Some(sub) = sub {
        text.push('.');
        text.push_str(sub);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalog::scim;

    const STYLE: Patch = Patch {
        as_object: false,
        value_paths: true,
        ops_per_request: usize::MAX,
        capitalised: false,
        bool_as_string: false,
    };
    const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager";
    const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
    const WORK: &str = r#"emails[type eq "work"].value"#;

    fn patch(current: Json, sets: &[(&str, Value)], style: &Patch) -> Json {
        let paths: Vec<_> = sets.iter().map(|(path, _)| Path::parse(path).unwrap()).collect();
        let sets: Vec<_> = paths
            .iter()
            .zip(sets)
            .map(|(path, (_, value))| Set {
                path,
                value,
                schema: scim::definition().users.attribute(path),
                is_single: false,
            })
            .collect();
        Json::Array(operations(current.as_object().unwrap(), &sets, style))
    }

    #[test]
    fn one_operation_per_attribute() {
        let manager = format!("{MANAGER}.value");
        let sets = [
            ("title", "T".into()),
            ("name.givenName", "G".into()),
            (MANAGER, "7".into()),
            (manager.as_str(), "8".into()),
            ("active", Value::Bool(false)),
            ("locale", Value::Null),
        ];
        let urn = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
        let current = json!({"name": {"familyName": "F"}, urn: {"manager": {"value": "1"}}});
        assert_eq!(
            patch(current, &sets, &STYLE),
            json!([
                {"op": "replace", "path": "title", "value": "T"},
                {"op": "replace", "path": "name.givenName", "value": "G"},
                {"op": "replace", "path": MANAGER, "value": {"value": "7"}},
                {"op": "replace", "path": manager, "value": "8"},
                {"op": "replace", "path": "active", "value": false},
                {"op": "remove", "path": "locale"},
            ])
        );
        let current = json!({urn: {"manager": {"value": "1"}}});
        assert_eq!(
            patch(current, &[(&manager, Value::Null)], &STYLE),
            json!([{"op": "remove", "path": MANAGER}])
        );
        let names =
            [("name.givenName", "G".into()), ("name.familyName", "F".into()), (manager.as_str(), "8".into())];
        assert_eq!(
            patch(json!({}), &names, &STYLE),
            json!([
                {"op": "add", "path": "name", "value": {"givenName": "G", "familyName": "F"}},
                {"op": "add", "path": MANAGER, "value": {"value": "8"}},
            ])
        );
    }

    #[test]
    fn an_entry_that_is_not_there_is_added_whole() {
        let there = json!({"emails": [{"type": "WORK", "value": "a"}]});
        assert_eq!(
            patch(there.clone(), &[(WORK, "b".into())], &STYLE),
            json!([{"op": "replace", "path": WORK, "value": "b"}])
        );
        assert_eq!(
            patch(json!({}), &[(WORK, "b".into())], &STYLE),
            json!([{"op": "add", "path": "emails", "value": [{"type": "work", "value": "b"}]}])
        );
        let address = [
            (r#"addresses[type eq "work"].locality"#, "L".into()),
            (r#"addresses[type eq "work"].country"#, "C".into()),
        ];
        assert_eq!(
            patch(json!({}), &address, &STYLE),
            json!([{"op": "add", "path": "addresses", "value": [{"type": "work", "locality": "L", "country": "C"}]}])
        );
        assert_eq!(
            patch(there, &[(WORK, Value::Null)], &STYLE),
            json!([{"op": "remove", "path": r#"emails[type eq "work"]"#}])
        );
        assert_eq!(patch(json!({}), &[(WORK, Value::Null)], &STYLE), json!([]));
    }

    #[test]
    fn without_value_paths_the_list_is_written_whole() {
        let style = Patch { value_paths: false, ..STYLE };
        let current = json!({"emails": [{"type": "home", "value": "h"}, {"type": "work", "value": "a"}]});
        assert_eq!(
            patch(current, &[(WORK, "b".into())], &style),
            json!([{"op": "replace", "path": "emails",
                    "value": [{"type": "home", "value": "h"}, {"type": "work", "value": "b"}]}])
        );
        let only = json!({"emails": [{"type": "work", "value": "a"}]});
        assert_eq!(patch(only, &[(WORK, Value::Null)], &style), json!([{"op": "remove", "path": "emails"}]));
    }

    #[test]
    fn one_object_without_a_path() {
        let style = Patch { as_object: true, ..STYLE };
        let sets = [
            ("title", "T".into()),
            ("name.givenName", "G".into()),
            (DEPARTMENT, "D".into()),
            (WORK, "b".into()),
            ("locale", Value::Null),
        ];
        let current = json!({"emails": [{"type": "home", "value": "h"}], "name": {"familyName": "F"}});
        assert_eq!(
            patch(current, &sets, &style),
            json!([
                {"op": "replace", "value": {
                    "title": "T", "name": {"givenName": "G"},
                    "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User": {"department": "D"},
                    "emails": [{"type": "home", "value": "h"}, {"type": "work", "value": "b"}],
                }},
                {"op": "remove", "path": "locale"},
            ])
        );
    }

    #[test]
    fn old_servers_want_other_words() {
        let style = Patch { capitalised: true, bool_as_string: true, ..STYLE };
        let body = body(&[json!({"op": "replace", "path": "active", "value": false})], &style);
        assert_eq!(
            serde_json::from_slice::<Json>(&body).unwrap(),
            json!({"schemas": [PATCH_OP], "Operations": [{"op": "Replace", "path": "active", "value": "False"}]})
        );
    }
}
