//! An app that shows the people of groups inside as members: nobody can say who is in the group itself, so only those are taken
//! out whom rolecall added (safety.md 22).

use insta::assert_snapshot;

use super::world::{World, world};

/// A pushed group in which ada is declared and was found, cy was added by rolecall, bob is shown, and so is a stranger.
fn team(members: &str) -> World {
    world()
        .people(&["ada", "bob", "cy"])
        .assign("", "user:ada, user:bob, user:cy")
        .yaml("access/g.yaml", "groups: {team: {members: [user:ada, user:cy]}}")
        .app("groups: {push: [team]}")
        .app("unmanaged: ignore")
        .cannot(|can| can.members_mixed = true)
        .completed()
        .has("ada", "1")
        .has("bob", "2")
        .has("cy", "3")
        .account("9 userName=stranger")
        .group(&format!("g1 team: {members} mixed"))
        .group_link("group:team g1: ada +cy")
}

fn with(world: World, members: &str) -> World {
    world.yaml("access/g.yaml", &format!("groups: {{team: {{members: [{members}]}}}}"))
}

#[test]
fn rule_22_whoever_is_shown_among_others_is_left_in() {
    assert_snapshot!(team("1 2 3 9").plan().short(), @"! members nobody declared group:team: 1 person is shown in it and not declared there: bob");
}

#[test]
fn rule_22_only_whom_rolecall_added_is_taken_out_of_a_mixed_group() {
    let nobody = with(team("1 2 3 9"), "");
    assert_snapshot!(nobody.plan().short(), @r"
    8 remove member group:team/member:cy (config)
    ! still has access user:ada: stays in group:team and is not declared in it any more: rolecall did not add this person, and the app shows people of groups inside it as members too
    ! members nobody declared group:team: 1 person is shown in it and not declared there: bob
    ");
}

/// The app took the removal, and still shows the person: a group inside has them.
#[test]
fn rule_22_a_removal_that_the_app_took_is_done_though_the_person_is_still_shown() {
    let after = with(team("1 2 3 9"), "user:ada").applied();
    let shown = after.group("g1 team: 1 2 3 9 mixed");
    assert_snapshot!(shown.plan().short(), @"! members nobody declared group:team: 2 people are shown in it and not declared there: bob, cy");
}

#[test]
fn rule_22_whoever_is_not_shown_is_not_in_a_mixed_group() {
    assert_snapshot!(team("1 9").plan().short(), @"7 add member group:team/member:cy (drift)");
    let declared = with(team("1 9"), "user:ada, user:bob, user:cy");
    assert_snapshot!(declared.plan().short(), @r"
    7 add member group:team/member:bob (config)
    7 add member group:team/member:cy (drift)
    ");
}

/// Nobody is made a member who has what the group gives.
#[test]
fn rule_22_whoever_has_it_by_a_group_inside_is_not_added() {
    let declared = with(team("1 2 3"), "user:ada, user:bob, user:cy");
    assert_snapshot!(declared.plan().short(), @"");
    assert_snapshot!(declared.applied().plan().short(), @"");
}

/// A privileged role that is such a group: who has it without a line is named with the power, and loses nothing.
#[test]
fn rule_22_power_in_a_mixed_group_is_said() {
    let role = |members: &str| {
        world()
            .people(&["ada", "bob", "cy", "dan"])
            .app("roles: {admin: {group: Admins, privileged: true}, user: {}}")
            .assign("admin", members)
            .assign("user", "user:ada, user:bob, user:cy, user:dan")
            .cannot(|can| can.members_mixed = true)
            .completed()
            .has("ada", "1")
            .has("bob", "2")
            .has("cy", "3")
            .has("dan", "4")
            .group("g1 Admins: 1 2 3 mixed")
            .group_link("role:admin g1: ada +cy")
    };
    let short = role("user:ada, user:cy").plan().short();
    assert_snapshot!(short, @"! privileged access that no line gives role:admin: 1 account has this access, and because the app shows people of groups inside as members it is taken only from people to whom rolecall gave it: bob");
    let without = role("user:dan").plan().short();
    assert_snapshot!(without, @r"
    7 grant role user:dan/role:admin: nothing -> admin (config) privileged
    8 revoke role user:cy/role:admin: admin -> nothing (config) privileged
    ! still has access user:ada: stays in role:admin and is not declared in it any more: rolecall did not add this person, and the app shows people of groups inside it as members too
    ! privileged access that no line gives role:admin: 1 account has this access, and because the app shows people of groups inside as members it is taken only from people to whom rolecall gave it: bob
    ");
}

/// The role is no group any more: those lose it to whom rolecall gave it, and the others are named.
#[test]
fn rule_22_a_role_that_was_a_mixed_group_is_taken_only_from_whom_rolecall_added() {
    let world = world()
        .people(&["ada", "cy"])
        .app("roles: {user: {}}")
        .assign("user", "user:ada, user:cy")
        .cannot(|can| can.members_mixed = true)
        .completed()
        .has("ada", "1")
        .has("cy", "3")
        .group("g1 Staff: 1 3 mixed")
        .group_link("role:staff g1: ada +cy");
    assert_snapshot!(world.plan().short(), @r"
    8 revoke role user:cy/role:staff: staff -> nothing (config)
    ! still has access user:ada: stays in role:staff and is not declared in it any more: rolecall did not add this person, and the app shows people of groups inside it as members too
    ");
}

#[test]
fn rule_22_the_plan_that_adopts_a_mixed_group_says_that_nobody_is_taken_out() {
    let mut world = with(team("1 2 3 9"), "user:ada");
    world.ledger.groups.clear();
    let outcome = world.plan();
    assert_snapshot!(format!("{}{}", outcome.short(), outcome.hints("members nobody declared")), @r#"
    6 adopt group:team: nothing -> team (config)
    ! groups taken over group:team: takes over group g1 ("team"): 4 members are in it, and nobody is to come
    ! members nobody declared user:bob: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared user:cy: is a member of group:team, which this plan takes over, and is not declared to be
    ! members nobody declared group:team: 1 member nobody declared: 9
    the app shows people of groups inside it as well: nobody is taken out whom rolecall did not add; declare them, or take them out in the app
    the app shows people of groups inside it as well: nobody is taken out whom rolecall did not add; declare them, or take them out in the app
    they may be in a group inside it, and rolecall takes out only whom it added
    "#);
}
