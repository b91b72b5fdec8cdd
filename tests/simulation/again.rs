//! An account that was deleted in the app and is created again gets no privileged role back (safety.md 13).

use super::company::{Company, Role};
use super::small::{self, quiet};
use super::world::World;

fn settled(group: Option<&str>) -> World {
    let mut company: Company = small::company(&["ada", "bob"]);
    company.app.roles =
        vec![Role { id: "admin".to_owned(), group: group.map(str::to_owned), privileged: true }];
    for assignment in &mut company.assignments {
        assignment.role = Some("admin".to_owned());
    }
    let mut world = small::world(company);
    world.run(quiet());
    assert_eq!(world.run(quiet()).plan.changes.len(), 0);
    world
}

fn held(world: &mut World) -> Vec<String> {
    let run = world.run(quiet());
    assert_eq!(run.plan.to_do().count(), 0);
    run.plan.held().map(|change| change.key.to_string()).collect()
}

#[test]
fn an_account_made_again_stays_without_its_privileged_role() {
    for group in [None, Some("Admins")] {
        let mut world = settled(group);
        let ada = small::account_id(&world, "ada");
        world.target.app().remove_account(&ada);
        world.run(quiet());
        small::lives(&world, "ada");
        for _ in 0..2 {
            assert_eq!(held(&mut world), ["sim/user:ada/role:admin"]);
        }
    }
}

#[test]
fn a_group_made_again_stays_without_the_people_of_its_privileged_role() {
    let mut world = settled(Some("Admins"));
    world.target.app().teams.clear();
    world.run(quiet());
    assert_eq!(world.target.app().teams.len(), 1);
    for _ in 0..2 {
        assert_eq!(held(&mut world), ["sim/user:ada/role:admin", "sim/user:bob/role:admin"]);
    }
}
