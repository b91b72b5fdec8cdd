//! Rule 16: a tombstone blocks an account only while it may be the one that was deleted.

use insta::assert_snapshot;

use super::world::{World, world};

const OLD: &str = "2025-01-01T08:00:00Z";

/// Ada's account was deleted, and Bob is new.
fn bob(account: &str) -> World {
    world()
        .people(&["bob"])
        .assign("", "user:bob")
        .completed()
        .account(account)
        .link(&format!("ada 1 gone=2026-01-01 created={OLD} userName=ada@x.example"))
}

#[test]
fn rule_16_a_tombstone_blocks_an_account_with_a_value_that_it_remembers() {
    // The address was given on, and the app goes on listing the deleted account.
    let world = bob("1 userName=ada@x.example inactive").person("bob", "email: ada@x.example");
    assert_snapshot!(world.plan().short(), @"! not possible user:bob: the account is not created: userName is on account 1 (ada@x.example) of user:ada, who is not declared any more");
    assert_snapshot!(world.plan().hints("not possible"), @"if they are one person, put `previously: [ada]` below bob; if not, give bob another value, or the account in the app");
}

#[test]
fn rule_16_a_tombstone_blocks_an_account_with_the_creation_time_that_it_remembers() {
    let world = bob(&format!("1 userName=bob@x.example inactive created={OLD}"));
    assert_snapshot!(world.plan().short(), @"! not possible user:bob: the account is not created: userName is on account 1 (bob@x.example) of user:ada, who is not declared any more");
    // So it is with an account that shows nothing of itself.
    assert_snapshot!(bob("1 inactive").plan().short(), @"4 create user:bob (config)");
}

#[test]
fn rule_16_another_account_under_the_id_of_a_tombstone_is_one_like_any_other() {
    let other = bob("1 userName=bob@x.example created=2026-06-01");
    assert_snapshot!(other.plan().short(), @r"
    3 adopt user:bob (config)
    3 update user:bob/attribute:externalid: nothing -> bob (config)
    ! advice user:bob: account 1 has the id of the deleted account of ada
    ");
    assert_snapshot!(other.plan().hints("advice"), @"the app gave the id again: the ledger forgets the deleted account");
    // All refusals apply.
    let off = bob("1 userName=bob@x.example inactive created=2026-06-01");
    assert_snapshot!(off.plan().short(), @"! not adopted user:bob: account 1 (bob@x.example) matches, but it is inactive");
    let foreign = bob("1 userName=bob@x.example externalId=00u1");
    assert_snapshot!(foreign.plan().short(), @r#"! not adopted user:bob: account 1 (bob@x.example) matches, but its externalId is "00u1", which is not ours"#);
    // It may be nobody's.
    assert_snapshot!(bob("1 userName=eve@x.example").plan().short(), @r"
    4 create user:bob (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: eve@x.example
    ");
}

#[test]
fn rule_16_the_person_of_a_tombstone_who_returns_takes_another_account_as_well() {
    let ada = |account: &str| bob(account).person("ada", "").assign("", "user:ada");
    let own = ada("1 userName=ada@x.example externalId=ada inactive created=2026-06-01");
    assert_snapshot!(own.plan().short(), @r"
    4 relink user:ada: inactive -> active (config)
    4 create user:bob (config)
    ! turned on again user:ada: account 1 of ada was deleted on 2026-01-01, 165 days ago, and is turned on again because of its person's declaration
    ");
    let remembered = ada(&format!("1 userName=other@x.example inactive created={OLD}"));
    assert_snapshot!(remembered.plan().short(), @r"
    4 create user:ada (config)
    4 create user:bob (config)
    ");
    let stranger = ada("1 userName=eve@x.example");
    assert_snapshot!(stranger.plan().short(), @r"
    4 create user:ada (config)
    4 create user:bob (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: eve@x.example
    ");
}

#[test]
fn rule_16_a_member_under_the_id_of_a_tombstone_is_not_the_person_who_left() {
    let world = bob("1 userName=eve@x.example")
        .yaml("access/g.yaml", "groups: {team: {members: []}}")
        .app("groups: {push: [team]}")
        .group("g1 team: 1")
        .group_link("group:team g1: ada");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:bob (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: eve@x.example
    ! members nobody declared group:team: 1 member nobody declared: 1
    ");
}

#[test]
fn rule_16_a_deleted_account_that_is_on_again_is_taken_only_if_git_declared_its_person() {
    let on = |known: &str| {
        bob(&format!("1 userName={known} created={OLD}"))
            .link(&format!("ada 1 gone=2026-01-01 created={OLD} userName={known} by=before"))
    };
    let own = on("ada@x.example").before(world().people(&["ada", "bob"]));
    assert_snapshot!(own.plan().short(), @r"
    4 create user:bob (config)
    9 disable user:ada (config)
    ! on again user:ada: account 1 was deleted on 2026-01-01, 165 days ago, and it is on again
    ");
    // An entry was edited: it calls the account of a stranger Ada's deleted one.
    let edited = on("boss@x.example").before(world().people(&["bob"]));
    assert_snapshot!(edited.plan().short(), @"4 create user:bob (config)");
}

/// Some apps go on listing a deleted account with its values. The id is another person's now.
#[test]
fn rule_16_a_deleted_account_with_an_id_that_was_given_on_is_foreseen() {
    let jane = "email: jane@x.example, name: {given: Jane, family: Smith}";
    let company = |app: &str| {
        world()
            .yaml("access/jane.yaml", &format!("users: {{ada: {{{jane}}}}}"))
            .assign("", "user:ada")
            .completed()
            .commit("left", world())
            .commit("c1", world().people(&["ada"]))
            .app(app)
            .account(&format!("1 userName=ada@x.example externalId=ada inactive created={OLD}"))
            .link(&format!("ada 1 gone=2026-01-01 created={OLD} userName=ada@x.example externalId=ada by=c1"))
    };
    let given_on = company("adopt: matched").before(world());
    assert_snapshot!(given_on.plan().short(), @"! not possible user:ada: the account is not created: externalId is on account 1 (ada@x.example), the deleted account of another person who had the id ada");
    assert_snapshot!(given_on.plan().hints("not possible"), @r#"give ada another id, or the account another externalId in the app; `links: {ada: "1"}` says that they are one person"#);
    let same = company("links: {ada: \"1\"}").before(world());
    assert_snapshot!(same.plan().short(), @"
    3 update user:ada/attribute:username: ada@x.example -> jane@x.example (config)
    4 relink user:ada: inactive -> active (config)
    ");
}
