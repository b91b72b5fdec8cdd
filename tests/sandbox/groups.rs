use super::*;

#[tokio::test]
async fn members_come_and_go() {
    let world = World::new().await;
    let (ada, bob, eve) = (world.user("ada").await, world.user("bob").await, world.user("eve").await);
    let staff = world.group("Staff", &[&ada, &bob]).await;
    assert_eq!(world.members(&staff).await, "u-0001 u-0002");
    let base = world.sandbox.base_url();
    let shown = json!({"value": id(&ada), "$ref": format!("{base}{ada}"), "display": "ada", "type": "User"});
    assert_eq!(world.get(&staff).await.body["members"][0], shown);

    let add = json!([{"op": "add", "path": "members", "value": [{"value": id(&eve)}, {"value": id(&ada)}]}]);
    assert_eq!(world.patch(&staff, add.clone()).await.each("/members", "value"), "u-0001 u-0002 u-0003");
    let version = world.get(&staff).await.header("etag").to_owned();
    assert_eq!(world.patch(&staff, add).await.header("etag"), version, "nobody was added");

    let remove = json!([
        {"op": "remove", "path": format!("members[value eq \"{}\"]", id(&ada))},
        {"op": "remove", "path": format!("members[value eq \"{}\"]", id(&eve))},
    ]);
    assert_eq!(world.patch(&staff, remove.clone()).await.each("/members", "value"), "u-0002");
    world.patch(&staff, remove).await.refused(400, "noTarget");
    let ghost =
        json!([{"op": "add", "path": "members", "value": [{"value": id(&ada)}, {"value": "u-4711"}]}]);
    let refused = world.patch(&staff, ghost).await;
    refused.refused(400, "invalidValue");
    assert_eq!(refused.text("/detail"), "the member \"u-4711\" does not exist");
    assert_eq!(world.members(&staff).await, "u-0002");

    let by_value = json!([{"op": "remove", "path": "members", "value": [{"value": id(&bob)}]}]);
    world.patch(&staff, by_value).await.refused(400, "invalidSyntax");
    assert_eq!(world.members(&staff).await, "u-0002", "it is not read as: remove all");

    world.delete(&bob).await;
    assert_eq!(world.get(&staff).await.body["members"], Value::Null);
}

#[tokio::test]
async fn users_show_their_groups_direct_and_nested() {
    let world = World::new().await;
    let ada = world.user("ada").await;
    let inner = world.group("Inner", &[&ada]).await;
    let outer = world.group("Outer", &[&inner]).await;
    let circle = json!([{"op": "add", "path": "members", "value": [{"value": id(&outer)}]}]);
    assert_eq!(world.patch(&inner, circle).await.status, 200, "a circle does no harm");
    let user = world.get(&ada).await;
    assert_eq!(user.each("/groups", "display"), "Inner Outer");
    assert_eq!(user.each("/groups", "type"), "direct indirect");
    let found = world.find("/Users", &format!("groups.value eq \"{}\"", id(&outer))).await;
    assert_eq!(found.each("/Resources", "id"), id(&ada));

    world.delete(&inner).await;
    assert_eq!(world.get(&ada).await.body["groups"], Value::Null);
    assert_eq!(world.get(&outer).await.body["members"], Value::Null);
    let own = json!([{"op": "add", "path": "members", "value": [{"value": id(&outer)}]}]);
    world.patch(&outer, own).await.refused(400, "invalidValue");
}

#[tokio::test]
async fn put_replaces_members_and_names_are_unique() {
    let world = World::new().await;
    let (ada, bob) = (world.user("ada").await, world.user("bob").await);
    let staff = world.group("Staff", &[&ada]).await;
    let body =
        json!({"schemas": [GROUP], "displayName": "Crew", "members": [{"value": id(&bob), "type": "User"}]});
    assert_eq!(world.put(&staff, body).await.each("/members", "value"), id(&bob));
    let other = world.group("Staff", &[]).await;
    let rename = json!([{"op": "replace", "path": "displayName", "value": "CREW"}]);
    world.patch(&other, rename).await.refused(409, "uniqueness");
    world
        .post("/Groups", json!({"schemas": [GROUP], "displayName": "crew"}))
        .await
        .refused(409, "uniqueness");
    world.post("/Groups", json!({"schemas": [GROUP]})).await.refused(400, "invalidValue");
    let wrong =
        json!({"schemas": [GROUP], "displayName": "X", "members": [{"value": id(&ada), "type": "Group"}]});
    world.post("/Groups", wrong).await.refused(400, "invalidValue");
    let found = world.find("/Groups", "displayName eq \"CREW\"").await;
    assert_eq!(found.each("/Resources", "id"), id(&staff));
    let found = world.find("/Groups", &format!("members[value eq \"{}\"]", id(&bob))).await;
    assert_eq!(found.each("/Resources", "id"), id(&staff));
}

#[tokio::test]
async fn a_big_group_in_batches() {
    let world = World::new().await;
    let mut ids = Vec::new();
    for number in 0..500 {
        ids.push(world.user(&format!("user{number}")).await);
    }
    let group = world.group("Everybody", &[]).await;
    for batch in ids.chunks(100) {
        let value: Vec<_> = batch.iter().map(|path| json!({"value": id(path)})).collect();
        let answer = world.patch(&group, json!([{"op": "add", "path": "members", "value": value}])).await;
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
    let without = world.get(&format!("{group}?excludedAttributes=members")).await;
    assert_eq!(without.body["members"], Value::Null);
    let world = world.restart().await;
    assert_eq!(world.members(&group).await.split(' ').count(), 500);
}
