//! Rules 10 and 11: what people had before rolecall came is taken away only when it is allowed, once.

use insta::assert_snapshot;

use super::world::{World, world};

/// A group of the app with one declared member, two others of the tree, and a stranger.
fn found(policy: &str) -> World {
    world()
        .completed()
        .people(&["ada", "bob", "cy"])
        .assign("", "user:ada, user:bob, user:cy")
        .yaml("access/team.yaml", "groups: {team: {name: Team, members: [user:ada]}}")
        .app(&format!("groups: {{push: [team]{policy}}}"))
        .has("ada", "1")
        .has("bob", "2")
        .has("cy", "3")
        .account("9 userName=stranger@y.example")
        .group("g1 Team: 1 2 3 9")
}

#[test]
fn rule_11_members_found_at_the_adoption_go_only_when_it_is_allowed() {
    let world = found("");
    assert_snapshot!(world.plan().short(), @r#"
    6 adopt group:team: nothing -> Team (config)
    ! groups taken over group:team: takes over group g1 ("Team"): 4 members are in it, and nobody is to come
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    ! members nobody declared user:bob: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared group:team: 1 member nobody declared: 9
    "#);
    let world = world.applied();
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:bob (takeover) HELD by guard:takeover
    8 remove member group:team/member:cy (takeover) HELD by guard:takeover
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    ! members nobody declared group:team: 1 member nobody declared: 9
    TRIPPED takeover: 2 people, 0 allowed
    ");
    assert_snapshot!(world.plan().why("group:team/member:bob"), @r"
    user:bob had group:team before rolecall came to manage it, and is not declared there access/team.yaml:1
    held: takeover: 2 people, 0 allowed
    ");
    assert_snapshot!(world.clone().allow("takeover", 1).plan().guards(), @r"TRIPPED takeover: 2 people, 0 allowed [--allow 2]");
    let world = world.allow("takeover", 2);
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:bob (takeover)
    8 remove member group:team/member:cy (takeover)
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    ! members nobody declared group:team: 1 member nobody declared: 9
    allowed takeover: 2 people, 0 allowed
    ");
    let mut world = world.applied();
    world.allowed.clear();
    // Who is added in the app afterwards is drift.
    assert_snapshot!(world.group("g1 Team: 1 2 9").plan().short(), @r"
    8 remove member group:team/member:bob (drift)
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    ! members nobody declared group:team: 1 member nobody declared: 9
    ");
}

/// The deletion of the whole group is no way around what a guard holds in it.
#[test]
fn rule_11_a_group_with_found_members_is_deleted_only_when_it_is_allowed() {
    let given_up =
        |world: World| world.drop_yaml("access/team.yaml").app_once("groups: {push: [], remove: delete}");
    let world = given_up(found("").applied());
    assert_snapshot!(world.plan().guards(), @"TRIPPED takeover: 4 people, 0 allowed [--allow 4]");
    assert_eq!(world.plan().app().held().count(), 1, "{}", world.plan().short());
}

#[test]
fn rule_11_a_found_member_who_was_declared_is_taken_out_like_others() {
    let team = |members: &str| format!("groups: {{team: {{name: Team, members: [{members}]}}}}");
    let world = found("").applied().yaml("access/team.yaml", &team("user:ada, user:bob")).applied();
    let world = world.yaml("access/team.yaml", &team("user:ada"));
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:bob (config)
    8 remove member group:team/member:cy (takeover) HELD by guard:takeover
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    ! members nobody declared group:team: 1 member nobody declared: 9
    TRIPPED takeover: 1 person, 0 allowed
    ");
}

#[test]
fn rule_11_strangers_found_at_the_adoption_wait_as_well() {
    let world = found(", members: exact").applied();
    assert_snapshot!(world.plan().short(), @r"
    8 remove member group:team/member:bob (takeover) HELD by guard:takeover
    8 remove member group:team/member:cy (takeover) HELD by guard:takeover
    8 remove member group:team/stranger:9: stranger@y.example -> nothing (takeover) HELD by guard:takeover
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    TRIPPED takeover: 3 people, 0 allowed
    ");
    assert_snapshot!(world.plan().why("group:team/stranger:9"), @r"
    group:team is pushed to hr access/hr.yaml:6
    it was in group:team before rolecall came to manage it, and nobody declared it
    held: takeover: 3 people, 0 allowed
    ");
    let world = world.allow("takeover", 3).applied();
    assert_snapshot!(world.account("8 userName=new@y.example").group("g1 Team: 1 8").plan().short(), @r"
    8 remove member group:team/stranger:8: new@y.example -> nothing (unmanaged)
    ! unmanaged accounts: 2 active accounts nobody declared for this app: new@y.example, stranger@y.example
    ! advice: --allow hr:takeover=3 lets nothing pass: the guard holds nobody in this plan
    ");
}

#[test]
fn rule_11_found_members_who_left_go_at_once() {
    let world = found("").applied().person("bob", "status: left");
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:bob (left)
    1 remove member group:team/member:bob (left)
    8 remove member group:team/member:cy (takeover) HELD by guard:takeover
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    ! members nobody declared group:team: 1 member nobody declared: 9
    TRIPPED takeover: 1 person, 0 allowed
    ");
}

#[test]
fn rule_11_drift_that_is_only_reported_leaves_what_was_found() {
    assert_snapshot!(found("").app("drift: report").applied().plan().short(), @r"
    ! drift, left as it is user:bob: was in group:team before rolecall came to manage it
    ! drift, left as it is user:cy: was in group:team before rolecall came to manage it
    ! unmanaged accounts: 1 active account nobody declared for this app: stranger@y.example
    ! members nobody declared group:team: 1 member nobody declared: 9
    ");
}

#[test]
fn rule_11_the_group_of_a_role_is_taken_over_too() {
    let world = world()
        .completed()
        .people(&["ada", "bob"])
        .assign("auditor", "user:ada")
        .assign("", "user:bob")
        .app("roles: {auditor: {group: Auditors}}")
        .app("default_access: provision")
        .has("ada", "1")
        .has("bob", "2")
        .group("g1 Auditors: 1 2")
        .applied();
    assert_snapshot!(world.plan().short(), @r"
    8 revoke role user:bob/role:auditor: auditor -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(world.plan().why("user:bob/role:auditor"), @r"
    user:bob had role:auditor before rolecall came to manage it, and is not declared there access/hr.yaml:6
    held: takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(world.allow("takeover", 1).applied().plan().short(), @"! advice: --allow hr:takeover=1 lets nothing pass: the guard holds nobody in this plan");
}

/// A company whose accounts have a value of a role that rolecall did not manage before.
fn values() -> World {
    world()
        .completed()
        .people(&["ada", "bob"])
        .assign("auditor", "user:ada")
        .assign("reader", "user:bob")
        .app("roles: {auditor: {value: AUDIT}, reader: {value: READ}}")
        .mapping("{match: [userName], attributes: {userName: user.email, roles: account.roles}}")
        .managed("reader=READ")
        .account("1 userName=ada@x.example roles=[AUDIT]")
        .account("2 userName=bob@x.example roles=[AUDIT,READ]")
        .link("ada 1")
        .link("bob 2 roles=[reader]")
}

#[test]
fn rule_11_a_value_that_is_managed_for_the_first_time_is_taken_over_too() {
    assert_snapshot!(values().plan().short(), @r"! members nobody declared user:bob: holds the role auditor, which is managed for the first time by this plan and not declared for bob");
    let world = values().applied();
    assert_snapshot!(world.plan().short(), @r"
    8 revoke role user:bob/role:auditor: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(world.plan().why("user:bob/role:auditor"), @r"
    user:bob had role:auditor before rolecall came to manage it, and is not declared there access/hr.yaml:6
    held: takeover: 1 person, 0 allowed
    ");
    let mut world = world.allow("takeover", 1).applied();
    world.allowed.clear();
    // Given in the app once more, it is drift.
    let again = world.account("2 userName=bob@x.example roles=[AUDIT,READ]");
    assert_snapshot!(again.plan().short(), @r"8 revoke role user:bob/role:auditor: AUDIT -> nothing (drift)");
}

#[test]
fn rule_11_leavers_whom_the_first_apply_adopted_are_a_takeover() {
    let world = world()
        .people(&["ada"])
        .assign("", "user:ada, user:bob")
        .person("bob", "status: left")
        .account("1 userName=ada@x.example")
        .account("2 userName=bob@x.example")
        .applied();
    assert_snapshot!(world.plan().short(), @r"
    1 disable user:bob (left) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(world.clone().allow("takeover", 1).plan().short(), @r"
    1 disable user:bob (left)
    allowed takeover: 1 person, 0 allowed
    ");
    // Who is in again before that, and leaves later, is a leaver like any other.
    let back = world.person("bob", "").assign("", "user:bob").applied();
    assert_snapshot!(back.person("bob", "status: left").plan().short(), @r"1 disable user:bob (left)");
}

/// The company of [`values`], after the plan that found the value of bob's account, in files that name or store the role otherwise.
fn renamed(roles: &str, assigned: &str) -> World {
    let world = values().applied().app_once(&format!("roles: {{{roles}, reader: {{value: READ}}}}"));
    let line = format!("assignments: [{{app: hr, role: {assigned}, members: [user:ada]}}]");
    world.yaml("access/assign-0.yaml", &line)
}

#[test]
fn rule_11_what_was_found_follows_the_role_to_its_new_id() {
    let world = renamed("audit: {value: AUDIT, previously: [auditor]}", "audit");
    assert_snapshot!(world.plan().short(), @r"
    8 revoke role user:bob/role:audit: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    // The files need not name the earlier id for ever.
    let later = world.applied().app_once("roles: {audit: {value: AUDIT}, reader: {value: READ}}");
    assert_snapshot!(later.plan().short(), @r"
    8 revoke role user:bob/role:audit: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
}

#[test]
fn rule_11_what_was_found_is_a_takeover_under_a_former_value_and_of_a_role_that_is_given_up() {
    let revalued = renamed("auditor: {value: SEES}", "auditor");
    assert_snapshot!(revalued.plan().short(), @r"
    7 grant role user:ada/role:auditor: AUDIT -> auditor (config)
    8 revoke role user:ada/role:auditor=AUDIT: AUDIT -> nothing (config)
    8 revoke role user:bob/role:auditor=AUDIT: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(revalued.applied().plan().short(), @r"
    8 revoke role user:bob/role:auditor=AUDIT: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    let both = renamed("audit: {value: SEES, previously: [auditor]}", "audit");
    assert_snapshot!(both.plan().short(), @r"
    7 grant role user:ada/role:audit: AUDIT -> audit (config)
    8 revoke role user:ada/role:audit=AUDIT: AUDIT -> nothing (config)
    8 revoke role user:bob/role:audit=AUDIT: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(both.applied().plan().short(), @r"
    8 revoke role user:bob/role:audit=AUDIT: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    let given_up = renamed("other: {value: OTHER}", "other");
    assert_snapshot!(given_up.plan().short(), @r"
    7 grant role user:ada/role:other: nothing -> other (config)
    8 revoke role user:ada/role:auditor: AUDIT -> nothing (config)
    8 revoke role user:bob/role:auditor: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(given_up.applied().plan().short(), @r"
    8 revoke role user:bob/role:auditor: AUDIT -> nothing (takeover) HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
}
