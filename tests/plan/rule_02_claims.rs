//! Rule 2: an account that an interrupted run created is claimed only if it shows that it is that one.

use insta::assert_snapshot;
use rolecall::model::ledger::Origin;

use super::world::{World, world};

fn ada() -> World {
    world().people(&["ada", "bob"]).assign("", "user:ada, user:bob").completed().has("bob", "9")
}

/// A run set out to create Ada's account, at noon.
fn crashed() -> World {
    ada().intent("ada").attempted("ada", "2026-06-14T12:00:00Z", "c0ffee")
}

fn origin(world: &World) -> Origin {
    world.applied().ledger.users["ada"].origin
}

#[test]
fn rule_02_an_account_that_is_older_than_the_intent_is_a_candidate_like_any_other() {
    let account = |created: &str, more: &str| {
        crashed().account(&format!("1 userName=ada@x.example externalId=ada created={created}{more}"))
    };
    let new = account("2026-06-14T12:00:05Z", "");
    assert_snapshot!(new.plan().short(), @"3 adopt user:ada (retry)");
    assert_eq!(origin(&new), Origin::Created);
    // The clocks differ by less than five minutes.
    assert_eq!(origin(&account("2026-06-14T11:56:00Z", "")), Origin::Created);
    let old = account("2026-06-14T11:50:00Z", "");
    assert_snapshot!(old.plan().short(), @"3 adopt user:ada (config)");
    assert_snapshot!(old.plan().why("user:ada"), @"account 1 (ada@x.example) matches user:ada by externalId access/people.yaml:2");
    assert_eq!(origin(&old), Origin::Adopted);
    // All refusals apply.
    assert_snapshot!(account("2026-06-14T11:50:00Z", " inactive").plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but it is inactive");
    assert_snapshot!(account("2026-06-14T12:00:05Z", " inactive").plan().short(), @"4 adopt user:ada: inactive -> active (retry)");
}

#[test]
fn rule_02_without_a_creation_time_it_has_to_be_the_only_account_with_a_value_of_the_person() {
    // Logins are unique, and no account is matched by them here.
    let mapping = "{match: [externalId], attributes: {userName: user.email, externalId: user.id}}";
    let only = crashed().mapping(mapping).account("1 userName=a externalId=ada");
    assert_eq!(origin(&only), Origin::Created);
    // An intent of an older version names no run: the creation time cannot be compared.
    let old = ada().intent("ada").mapping(mapping).account("1 userName=a externalId=ada created=2020-01-01");
    assert_eq!(origin(&old), Origin::Created);
    let two = only.clone().account("2 userName=ada@x.example");
    assert_snapshot!(two.plan().short(), @r"
    ! not adopted user:ada: account 1 (a) matches, but only its externalId is ada's: no other value that tells accounts apart is, neither today nor at the last applied commit
    ! unmanaged accounts: 1 active account nobody declared for this app: ada@x.example
    ");
    let shown = two.account("1 userName=a externalId=ada created=2026-06-14T12:00:05Z");
    assert_eq!(origin(&shown), Origin::Created);
}

#[test]
fn rule_02_a_short_listing_says_not_that_it_is_the_only_one() {
    let mut world = crashed().account("1 userName=ada@x.example externalId=ada");
    world.short = Some("a page is missing");
    assert_snapshot!(world.plan().short(), @r"
    3 adopt user:ada (retry)
    ! not all was shown: the listing of accounts did not show all of them: a page is missing; nothing is concluded from what is missing
    ");
    let mut hidden = world.clone();
    let other = world.clone().account("2 userName=ada@x.example").things.remove("2").unwrap();
    hidden.unlisted.insert("2".into(), other);
    assert_snapshot!(hidden.plan().short(), @r"
    ! not all was shown: the listing of accounts did not show all of them: a page is missing; nothing is concluded from what is missing
    ! ambiguous match user:ada: 2 accounts match ada: 1 by externalId, 2 by userName
    ");
}

#[test]
fn rule_02_a_foreign_id_is_no_account_of_ours() {
    let world = crashed().account("1 userName=ada@x.example externalId=00u1 created=2026-06-14T12:00:05Z");
    assert_snapshot!(world.plan().short(), @r#"! not adopted user:ada: account 1 (ada@x.example) matches, but its externalId is "00u1", which is not ours"#);
}

#[test]
fn rule_02_a_value_of_another_person_claims_nothing() {
    let mapping = "{match: [userName], attributes: {userName: user.email, externalId: user.id}}";
    let new = |login: &str, id: &str| {
        crashed()
            .mapping(mapping)
            .account(&format!("1 userName={login} externalId={id} created=2026-06-14T12:00:05Z"))
    };
    assert_eq!(origin(&new("ada@x.example", "ada")), Origin::Created);
    // Eve had the address at the last applied commit.
    let before = ada().person("eve", "email: ada@x.example").person("ada", "email: countess@x.example");
    let given_on = new("ada@x.example", "ada").before(before);
    assert_snapshot!(given_on.plan().short(), @"3 adopt user:ada (config)");
    assert_eq!(origin(&given_on), Origin::Adopted);
}

#[test]
fn rule_02_undeclared_power_claims_nothing_and_a_role_for_everybody_is_none() {
    let world = |roles: &str| {
        world()
            .people(&["ada"])
            .app("roles: {admin: {value: ADMIN, privileged: true}, member: {value: MEMBER}}")
            .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
            .assign("", "user:ada")
            .app("default_access: provision")
            .completed()
            .managed("admin=ADMIN member=MEMBER")
            .intent("ada")
            .attempted("ada", "2026-06-14T12:00:00Z", "c0ffee")
            .account(&format!("1 userName=ada@x.example created=2026-06-14T12:00:05Z {roles}"))
    };
    let default = world("roles=[MEMBER]");
    assert_snapshot!(default.plan().short(), @"3 adopt user:ada (retry)");
    assert_eq!(origin(&default), Origin::Created);
    assert_snapshot!(world("roles=[ADMIN]").plan().short(), @"! not adopted user:ada: account 1 (ada@x.example) matches, but it holds the role admin, which ada is not declared to have");
    // Power that stands elsewhere on the account.
    let elsewhere = world("holds=\"entitlement ADMIN\"");
    assert_snapshot!(elsewhere.plan().short(), @"3 adopt user:ada (config) privileged");
    assert_eq!(origin(&elsewhere), Origin::Adopted);
    // It was declared: the interrupted run gave it.
    let declared = world("roles=[ADMIN] holds=\"role ADMIN\"").assign("admin", "user:ada");
    assert_snapshot!(declared.plan().short(), @"3 adopt user:ada (retry) privileged");
    assert_eq!(origin(&declared), Origin::Created);
}

#[test]
fn rule_02_a_crashed_create_of_a_person_who_left_meanwhile_is_ours_if_it_is_new() {
    let left = |created: &str| {
        crashed()
            .person("ada", "status: left")
            .account(&format!("1 userName=ada@x.example externalId=ada {created}"))
    };
    assert_eq!(origin(&left("created=2026-06-14T12:00:05Z")), Origin::Created);
    assert_eq!(origin(&left("created=2026-06-14T11:00:05Z")), Origin::Adopted);
    assert_eq!(origin(&left("")), Origin::Adopted);
}
