//! Rules 10 and 11: a group inside a group that is taken out of it. Its people lose what the group gives.

use insta::assert_snapshot;

use super::rule_22_members::team;
use super::world::{World, world};

const REMOVE: &str = "groups: {push: [team], members: exact, nested: remove}";

/// The group has ada and bob, and these; `g2` is to be taken out of it.
fn with(members: &str, inside: &str) -> World {
    let people = ["cy", "dan", "eve"];
    let world = team(members).people(&people).assign("", "user:cy, user:dan, user:eve").app_once(REMOVE);
    let world = people.iter().zip(3..).fold(world, |world, (id, number)| world.has(id, &number.to_string()));
    world.group(&format!("g2 Contractors: {inside}"))
}

#[test]
fn rule_11_the_people_of_a_group_inside_count_as_members_who_are_removed() {
    assert_snapshot!(with("1 2 g2", "3 4 5").plan().short(), @r"
    8 remove member group:team/stranger:g2: group Contractors (g2) -> nothing (unmanaged) HELD by guard:membership
    ! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 3 people
    TRIPPED membership: 3 people, 2 allowed
    ");
    // People without a link count, too, and everybody once.
    assert_snapshot!(with("1 2 g2 g3", "3 7").group("g3 Guests: 3 8").plan().guards(), @"TRIPPED membership: 3 people, 2 allowed [--allow 3]");
    // Who is in the group itself, or is to join it, loses nothing.
    assert_snapshot!(with("1 2 g2", "1 2 3").plan().guards(), @"ok membership: 1 person, 2 allowed");
    assert_snapshot!(with("2 g2", "1 3").plan().short(), @r"
    7 add member group:team/member:ada (drift)
    8 remove member group:team/stranger:g2: group Contractors (g2) -> nothing (unmanaged)
    ! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 2 people
    ");
    // Who is taken out of the group by name is counted by that.
    assert_snapshot!(with("1 2 3 g2", "3").plan().guards(), @"ok membership: 1 person, 2 allowed");
    assert_snapshot!(with("1 2 g2", "").plan().short(), @r"
    8 remove member group:team/stranger:g2: group Contractors (g2) -> nothing (unmanaged)
    ! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 0 people
    ");
}

#[test]
fn rule_11_a_group_inside_is_not_taken_out_while_its_people_are_not_all_known() {
    for inside in ["3 members:left-out", "3 members:odd", "3 g3"] {
        let short = with("1 2 g2", inside).group("g3 Guests: 8").plan().short();
        assert!(short.contains("remove member group:team/stranger:g2: group Contractors (g2) -> nothing (unmanaged) HELD by members"), "{short}");
    }
    let capped = with("1 2 g2", "3 4 5").cannot(|app| app.members_cap = Some(3));
    assert!(capped.plan().short().contains("HELD by members"), "{}", capped.plan().short());
    let unclear = with("1 2 g2", "3").silent("g2");
    assert!(!unclear.plan().short().contains("(unmanaged)\n"), "{}", unclear.plan().short());
    assert_snapshot!(capped.plan().why("group:team/stranger:g2"), @r"
    group:team is pushed to hr access/hr.yaml:6
    held: its people are not all known, so nobody can say who would lose what it gives: take it out of the group in the app by hand
    ");
}

#[test]
fn rule_15_a_group_inside_with_a_protected_member_stays() {
    assert_snapshot!(with("1 2 g2", "3 4").app("protect: [cy]").plan().short(), @r"
    8 remove member group:team/stranger:g2: group Contractors (g2) -> nothing (unmanaged) HELD by protect
    ! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 2 people
    ");
    assert_snapshot!(with("1 2 g2", "8").account("8 userName=root").app("protect: [root]").plan().short(), @r"
    8 remove member group:team/stranger:g2: group Contractors (g2) -> nothing (unmanaged) HELD by protect
    ! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 1 person
    ");
}

#[test]
fn rule_11_the_people_of_a_group_inside_lose_power_with_it() {
    let admins = |members: &str, inside: &str| {
        let people = ["ada", "bob", "cy"];
        let world = world()
            .people(&people)
            .assign("admin", "user:ada")
            .assign("", "user:bob, user:cy")
            .app("roles: {admin: {group: Admins, privileged: true}}")
            .app("groups: {members: exact, nested: remove}")
            .completed();
        let world =
            people.iter().zip(1..).fold(world, |world, (id, number)| world.has(id, &number.to_string()));
        let world = world.group(&format!("g1 Admins: {members}")).group(&format!("g2 Contractors: {inside}"));
        world.group_link("role:admin g1: ada")
    };
    // Two of three.
    assert_snapshot!(admins("1 g2", "2 3").plan().short(), @r"
    8 remove member role:admin/stranger:g2: group Contractors (g2) -> nothing (unmanaged) HELD by guard:privileged
    9 disable user:bob (config) HELD by guard:privileged
    9 disable user:cy (config) HELD by guard:privileged
    ! members nobody declared role:admin: 1 group is in it, whose people have what it gives: Contractors (g2), with 2 people
    ! not effectively entitled: 2 people assigned without a role (Default Access): bob, cy
    TRIPPED privileged of role:admin: 2 of 3 holders would lose it without a declaration
    TRIPPED deprovision: 2 people, 1 allowed (half of 3)
    ");
    // One of two is not most of them.
    assert_snapshot!(admins("1 g2", "2").plan().short(), @r"
    8 remove member role:admin/stranger:g2: group Contractors (g2) -> nothing (unmanaged)
    9 disable user:bob (config) HELD by guard:deprovision
    9 disable user:cy (config) HELD by guard:deprovision
    ! members nobody declared role:admin: 1 group is in it, whose people have what it gives: Contractors (g2), with 1 person
    ! not effectively entitled: 2 people assigned without a role (Default Access): bob, cy
    TRIPPED deprovision: 2 people, 1 allowed (half of 3)
    ");
    // Who has it without the group inside, too, keeps it.
    assert_snapshot!(admins("1 g2", "1").plan().short(), @r"
    8 remove member role:admin/stranger:g2: group Contractors (g2) -> nothing (unmanaged)
    9 disable user:bob (config) HELD by guard:deprovision
    9 disable user:cy (config) HELD by guard:deprovision
    ! members nobody declared role:admin: 1 group is in it, whose people have what it gives: Contractors (g2), with 1 person
    ! not effectively entitled: 2 people assigned without a role (Default Access): bob, cy
    TRIPPED deprovision: 2 people, 1 allowed (half of 3)
    ");
    // The plans of the next 24 hours know of them.
    let plan = admins("1 g2", "2").plan();
    assert_snapshot!(format!("{:?}", plan.app().work.losses.values().flatten().map(|loss| format!("{:?} {}", loss.guard, loss.who)).collect::<Vec<_>>()), @r#"["Membership user:bob", "Privileged user:bob"]"#);
}

#[test]
fn rule_10_a_group_inside_of_another_system_is_left_to_it() {
    assert_snapshot!(with("1 2 g2", "3 externalId=corp-7").plan().short(), @r"
    ! members nobody declared group:team: 1 group in it has the id of another system and stays: Contractors (g2)
    ! members nobody declared group:team: 1 group is in it, whose people have what it gives: Contractors (g2), with 1 person
    ");
    assert_snapshot!(with("1 2 g2", "3 externalId=team").plan().guards(), @"ok membership: 1 person, 2 allowed");
    let mapped =
        |id: &str| with("1 2 g2 g3", "3 externalId=corp-7").group(&format!("g3 Guests: 4 externalId={id}"));
    assert_snapshot!(mapped("corp-8").plan().short(), @r"
    ! members nobody declared group:team: 2 groups are in it, whose people have what it gives: Contractors (g2), Guests (g3), with 2 people
    ! members nobody declared group:team: 2 groups in it have ids of other systems and stay: Contractors (g2), Guests (g3)
    ");
    assert_snapshot!(mapped("team").plan().short(), @r"
    8 remove member group:team/stranger:g3: group Guests (g3) -> nothing (unmanaged)
    ! members nobody declared group:team: 1 group in it has the id of another system and stays: Contractors (g2)
    ! members nobody declared group:team: 2 groups are in it, whose people have what it gives: Contractors (g2), Guests (g3), with 2 people
    ");
}
