use super::*;

async fn company(count: usize) -> World {
    let world = World::new().await;
    for number in 1..=count {
        let body = json!({
            "schemas": [USER], "userName": format!("user{number}"), "title": if number % 2 == 0 { "Even" } else { "Odd" },
            "emails": [{"value": format!("user+{number}@acme.example"), "type": "work"}],
        });
        assert_eq!(world.post("/Users", body).await.status, 201);
    }
    world
}

#[tokio::test]
async fn pages_hold_at_most_200() {
    let world = company(230).await;
    let first = world.get("/Users?count=1000").await;
    assert_eq!(first.body["totalResults"], json!(230));
    assert_eq!((&first.body["itemsPerPage"], &first.body["startIndex"]), (&json!(200), &json!(1)));
    let second = world.get("/Users?startIndex=201").await;
    assert_eq!(second.body["itemsPerPage"], json!(30));
    let walk = format!("{} {}", first.each("/Resources", "id"), second.each("/Resources", "id"));
    let ids: Vec<_> = walk.split(' ').collect();
    assert_eq!(ids.len(), 230);
    assert!(ids.windows(2).all(|pair| pair[0] < pair[1]), "in the order of creation, none twice");

    let none = world.get("/Users?count=0").await;
    assert_eq!((&none.body["totalResults"], &none.body["Resources"]), (&json!(230), &json!([])));
    let beyond = world.get("/Users?startIndex=231").await;
    assert_eq!((&beyond.body["totalResults"], &beyond.body["Resources"]), (&json!(230), &json!([])));
    let far = world.get(&format!("/Users?startIndex={}&count={}", i64::MAX, i64::MAX)).await;
    assert_eq!(far.status, 200);

    let filter = "title eq \"even\" and userName sw \"user2\"";
    let request = world.request(Method::GET, "/Users");
    let request = request.query(&[("filter", filter), ("startIndex", "2"), ("count", "3")]);
    let found = world.send(request).await;
    assert_eq!(found.body["totalResults"], json!(22), "2, 20 to 28, 200 to 230");
    assert_eq!(found.each("/Resources", "userName"), "user20 user22 user24");
}

#[tokio::test]
async fn filters_over_http() {
    let world = company(3).await;
    let plus = "emails[type eq \"work\" and value eq \"user+2@acme.example\"]";
    assert_eq!(world.find("/Users", plus).await.each("/Resources", "userName"), "user2");
    let raw = world.get("/Users?filter=emails.value%20eq%20%22user+2@acme.example%22").await;
    assert_eq!(raw.body["totalResults"], json!(0), "a raw plus is a space");
    assert_eq!(world.find("/Users", "nickName eq \"x\"").await.body["Resources"], json!([]));
    let recent =
        world.find("/Users", "meta.created gt \"2020-01-01T00:00:00Z\" and not (id eq \"u-0002\")").await;
    assert_eq!(recent.each("/Resources", "id"), "u-0001 u-0003");
    for filter in ["", "userName", "shoeSize eq \"x\"", "password eq \"x\"", "active gt true"] {
        world.find("/Users", filter).await.refused(400, "invalidFilter");
    }
}

#[tokio::test]
async fn attributes_are_chosen() {
    let world = company(1).await;
    let only = world.get("/Users?attributes=userName,emails.value").await;
    let expected = json!({"schemas": [USER], "id": "u-0001", "userName": "user1",
        "emails": [{"value": "user+1@acme.example"}]});
    assert_eq!(only.body["Resources"][0], expected);
    let without = world.get("/Users/u-0001?excludedAttributes=id,meta,emails.type").await;
    assert_eq!((&without.body["id"], &without.body["meta"]), (&json!("u-0001"), &Value::Null));
    assert_eq!(without.body["emails"], json!([{"value": "user+1@acme.example"}]));
    world.get("/Users?attributes=id&excludedAttributes=meta").await.refused(400, "invalidValue");
    let created = world.post("/Users?attributes=id", json!({"schemas": [USER], "userName": "x"})).await;
    assert_eq!(created.body, json!({"schemas": [USER], "id": "u-0002"}));
}

#[tokio::test]
async fn search_keeps_the_filter_out_of_the_address() {
    let world = company(5).await;
    let body = json!({"schemas": [SEARCH], "filter": "title eq \"Odd\"", "attributes": ["userName"], "startIndex": 2, "count": 1});
    let found = world.post("/Users/.search", body).await;
    assert_eq!(found.status, 200);
    assert_eq!(found.body["totalResults"], json!(3));
    assert_eq!(found.body["Resources"], json!([{"schemas": [USER], "id": "u-0003", "userName": "user3"}]));
    world.get("/Users/.search").await.refused(405, "");
    world.post("/Groups/.search", json!({"filter": "displayName pr"})).await.refused(400, "invalidSyntax");
}

#[tokio::test]
async fn the_server_describes_itself() {
    let world = World::new().await;
    let config = world.get("/ServiceProviderConfig").await;
    assert_eq!(config.body["patch"]["supported"], json!(true));
    assert_eq!(config.body["filter"], json!({"supported": true, "maxResults": 200}));
    assert_eq!(config.body["bulk"]["supported"], json!(false));
    assert_eq!(world.get("/ResourceTypes").await.each("/Resources", "endpoint"), "/Users /Groups");
    let user = world.get("/ResourceTypes/User").await;
    assert_eq!(user.body["schemaExtensions"], json!([{"schema": ENTERPRISE, "required": false}]));
    let schemas = world.get("/Schemas").await;
    assert_eq!(schemas.each("/Resources", "id"), format!("{USER} {ENTERPRISE} {GROUP}"));
    let user = world.get(&format!("/Schemas/{USER}")).await;
    assert_eq!(
        user.each("/attributes", "name"),
        "userName name displayName nickName profileUrl title userType preferredLanguage locale timezone active \
         password emails phoneNumbers ims photos addresses groups entitlements roles x509Certificates"
    );
    let user_name = json!({"name": "userName", "type": "string", "multiValued": false, "required": true,
        "description": "The name a person logs in with.", "caseExact": false, "mutability": "readWrite",
        "returned": "default", "uniqueness": "server"});
    assert_eq!(user.body["attributes"][0], user_name);
    world.get("/Schemas?filter=id+pr").await.refused(403, "");
    world.get("/Schemas/urn:x").await.refused(404, "");
    world.delete("/Schemas").await.refused(405, "");
}
