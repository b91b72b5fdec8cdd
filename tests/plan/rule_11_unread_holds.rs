//! Rule 11 with rule 22: what a reading does not show is not done, and stays held.

use super::rule_11_guards::company;
use super::world::World;

/// So many changes are held; after a run that reads less there are as many still.
fn stays_held(world: &World, count: usize, less: impl Fn(World) -> World) {
    let held = world.applied().at("2026-06-20");
    assert_eq!(held.ledger.holds.len(), count, "{}", world.plan().short());
    let blind = less(held.clone()).applied();
    assert_eq!(blind.ledger.holds.len(), count, "{}", less(held).plan().short());
}

fn short(mut world: World) -> World {
    world.short = Some("the last page is missing");
    world
}

fn ids(accounts: &[String]) -> String {
    accounts.join(" ")
}

#[test]
fn rule_11_a_held_update_of_an_account_that_is_not_shown() {
    let titled = (0..30).fold(company(30), |world, number| {
        world
            .person(&format!("p{number:02}"), "title: Chief")
            .account(&format!("{number} userName=p{number:02}@x.example title=Old"))
    });
    stays_held(&titled, 30, |world| short(world.unclear("0")));
}

#[test]
fn rule_11_held_removals_of_strangers_from_a_group_whose_members_are_not_shown() {
    let accounts: Vec<String> = (0..12).map(|number| format!("x{number}")).collect();
    let strangers = company(100)
        .app("groups: {push: [g], members: exact}")
        .app("protect: [svc-rolecall]")
        .app("guard: {membership: 3}")
        .yaml("access/g.yaml", "groups: {g: {name: G, members: []}}")
        .group(&format!("g1 G: {}", ids(&accounts)))
        .group_link("group:g g1:");
    let strangers =
        accounts.iter().fold(strangers, |world, id| world.account(&format!("{id} userName={id}")));
    let strangers = strangers.account("svc userName=svc-rolecall");
    stays_held(&strangers, 12, |world| world.group(&format!("g1 G: {} members:odd", ids(&accounts))));
}

#[test]
fn rule_11_held_accounts_of_nobody_in_a_short_listing() {
    let strangers =
        (0..12).fold(company(20), |world, number| world.account(&format!("x{number} userName=x{number}")));
    let strangers = strangers
        .account("svc userName=svc-rolecall")
        .app("protect: [svc-rolecall]")
        .app("unmanaged: disable");
    stays_held(&strangers, 12, |world| short(world.gone("x0").gone("x1")));
}

#[test]
fn rule_11_held_creations_in_a_short_listing() {
    let new = super::rule_11_unmatched::newcomers(&["ada", "bob"]).completed();
    let new = new
        .account("7 userName=old.ada email=Ada@X.example")
        .account("8 userName=old.bob email=bob@x.example");
    stays_held(&new, 2, |world| short(world.gone("7")));
}

#[test]
fn rule_11_held_takeovers_of_members_that_are_not_shown() {
    let found = (0..3).fold(company(20), |world, _| world).app("groups: {push: [team]}");
    let found = found
        .yaml("access/team.yaml", "groups: {team: {name: Team, members: [user:p00]}}")
        .group("g1 Team: 0 1 2 3");
    stays_held(&found.applied(), 3, |world| world.group("g1 Team: 0 1 2 3 members:odd"));
}

/// Nine people of whom six are to have a privileged role, by value.
#[test]
fn rule_11_held_gains_of_accounts_that_are_not_shown() {
    stays_held(&super::rule_11_holds::gaining(), 6, |world| short(world.unclear("0").unclear("1")));
}

#[test]
fn rule_11_held_removals_of_members_that_are_not_shown() {
    let accounts: Vec<String> = (0..12).map(|number| number.to_string()).collect();
    stays_held(&super::rule_11_holds::emptied(), 12, |world| {
        world.group(&format!("g1 G: {} members:odd", ids(&accounts)))
    });
}
