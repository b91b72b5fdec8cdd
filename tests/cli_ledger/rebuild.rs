//! `ledger rebuild`: lost links are proposed from ids in accounts and from the history of the branch; the app proves them.

use reqwest::Method;
use serde_json::json;

use super::World;

fn lose(world: &World, users: &[&str]) {
    for user in users {
        world.run(&["ledger", "unlink", "wiki", user, "--reason", "lost"]).ends_with(0);
    }
}

fn patch(world: &World, name: &str, attribute: &str, value: &str) {
    let id = world.server.account(name);
    let body = json!({
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "path": attribute, "value": value}],
    });
    world.server.send(Method::PATCH, &format!("/Users/{id}"), body);
}

#[test]
fn lost_links_are_proposed_and_written() {
    let world = World::new();
    lose(&world, &["ada", "bob", "grace"]);
    // One account holds our id, one is found by the branch and the login, one by the branch alone.
    patch(&world, "bob@acme.example", "externalId", "");
    patch(&world, "grace@acme.example", "externalId", "somebody");
    patch(&world, "grace@acme.example", "userName", "somebody@else.example");
    let shown = world.run(&["ledger", "rebuild", "wiki"]);
    insta::assert_snapshot!(shown.snapshot());
    assert!(world.run(&["ledger", "list"]).stdout.contains("0 active"), "nothing was written");
    world.run(&["ledger", "rebuild", "wiki", "--yes", "--reason", "after the accident"]).ends_with(0);
    let list = world.run(&["ledger", "show", "wiki"]).ends_with(0).stdout;
    assert!(list.contains("ada  u-0001  adopted  active"), "{list}");
    assert!(!list.contains("grace"), "{list}");
}

#[test]
fn links_that_are_there_stay() {
    let world = World::new();
    lose(&world, &["ada"]);
    let found = world.run(&["ledger", "rebuild", "wiki", "-o", "json"]).ends_with(0).json();
    assert_eq!(found["kept"], 2);
    assert_eq!(found["links"].as_array().unwrap().len(), 1);
    assert_eq!(found["links"][0]["user"], "ada");
    assert_eq!(found["left"], json!([]));
    world.run(&["ledger", "rebuild", "wiki", "--yes", "--reason", "back"]).ends_with(0);
    world.plan_is_empty();
    let nothing = world.run(&["ledger", "rebuild", "wiki", "--yes", "--reason", "again"]).ends_with(0);
    assert_eq!(nothing.stderr, "");
}

/// A commit dropped all that the ledger knew of the apps.
#[test]
fn an_app_that_the_ledger_has_lost_is_made_again() {
    let world = World::new();
    let folder = world.repo.path().join("../dropped");
    let folder = folder.to_str().unwrap();
    world.repo.git(["fetch", "-q", "origin", "rolecall/ledger"]);
    world.repo.git(["worktree", "add", "-q", "--detach", folder, "FETCH_HEAD"]);
    world.repo.git(["-C", folder, "rm", "-rq", "apps"]);
    world.repo.git(["-C", folder, "commit", "-qm", "cleaned up"]);
    world.repo.git(["-C", folder, "push", "-q", "origin", "HEAD:refs/heads/rolecall/ledger"]);
    for command in [&["plan"][..], &["apply", "--yes"], &["ledger", "list"], &["ledger", "show", "wiki"]] {
        let refused = world.run(command).ends_with(1);
        assert!(refused.stderr.contains("has lost apps/wiki"), "{}", refused.stderr);
        assert!(
            refused.stderr.contains("'rolecall ledger rebuild wiki --yes --reason TEXT'"),
            "{}",
            refused.stderr
        );
    }
    world.run(&["ledger", "rebuild", "wiki", "--yes", "--reason", "TEXT"]).ends_with(0);
    let list = world.run(&["ledger", "show", "wiki"]).ends_with(0).stdout;
    assert!(["ada", "bob", "grace"].iter().all(|id| list.contains(id)), "{list}");
}

#[test]
fn two_accounts_that_carry_one_id_decide_nothing() {
    let world = World::new();
    lose(&world, &["ada", "bob"]);
    patch(&world, "bob@acme.example", "externalId", "ada");
    let found = world.run(&["ledger", "rebuild", "wiki", "-o", "json"]).ends_with(0).json();
    assert_eq!(found["links"], json!([]), "{found:#}");
    assert_eq!(found["left"].as_array().unwrap().len(), 2, "{found:#}");
}

#[test]
fn whoever_is_protected_is_not_linked() {
    let world = World::new();
    lose(&world, &["ada"]);
    let text = world
        .repo
        .read("rolecall.yaml")
        .replace("    groups: {push", "    protect: [ada@acme.example]\n    groups: {push");
    world.repo.file("rolecall.yaml", text);
    let found = world.run(&["ledger", "rebuild", "wiki", "-o", "json"]).ends_with(0).json();
    assert_eq!(found["links"], json!([]), "{found:#}");
    assert!(found["left"][0]["why"].as_str().unwrap().ends_with("is protected"), "{found:#}");
}
