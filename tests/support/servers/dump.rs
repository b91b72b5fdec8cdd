//! Reads a whole server, and makes two readings comparable.

use std::collections::{BTreeMap, HashSet};

use serde_json::{Map, Value, json};

use super::RealServer;

const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

/// All objects below a path, each once, in the order answered.
pub fn list(server: &RealServer, path: &str) -> Vec<Value> {
    let mut seen = HashSet::new();
    let mut all = Vec::new();
    loop {
        let page = server.get(&format!("{path}?startIndex={}&count=200", all.len() + 1));
        assert_eq!(page.status, 200, "{path}: {}", String::from_utf8_lossy(&page.body));
        let page = page.json();
        let rows = page["Resources"].as_array().cloned().unwrap_or_default();
        let total = page["totalResults"].as_u64().expect("totalResults");
        let before = all.len();
        all.extend(rows.into_iter().filter(|row| seen.insert(row["id"].to_string())));
        if all.len() as u64 >= total {
            return all;
        }
        assert!(all.len() > before, "{path}: {} of {total} objects, and no page brings more", all.len());
    }
}

/// Replaces ids by names, removes values that differ from run to run, and sorts everything.
pub fn normalised(users: Vec<Value>, groups: Vec<Value>) -> Value {
    let named = |objects: &[Value], kind: &str, attribute: &str| -> Vec<(String, String)> {
        objects
            .iter()
            .map(|object| (text(&object["id"]), format!("{kind}:{}", text(&object[attribute]))))
            .collect()
    };
    let names = Names {
        users: named(&users, "user", "userName").into_iter().collect(),
        groups: named(&groups, "group", "displayName").into_iter().collect(),
    };
    let users: Vec<Value> = users.into_iter().map(|user| names.user(user)).collect();
    let groups: Vec<Value> = groups.into_iter().map(|group| names.group(group)).collect();
    json!({"users": sorted(users), "groups": sorted(groups)})
}

/// Names by id. Users and groups are apart, since some servers number both from 1.
struct Names {
    users: BTreeMap<String, String>,
    groups: BTreeMap<String, String>,
}

impl Names {
    fn user(&self, mut user: Value) -> Value {
        let id = self.of_user(&user["id"]);
        if let Some(object) = user.as_object_mut() {
            object.insert("id".to_string(), id);
            object.remove("meta");
            self.references(object.get_mut("groups"), |id| self.of_group(id));
            if let Some(manager) =
                object.get_mut(ENTERPRISE).and_then(|enterprise| enterprise.get_mut("manager"))
            {
                self.reference(manager, &|id| self.of_user(id));
            }
        }
        user
    }

    fn group(&self, mut group: Value) -> Value {
        let id = self.of_group(&group["id"]);
        if let Some(object) = group.as_object_mut() {
            object.insert("id".to_string(), id);
            object.remove("meta");
            self.references(object.get_mut("members"), |id| self.of_member(id));
            // No members and an empty list of members are one state.
            if object.get("members").is_none_or(|members| members == &json!([])) {
                object.remove("members");
            }
        }
        group
    }

    fn references(&self, list: Option<&mut Value>, name: impl Fn(&Value) -> Value) {
        if let Some(Value::Array(entries)) = list {
            entries.iter_mut().for_each(|entry| self.reference(entry, &name));
            entries.sort_by_key(Value::to_string);
        }
    }

    fn reference(&self, entry: &mut Value, name: &dyn Fn(&Value) -> Value) {
        if let Some(object) = entry.as_object_mut() {
            object.remove("$ref");
            if let Some(id) = object.get("value") {
                let named = name(id);
                object.insert("value".to_string(), named);
            }
        }
    }

    fn of_user(&self, id: &Value) -> Value {
        lookup(&[&self.users], id)
    }

    fn of_group(&self, id: &Value) -> Value {
        lookup(&[&self.groups], id)
    }

    fn of_member(&self, id: &Value) -> Value {
        lookup(&[&self.users, &self.groups], id)
    }
}

/// The name for an id, or `(nobody)` if no object has it.
fn lookup(names: &[&BTreeMap<String, String>], id: &Value) -> Value {
    let id = text(id);
    let name = names.iter().find_map(|names| names.get(&id));
    Value::String(name.cloned().unwrap_or_else(|| "(nobody)".to_string()))
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_string)
}

/// Sorts objects by name, and their keys by the alphabet, so that the order of serde_json does not matter.
fn sorted(objects: Vec<Value>) -> Vec<Value> {
    let mut objects: Vec<Value> = objects.into_iter().map(in_order).collect();
    objects.sort_by_key(|object| (text(&object["id"]), object.to_string()));
    objects
}

fn in_order(value: Value) -> Value {
    match value {
        Value::Object(object) => {
            let ordered: BTreeMap<String, Value> =
                object.into_iter().map(|(key, value)| (key, in_order(value))).collect();
            Value::Object(Map::from_iter(ordered))
        }
        Value::Array(list) => Value::Array(list.into_iter().map(in_order).collect()),
        other => other,
    }
}
