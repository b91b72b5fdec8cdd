//! The scope of an app, and the values of its mapping.

use insta::assert_snapshot;

use rolecall::model::change::ChangeKind;

use super::outcome::Outcome;
use super::world::{World, world};

/// The first values of a new account.
pub fn starts_with(outcome: &Outcome, id: &str) -> String {
    let created = |change: &&rolecall::model::change::Change| {
        change.kind == ChangeKind::Create && change.key.object.to_string() == format!("user:{id}")
    };
    let change = outcome.app().changes.iter().find(created).expect("a new account");
    let sets = change.sets.iter().map(|set| {
        let value = set.value.text.clone().unwrap_or_default();
        format!("{}={value}", set.path)
    });
    sets.collect::<Vec<_>>().join(" ")
}

fn with_roles() -> World {
    world()
        .people(&["ada", "bob"])
        .app("roles: {member: {value: MEMBER, precedence: 1}}")
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .assign("member", "user:ada")
        .assign("", "user:bob")
        .completed()
}

#[test]
fn design_1_an_assignment_without_a_role_is_default_access_and_skipped() {
    assert_snapshot!(with_roles().plan().short(), @r"
    4 create user:ada (config)
    7 grant role user:ada/role:member: nothing -> member (config)
    ! not effectively entitled: 1 person assigned without a role (Default Access): bob
    ");
}

#[test]
fn design_1_default_access_provision_makes_the_account() {
    let world = with_roles().app("default_access: provision");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (config)
    4 create user:bob (config)
    7 grant role user:ada/role:member: nothing -> member (config)
    ");
}

#[test]
fn design_1_without_roles_every_assignment_counts() {
    let world = world().people(&["ada"]).assign("", "user:ada").completed();
    assert_snapshot!(world.plan().short(), @"4 create user:ada (config)");
}

#[test]
fn design_1_scope_all_takes_everybody_whom_the_filter_leaves() {
    let world = world()
        .person("ada", "title: Analyst")
        .person("bob", "title: Boss")
        .person("cy", "title: Clerk, status: left")
        .completed()
        .app(r#"users: {scope: all, filter: 'user.title != "Boss"'}"#);
    assert_snapshot!(world.plan().short(), @"4 create user:ada (config)");
}

#[test]
fn design_1_constants_and_defaults_are_written() {
    let mapping = r"{match: [userName], attributes: {userName: user.email, locale: {value: en-US}, title: {expr: user.title, default: Staff}}}";
    let world = world()
        .person("ada", "title: Analyst")
        .people(&["bob"])
        .assign("", "user:ada, user:bob")
        .mapping(mapping)
        .completed();
    let outcome = world.plan();
    assert_snapshot!(starts_with(&outcome, "ada"), @"locale=en-US title=Analyst userName=ada@x.example");
    assert_snapshot!(starts_with(&outcome, "bob"), @"locale=en-US title=Staff userName=bob@x.example");
    // Attributes of the mapping are corrected; other attributes stay.
    let world =
        world.account("1 userName=ada@x.example title=Analyst locale=de-DE nickName=Countess").link("ada 1");
    assert_snapshot!(world.plan().short(), @r"
    3 update user:ada/attribute:locale: de-DE -> en-US (config)
    4 create user:bob (config)
    ");
}
