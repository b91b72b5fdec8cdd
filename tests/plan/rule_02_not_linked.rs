//! Rule 2: an active account without a link that matches a declared person who is out is theirs.

use insta::assert_snapshot;

use super::world::{World, world};

/// Ada has an account; Eve is declared, and an account that nobody linked is hers.
fn company(eve: &str, account: &str) -> World {
    let company =
        world().people(&["ada"]).person("eve", eve).assign("", "user:ada").completed().has("ada", "1");
    company.account(&format!("9 userName={account}"))
}

#[test]
fn rule_02_an_account_of_somebody_out_of_the_scope_is_theirs() {
    let out = company("", "eve@x.example");
    assert_snapshot!(out.plan().short(), @"! still has access user:eve: eve is to have no account here, and account 9 (eve@x.example) matches and is active");
    assert!(out.plan().app().is_partial());
    assert_snapshot!(out.plan().hints("still has access"), @"disable it in the app by hand, or assign the app to its person; if it is to stay, let `protect:` name it");
    let later = company("start: 2026-06-20", "eve@x.example").assign("", "user:eve");
    assert_snapshot!(later.plan().short(), @"! still has access user:eve: eve starts later, and account 9 (eve@x.example) matches and is active");
    // One that is off, protected or of nobody gives no such access.
    assert_snapshot!(company("", "eve@x.example inactive").plan().short(), @"");
    assert_snapshot!(company("", "eve@x.example").app("protect: [\"9\"]").plan().short(), @"");
    assert_snapshot!(company("", "x@x.example").plan().short(), @"! unmanaged accounts: 1 active account nobody declared for this app: x@x.example");
    // Accounts of people who are out stay by configuration.
    assert_snapshot!(company("", "eve@x.example").app("users: {deprovision: keep}").plan().short(), @"! advice: 1 account stays active although nothing here asks for it: eve");
    // It is there in the place of one that was deleted.
    let again = company("", "eve@x.example").link("eve 2 gone=2026-06-01");
    assert_snapshot!(again.plan().short(), @"! still has access user:eve: eve is to have no account here, and account 9 (eve@x.example) matches and is active");
}

#[test]
fn rule_16_an_account_of_a_declared_person_is_not_unmanaged() {
    for policy in ["unmanaged: disable", "unmanaged: delete"] {
        let strict = |eve, account| company(eve, account).app(policy).auth("none");
        // The start lies ahead, or it cannot be said.
        let later = strict("start: 2026-06-20", "eve@x.example").assign("", "user:eve");
        let told = later.plan().short();
        assert_eq!(
            told.trim_end(),
            "! still has access user:eve: eve starts later, and account 9 (eve@x.example) matches and is active"
        );
        let undecided = strict("", "eve@x.example")
            .yaml("access/g.yaml", "groups: {team: {rule: 'user.title == \"Boss\"'}}")
            .assign("", "group:team, user:ada");
        let told = undecided.plan().short();
        assert!(told.contains("undecided user:eve") && !told.contains("account:9"), "{told}");
        // Out of the scope: the account is turned off, and never deleted.
        let out = strict("", "eve@x.example").plan();
        assert_eq!(out.short().trim_end(), "9 disable account:9: eve@x.example -> nothing (unmanaged)");
        assert!(out.why("account:9").starts_with("it matches user:eve, who is to have no account here"));
    }
}

#[test]
fn rule_01_an_account_that_is_left_alone_hides_nobody_who_is_out() {
    let assigned = |world: World| world.assign("", "user:ada, user:eve");
    let linked = |eve: &str| company(eve, "x@x.example inactive").has("eve", "2");
    for line in ["links: {eve: ignore}", "protect: [eve]"] {
        let filtered = assigned(linked("")).app("users: {filter: 'user.id == \"ada\"'}");
        for world in [linked(""), filtered, assigned(linked("start: 2026-06-20"))] {
            let told = world.clone().app(line).plan().short();
            assert!(
                told.contains("! still has access user:eve: is to have no account here, and account 2"),
                "{told}"
            );
            let keeps = world.app_once("users: {deprovision: keep}").app(line).plan().short();
            assert!(!keeps.contains("still has access"), "{keeps}");
        }
        // Of somebody who is to have one there is nothing to say, and without a link the line says that the account stays.
        for world in [assigned(linked("")), company("", "eve@x.example")] {
            assert_eq!(world.app(line).plan().short(), "");
        }
    }
}

#[test]
fn rule_15_an_account_that_matches_a_protected_person_is_not_unmanaged() {
    let world = company("", "eve@x.example").app("unmanaged: disable").auth("none").app("protect: [eve]");
    assert_snapshot!(world.plan().short(), @"");
}

#[test]
fn rule_10_an_account_in_question_is_named_as_a_member_nobody_declared() {
    let world = company("", "eve@x.example")
        .app("groups: {members: exact}")
        .app("roles: {admin: {group: Administrators, privileged: true}}")
        .app("links: {eve: ignore}")
        .assign("admin", "user:ada, user:eve")
        .auth("none")
        .group("g1 Administrators: 1 9")
        .group_link("role:admin g1: ada");
    assert_snapshot!(world.plan().short(), @"! members nobody declared role:admin: 1 member nobody declared stays, because a person has to decide about the account: eve@x.example");
}
