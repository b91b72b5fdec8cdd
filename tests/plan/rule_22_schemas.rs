//! What the app says of its own attributes shapes what is sent (safety.md 22).

use insta::assert_snapshot;
use rolecall::catalog::{AttributeSchema, Mutability, OwnSchema, Type};

use super::world::{World, world};

const TEXT: AttributeSchema = AttributeSchema::of(Type::String);

/// An app whose schema of accounts has a login, and what is added here.
fn says(mut world: World, add: impl Fn(&mut OwnSchema)) -> World {
    let own = &mut world.schemas.users;
    own.add("userName", AttributeSchema { required: true, ..TEXT });
    add(own);
    own.show();
    world
}

fn ada(title: &str) -> World {
    world()
        .mapping("{match: [userName], attributes: {userName: user.email, title: user.title, displayName: user.name.display}}")
        .person("ada", &format!("title: {title}"))
        .assign("", "user:ada")
        .completed()
}

#[test]
fn rule_22_the_standard_mapping_leaves_out_what_the_app_does_not_know() {
    let app = ada("Analyst").app("users: {mapping: standard}");
    let app = says(app, |own| own.add("displayName", TEXT));
    assert_snapshot!(app.plan().text(), @r"
    Plan ID
      commit c0ffee
      made for 2026-06-15 00:00 UTC, valid until 2026-06-16 00:00 UTC, 1 person declared

    hr  https://hr.example/scim
      1 account to create

      People (1)
        + ada (ada Test)  create account ada@x.example  (config)
            because user:ada is assigned hr  access/assign-0.yaml:1

      Guards
        ok       create: 1 person, 20 allowed

      Advice (1)
        ! this app's own schema of accounts has no title: it is left out of the standard mapping

    Total: 1 account to create
    ");
    let known = app.account("1 userName=ada@x.example displayName=\"ada Test\"").link("ada 1");
    assert_snapshot!(known.plan().short(), @"! advice: this app's own schema of accounts has no title: it is left out of the standard mapping");
}

#[test]
fn rule_22_a_written_mapping_must_not_name_what_the_app_does_not_know() {
    let app = says(ada("Analyst"), |own| own.add("displayName", TEXT));
    assert_snapshot!(app.plan().short(), @r"
    4 create user:ada (config)
    ! not possible: this app's own schema of accounts has no title: it is not sent
    ");
    assert_snapshot!(app.plan().hints("not possible"), @"take it out of the mapping, or put its path right");
}

#[test]
fn rule_22_what_only_the_app_writes_is_not_sent() {
    let app = says(ada("Analyst"), |own| {
        own.add("title", TEXT);
        own.add("displayName", AttributeSchema { mutability: Mutability::ReadOnly, ..TEXT });
    });
    let known = app.account("1 userName=ada@x.example displayName=Eve title=Boss").link("ada 1");
    assert_snapshot!(known.plan().short(), @r"
    3 update user:ada/attribute:title: Boss -> Analyst (config)
    ! advice: this app's own schema of accounts calls displayName read-only: it is not sent
    ");
}

#[test]
fn rule_22_what_can_be_set_once_is_not_sent_to_what_exists() {
    let app = says(ada("Analyst"), |own| {
        own.add("displayName", TEXT);
        own.add("title", AttributeSchema { mutability: Mutability::Immutable, ..TEXT });
    });
    let known = app.account("1 userName=ada@x.example displayName=\"ada Test\" title=Boss").link("ada 1");
    assert_snapshot!(known.plan().short(), @"! not possible user:ada: title cannot be changed in this app once it is set");
}

#[test]
fn rule_22_what_a_new_account_needs_and_no_mapping_gives_is_said() {
    let app = says(ada("Analyst"), |own| {
        own.add("title", TEXT);
        own.add("displayName", TEXT);
        own.add("employeeNumber", AttributeSchema { required: true, ..TEXT });
    });
    assert_snapshot!(app.plan().short(), @r"
    4 create user:ada (config)
    ! advice: this app's own schema says that accounts need employeeNumber, which no mapping gives: the app may refuse new ones
    ");
    let known = app.account("1 userName=ada@x.example displayName=\"ada Test\" title=Analyst").link("ada 1");
    assert_snapshot!(known.plan().short(), @"");
}

#[test]
fn rule_22_text_that_the_app_does_not_call_case_exact_may_be_stored_in_another_case() {
    let app = says(ada("Analyst"), |own| {
        own.add("displayName", TEXT);
        own.add("title", TEXT);
    });
    let shouted = "1 userName=ada@x.example displayName=\"ADA TEST\" title=ANALYST";
    let known = app.account(shouted).link("ada 1 title=Analyst");
    assert_snapshot!(known.plan().short(), @"");
    // A declared change of case is a change.
    let changed = known
        .person("ada", "title: analyst")
        .account("1 userName=ada@x.example displayName=\"ada Test\" title=Analyst");
    assert_snapshot!(changed.plan().short(), @"3 update user:ada/attribute:title: Analyst -> analyst (config)");
}

#[test]
fn rule_22_a_role_value_in_another_case_is_the_role() {
    let world = world()
        .completed()
        .people(&["ada"])
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {admin: {value: ADMIN}, reader: {value: READ}}")
        .assign("reader", "user:ada")
        .managed("admin=ADMIN reader=READ")
        .account("1 userName=ada@x.example roles=[Admin,read]")
        .link("ada 1 roles=[admin,reader]");
    let known = says(world, |own| own.add("roles", TEXT));
    assert_snapshot!(known.plan().short(), @"8 revoke role user:ada/role:admin: ADMIN -> nothing (config)");
    // What is taken away is named as the app has it.
    let after = known.applied();
    assert_eq!(after.things["1"].values["roles"].to_string(), "[read]");
    assert_snapshot!(after.plan().short(), @"");
    // A former value as well.
    let revalued = known.app_once("roles: {admin: {value: ROOT}, reader: {value: READ}}");
    assert_snapshot!(revalued.plan().short(), @"8 revoke role user:ada/role:admin=ADMIN: Admin -> nothing (config)");
}
