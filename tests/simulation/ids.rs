//! An app that gives the id of a deleted account to a new one, or that keeps deleted accounts.

use super::company::Company;
use super::small::{self, quiet};
use super::world::World;

/// Bob left, and his account was deleted.
fn deleted() -> World {
    deleted_in(small::world)
}

fn deleted_in(world: impl FnOnce(Company) -> World) -> World {
    let mut company = small::company(&["ada", "bob"]);
    company.app.deprovision = "delete";
    let mut world = world(company);
    world.run(quiet());
    small::person(&mut world.company, "bob").status = "left";
    world.run(quiet());
    world.today += 6;
    world.run(quiet());
    assert!(world.ledger.read().users["bob"].state.is_gone());
    world
}

#[test]
fn a_new_account_with_the_id_of_a_deleted_one_is_recorded() {
    let mut world = deleted();
    let id = small::account_id(&world, "bob");
    world.target.app().give_next(&id);
    small::join(&mut world.company, "eve");
    world.run(quiet());
    assert_eq!(small::account_id(&world, "eve"), id);
    small::lives(&world, "eve");
    assert_eq!(world.run(quiet()).plan.changes.len(), 0);
    let ledger = world.ledger.read();
    assert!(!ledger.users.contains_key("bob"), "one account has one owner");
}

#[test]
fn an_account_that_another_hand_made_under_the_id_of_a_deleted_one_is_adopted() {
    let mut world = deleted();
    let id = small::account_id(&world, "bob");
    small::join(&mut world.company, "eve");
    world.target.app().put(&id, "eve@acme.example");
    world.run(quiet());
    assert_eq!(small::account_id(&world, "eve"), id);
    assert!(!world.ledger.read().users.contains_key("bob"), "one account has one owner");
    assert_eq!(world.run(quiet()).plan.changes.len(), 0);
}

#[test]
fn a_deleted_account_that_the_app_keeps_and_another_hand_turns_on_is_turned_off() {
    let mut world = deleted_in(|company| {
        let world = small::world(company);
        world.target.app().keeps_deleted = true;
        world
    });
    let id = small::account_id(&world, "bob");
    let turn_on = |world: &World| {
        world.target.app().accounts.get_mut(&id).expect("a kept account").active = true;
    };
    turn_on(&world);
    world.run(quiet());
    assert!(!small::account(&world, "bob").active);
    assert_eq!(world.run(quiet()).plan.changes.len(), 0);
    // So it is with a person whom no file declares any more.
    world.company.people.retain(|person| person.id != "bob");
    world.company.assignments.retain(|assignment| assignment.member.principal != "user:bob");
    turn_on(&world);
    world.run(quiet());
    assert!(!small::account(&world, "bob").active);
}
