use super::*;

#[test]
fn malformed_requests() {
    refused(json!("x"), "invalidSyntax", "operation 1: it must be an object");
    refused(json!({"op": "move", "path": "title"}), "invalidSyntax", "\"move\"");
    refused(json!({"op": "add", "path": 5, "value": "x"}), "invalidSyntax", "`path`");
    refused(json!({"op": "add", "path": "title"}), "invalidValue", "`value` is missing");
    refused(json!({"op": "add", "value": "x"}), "invalidSyntax", "must be an object");
    refused(json!({"op": "add", "value": {"shoeSize": 5}}), "invalidPath", "shoeSize");
    refused(json!({"op": "remove"}), "noTarget", "needs a `path`");
    refused(
        json!({"op": "remove", "path": "emails", "value": [{"value": "x"}]}),
        "invalidSyntax",
        "takes no `value`",
    );
    refused(json!({"op": "replace", "path": "active", "value": "False"}), "invalidValue", "without quotes");
    assert!(patch_of(Kind::User, ada(), json!([])).is_err());
    let many = Value::Array(vec![json!({"op": "remove", "path": "title"}); OPERATIONS + 1]);
    let fault = patch_of(Kind::User, ada(), many).expect_err("too many");
    assert_eq!(fault.status, StatusCode::PAYLOAD_TOO_LARGE);
}

#[test]
fn members_are_told_apart_by_value() {
    let group = json!({
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "Staff",
        "members": [
            {"value": "u-0001", "type": "User", "$ref": "https://x/Users/u-0001", "display": "Ada"},
            {"value": "u-0002", "type": "User", "$ref": "https://x/Users/u-0002"},
        ],
    });
    let members = |operations: Value| {
        let result = patch_of(Kind::Group, group.clone(), operations)?;
        let members = result["members"].as_array().cloned().unwrap_or_default();
        Ok::<_, Fault>(members.iter().filter_map(|m| m["value"].as_str()).collect::<Vec<_>>().join(" "))
    };
    let ok = |operation: Value| members(json!([operation])).expect("accepted");
    assert_eq!(ok(json!({"op": "add", "path": "members", "value": [{"value": "u-0001"}]})), "u-0001 u-0002");
    assert_eq!(
        ok(json!({"op": "add", "path": "members", "value": [{"value": "u-0003"}]})),
        "u-0001 u-0002 u-0003"
    );
    assert_eq!(ok(json!({"op": "replace", "path": "members", "value": [{"value": "u-0009"}]})), "u-0009");
    assert_eq!(ok(json!({"op": "remove", "path": "members[value eq \"u-0001\"]"})), "u-0002");
    assert_eq!(ok(json!({"op": "remove", "path": "members"})), "");
    let edit = json!([{"op": "replace", "path": "members[value eq \"u-0001\"].value", "value": "u-0009"}]);
    assert_eq!(members(edit).map_err(|fault| fault.scim_type), Err(Some("mutability")));
    let whole =
        json!([{"op": "replace", "path": "members[value eq \"u-0001\"]", "value": {"value": "u-0009"}}]);
    assert_eq!(members(whole).map_err(|fault| fault.scim_type), Err(Some("mutability")));
}
