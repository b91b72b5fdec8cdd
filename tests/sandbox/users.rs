use super::*;

#[tokio::test]
async fn a_user_from_birth_to_death() {
    let world = World::new().await;
    let body = json!({
        "schemas": [USER, ENTERPRISE],
        "userName": "ada", "externalId": "701984", "name": {"givenName": "Ada"}, "password": "s3cret",
        "emails": [{"value": "ada@acme.example", "type": "work", "primary": true}],
        "roles": [{"value": "ADMIN"}],
        ENTERPRISE: {"department": "Engineering"},
        "id": "mine", "groups": [{"value": "g-0001"}],
    });
    let created = world.post("/Users", body).await;
    assert_eq!(created.status, 201, "{}", created.body);
    let location = format!("{}/Users/u-0001", world.sandbox.base_url());
    assert_eq!(created.header("location"), location);
    assert_eq!(created.header("content-type"), "application/scim+json");
    assert_eq!(created.text("/meta/location"), location);
    assert_eq!(created.text("/meta/version"), created.header("etag"));
    assert_eq!(created.text("/meta/created"), created.text("/meta/lastModified"));
    assert_eq!(created.body["schemas"], json!([USER, ENTERPRISE]));
    assert_eq!(created.body["active"], json!(true));
    assert_eq!(created.body["password"], Value::Null);
    assert_eq!(created.body["groups"], Value::Null);

    let read = world.get("/Users/u-0001").await;
    assert_eq!((read.status, &read.body), (200, &created.body));

    let replaced =
        world.put("/Users/u-0001", json!({"schemas": [USER], "userName": "ada", "title": "Countess"})).await;
    assert_eq!(replaced.status, 200);
    assert_eq!(replaced.text("/title"), "Countess");
    assert_eq!(replaced.body["emails"], Value::Null, "what is left out is cleared");
    assert_eq!(replaced.body["schemas"], json!([USER]));
    assert_ne!(replaced.header("etag"), created.header("etag"));

    let gone = world.delete("/Users/u-0001").await;
    assert_eq!((gone.status, gone.body), (204, Value::Null));
    for answer in [world.get("/Users/u-0001").await, world.delete("/Users/u-0001").await] {
        answer.refused(404, "");
    }
    assert_eq!(world.user("ada").await, "/Users/u-0002", "a name is free again, an id never");
}

#[tokio::test]
async fn patch_of_every_kind() {
    let world = World::new().await;
    let path = world.user("ada").await;
    let operations = json!([
        {"op": "add", "path": "emails", "value": [{"value": "ada@acme.example", "type": "work"}]},
        {"op": "replace", "path": "emails[type eq \"work\"].value", "value": "a@acme.example"},
        {"op": "add", "path": "name.givenName", "value": "Ada"},
        {"op": "add", "path": format!("{ENTERPRISE}:department"), "value": "R&D"},
        {"op": "replace", "value": {"active": false, "title": "Countess"}},
        {"op": "remove", "path": "title"},
    ]);
    let patched = world.patch(&path, operations).await;
    assert_eq!(patched.status, 200, "{}", patched.body);
    assert_eq!(patched.text("/emails/0/value"), "a@acme.example");
    assert_eq!(patched.body[ENTERPRISE]["department"], json!("R&D"));
    assert_eq!(patched.body["active"], json!(false));
    assert_eq!(patched.body["title"], Value::Null);

    let again = world.patch(&path, json!([{"op": "replace", "path": "active", "value": false}])).await;
    assert_eq!(again.header("etag"), patched.header("etag"), "nothing changed");

    let put = world.put(&path, json!({"schemas": [USER], "userName": "ada"})).await;
    assert_eq!(put.body["active"], json!(false), "leaving it out lets nobody in again");
}

#[tokio::test]
async fn a_refused_operation_leaves_nothing_behind() {
    let world = World::new().await;
    let (ada, _) = (world.user("ada").await, world.user("bob").await);
    let before = world.get(&ada).await.body;
    let title = json!({"op": "add", "path": "title", "value": "Countess"});
    for (operation, status, scim_type) in [
        (json!({"op": "replace", "path": "emails[type eq \"work\"].value", "value": "x"}), 400, "noTarget"),
        (json!({"op": "replace", "path": "shoeSize", "value": "x"}), 400, "invalidPath"),
        (json!({"op": "replace", "path": "id", "value": "x"}), 400, "mutability"),
        (json!({"op": "replace", "path": "groups", "value": []}), 400, "mutability"),
        (json!({"op": "remove", "path": "userName"}), 400, "mutability"),
        (json!({"op": "replace", "path": "userName", "value": "BOB"}), 409, "uniqueness"),
        (json!({"op": "replace", "path": "userName", "value": " "}), 400, "invalidValue"),
        (json!({"op": "replace", "path": "active", "value": "False"}), 400, "invalidValue"),
        (
            json!({"op": "add", "path": format!("{ENTERPRISE}:manager.value"), "value": "u-9"}),
            400,
            "invalidValue",
        ),
    ] {
        world.patch(&ada, json!([title, operation])).await.refused(status, scim_type);
        assert_eq!(world.get(&ada).await.body, before, "{operation}");
    }
}

#[tokio::test]
async fn user_names_are_unique_without_case_and_external_ids_are_not() {
    let world = World::new().await;
    let (ada, bob) = (world.user("Ada").await, world.user("bob").await);
    world.post("/Users", json!({"schemas": [USER], "userName": "aDA"})).await.refused(409, "uniqueness");
    world.put(&bob, json!({"schemas": [USER], "userName": "ADA"})).await.refused(409, "uniqueness");
    for path in [&ada, &bob] {
        let answer = world.patch(path, json!([{"op": "add", "path": "externalId", "value": "same"}])).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let renamed = world.patch(&ada, json!([{"op": "replace", "path": "userName", "value": "ADA"}])).await;
    assert_eq!(renamed.text("/userName"), "ADA", "one's own name in other letters");
    assert_eq!(world.find("/Users", "externalId eq \"same\"").await.body["totalResults"], json!(2));
    assert_eq!(world.find("/Users", "externalId eq \"SAME\"").await.body["totalResults"], json!(0));
    assert_eq!(world.find("/Users", "userName eq \"ada\"").await.each("/Resources", "id"), id(&ada));
}

#[tokio::test]
async fn versions_guard_against_writing_over_others() {
    let world = World::new().await;
    let path = world.user("ada").await;
    let old = world.get(&path).await.header("etag").to_owned();
    let title = |title: &str| json!({"schemas": [PATCH], "Operations": [{"op": "add", "path": "title", "value": title}]});
    let write = |method: Method, tag: &str, body: Value| {
        let request = world.request(method, &path).header("if-match", tag);
        world.send(request.header("content-type", "application/scim+json").body(body.to_string()))
    };
    let first = write(Method::PATCH, &old, title("one")).await;
    assert_eq!(first.status, 200, "{}", first.body);
    let new = first.header("etag").to_owned();
    write(Method::PATCH, &old, title("two")).await.refused(412, "");
    write(Method::PUT, &old, json!({"schemas": [USER], "userName": "eve"})).await.refused(412, "");
    write(Method::DELETE, &old, Value::Null).await.refused(412, "");
    assert_eq!(write(Method::PATCH, "*", title("three")).await.status, 200);
    write(Method::PATCH, &new, title("four")).await.refused(412, "");

    let now = world.get(&path).await.header("etag").to_owned();
    let read = |tag: String| world.send(world.request(Method::GET, &path).header("if-none-match", tag));
    let unchanged = read(format!("\"x\", {now}")).await;
    assert_eq!((unchanged.status, unchanged.body), (304, Value::Null));
    assert_eq!(read(old).await.status, 200);
    assert_eq!(write(Method::DELETE, &now, Value::Null).await.status, 204);
}

#[tokio::test]
async fn a_manager_exists_and_is_shown_by_name() {
    let world = World::new().await;
    let (ada, grace) = (world.user("ada").await, world.user("grace").await);
    let manager = json!([{"op": "add", "path": format!("{ENTERPRISE}:manager.value"), "value": id(&grace)}]);
    let patched = world.patch(&ada, manager).await;
    let base = world.sandbox.base_url();
    let expected = json!({"value": id(&grace), "$ref": format!("{base}{grace}"), "displayName": "grace"});
    assert_eq!(patched.body[ENTERPRISE]["manager"], expected);
    let filter = format!("{ENTERPRISE}:manager.value eq \"{}\"", id(&grace));
    assert_eq!(world.find("/Users", &filter).await.each("/Resources", "id"), id(&ada));

    world.delete(&grace).await;
    let after = world.get(&ada).await;
    assert_eq!(after.body[ENTERPRISE], Value::Null);
    assert_ne!(after.header("etag"), patched.header("etag"));
}
