//! Rule 13: that another hand took a role is seen, too, if it happened while its person was not judged.

use super::rule_13_drift::{auditors, settled};
use super::rule_13_given_up::{has_power, stripped, without_admin};
use super::world::World;

/// What `links: {…: ignore}` leaves out, and what cannot be decided, is judged later.
#[test]
fn rule_13_the_ledger_does_not_forget_the_role_of_a_person_who_is_not_judged() {
    const IGNORE: &str = "links: {ada: ignore}";
    for taken in [stripped(), stripped().applied(), without_admin(), without_admin().applied()] {
        let mut back = taken.app(IGNORE).applied().applied().without_app(IGNORE);
        for _ in 0..2 {
            back = back.applied();
            assert!(!has_power(&back), "{}", back.plan().text());
        }
        assert!(back.plan().short().contains("left as another hand left it"), "{}", back.plan().text());
    }
}

#[test]
fn rule_13_the_ledger_does_not_forget_a_role_that_is_undecided() {
    let known = "groups: {team: {members: [user:ada]}}";
    let undecided = "groups: {team: {rule: 'user.title == \"Boss\"'}}";
    let by_group = |mut world: World, role: &str| {
        world = world.yaml("access/team.yaml", known).yaml(
            "access/zz.yaml",
            &format!("assignments: [{{app: hr, role: {role}, members: [group:team]}}]"),
        );
        world
    };
    for (world, role) in [(auditors(), "auditor"), (settled(), "admin")] {
        let world = match role {
            "admin" => {
                world.yaml("access/a.yaml", "assignments: [{app: hr, role: member, members: [user:ada]}]")
            }
            _ => world.drop_yaml("access/assign-0.yaml").app_once("users: {scope: all}"),
        };
        let mut taken = by_group(world, role).applied();
        assert!(has_power(&taken));
        taken.things = match role {
            "admin" => without_admin().things,
            _ => stripped().things,
        };
        let mut back = taken.yaml("access/team.yaml", undecided).applied().yaml("access/team.yaml", known);
        back = back.applied();
        assert!(!has_power(&back), "{}", back.plan().text());
    }
}
