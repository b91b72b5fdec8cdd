//! An account: what may be written of it, and what is shown. The address is `emailId` here, and `email` in lists.

use serde_json::{Value, json};

use super::super::records::Object;
use super::answer::Fault;
use super::habits::Switches;
use super::row::{ENTERPRISE, Row};

/// What may be written.
const WRITABLE: [&str; 15] = [
    "username",
    "firstName",
    "middleName",
    "lastName",
    "emailId",
    "company",
    "title",
    "phone",
    "timezone",
    "timeFormat",
    "language",
    "defaultEndpoint",
    "passwordChangeRequired",
    "optOutOffers",
    "optOutNews",
];

/// What the `fields` of a list may name, and where it stands.
const FIELDS: [(&str, &str); 5] = [
    ("email", "emailId"),
    ("username", "username"),
    ("firstName", "firstName"),
    ("middleName", "middleName"),
    ("lastName", "lastName"),
];

/// The account of the connection.
pub(super) fn own_account(username: &str) -> Object {
    let own = json!({
        "username": username,
        "emailId": "sandbox@sandbox.invalid",
        "firstName": "Sandbox",
        "lastName": "Administrator",
    });
    match own {
        Value::Object(own) => own,
        _ => Object::new(),
    }
}

/// The text of an attribute.
pub(super) fn text<'o>(body: &'o Object, name: &str) -> &'o str {
    body.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// The content of a new account.
///
/// # Errors
/// 400: something that is required is missing.
pub(super) fn new(body: Object) -> Result<Object, Fault> {
    if text(&body, "password").is_empty() {
        return Err(Fault::malformed("password is required"));
    }
    complete(written(body))
}

/// The content after a PUT.
///
/// # Errors
/// 400: something that is required is missing.
pub(super) fn changed(switches: &Switches, before: &Object, body: Object) -> Result<Object, Fault> {
    let given = |name: &str| body.contains_key(name);
    let stays = before.iter().filter(|(name, _)| !switches.put_replaces && !given(name));
    let mut after: Object = stays.map(|(name, value)| (name.clone(), value.clone())).collect();
    after.extend(written(body));
    if !switches.username_changes {
        after.insert("username".to_owned(), text(before, "username").into());
    }
    complete(after)
}

fn written(mut body: Object) -> Object {
    body.retain(|name, value| WRITABLE.contains(&name.as_str()) && !value.is_null());
    body
}

fn complete(body: Object) -> Result<Object, Fault> {
    for name in ["username", "emailId"] {
        if text(&body, name).is_empty() {
            return Err(Fault::malformed(format!("{name} is required")));
        }
    }
    Ok(body)
}

/// An account as the app shows one.
pub(super) fn shown(id: u64, row: &Row) -> Object {
    let mut shown: Object = WRITABLE.iter().map(|name| ((*name).to_owned(), Value::Null)).collect();
    shown.extend(row.body.clone());
    let computed = [
        ("id", json!(id)),
        ("channel_id", json!(id)),
        ("dateJoined", json!(row.joined)),
        ("lastLogin", json!(0)),
        ("failedLoginCount", json!(0)),
        ("isInitialSetupDone", json!(true)),
        ("isVerified", json!(true)),
        ("profilePicture", Value::Null),
    ];
    shown.extend(computed.map(|(name, value)| (name.to_owned(), value)));
    shown
}

/// A row of a list, with the fields that were asked for. Nothing else than `id` and `uri` comes unasked.
pub(super) fn listed(switches: &Switches, id: u64, row: &Row, fields: &[&str]) -> Object {
    let mut listed = Object::new();
    listed.insert("id".to_owned(), id.into());
    listed.insert("uri".to_owned(), format!("/v1/user/{id}").into());
    let is_asked = |name: &str| switches.shows_all || fields.contains(&name);
    for (name, at) in FIELDS.into_iter().filter(|(name, _)| is_asked(name)) {
        listed.insert(name.to_owned(), row.body.get(at).cloned().unwrap_or_default());
    }
    if is_asked("isEnterpriseAdmin") {
        listed.insert("isEnterpriseAdmin".to_owned(), row.is_admin.into());
    }
    if is_asked("enterpriseJoinDate") {
        listed.insert("enterpriseJoinDate".to_owned(), row.joined.into());
    }
    listed
}

/// What a person is in the enterprise.
pub(super) fn profile(id: u64, row: &Row, is_admin: bool) -> Value {
    json!({
        "id": id,
        "enterprise": row.enterprise.unwrap_or(ENTERPRISE),
        "enterpriseName": "Sandbox",
        "enterpriseAdmin": is_admin,
        "joinDate": row.joined,
        "expiryDate": null,
        "customLandingDomain": null,
    })
}
