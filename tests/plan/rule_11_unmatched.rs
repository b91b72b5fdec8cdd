//! Rule 11: nobody gets a second account because the first one was not matched.

use insta::assert_snapshot;

use super::world::{World, world};

/// Accounts are matched by our id only; the address stands in an attribute that is no matching one.
const BY_ID: &str = "{match: [externalId], attributes: {userName: user.id, externalId: user.id, nickName: user.email, title: user.title}}";

/// These people, who are to have an account.
pub(super) fn newcomers(people: &[&str]) -> World {
    world().mapping(BY_ID).app("users: {scope: all}").people(people)
}

#[test]
fn rule_11_a_new_account_whose_e_mail_is_on_an_account_without_a_link_is_held() {
    let world = newcomers(&["ada", "bob"]).completed().account("7 userName=old.ada email=Ada@X.example");
    assert_snapshot!(world.plan().text(), @r#"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 2 people declared

    hr  https://hr.example/scim
      1 account to create; 1 change held back

      People (1)
        + bob (bob Test)  create account bob  (config)
            because scope: all  access/hr.yaml:2

      Held back, not done by apply: 1 change
        by guard:unmatched
          + create account  (config): ada (ada Test)

      Guards
        TRIPPED  unmatched: 1 person may have an account already, 0 allowed: ada: account 7 (old.ada) has the same nickName, which would match it
                 hint: if an account is the person's own, add the attribute that both have to `match` of the mapping, or name the account below `links:`; if not, repeat with --allow hr:unmatched=1
        ok       create: 2 people, 20 allowed

      Unmanaged accounts (1)
        ! 1 active account nobody declared for this app: old.ada
          hint: declare them, protect them, or set `unmanaged: disable`

    Total: 1 account to create; 1 change held back
    "#);
    // It holds by itself and lets the others pass; what needs the account is held with it.
    assert_snapshot!(world.clone().plan().short(), @r#"
    4 create user:ada (config) HELD by guard:unmatched
    4 create user:bob (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: old.ada
    TRIPPED unmatched: 1 person may have an account already, 0 allowed: ada: account 7 (old.ada) has the same nickName, which would match it
    "#);
    assert_snapshot!(world.clone().allow("unmatched", 1).plan().short(), @r#"
    4 create user:ada (config)
    4 create user:bob (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: old.ada
    allowed unmatched: 1 person may have an account already, 0 allowed: ada: account 7 (old.ada) has the same nickName, which would match it
    "#);
    assert_snapshot!(world.clone().allow("unmatched", 2).plan().guards(), @r#"
    TRIPPED unmatched: 1 person may have an account already, 0 allowed: ada: account 7 (old.ada) has the same nickName, which would match it [--allow 1]
    ok create: 2 people, 20 allowed
    "#);
    // Ways out: the attribute is matched, or the account is named.
    let matched = world.clone().mapping(&BY_ID.replace("[externalId]", "[externalId, nickName]"));
    let matched = matched.account("7 userName=old.ada email=Ada@X.example nickName=ada@x.example");
    assert_snapshot!(matched.plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    3 update user:ada/attribute:username: old.ada -> ada (config)
    4 create user:bob (config)
    ");
    assert_snapshot!(world.clone().app("links: {ada: \"7\"}").plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:externalid: nothing -> ada (config)
    3 update user:ada/attribute:nickname: nothing -> ada@x.example (config)
    3 update user:ada/attribute:username: old.ada -> ada (config)
    4 create user:bob (config)
    ");
    // A protected account is nobody's, and from a short listing nothing follows.
    assert_snapshot!(world.clone().app("protect: [old.ada]").plan().guards(), @"ok create: 2 people, 20 allowed");
    let mut short = world.clone();
    short.short = Some("page 2 was cut");
    assert_snapshot!(short.plan().guards(), @"ok create: 2 people, 20 allowed");
    // An account with a link is somebody's: a collision of such values is another matter.
    assert_snapshot!(world.person("eve", "").link("eve 7").account("7 userName=eve externalId=eve email=ada@x.example").plan().guards(), @"ok create: 2 people, 20 allowed");
}

#[test]
fn rule_11_the_same_full_name_counts_until_the_first_completed_apply() {
    let world = newcomers(&["ada", "bob"]).account("7 userName=a.test name=\"Ada Test\"");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (config) HELD by guard:unmatched
    4 create user:bob (config)
    ! unmanaged accounts: 1 active account nobody declared for this app: a.test
    TRIPPED unmatched: 1 person may have an account already, 0 allowed: ada: account 7 (a.test) has the same full name
    ");
    assert_snapshot!(world.clone().completed().plan().guards(), @"ok create: 2 people, 20 allowed");
    // An account that matches another person is that person's.
    let two = newcomers(&["ada", "bob"])
        .yaml("access/more.yaml", "users: {ada2: {name: {given: ada, family: Test}, email: ada2@x.example}}");
    let two = two.account("7 userName=ada externalId=ada name=\"Ada Test\"");
    assert_snapshot!(two.plan().guards(), @"");
}

/// Accounts with an address of the tree's domain, of which the first ones match.
fn staff(matching: usize, strangers: usize) -> World {
    let ids: Vec<String> = (0..6).map(|number| format!("p{number}")).collect();
    let world = newcomers(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let world = (0..matching).fold(world, |world, number| {
        world.account(&format!("{number} userName=p{number} externalId=p{number} email=p{number}@x.example"))
    });
    (0..strangers).fold(world, |world, number| {
        world.account(&format!("s{number} userName=s{number} email=s{number}@x.example"))
    })
}

#[test]
fn rule_11_a_first_apply_that_matches_fewer_than_half_of_the_accounts_creates_nothing() {
    assert_snapshot!(staff(1, 3).plan().short(), @r#"
    3 adopt user:p0 (config)
    3 update user:p0/attribute:nickname: nothing -> p0@x.example (config)
    4 create user:p1 (config) HELD by guard:unmatched
    4 create user:p2 (config) HELD by guard:unmatched
    4 create user:p3 (config) HELD by guard:unmatched
    4 create user:p4 (config) HELD by guard:unmatched
    4 create user:p5 (config) HELD by guard:unmatched
    ! unmanaged accounts: 3 active accounts nobody declared for this app: s0, s1, s2
    TRIPPED unmatched: 5 people may have an account already, 0 allowed, and fewer than half of 4 active accounts with an address of the tree's domains belong to somebody
    "#);
    assert_snapshot!(staff(1, 3).allow("unmatched", 5).plan().guards(), @"allowed unmatched: 5 people may have an account already, 0 allowed, and fewer than half of 4 active accounts with an address of the tree's domains belong to somebody [--allow 5]");
    // Half of them, or fewer than four accounts.
    assert_snapshot!(staff(2, 2).plan().guards(), @"");
    assert_snapshot!(staff(0, 3).plan().guards(), @"");
    // Of another domain, or not active.
    let foreign = (0..9).fold(staff(0, 0), |world, number| {
        world.account(&format!("s{number} userName=s{number} email=s{number}@other.example"))
    });
    assert_snapshot!(foreign.plan().guards(), @"");
    let inactive = (0..9).fold(staff(0, 0), |world, number| {
        world.account(&format!("s{number} userName=s{number} email=s{number}@x.example inactive"))
    });
    assert_snapshot!(inactive.plan().guards(), @"");
    assert_snapshot!(staff(0, 0).plan().guards(), @"");
    // Once an apply has run to its end, other accounts say nothing.
    assert_snapshot!(staff(1, 3).completed().plan().guards(), @"ok create: 5 people, 20 allowed");
}

#[test]
fn rule_11_a_first_apply_that_was_cut_off_goes_on() {
    // Two of four accounts were adopted before the first apply was cut off, and one account was created.
    let world = staff(2, 2).link("p0 0 adopted").link("p1 1 adopted");
    let world = world.account("9 userName=p5 externalId=p5 email=p5@x.example").link("p5 9");
    assert_snapshot!(world.plan().guards(), @"");
}

#[test]
fn rule_11_matched_accounts_outside_the_domains_of_the_tree_say_nothing_about_it() {
    // Three adopted accounts show no address of the tree; of the four that do, none belongs to a person.
    let world = (0..3).fold(staff(0, 4), |world, number| {
        let account = format!("{number} userName=p{number} externalId=p{number}");
        world.account(&account).link(&format!("p{number} {number} adopted"))
    });
    assert_snapshot!(world.plan().guards(), @"TRIPPED unmatched: 3 people may have an account already, 0 allowed, and fewer than half of 4 active accounts with an address of the tree's domains belong to somebody [--allow 3]");
    // Not linked yet either.
    let world = (0..3).fold(staff(0, 4), |world, number| {
        world.account(&format!("{number} userName=p{number} externalId=p{number}"))
    });
    assert_snapshot!(world.plan().guards(), @"TRIPPED unmatched: 3 people may have an account already, 0 allowed, and fewer than half of 4 active accounts with an address of the tree's domains belong to somebody [--allow 3]");
}

#[test]
fn rule_11_an_account_that_is_made_again_is_a_new_account() {
    let world =
        newcomers(&["ada"]).completed().link("ada 1").account("7 userName=old.ada email=ada@x.example");
    assert_snapshot!(world.applied().recreate("ada").plan().short(), @r"
    4 create user:ada (drift) HELD by guard:unmatched
    ! turned on again user:ada: account 1 of ada was deleted in the app, and another one is made because of --recreate ada
    ! unmanaged accounts: 1 active account nobody declared for this app: old.ada
    TRIPPED unmatched: 1 person may have an account already, 0 allowed: ada: account 7 (old.ada) has the same nickName, which would match it
    ");
    // An account that matches is adopted in its place.
    let other = newcomers(&["ada"]).completed().link("ada 1").account("7 userName=ada externalId=ada");
    assert_snapshot!(other.plan().short(), @r"
    3 adopt user:ada (config)
    3 update user:ada/attribute:nickname: nothing -> ada@x.example (config)
    ");
}
