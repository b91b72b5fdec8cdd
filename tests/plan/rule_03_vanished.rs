//! Rules 3 and 13: an id that vanishes while its account is gone, and a new id that has what its person had. A hold does not end by
//! another id.

use insta::assert_snapshot;

use super::world::{World, world};

fn company() -> World {
    let world = world().app("users: {scope: all}").people(&["u1", "u2", "u3"]).completed();
    world.applied().applied()
}

/// Another hand deleted the account of u3.
fn deleted() -> World {
    company().gone("new-u3")
}

/// The person gets another id, and no line says so.
fn renamed(world: World) -> World {
    world.without("u3").person("u3b", "email: u3@x.example")
}

const SUSPECTED: &str = "! renamed? user:u3: u3 is not declared any more, and its account was deleted in the app, not by rolecall; the new id u3b has its userName: neither is changed";

fn assert_suspected(mut world: World) {
    for _ in 0..3 {
        let plan = world.plan();
        assert!(plan.short().starts_with(SUSPECTED), "{}", plan.short());
        assert!(!plan.short().contains("create") && plan.app().is_partial(), "{}", plan.short());
        world = world.applied();
    }
    // It is the same person: what was seen of another hand counts, until it is released by name.
    let same = world.clone().person("u3b", "email: u3@x.example, previously: [u3]");
    assert!(
        same.plan().short().contains("! left as another hand left it: 1 account is not made again"),
        "{}",
        same.plan().short()
    );
    assert!(same.recreate("u3b").plan().short().contains("4 create user:u3b (drift)"));
    // It is another one: `ledger unlink`.
    world.ledger.users.remove("u3");
    assert_eq!(world.plan().short().trim(), "4 create user:u3b (config)");
}

#[test]
fn rule_03_a_new_id_ends_no_hold_of_a_deleted_account() {
    assert_snapshot!(renamed(deleted()).plan().short(), @r"
    ! renamed? user:u3: u3 is not declared any more, and its account was deleted in the app, not by rolecall; the new id u3b has its userName: neither is changed
    ! renamed? user:u3b: u3 is not declared any more, and its account was deleted in the app, not by rolecall; the new id u3b has its userName: neither is changed
    ! left as another hand left it: 1 account was deleted in the app, not by rolecall, while its person is to have none: u3
    ");
    assert_snapshot!(renamed(deleted()).plan().hints("renamed?"), @r"
    if u3b is the same person, add `previously: [u3]` to u3b, and `--recreate u3b` makes another account; if not, `rolecall ledger unlink hr u3 --reason TEXT`
    if u3b is the same person, add `previously: [u3]` to u3b, and `--recreate u3b` makes another account; if not, `rolecall ledger unlink hr u3 --reason TEXT`
    ");
    // Nobody saw it before, it was held before, and the old id was tidied away before.
    assert_suspected(renamed(deleted()));
    assert_suspected(renamed(deleted().applied()));
    assert_suspected(renamed(deleted().applied().without("u3").applied()));
}

/// Where only the names agree, the plan suggests the line.
#[test]
fn rule_03_a_new_id_with_the_name_of_a_deleted_one_is_suggested() {
    let person = "users: {u3b: {name: {given: u3, family: Test}, email: other@x.example}}";
    let renamed = deleted().applied().without("u3").yaml("access/u3b.yaml", person);
    assert_snapshot!(renamed.plan().short(), @r"
    4 create user:u3b (config)
    ! advice user:u3b: u3 is not declared any more, and the new id u3b has the same name
    ");
    assert_snapshot!(renamed.plan().hints("advice"), @"if they are one person, write `previously: [u3]` below `u3b:` in `users:`, and what another hand did to the account counts for both; if not, there is nothing to do");
}

/// We deleted the account of somebody who had left, or it went while its person was out: nothing is held, and a new id is a new person.
#[test]
fn rule_03_an_account_that_we_deleted_is_nobodys_hold() {
    let left = company().app_once("users: {scope: all, deprovision: delete, delete_after: 1d}");
    let left = left.person("u3", "status: left").applied().at("2026-06-17").applied();
    assert!(left.ledger.users["u3"].state.is_gone());
    assert_snapshot!(renamed(left.clone()).plan().short(), @"4 create user:u3b (config)");
    assert_snapshot!(renamed(left.without("u3").applied()).plan().short(), @"4 create user:u3b (config)");
}
