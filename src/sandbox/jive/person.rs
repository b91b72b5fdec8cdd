//! What may be written to a person, and how a person is shown.

use serde_json::{Value, json};

use super::super::records::Object;
use super::answer::Fault;
use super::desk::API;
use super::habits::Switches;
use super::row::Row;

/// Keys that the app computes; in a request they are ignored.
const READ_ONLY: [&str; 8] =
    ["id", "type", "typeCode", "displayName", "mentionName", "resources", "published", "updated"];
/// Keys below `jive` that are computed, or never shown.
const READ_ONLY_JIVE: [&str; 7] =
    ["password", "visible", "level", "lastProfileUpdate", "lastAuthenticated", "status", "sendable"];
/// Arrays of entries that have a label, and the object in which they stand.
const LABELLED: [(Option<&str>, &str); 4] =
    [(None, "emails"), (None, "phoneNumbers"), (None, "addresses"), (Some("jive"), "profile")];

/// The account of the connection.
pub(super) fn own_account(username: &str) -> Object {
    let own = json!({
        "name": {"givenName": "Sandbox", "familyName": "Administrator"},
        "emails": [{"value": "sandbox@sandbox.invalid", "jive_label": "Email", "type": "work", "primary": true}],
        "jive": {"username": username, "enabled": true},
    });
    match own {
        Value::Object(own) => own,
        _ => Object::new(),
    }
}

/// The text at two levels.
fn text<'o>(person: &'o Object, outer: &str, inner: &str) -> Option<&'o str> {
    person.get(outer)?.get(inner)?.as_str().filter(|text| !text.is_empty())
}

/// The login.
pub(super) fn username(person: &Object) -> &str {
    text(person, "jive", "username").unwrap_or_default()
}

/// The main address.
pub(super) fn email(person: &Object) -> Option<&str> {
    let entries = person.get("emails")?.as_array()?;
    let main = entries.iter().find(|entry| entry["jive_label"] == "Email")?;
    main["value"].as_str().filter(|text| !text.is_empty())
}

/// True unless the person may not log in.
pub(super) fn is_enabled(person: &Object) -> bool {
    is(person, "enabled", true)
}

/// True if the person is an external user.
pub(super) fn is_external(person: &Object) -> bool {
    is(person, "external", false)
}

fn is(person: &Object, flag: &str, unless_said: bool) -> bool {
    person.get("jive").and_then(|jive| jive.get(flag)).and_then(Value::as_bool).unwrap_or(unless_said)
}

/// The content of a new person.
///
/// # Errors
/// 400: something that is required is missing.
pub(super) fn new(switches: &Switches, body: Object) -> Result<Object, Fault> {
    if text(&body, "jive", "password").is_none() {
        return Err(Fault::malformed("jive.password is required"));
    }
    let mut person = written(body);
    complete(&person)?;
    if switches.profile_is_read_only {
        set_profile(&mut person, None);
    }
    set_flag(&mut person, "enabled", true);
    Ok(person)
}

/// The content after a PUT.
///
/// # Errors
/// 400: something that is required is missing.
pub(super) fn changed(switches: &Switches, before: &Object, body: Object) -> Result<Object, Fault> {
    let mut person = match switches.put_replaces {
        true => written(body),
        false => written(merged(before.clone(), body)),
    };
    complete(&person)?;
    if switches.profile_is_read_only {
        set_profile(&mut person, before.get("jive").and_then(|jive| jive.get("profile")).cloned());
    }
    set_flag(&mut person, "enabled", is_enabled(before));
    Ok(person)
}

/// Puts the username back.
pub(super) fn with_username(mut person: Object, username: &str) -> Object {
    if let Some(Value::Object(jive)) = person.get_mut("jive") {
        jive.insert("username".to_owned(), username.into());
    }
    person
}

/// What is required on create and on update.
fn complete(person: &Object) -> Result<(), Fault> {
    for (outer, inner) in [("name", "givenName"), ("name", "familyName"), ("jive", "username")] {
        if text(person, outer, inner).is_none() {
            return Err(Fault::malformed(format!("{outer}.{inner} is required")));
        }
    }
    if email(person).is_none() {
        return Err(Fault::malformed("an address with the label Email is required"));
    }
    Ok(())
}

/// What of a body is written: without what is computed, and without entries that have no value.
fn written(mut body: Object) -> Object {
    body.retain(|key, value| !READ_ONLY.contains(&key.as_str()) && !value.is_null());
    if let Some(Value::Object(jive)) = body.get_mut("jive") {
        jive.retain(|key, value| !READ_ONLY_JIVE.contains(&key.as_str()) && !value.is_null());
    }
    if let Some(Value::Object(name)) = body.get_mut("name") {
        name.remove("formatted");
    }
    for (outer, inner) in LABELLED {
        if let Some(Value::Array(entries)) = entries_of(&mut body, outer, inner) {
            entries.retain(|entry| entry.get("value").is_some_and(|value| !value.is_null() && value != ""));
        }
    }
    body
}

fn entries_of<'o>(person: &'o mut Object, outer: Option<&str>, inner: &str) -> Option<&'o mut Value> {
    match outer {
        None => person.get_mut(inner),
        Some(outer) => person.get_mut(outer)?.get_mut(inner),
    }
}

/// A body over what was there: what it leaves out stays, and entries are found by their labels.
fn merged(before: Object, body: Object) -> Object {
    let mut after = before;
    for (key, value) in body {
        let value = match (after.remove(&key), value) {
            (Some(Value::Object(before)), Value::Object(value)) => Value::Object(merged(before, value)),
            (Some(Value::Array(before)), Value::Array(value)) => {
                let is_there = |entry: &&Value| {
                    let label = entry.get("jive_label");
                    label.is_none() || value.iter().any(|new| new.get("jive_label") == label)
                };
                let stay: Vec<Value> = before.iter().filter(|entry| !is_there(entry)).cloned().collect();
                Value::Array(stay.into_iter().chain(value).collect())
            }
            (_, value) => value,
        };
        after.insert(key, value);
    }
    after
}

fn set_profile(person: &mut Object, profile: Option<Value>) {
    if let Some(Value::Object(jive)) = person.get_mut("jive") {
        jive.remove("profile");
        jive.extend(profile.map(|profile| ("profile".to_owned(), profile)));
    }
}

fn set_flag(person: &mut Object, flag: &str, unless_said: bool) {
    if let Some(Value::Object(jive)) = person.get_mut("jive") {
        jive.entry(flag).or_insert(unless_said.into());
    }
}

/// A person as the app shows one.
pub(super) fn shown(origin: &str, id: u64, row: &Row) -> Object {
    let mut person = row.body.clone();
    let name = |part: &str| text(&row.body, "name", part).unwrap_or_default().to_owned();
    let whole = format!("{} {}", name("givenName"), name("familyName"));
    if let Some(Value::Object(name)) = person.get_mut("name") {
        name.insert("formatted".to_owned(), whole.clone().into());
    }
    if let Some(Value::Object(jive)) = person.get_mut("jive") {
        for (key, value) in [("visible", json!(true)), ("status", json!("registered"))] {
            jive.insert(key.to_owned(), value);
        }
        for flag in ["external", "federated"] {
            jive.entry(flag).or_insert(json!(false));
        }
        jive.entry("profile").or_insert(json!([]));
    }
    let address = format!("{origin}{API}/people/{id}");
    let computed = [
        ("id", json!(id.to_string())),
        ("type", json!("person")),
        ("typeCode", json!(3)),
        ("displayName", json!(whole)),
        ("mentionName", json!(whole.replace(' ', "."))),
        ("resources", json!({"self": {"ref": address, "allowed": ["GET", "PUT", "DELETE"]}})),
    ];
    person.extend(computed.map(|(key, value)| (key.to_owned(), value)));
    person.extend(row.times().map(|(key, value)| (key.to_owned(), value.into())));
    person
}

/// What `@me` shows of a caller who is nobody.
pub(super) fn nobody() -> Value {
    json!({"id": "-1", "type": "person", "typeCode": 3, "displayName": "Guest"})
}
