//! Rule 2: an account without a link that matches only by a value which another person had is nobody's until a line says whose.

use insta::assert_snapshot;

use rolecall::model::intervention::Hand;

use super::world::{World, world};

fn company() -> World {
    world().completed().app("users: {scope: all}")
}

/// Ada and Eve as they were applied last, each with an address of her own.
fn before() -> World {
    company().people(&["ada", "eve"])
}

/// Eve has the address that was Ada's, and Ada another one.
fn now(ada: &str, eve: &str) -> World {
    company()
        .person("ada", &format!("email: ada.new@x.example{ada}"))
        .person("eve", &format!("email: ada@x.example{eve}"))
        .before(before())
}

const OF_ADA: &str = "1 userName=ada@x.example";

#[test]
fn rule_02_a_value_that_another_person_had_gives_nobody_an_account() {
    let world = now("", "").account(OF_ADA);
    assert_snapshot!(world.plan().short(), @r"
    ! not adopted user:ada: no account is created: account 1 (ada@x.example) has the userName that ada had, and that is eve's today
    ! not adopted user:eve: account 1 (ada@x.example) matches, but ada had its userName at the last applied commit, and nothing else tells whose it is
    ");
    assert_snapshot!(world.plan().hints("not adopted"), @r#"
    say whose it is: `links: {ada: "1"}` or `links: {eve: "1"}`
    if it is theirs, say so: `links: {eve: "1"}`
    "#);
    // The next applied commit gives the value to her, and the ledger knows the one before.
    let next = world.applied();
    assert_snapshot!(next.plan().short(), @r"
    ! not adopted user:ada: no account is created: account 1 (ada@x.example) has the userName that ada had, and that is eve's today
    ! not adopted user:eve: account 1 (ada@x.example) matches, but ada had its userName at commit before, and nothing else tells whose it is
    ");
    assert_snapshot!(next.applied().at("2026-08-20").applied().plan().short(), @r"
    ! not adopted user:ada: no account is created: account 1 (ada@x.example) has the userName that ada had, and that is eve's today
    ! not adopted user:eve: account 1 (ada@x.example) matches, but ada had its userName at commit before, and nothing else tells whose it is
    ");
    // A leaver gets no account either, and so nobody is disabled who has it.
    let left = now("", ", status: left").account(OF_ADA);
    assert_snapshot!(left.plan().short(), @r"
    ! still has access user:eve: account 1 (ada@x.example) is active
    ! not adopted user:ada: no account is created: account 1 (ada@x.example) has the userName that ada had, and that is eve's today
    ");
    let told = |world: &World| world.plan().short().replace("; first seen on 2026-06-15, today", "");
    assert_eq!(told(&left.applied()), told(&left));
}

#[test]
fn rule_02_what_else_tells_whose_it_is_is_enough() {
    // Our id, a value of hers as well, or the proved account of the person who had the value.
    for own in [
        now("", "").account("1 userName=ada@x.example externalId=eve"),
        now("", "").account(OF_ADA).has("ada", "2"),
        now("", "").account(OF_ADA).app("links: {eve: \"1\"}"),
        now("", ", previously: [ada]").without("ada").account(OF_ADA),
    ] {
        let told = own.plan().short();
        assert!(told.contains("adopt user:eve"), "{told}");
    }
    // The account is Ada's after all: the line gives it to her, and then Eve gets one of her own.
    let hers = now("", "").account(OF_ADA).app("links: {ada: \"1\"}");
    assert_snapshot!(hers.plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    3 update user:ada/attribute:username: ada@x.example -> ada.new@x.example (config)
    ! not possible user:eve: the account is not created: userName is on account 1 (ada@x.example), which `links:` names for another person
    ");
    assert_snapshot!(hers.applied().plan().short(), @"4 create user:eve (config)");
    // Before the first apply there is no commit that says otherwise.
    let first = world().app("users: {scope: all}").person("eve", "email: ada@x.example").account(OF_ADA);
    assert!(first.plan().short().contains("adopt user:eve"));
}

#[test]
fn rule_02_what_is_known_of_such_an_account_ends_with_the_doubt() {
    let is_known =
        |world: &World| world.ledger.interventions.keys().any(|(_, hand)| *hand == Hand::NotAdopted);
    let seen = now("", "").account(OF_ADA).applied();
    assert!(is_known(&seen));
    // A line says whose it is, or the account is gone from the app.
    assert!(!is_known(&seen.clone().app("links: {eve: \"1\"}").applied()));
    assert!(!is_known(&seen.clone().gone("1").applied()));
    // A list that is short says nothing.
    let mut short = seen.gone("1");
    short.short = Some("it ended early");
    assert!(is_known(&short.applied()));
}

/// A commit that cannot be read any more proves nobody.
#[test]
fn rule_02_a_lost_commit_gives_nobody_an_account() {
    let seen = now("", "").account(OF_ADA).applied();
    let lost = seen.unreadable("before").plan().short();
    assert_snapshot!(lost, @r"
    4 create user:ada (config)
    ! not adopted user:eve: account 1 (ada@x.example) matches, but its userName may have been another person's at commit before: commit before is not part of c2
    ");
}
