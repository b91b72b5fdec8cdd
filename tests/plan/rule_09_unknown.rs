//! Rule 9: unknown is not false.

use insta::assert_snapshot;

use super::world::{World, world};

/// ada has no type, so the rule cannot be decided for her.
fn contractors() -> World {
    world()
        .people(&["ada"])
        .person("bob", "attributes: {type: contractor}")
        .person("cy", "attributes: {type: employee}")
        .yaml("access/g.yaml", "groups: {ext: {rule: 'user.attributes.type == \"contractor\"'}}")
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .has("cy", "3")
}

#[test]
fn rule_09_an_undecided_rule_freezes_the_account() {
    let world = contractors().assign("", "group:ext");
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:cy (config)
    ! undecided user:ada: membership of an assigned group is undecided
    ");
    assert_snapshot!(world.findings(), @r"
    Subject access/people.yaml:2 unknown-membership: cannot say whether ada is in group ext: `user.attributes.type` is not set
      hint: give the attribute a value, or guard the rule with `has(…)`; until then nothing changes for this person
    Subject access/people.yaml:2 unknown-scope: ada in app hr: membership of an assigned group is undecided
      hint: until this is decided, nothing changes for this person in this app
    ");
    assert!(world.plan().app().is_partial());
}

#[test]
fn rule_09_an_undecided_rule_freezes_memberships_too() {
    let world = contractors()
        .assign("", "user:ada, user:bob, user:cy")
        .app("groups: {push: [ext]}")
        .group("g1 ext: 1 3")
        .group_link("group:ext g1: ada cy");
    assert_snapshot!(world.plan().short(), @r"
    7 add member group:ext/member:bob (config)
    8 remove member group:ext/member:cy (config)
    ! undecided user:ada: cannot say whether they should be in group:ext
    ");
}

#[test]
fn rule_09_unknown_spreads_through_nesting() {
    let world = contractors()
        .yaml("access/n.yaml", "groups: {outer: {members: [group:ext, user:cy]}}")
        .assign("", "group:outer");
    assert_snapshot!(world.plan().short(), @"! undecided user:ada: membership of an assigned group is undecided");
}

#[test]
fn rule_09_an_undecided_filter_freezes_the_account() {
    let world = contractors()
        .app("users: {filter: 'user.attributes.type == \"employee\"'}")
        .assign("", "user:ada, user:bob, user:cy");
    assert_snapshot!(world.plan().short(), @r"
    9 disable user:bob (config)
    ! undecided user:ada: the app's filter is undecided: `user.attributes.type` is not set
    ");
}

#[test]
fn rule_09_undecided_roles_stay_as_they_are() {
    let world = contractors()
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .app("roles: {ext: {}, member: {precedence: 2}}")
        .assign("member", "user:ada, user:bob, user:cy")
        .assign("ext", "group:ext")
        .managed("ext=ext member=member")
        .account("1 userName=ada@x.example externalId=ada roles=[ext]");
    assert_snapshot!(world.plan().short(), @r"
    7 grant role user:bob/role:ext: nothing -> ext (config)
    7 grant role user:bob/role:member: nothing -> member (config)
    7 grant role user:cy/role:member: nothing -> member (config)
    ! undecided user:ada: cannot say whether they should have role ext
    ");
}

#[test]
fn rule_09_a_person_whose_mapping_fails_keeps_what_they_have() {
    let world = world()
        .mapping("{match: [userName], attributes: {userName: user.email, externalId: user.attributes.type}}")
        .mapping(
            "{match: [externalId], attributes: {userName: user.email, externalId: user.attributes.type}}",
        )
        .people(&["ada"])
        .person("bob", "attributes: {type: b}")
        .assign("", "user:ada, user:bob")
        .yaml("access/g.yaml", "groups: {team: {members: [user:bob]}}")
        .app("groups: {push: [team]}")
        .completed()
        .account("1 userName=ada@x.example externalId=a")
        .link("ada 1 externalId=a")
        .group("g1 team: 1")
        .group_link("group:team g1: ada");
    assert_snapshot!(world.plan().short(), @r"
    4 create user:bob (config)
    7 add member group:team/member:bob (config)
    ! undecided user:ada: externalId is required and has no value
    ");
}

#[test]
fn rule_09_absent_clears_an_optional_attribute() {
    let world = world().people(&["ada"]).assign("", "user:ada").completed();
    let world = world.account("1 userName=ada@x.example externalId=ada title=Boss").link("ada 1 title=Boss");
    assert_snapshot!(world.plan().short(), @"3 update user:ada/attribute:title: Boss -> nothing (config)");
}
