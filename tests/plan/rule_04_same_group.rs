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

const LINE: &str = "roles: {admin: {group: Administrators, privileged: true}, member: {group: Members}}";

/// The files give the two groups these names.
fn named(world: &World, before: &str, [admin, member]: [&str; 2]) -> (World, String) {
    let line = format!("roles: {{admin: {{group: {admin}, privileged: true}}, member: {{group: {member}}}}}");
    (world.clone().without_app(before).app(&line), line)
}

/// A change of names that is held makes its commit the last applied one; the groups have the names of the one before.
#[test]
fn rule_04_groups_whose_names_wait_for_each_other_stay_proved() {
    let (swapped, line) = named(&roles(), LINE, ["Members", "Administrators"]);
    let plan = swapped.plan().short();
    assert_snapshot!(plan, @r"
    6 rename group role:admin/attribute:displayname: Administrators -> Members (config) HELD by unique-values
    6 rename group role:member/attribute:displayname: Members -> Administrators (config) HELD by unique-values
    ! not possible role:admin: role:admin, role:member would take each other's names, and no app can do that in one step
    ");
    let once = swapped.applied();
    assert_eq!(once.plan().short(), plan);
    let twice = once.applied();
    assert_eq!(twice.plan().short(), plan);
    // What the message says works: another name first, and then the final ones.
    let (first, line) = named(&twice, &line, ["Temporary", "Administrators"]);
    assert_snapshot!(first.plan().short(), @r"
    6 rename group role:admin/attribute:displayname: Administrators -> Temporary (config)
    6 rename group role:member/attribute:displayname: Members -> Administrators (config)
    ");
    let (last, _) = named(&first.applied(), &line, ["Members", "Administrators"]);
    assert_snapshot!(last.plan().short(), @"6 rename group role:admin/attribute:displayname: Temporary -> Members (config)");
    assert_snapshot!(last.applied().plan().short(), @"");
}

/// A group whose entry is in a conflict keeps its name, so that no other group gets it.
#[test]
fn rule_04_a_name_that_a_group_in_a_conflict_has_is_taken() {
    // The names were swapped in the app.
    let mut swapped = roles();
    for (group, name) in [("new-role:admin", "Members"), ("new-role:member", "Administrators")] {
        let thing = swapped.things.get_mut(group).unwrap();
        thing.values.insert("displayname".to_owned(), rolecall::model::Value::str(name));
    }
    assert_snapshot!(swapped.plan().short(), @r#"
    ! link conflict role:admin: group new-role:admin ("Members") shows itself to be role:member
    ! link conflict role:member: group new-role:member ("Administrators") shows itself to be role:admin
    "#);
    assert_snapshot!(swapped.plan().hints("link conflict"), @r"
    if somebody gave the groups other names in the app, give them their names back there; if the ledger was edited, take its entry of role:admin from an earlier state
    if somebody gave the groups other names in the app, give them their names back there; if the ledger was edited, take its entry of role:member from an earlier state
    ");
    // A third group is to get the name that somebody gave one of them.
    let pushed = |world: World, name: &str| {
        world.yaml("access/g.yaml", &format!("groups: {{g: {{name: {name}, members: [user:ada]}}}}"))
    };
    let before = pushed(roles().app("groups: {push: [g]}"), "Board").applied().applied();
    let mut third = pushed(before, "Staff");
    let thing = third.things.get_mut("new-role:member").unwrap();
    thing.values.insert("displayname".to_owned(), rolecall::model::Value::str("Staff"));
    assert_snapshot!(third.plan().short(), @r#"
    ! link conflict role:member: group new-role:member ("Staff") shows itself to be group:g
    ! not possible group:g: is not renamed: group new-role:member of the app is called "Staff", and stays so: it is the group of role:member
    "#);
    assert_snapshot!(third.plan().hints("not possible"), @"put role:member right first: this plan says what is wrong there");
}

/// Another group of the same name is no group of ours: who is in it is said.
#[test]
fn rule_04_a_second_group_of_the_name_shows_who_is_in_it() {
    let second = |members: &str| roles().group(&format!("g9 administrators: {members}")).plan();
    assert_snapshot!(second("new-ada").short(), @"");
    let told = second("new-ada new-bob stranger");
    assert_snapshot!(told.short(), @r#"! still has access role:admin: group g9 of the app is called "administrators" as well: 2 members are in it, not declared for role:admin: bob, stranger"#);
    assert_snapshot!(told.hints("still has access"), @"delete it in the app, or give it another name; if it is the right one, declare the role under another id");
    let members = roles().group("g9 Members: stranger").plan();
    assert_snapshot!(members.short(), @r#"! members nobody declared role:member: group g9 of the app is called "Members" as well: 1 member is in it, not declared for role:member: stranger"#);
}

/// Groups that are gone all at once are not made again: what was to be taken from them is owed.
#[test]
fn rule_22_groups_that_are_gone_all_at_once_are_not_made_again() {
    let gone = roles().gone("new-role:admin").gone("new-role:member");
    assert_snapshot!(gone.plan().short(), @"! undecided: 2 of 2 linked groups are gone at once, and none is made again: is this the right endpoint and tenant, and does the credential see all groups? role:admin, role:member");
    assert_snapshot!(gone.plan().hints("undecided"), @"plan again; for a group that is really gone, `rolecall ledger unlink hr role:admin --reason TEXT` drops the entry, and the next plan makes it");
    let lost = gone.applied();
    assert!(lost.ledger.groups.values().all(|group| !group.members.is_empty()), "nothing is forgotten");
    // A credential that sees another group only is no proof that they were deleted.
    let hidden = gone.clone().group("g9 Board: new-ada").plan();
    assert!(hidden.short().contains("2 of 2 linked groups are gone at once"), "{}", hidden.short());
    // One of them alone was deleted.
    assert_snapshot!(roles().gone("new-role:member").plan().short(), @r"
    6 create group role:member: nothing -> Members (drift)
    7 grant role user:ada/role:member: nothing -> member (drift)
    7 grant role user:bob/role:member: nothing -> member (drift)
    7 grant role user:cy/role:member: nothing -> member (drift)
    7 grant role user:dan/role:member: nothing -> member (drift)
    ");
    // The entry is dropped by hand, and the group is made.
    let mut dropped = gone.clone();
    dropped.ledger.groups.retain(|key, _| key.to_string() == "role:admin");
    assert_snapshot!(dropped.plan().short(), @r"
    6 create group role:admin: nothing -> Administrators (drift)
    6 create group role:member: nothing -> Members (config)
    7 grant role user:ada/role:admin: nothing -> admin (drift) privileged HELD by drift
    7 grant role user:ada/role:member: nothing -> member (config)
    7 grant role user:bob/role:member: nothing -> member (config)
    7 grant role user:cy/role:member: nothing -> member (config)
    7 grant role user:dan/role:member: nothing -> member (config)
    ");
}
