//! From a listing that did not show everything nothing follows that needs absence, and nothing else stops (safety.md 22).

use insta::assert_snapshot;

use super::world::{World, world};

const WHY: &str = "totalResults says 12, 10 came";

/// Five people with accounts, and a sixth without one, in an app whose listing is short.
fn short() -> World {
    let ids = ["p0", "p1", "p2", "p3", "p4"];
    let mut world = world()
        .people(&ids)
        .people(&["new"])
        .assign("", "user:p0, user:p1, user:p2, user:p3, user:p4, user:new")
        .completed();
    for (number, id) in ids.iter().enumerate() {
        world = world.has(id, &number.to_string());
    }
    world.short = Some(WHY);
    world
}

/// The same, but an account is left out.
fn hidden(mut world: World, remote: &str) -> World {
    let thing = world.things.remove(remote).expect("an account");
    world.unlisted.insert(remote.to_owned(), thing);
    world
}

#[test]
fn rule_22_leavers_whom_a_short_listing_did_not_show_are_asked_for_and_disabled() {
    let outcome = hidden(short().person("p0", "status: left"), "0").plan();
    assert_eq!(outcome.asked.first().map(String::as_str), Some("0"));
    assert!(outcome.short().starts_with("1 disable user:p0 (left)"), "{}", outcome.short());
}

#[test]
fn rule_22_others_whom_a_short_listing_did_not_show_are_left_alone() {
    let outcome = hidden(short(), "1").plan();
    assert!(!outcome.asked.contains(&"1".to_owned()));
    assert_snapshot!(outcome.short(), @"");
    // Absence from the tree is no reason to ask, or to take anything away.
    assert_snapshot!(hidden(short(), "1").without("p1").yaml("access/assign-0.yaml", "assignments: [{app: hr, members: [user:p0, user:p2, user:p3, user:p4, user:new]}]").plan().short(), @"");
}

#[test]
fn rule_22_a_create_goes_on_if_the_look_ups_find_nobody() {
    let outcome = short().plan();
    assert_eq!(outcome.asked, ["externalId=new", "userName=new@x.example"]);
    assert_snapshot!(outcome.short(), @"");
    let mut blind = short();
    blind.capabilities.filter = false;
    assert_snapshot!(blind.plan().short(), @"");
    let taken = hidden(short().account("9 userName=new@x.example"), "9");
    assert_snapshot!(taken.plan().short(), @"");
}

#[test]
fn rule_22_nothing_is_adopted_from_a_short_listing_except_by_hand() {
    let world = short().account("9 userName=new@x.example externalId=new");
    assert_snapshot!(world.plan().short(), @"");
    assert_snapshot!(world.app("links: {new: '9'}").plan().short(), @"");
}

#[test]
fn rule_22_unmanaged_accounts_wait_for_a_complete_listing() {
    let mut world = short().account("9 userName=x@x.example").app("unmanaged: disable");
    assert_snapshot!(world.plan().short(), @"");
    world.short = None;
    assert_snapshot!(world.plan().short(), @"");
}

#[test]
fn rule_22_a_short_listing_of_groups_makes_no_group_twice() {
    let mut world =
        short().yaml("access/g.yaml", "groups: {team: {members: [user:p0]}}").app("groups: {push: [team]}");
    world.short = None;
    world.short_groups = Some("a row has no id");
    let outcome = world.plan();
    assert_eq!(outcome.asked, ["displayName=team"]);
    assert_snapshot!(outcome.short(), @"");
    assert_snapshot!(hidden(world.group("g1 team: 0"), "g1").plan().short(), @"");
}
