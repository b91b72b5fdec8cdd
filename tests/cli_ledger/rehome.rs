//! `ledger rehome`: a new endpoint is accepted after the links are proved there.

use super::World;

const WRITE: [&str; 6] = ["ledger", "rehome", "wiki", "--yes", "--reason", "new host"];

#[test]
fn an_app_that_moved_with_its_accounts_is_accepted() {
    let mut world = World::new();
    let same = world.run(&WRITE).ends_with(1);
    assert!(same.stderr.contains("already"), "{}", same.stderr);
    world.server.moved();
    world.point();
    let stopped = world.run(&["plan"]).ends_with(4);
    assert!(stopped.stdout.contains("the ledger's links belong to"), "{}", stopped.stdout);
    let shown = world.run(&["ledger", "rehome", "wiki", "-v"]);
    insta::assert_snapshot!("proved", shown.snapshot());
    world.run(&["plan"]).ends_with(4);
    world.run(&WRITE).ends_with(0);
    world.plan_is_empty();
}

#[test]
fn another_tenant_is_refused() {
    let mut world = World::new();
    world.server.emptied();
    world.point();
    let refused = world.run(&WRITE);
    insta::assert_snapshot!("refused", refused.snapshot());
    world.run(&["plan"]).ends_with(4);
}

#[test]
fn strangers_with_the_same_ids_prove_nothing() {
    let mut world = World::new();
    world.server.emptied();
    for (name, id) in [("eve", "x-1"), ("mallory", "x-2"), ("trent", "x-3")] {
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name,
            "externalId": id,
        });
        world.server.send(reqwest::Method::POST, "/Users", body);
    }
    world.point();
    let refused = world.run(&WRITE).ends_with(4);
    assert!(refused.stdout.contains("the account is \"eve\""), "{}", refused.stdout);
    assert!(refused.stdout.contains("2 groups not proved"), "{}", refused.stdout);
}

/// At the new endpoint every account has a new id: the old links are dropped, then the new ones are found.
#[test]
fn accounts_with_new_ids_are_unlinked_and_found_again() {
    let mut world = World::new();
    world.server.emptied();
    for name in ["eve", "ada@acme.example", "bob@acme.example", "grace@acme.example"] {
        let body = serde_json::json!({
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": name,
            "externalId": name.strip_suffix("@acme.example"),
        });
        world.server.send(reqwest::Method::POST, "/Users", body);
    }
    world.point();
    world.run(&WRITE).ends_with(4);
    let early = world.run(&["ledger", "rebuild", "wiki"]).ends_with(1);
    assert!(early.stderr.contains("`rolecall ledger rehome wiki` comes first"), "{}", early.stderr);
    world.run(&["ledger", "unlink", "wiki", "ada", "bob", "grace", "--reason", "new ids"]).ends_with(0);
    world.run(&WRITE).ends_with(0);
    let found = world.run(&["ledger", "rebuild", "wiki", "--yes", "--reason", "new ids"]).ends_with(0);
    insta::assert_snapshot!("new_ids", found.snapshot());
}

/// Who keeps access on purpose says nothing about whose the links are.
#[test]
fn a_leaver_who_is_left_alone_keeps_no_app_from_moving() {
    let mut world = World::new();
    let old = world.server.url();
    world.repo.replace("rolecall.yaml", "email: bob@acme.example}", "email: bob@acme.example, status: left}");
    world.repo.replace("rolecall.yaml", "    connector: scim\n", "    connector: scim\n    protect: [bob]\n");
    world.server.moved();
    let moved = format!("    connector: scim\n    moved_from: {old}\n");
    world.repo.replace("rolecall.yaml", "    connector: scim\n", &moved);
    world.point();
    let said = world.run(&["apply", "--yes"]).ends_with(3).stdout;
    assert!(said.contains("Still has access") && said.contains("bob"), "{said}");
    world.repo.replace("rolecall.yaml", &format!("    moved_from: {old}\n"), "");
    world.publish("it has moved");
    let said = world.run(&["plan"]).ends_with(3).stdout;
    assert!(!said.contains("STOPPED"), "{said}");
}
