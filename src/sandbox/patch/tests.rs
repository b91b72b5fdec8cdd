mod requests;

use serde_json::json;

use super::*;

const URN: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";

fn ada() -> Value {
    json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
        "id": "u-0001",
        "userName": "ada",
        "name": {"givenName": "Ada", "familyName": "Lovelace"},
        "emails": [
            {"value": "ada@acme.example", "type": "work", "primary": true},
            {"value": "ada@home.example", "type": "home"},
        ],
        "groups": [{"value": "g-0001"}],
        URN: {"department": "Engineering", "manager": {"value": "u-0002", "displayName": "Grace"}},
    })
}

fn patch_of(kind: Kind, resource: Value, operations: Value) -> Result<Value, Fault> {
    let request = json!({"schemas": [SCHEMA], "Operations": operations});
    let (Value::Object(resource), Value::Object(request)) = (resource, request) else {
        panic!("both are objects");
    };
    apply(kind, resource, &request).map(Value::Object)
}

fn patch(operation: Value) -> Result<Value, Fault> {
    patch_of(Kind::User, ada(), json!([operation]))
}

#[track_caller]
fn gives(operation: Value, pointer: &str, expected: Value) {
    let result = patch(operation.clone()).unwrap_or_else(|fault| panic!("{operation}: {fault:?}"));
    assert_eq!(result.pointer(pointer).cloned().unwrap_or_default(), expected, "{operation}");
}

#[track_caller]
fn refused(operation: Value, scim_type: &str, part: &str) {
    let fault = patch(operation.clone()).expect_err("it should be refused");
    assert_eq!(fault.scim_type, Some(scim_type), "{operation}: {fault:?}");
    assert!(fault.detail.contains(part), "{operation}: {fault:?}");
}

#[test]
fn single_values() {
    gives(json!({"op": "add", "path": "title", "value": "Countess"}), "/title", json!("Countess"));
    gives(json!({"op": "Replace", "path": "USERNAME", "value": "ada2"}), "/userName", json!("ada2"));
    gives(json!({"op": "replace", "path": "active", "value": false}), "/active", json!(false));
    gives(json!({"op": "replace", "path": "name.givenName", "value": "A."}), "/name/givenName", json!("A."));
    gives(json!({"op": "remove", "path": "name.givenName"}), "/name", json!({"familyName": "Lovelace"}));
    gives(json!({"op": "remove", "path": "name"}), "/name", Value::Null);
    gives(json!({"op": "remove", "path": "nickName"}), "/nickName", Value::Null);
    gives(json!({"op": "replace", "path": "name", "value": null}), "/name", Value::Null);
    let merged = json!({"givenName": "Augusta", "familyName": "Lovelace"});
    gives(json!({"op": "replace", "path": "name", "value": {"givenName": "Augusta"}}), "/name", merged);
}

#[test]
fn extensions() {
    let at = |name: &str| format!("/{URN}/{name}");
    let path = |name: &str| format!("{URN}:{name}");
    gives(json!({"op": "add", "path": path("costCenter"), "value": "7"}), &at("costCenter"), json!("7"));
    gives(
        json!({"op": "replace", "path": path("manager.value"), "value": "u-3"}),
        &at("manager/value"),
        json!("u-3"),
    );
    gives(json!({"op": "remove", "path": path("manager")}), &at("manager"), Value::Null);
    gives(
        json!({"op": "replace", "path": URN, "value": {"department": "R&D"}}),
        &at("department"),
        json!("R&D"),
    );
    gives(json!({"op": "replace", "value": {URN: {"department": "R&D"}}}), &at("department"), json!("R&D"));
    gives(json!({"op": "remove", "path": URN}), &format!("/{URN}"), Value::Null);
    refused(json!({"op": "add", "path": path("shoeSize"), "value": "7"}), "invalidPath", "shoeSize");
    refused(
        json!({"op": "add", "path": path("manager.displayName"), "value": "x"}),
        "mutability",
        "read-only",
    );
}

#[test]
fn lists() {
    let home = json!({"value": "ada@home.example", "type": "home"});
    let other = json!({"value": "x@y.example"});
    let count = |operation: Value| {
        let result = patch(operation).expect("accepted");
        result["emails"].as_array().map_or(0, Vec::len)
    };
    assert_eq!(count(json!({"op": "add", "path": "emails", "value": [other]})), 3);
    assert_eq!(count(json!({"op": "add", "path": "emails", "value": other})), 3);
    assert_eq!(count(json!({"op": "add", "path": "emails", "value": [home]})), 2);
    assert_eq!(count(json!({"op": "add", "value": {"emails": [other]}})), 3);
    assert_eq!(count(json!({"op": "replace", "path": "emails", "value": [other]})), 1);
    assert_eq!(count(json!({"op": "replace", "path": "emails", "value": []})), 0);
    assert_eq!(count(json!({"op": "remove", "path": "emails"})), 0);
    assert_eq!(count(json!({"op": "remove", "path": "emails[type eq \"home\"]"})), 1);
    refused(json!({"op": "replace", "path": "emails.value", "value": "x"}), "invalidPath", "say which");
    refused(json!({"op": "add", "path": "roles", "value": ["ADMIN"]}), "invalidValue", "made of objects");
}

#[test]
fn values_found_by_a_filter() {
    let work = "emails[type eq \"work\"]";
    let value = format!("{work}.value");
    gives(
        json!({"op": "replace", "path": value, "value": "new@acme.example"}),
        "/emails/0/value",
        json!("new@acme.example"),
    );
    gives(
        json!({"op": "replace", "path": work, "value": {"value": "n"}}),
        "/emails/0",
        json!({"value": "n"}),
    );
    let merged = json!({"value": "n", "type": "work", "primary": true});
    gives(json!({"op": "add", "path": work, "value": {"value": "n"}}), "/emails/0", merged);
    gives(json!({"op": "remove", "path": value}), "/emails/0", json!({"type": "work", "primary": true}));
    for op in ["add", "replace"] {
        let nowhere = json!({"op": op, "path": "emails[type eq \"other\"].value", "value": "x"});
        refused(nowhere, "noTarget", "no value of emails fits");
    }
    refused(
        json!({"op": "remove", "path": "emails[type eq \"other\"]"}),
        "noTarget",
        "no value of emails fits",
    );
    refused(json!({"op": "remove", "path": "roles[value eq \"x\"]"}), "noTarget", "no value of roles fits");
}

#[test]
fn a_new_primary_takes_over() {
    let home = json!({"op": "replace", "path": "emails[type eq \"home\"].primary", "value": true});
    gives(home, "/emails/0/primary", json!(false));
    let added = json!({"op": "add", "path": "emails", "value": [{"value": "x", "primary": true}]});
    gives(added, "/emails/0/primary", json!(false));
    let both = json!({"op": "replace", "path": "emails[value pr].primary", "value": true});
    refused(both, "invalidValue", "only one value of emails can be primary");
}

#[test]
fn what_cannot_be_written() {
    refused(json!({"op": "replace", "path": "id", "value": "x"}), "mutability", "id is read-only");
    refused(json!({"op": "replace", "value": {"meta": {}}}), "mutability", "meta is read-only");
    refused(json!({"op": "add", "path": "groups", "value": [{"value": "g"}]}), "mutability", "groups");
    refused(json!({"op": "remove", "path": "userName"}), "mutability", "required");
    refused(json!({"op": "replace", "path": "userName", "value": null}), "mutability", "required");
    gives(json!({"op": "replace", "path": "password", "value": "s3cret"}), "/password", Value::Null);
}
