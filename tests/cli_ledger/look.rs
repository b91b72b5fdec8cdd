//! `ledger list` and `ledger show` change nothing and never print the key of the hashes.

use super::World;

#[test]
fn the_list_and_one_app() {
    let world = World::new();
    insta::assert_snapshot!("list", world.run(&["ledger", "list"]).snapshot());
    insta::assert_snapshot!("show", world.run(&["ledger", "show", "wiki"]).snapshot());
    insta::assert_snapshot!("show_user", world.run(&["ledger", "show", "wiki", "--user", "ada"]).snapshot());
    let unknown = world.run(&["ledger", "show", "crm"]);
    insta::assert_snapshot!("unknown_app", unknown.snapshot());
    let stranger = world.run(&["ledger", "show", "wiki", "--user", "eve"]).ends_with(1);
    assert!(stranger.stderr.contains("knows no account of 'eve' in app wiki"), "{}", stranger.stderr);
}

#[test]
fn programs_read_json() {
    let world = World::new();
    let list = world.run(&["ledger", "list", "-o", "json"]).ends_with(0).json();
    assert_eq!(list[0]["apps"][0]["app"], "wiki");
    assert_eq!(list[0]["apps"][0]["accounts"]["active"], 3);
    assert_eq!(list[0]["apps"][0]["lease"], serde_json::Value::Null);
    let shown = world.run(&["ledger", "show", "wiki", "-o", "json"]).ends_with(0);
    let app = shown.json();
    assert_eq!(app["users"][0]["user"], "ada");
    assert_eq!(app["users"][0]["groups"], serde_json::json!(["group:staff", "role:editor"]));
    assert_eq!(app["users"][0]["values"][0]["kept"], true);
    for secret in ["asked", "hash", "\"key\""] {
        assert!(!shown.stdout.contains(secret), "{secret}");
    }
}

#[test]
fn the_sandbox_has_its_own() {
    let world = World::new();
    world.run(&["apply", "--yes", "--sandbox"]).ends_with(0);
    let both = world.run(&["ledger", "list"]).ends_with(0).stdout;
    assert_eq!(both.matches(", serial ").count(), 2, "{both}");
    let sandbox = world.run(&["ledger", "list", "--sandbox"]).ends_with(0).stdout;
    assert!(sandbox.contains("in the sandbox") && sandbox.matches("serial").count() == 1, "{sandbox}");
    let shown = world.run(&["ledger", "show", "wiki", "--sandbox"]).ends_with(0).stdout;
    assert!(shown.starts_with("wiki  sandbox:wiki\n"), "{shown}");
}
