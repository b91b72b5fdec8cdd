//! An account that was deleted in the app and is created again gets no privileged role back (safety.md 13).

use super::company::{Company, Role};
use super::small::{self, quiet};
use super::world::{Luck, World};

fn settled(group: Option<&str>) -> World {
    let mut company: Company = small::company(&["ada", "bob"]);
    company.app.roles =
        vec![Role { id: "admin".to_owned(), group: group.map(str::to_owned), privileged: true, value: None }];
    for assignment in &mut company.assignments {
        assignment.role = Some("admin".to_owned());
    }
    let mut world = small::world(company);
    world.run(quiet());
    assert_eq!(world.run(quiet()).plan.changes.len(), 0);
    world
}

/// Interventions that a run leaves standing, after the one that announced them.
fn standing(world: &mut World) -> Vec<String> {
    let run = world.run(quiet());
    assert_eq!(run.plan.changes.len(), 0);
    world.ledger.read().interventions.keys().map(|(user, hand)| format!("{user} {hand}")).collect()
}

#[test]
fn an_account_made_again_stays_without_its_privileged_role() {
    for group in [None, Some("Admins")] {
        let mut world = settled(group);
        let ada = small::account_id(&world, "ada");
        world.target.app().remove_account(&ada);
        world.run(quiet());
        for _ in 0..2 {
            assert_eq!(standing(&mut world), ["ada deleted"]);
        }
        world.run(Luck { decided: true, ..quiet() });
        small::lives(&world, "ada");
    }
}

#[test]
fn a_group_made_again_stays_without_the_people_of_its_privileged_role() {
    let mut world = settled(Some("Admins"));
    world.target.app().teams.clear();
    world.run(quiet());
    assert_eq!(world.target.app().teams.len(), 1);
    for _ in 0..2 {
        assert_eq!(standing(&mut world), ["ada revoked:admin", "bob revoked:admin"]);
    }
}
