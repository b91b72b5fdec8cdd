//! Rules 1 and 4: which group of the app an entry of the ledger means, whatever the entry says.

use insta::assert_snapshot;

use super::world::{World, world};

/// Two roles that are groups, and ada is the only admin. All four are members.
fn roles() -> World {
    world()
        .people(&["ada", "bob", "cy", "dan"])
        .app("roles: {admin: {group: Administrators, privileged: true}, member: {group: Members}}")
        .assign("admin", "user:ada")
        .assign("member", "user:ada, user:bob, user:cy, user:dan")
        .completed()
        .applied()
        .applied()
}

fn swapped(whole: bool) -> World {
    let mut world = roles();
    let groups = &mut world.ledger.groups;
    let mut pair: Vec<_> = groups.values().cloned().collect();
    pair.reverse();
    for (link, other) in groups.values_mut().zip(pair) {
        let remote = other.remote.clone();
        *link = if whole { other } else { link.clone() };
        link.remote = remote;
    }
    world
}

#[test]
fn rule_01_swapped_entries_of_groups_are_conflicts() {
    assert_snapshot!(roles().plan().short(), @"");
    let plan = swapped(true).plan();
    assert_snapshot!(plan.short(), @r#"
    ! link conflict role:admin: group new-role:member ("Members") shows itself to be role:member
    ! link conflict role:member: group new-role:admin ("Administrators") shows itself to be role:admin
    "#);
    assert_eq!(swapped(false).plan().short(), plan.short());
    // One entry alone has the id of the other group.
    let mut copied = roles();
    let members = copied.ledger.groups.values().last().unwrap().clone();
    let admin = copied.ledger.groups.values_mut().next().unwrap();
    admin.remote = members.remote;
    for link in copied.ledger.groups.values_mut().skip(1) {
        link.remote = "unknown".parse().unwrap();
    }
    assert_snapshot!(copied.plan().short(), @r#"
    ! link conflict role:admin: group new-role:member ("Members") shows itself to be role:member
    ! link conflict role:member: is not made again: group new-role:member ("Members") shows itself to be it, and stands in the ledger's entry of role:admin
    "#);
}

#[test]
fn rule_01_names_that_are_swapped_in_the_files_are_renames() {
    let teams = |world: World, one: &str, two: &str| {
        let one = format!("one: {{name: {one}, members: [user:ada]}}");
        world.yaml("access/g.yaml", &format!("groups: {{{one}, two: {{name: {two}, members: [user:ada]}}}}"))
    };
    let company = world().people(&["ada"]).assign("", "user:ada").app("groups: {push: [one, two]}");
    let before = teams(company, "Red", "Blue").completed().applied().applied();
    let named = |one: &str, two: &str| teams(before.clone(), one, two);
    assert_snapshot!(named("Blue", "Green").plan().short(), @r"
    6 rename group group:one/attribute:displayname: Red -> Blue (config)
    6 rename group group:two/attribute:displayname: Blue -> Green (config)
    ");
    assert_snapshot!(named("Blue", "Red").plan().short(), @r"
    6 rename group group:one/attribute:displayname: Red -> Blue (config) HELD by unique-values
    6 rename group group:two/attribute:displayname: Blue -> Red (config) HELD by unique-values
    ! not possible group:one: group:one, group:two would take each other's names, and no app can do that in one step
    ");
}

#[test]
fn rule_04_a_group_that_was_made_again_in_the_app_is_taken_over() {
    let again =
        |members: &str| roles().gone("new-role:admin").group(&format!("g9 Administrators: {members}"));
    let plan = again("new-ada new-dan").plan();
    assert_snapshot!(plan.short(), @r#"
    6 adopt role:admin: nothing -> Administrators (config)
    ! groups taken over role:admin: takes over group g9 ("Administrators"), which gives a privileged role, in place of group new-role:admin, which is gone: 2 members are in it, and nobody is to come
    ! members nobody declared user:dan: is a member of role:admin, which this plan takes over, and is not declared to be
    "#);
    assert_snapshot!(again("new-ada new-dan").applied().plan().short(), @r"
    8 revoke role user:dan/role:admin: admin -> nothing (takeover) privileged HELD by guard:takeover
    TRIPPED takeover: 1 person, 0 allowed
    ");
    // Whom the app does not have in it any more was taken out by another hand.
    assert_snapshot!(again("new-dan").plan().short(), @r#"
    6 adopt role:admin: nothing -> Administrators (config)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    ! groups taken over role:admin: takes over group g9 ("Administrators"), which gives a privileged role, in place of group new-role:admin, which is gone: 1 member is in it, and 1 more is to come
    ! members nobody declared user:dan: is a member of role:admin, which this plan takes over, and is not declared to be
    "#);
    assert_snapshot!(again("new-dan").applied().plan().short(), @r"
    8 revoke role user:dan/role:admin: admin -> nothing (takeover) privileged HELD by guard:privileged
    ! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (admin)
    TRIPPED privileged of role:admin: 1 of 1 holder would lose it without a declaration
    TRIPPED takeover: 1 person, 0 allowed
    ");
    assert_snapshot!(again("").applied().applied().plan().short(), @"! left as another hand left it: 1 privileged role is not given again, because it was taken away in the app, first seen on 2026-06-15, today: ada (admin)");
    // A group that is no privileged role is filled again.
    let members = roles().gone("new-role:member").group("g9 Members: new-ada");
    assert_snapshot!(members.plan().short(), @r#"
    6 adopt role:member: nothing -> Members (config)
    7 grant role user:bob/role:member: nothing -> member (drift)
    7 grant role user:cy/role:member: nothing -> member (drift)
    7 grant role user:dan/role:member: nothing -> member (drift)
    ! groups taken over role:member: takes over group g9 ("Members"), in place of group new-role:member, which is gone: 1 member is in it, and 3 more are to come
    "#);
    assert_snapshot!(members.applied().plan().short(), @"");
    let two = again("new-ada").group("g8 administrators:");
    assert_snapshot!(two.plan().short(), @"! ambiguous match role:admin: 2 groups in the app have the name of role:admin: g8, g9");
}

#[test]
fn rule_04_a_group_is_not_given_the_name_of_another_group_of_the_app() {
    let taken = roles()
        .group("g9 Staff: new-bob")
        .without_app("roles: {admin: {group: Administrators, privileged: true}, member: {group: Members}}")
        .app("roles: {admin: {group: Staff, privileged: true}, member: {group: Members}}");
    assert_snapshot!(taken.plan().short(), @r#"! not possible role:admin: is not renamed: group g9 of the app is called "Staff", and rolecall does not manage it"#);
    assert_snapshot!(taken.plan().hints("not possible"), @"rename one of them in the app; if group g9 is the right one, declare the role under another id");
}
