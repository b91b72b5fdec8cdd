//! People as they are: one name is enough, and a role may mean nothing but an account (design 1).

use insta::assert_snapshot;

use super::design_1_scope::starts_with;
use super::world::{World, world};

const NAMES: &str = "{match: [userName], attributes: {userName: user.email, name.givenName: user.name.given, \
                     name.familyName: user.name.family, displayName: user.name.display}}";

/// ada, with this name and this mapping of names.
fn named(name: &str) -> World {
    world()
        .yaml("access/ada.yaml", &format!("users: {{ada: {{name: {name}, email: ada@x.example}}}}"))
        .assign("", "user:ada")
        .mapping(NAMES)
        .completed()
}

#[test]
fn design_1_one_name_is_enough_and_what_there_is_is_sent() {
    let sent = |name: &str| starts_with(&named(name).plan(), "ada");
    assert_snapshot!(sent("Suharto"), @"displayName=Suharto userName=ada@x.example");
    assert_snapshot!(sent("{display: Suharto}"), @"displayName=Suharto userName=ada@x.example");
    assert_snapshot!(sent("{given: Suharto}"), @"displayName=Suharto name.givenName=Suharto userName=ada@x.example");
    assert_snapshot!(sent("{family: Suharto}"), @"displayName=Suharto name.familyName=Suharto userName=ada@x.example");
    assert_snapshot!(
        sent("{given: Ada, family: Lovelace}"),
        @"displayName=Ada Lovelace name.familyName=Lovelace name.givenName=Ada userName=ada@x.example"
    );
    assert_snapshot!(
        sent("{family: Lovelace, display: Ada King}"),
        @"displayName=Ada King name.familyName=Lovelace userName=ada@x.example"
    );
}

#[test]
fn design_1_a_plan_shows_the_name_that_is_there() {
    for name in ["Suharto", "{display: Suharto}", "{given: Suharto}", "{family: Suharto}"] {
        let text = named(name).plan().text();
        assert!(text.contains("Suharto") && !text.contains("Suharto "), "{name}: {text}");
    }
}

#[test]
fn design_1_a_name_part_that_is_not_declared_any_more_is_cleared() {
    let world = named("{display: Suharto}")
        .account("1 userName=ada@x.example name.givenName=Ada displayName=Suharto")
        .link("ada 1");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:name.givenname: Ada -> nothing (config)");
}

/// ada holds a role that says neither a value nor a group.
fn plain_role(roles: &str) -> World {
    world().people(&["ada", "bob"]).app(&format!("roles: {roles}")).assign("member", "user:ada").completed()
}

#[test]
fn design_1_a_role_that_no_mapping_writes_means_an_account_and_nothing_more() {
    let world = plain_role("{member: {}, admin: {group: Admins}}").assign("admin", "user:bob");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (config)
    4 create user:bob (config)
    6 create group role:admin: nothing -> Admins (config)
    7 grant role user:bob/role:admin: nothing -> admin (config)
    ");
    let after = world.applied();
    assert!(after.ledger.roles.is_empty(), "{:?}", after.ledger.roles);
    assert!(after.ledger.users.values().all(|link| link.roles.is_empty() || link.roles.contains("admin")));
    assert_snapshot!(after.plan().short(), @"");
    assert_snapshot!(after.person("ada", "status: left").plan().short(), @"1 disable user:ada (left)");
}

#[test]
fn design_1_a_role_without_a_value_is_its_id_where_the_mapping_writes_roles() {
    let world = plain_role("{member: {}}")
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:ada (config)
    7 grant role user:ada/role:member: nothing -> member (config)
    ");
    assert_eq!(world.applied().ledger.roles.get("member").map(AsRef::as_ref), Some("member"));
}

#[test]
fn design_1_a_role_that_has_to_be_seen_in_the_app_needs_a_mapping() {
    assert_eq!(plain_role("{member: {precedence: 3}}").mistakes(), "");
    let why = |world: World| world.mistakes();
    assert_snapshot!(why(plain_role("{member: {value: MEMBER}}")), @r"
    Tree rolecall.yaml:7 unwritten-role: app hr has the role member, but its mapping accounts writes no role
      hint: map `account.role` (one) or `account.roles` (all) to the attribute that holds roles, or give the role a `group:`
      hint: if the role only means that its holders have an account, remove its `value`
    ");
    assert_snapshot!(why(plain_role("{other: {value: OTHER}, member: {}}")), @r"
    Tree rolecall.yaml:7 unwritten-role: app hr has the role other, but its mapping accounts writes no role
      hint: map `account.role` (one) or `account.roles` (all) to the attribute that holds roles, or give the role a `group:`
      hint: if the role only means that its holders have an account, remove its `value`
    ");
    assert_snapshot!(why(plain_role("{member: {privileged: true}}")), @r"
    Tree rolecall.yaml:7 unwritten-role: app hr has the role member, but its mapping accounts writes no role
      hint: map `account.role` (one) or `account.roles` (all) to the attribute that holds roles, or give the role a `group:`
      hint: if the role only means that its holders have an account, remove `privileged`
    ");
    assert_snapshot!(why(plain_role("{member: {}}").app("guard: {min_members: {member: 2}}")), @r"
    Tree rolecall.yaml:7 unwritten-role: app hr has the role member, but its mapping accounts writes no role
      hint: map `account.role` (one) or `account.roles` (all) to the attribute that holds roles, or give the role a `group:`
      hint: if the role only means that its holders have an account, take it out of `min_members`
    ");
    let conflict = "policies: {both: {conflict: [hr/member, hr/other]}}";
    assert_snapshot!(why(plain_role("{member: {}, other: {group: Others}}").yaml("access/p.yaml", conflict)), @r"
    Tree rolecall.yaml:7 unwritten-role: app hr has the role member, but its mapping accounts writes no role
      hint: map `account.role` (one) or `account.roles` (all) to the attribute that holds roles, or give the role a `group:`
      hint: if the role only means that its holders have an account, take it out of the policy
    ");
}
