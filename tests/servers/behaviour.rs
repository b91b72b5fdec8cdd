//! Habits of the real servers that the program must tolerate. If a test fails here after a new version is pinned, the
//! tests that rely on that habit have lost their meaning.

use serde_json::{Value, json};

use crate::support::servers::RealServer;

fn count(server: &RealServer, path: &str) -> Value {
    let answer = server.get(path);
    assert_eq!(answer.status, 200, "{path}: {}", String::from_utf8_lossy(&answer.body));
    answer.json()["totalResults"].clone()
}

#[test]
fn scim2_server_is_strict() {
    let server = RealServer::scim2_server();
    let ada = server.create_user(json!({"userName": "ada@acme.example", "externalId": "ada"}));
    let user =
        json!({"schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ADA@acme.example"});
    assert_eq!(server.request("POST", "/Users", Some(&user)).status, 409, "names differ in more than case");
    assert_eq!(count(&server, "/Users?filter=userName%20eq%20%22ADA@acme.example%22"), 1);
    assert_eq!(count(&server, "/Users?filter=externalId%20eq%20%22ADA%22"), 0);
    assert_eq!(server.get("/Users?filter=shoeSize%20eq%20%221%22").status, 400);

    let path = format!("/Users/{ada}");
    let title = server.patch(&path, json!([{"op": "replace", "path": "title", "value": "Analyst"}]));
    assert_eq!((title.status, title.body.len()), (204, 0));
    let no_target =
        json!([{"op": "add", "path": "emails[type eq \"work\"].value", "value": "a@acme.example"}]);
    let no_target = server.patch(&path, no_target);
    assert_eq!((no_target.status, no_target.json()["scimType"].clone()), (400, json!("noTarget")));
    let config = server.get("/ServiceProviderConfig").json();
    assert_eq!((&config["etag"]["supported"], &config["filter"]["maxResults"]), (&json!(true), &json!(1000)));
}

#[test]
fn scim2_server_keeps_ghosts_and_namesakes() {
    let server = RealServer::scim2_server();
    let ada = server.create_user(json!({"userName": "ada"}));
    let group = server.create_group(json!({"displayName": "g", "members": [{"value": "nobody"}]}));
    server.create_group(json!({"displayName": "g"}));
    assert_eq!(server.add_member(&group, &ada).status, 204);
    assert_eq!(server.delete(&format!("/Users/{ada}")).status, 204);
    let members = server.get(&format!("/Groups/{group}")).json()["members"].clone();
    assert_eq!(members.as_array().map(Vec::len), Some(2));
    let with_value = json!([{"op": "remove", "path": "members", "value": [{"value": ada}]}]);
    assert_eq!(server.patch(&format!("/Groups/{group}"), with_value).status, 400);
    let by_filter = json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]);
    assert_eq!(server.patch(&format!("/Groups/{group}"), by_filter).status, 204);
}

#[test]
fn scimmy_adds_a_member_twice() {
    let server = RealServer::scimmy();
    let ada = server.create_user(json!({"userName": "ada"}));
    let group = server.create_group(json!({"displayName": "g"}));
    assert_eq!(server.add_member(&group, &ada).status, 200);
    assert_eq!(server.add_member(&group, &ada).status, 200);
    let members = server.get(&format!("/Groups/{group}")).json()["members"].clone();
    assert_eq!(members, json!([{"value": ada}, {"value": ada}]));
}

#[test]
fn scimmy_filters_by_case_and_pages_in_circles() {
    let server = RealServer::scimmy();
    server.create_user(json!({"userName": "ada", "name": {"givenName": "Ada", "familyName": "L"}}));
    for number in 0..21 {
        server.create_user(json!({"userName": format!("user-{number:02}")}));
    }
    assert_eq!(count(&server, "/Users?filter=userName%20eq%20%22ada%22"), 1);
    assert_eq!(count(&server, "/Users?filter=userName%20eq%20%22ADA%22"), 0);
    assert_eq!(count(&server, "/Users?filter=shoeSize%20eq%20%221%22"), 0);
    // This is so when one user has no name.
    assert_eq!(server.get("/Users?filter=name.givenName%20eq%20%22Ada%22").status, 400);

    let page = server.get("/Users").json();
    assert_eq!((page["Resources"].as_array().map(Vec::len), &page["totalResults"]), (Some(20), &json!(22)));
    // Behind the last page it starts again, so a client that waits for an empty page never ends.
    let past = server.get("/Users?startIndex=23&count=1").json();
    assert_eq!(past["Resources"][0]["userName"], "ada");
    assert_eq!(past["startIndex"], 23);
}

#[test]
fn scimmy_drops_what_it_does_not_know() {
    let server = RealServer::scimmy();
    let id = server.create_user(json!({"userName": "ada", "shoeSize": 38}));
    let path = format!("/Users/{id}");
    assert_eq!(server.get(&path).json().get("shoeSize"), None);
    let active =
        |value: Value| server.patch(&path, json!([{"op": "replace", "path": "active", "value": value}]));
    assert_eq!(active(json!("False")).status, 400);
    assert_eq!(active(json!(false)).status, 200);
    assert_eq!(active(json!(false)).status, 204, "nothing changed");
    assert_eq!(server.get(&path).json()["meta"]["location"], json!(format!("/scim/v2/Users/{id}")));
}

#[test]
fn django_scim2_filters_little() {
    let server = RealServer::django_scim2();
    server.create_user(json!({"userName": "ada", "externalId": "ada", "active": true}));
    server.create_group(json!({"displayName": "g"}));
    assert_eq!(count(&server, "/Users?filter=userName%20eq%20%22ada%22"), 1);
    for filter in ["externalId%20eq%20%22ada%22", "active%20eq%20true", "title%20eq%20%22x%22"] {
        assert_eq!(count(&server, &format!("/Users?filter={filter}")), 0, "{filter}");
    }
    assert_eq!(count(&server, "/Groups?filter=displayName%20eq%20%22g%22"), 0);
    // Creates tell names apart by case; look-ups do not, so the exact name finds both.
    server.create_user(json!({"userName": "ADA"}));
    assert_eq!(count(&server, "/Users?filter=userName%20eq%20%22ada%22"), 2);
}

#[test]
fn django_scim2_patches_little() {
    let server = RealServer::django_scim2();
    let ada = server.create_user(json!({"userName": "ada", "externalId": "ada"}));
    server.create_user(json!({"userName": "bob"}));
    let path = format!("/Users/{ada}");
    let replace = |path: &str, attribute: &str, value: Value| {
        server.patch(path, json!([{"op": "replace", "path": attribute, "value": value}])).status
    };
    assert_eq!(replace(&path, "active", json!(false)), 200);
    assert_eq!(replace(&path, "name.givenName", json!("Ada")), 200);
    for attribute in ["externalId", "displayName", "title"] {
        assert_eq!(replace(&path, attribute, json!("x")), 501, "{attribute}");
    }
    assert_eq!(replace(&path, "userName", json!("bob")), 500, "a name that is taken");
    let put = json!({"userName": "ada", "externalId": "new", "active": true});
    assert_eq!(server.put(&path, &put).status, 200);
    assert_eq!(server.get(&path).json()["externalId"], "new");
}

#[test]
fn django_scim2_ignores_members_here_and_there() {
    let server = RealServer::django_scim2();
    let ada = server.create_user(json!({"userName": "ada"}));
    let group = server.create_group(json!({"displayName": "g", "members": [{"value": ada}]}));
    let path = format!("/Groups/{group}");
    let members = || server.get(&path).json()["members"].as_array().map(Vec::len);
    assert_eq!(members(), Some(0), "POST ignores members");
    assert_eq!(server.add_member(&group, &ada).status, 200);
    assert_eq!(server.put(&path, &json!({"displayName": "g", "members": []})).status, 200);
    assert_eq!(members(), Some(1), "PUT ignores members");
    assert_eq!(server.patch(&path, json!([{"op": "remove", "path": "members"}])).status, 200);
    assert_eq!(members(), Some(1), "so does a removal without a value");
    let by_filter = json!([{"op": "remove", "path": format!("members[value eq \"{ada}\"]")}]);
    assert_eq!(server.patch(&path, by_filter).status, 501);
    assert_eq!(
        server.patch(&path, json!([{"op": "replace", "path": "displayName", "value": "h"}])).status,
        501
    );
    let by_value = json!([{"op": "remove", "path": "members", "value": [{"value": ada}]}]);
    assert_eq!(server.patch(&path, by_value).status, 200);
    assert_eq!(members(), Some(0));
}
