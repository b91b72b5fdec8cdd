//! Apps that say yes to a change of a life and do something else: what one of many shows is not done to the others (safety.md 8).

use std::sync::atomic::Ordering;

use rolecall::model::change::ChangeKind;
use rolecall::model::op::OutcomeKind;

use super::company::Group;
use super::small::{self, quiet};
use super::world::{Luck, Run, World};

/// A company of so many people, all with an account.
fn company(number: usize) -> World {
    let ids = ids(number);
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut world = small::world(small::company(&ids));
    world.run(decided());
    world
}

fn ids(number: usize) -> Vec<String> {
    (0..number).map(|number| format!("p{number:02}")).collect()
}

/// A run in which the guards let all pass.
fn decided() -> Luck {
    Luck { decided: true, ..quiet() }
}

/// All but the first two people are declared no more.
fn taken_out(world: &mut World) {
    world.company.people.truncate(2);
    world.company.assignments.truncate(2);
}

/// How many changes of a kind were tried, and how many were not sent because of what one of them showed.
fn tried(run: &Run, kind: ChangeKind) -> (usize, usize) {
    let result = run.result.as_ref().expect("a run that lived");
    let of_kind = result.changes.iter().filter(|change| change.kind == kind);
    let (held, tried): (Vec<_>, Vec<_>) = of_kind.partition(|change| change.outcome == OutcomeKind::NotSent);
    let is_by_look =
        |why: &String| why.contains("a look showed") && why.ends_with("the next run tries one of them again");
    assert!(held.iter().all(|change| change.why.as_ref().is_some_and(is_by_look)), "{held:?}");
    (tried.len(), held.len())
}

fn active(world: &World) -> usize {
    world.target.app().accounts.values().filter(|account| account.active).count()
}

#[test]
fn of_many_accounts_that_are_turned_off_one_is_compared_before_the_others_are_sent() {
    for is_looked_at in [false, true] {
        let mut world = company(30);
        world.target.app().idle.insert("off");
        world.target.app().is_looked_at = is_looked_at;
        taken_out(&mut world);
        assert_eq!(tried(&world.run(decided()), ChangeKind::Disable), (1, 27));
        assert!(world.target.first_alone.load(Ordering::SeqCst));
        assert_eq!(active(&world), 30);
        // Each run tries one again, until the app does it.
        assert_eq!(tried(&world.run(decided()), ChangeKind::Disable), (1, 27));
        world.target.app().idle.clear();
        assert_eq!(tried(&world.run(decided()), ChangeKind::Disable), (28, 0));
        assert_eq!(active(&world), 2);
    }
}

#[test]
fn of_few_accounts_that_are_turned_off_all_are_tried() {
    let mut world = company(22);
    world.target.app().idle.insert("off");
    taken_out(&mut world);
    assert_eq!(tried(&world.run(decided()), ChangeKind::Disable), (20, 0));
}

#[test]
fn declared_leavers_are_all_tried_whatever_one_of_them_shows() {
    for is_looked_at in [false, true] {
        let mut world = company(40);
        world.target.app().idle.insert("off");
        world.target.app().is_looked_at = is_looked_at;
        for number in 2..40 {
            small::person(&mut world.company, &format!("p{number:02}")).status =
                if number < 20 { "left" } else { "suspended" };
        }
        assert_eq!(tried(&world.run(decided()), ChangeKind::Disable), (38, 0));
        assert!(!world.target.first_alone.load(Ordering::SeqCst), "nobody waits for another one");
    }
}

#[test]
fn of_many_accounts_that_are_turned_on_one_is_compared_before_the_others_are_sent() {
    for is_looked_at in [false, true] {
        let mut world = company(30);
        let suspend = |world: &mut World, status: &'static str| {
            world.company.people.iter_mut().skip(2).for_each(|person| person.status = status);
        };
        suspend(&mut world, "suspended");
        world.run(decided());
        assert_eq!(active(&world), 2);
        world.target.app().idle.insert("on");
        world.target.app().is_looked_at = is_looked_at;
        suspend(&mut world, "active");
        assert_eq!(tried(&world.run(decided()), ChangeKind::Enable), (1, 27));
        world.target.app().idle.clear();
        world.run(decided());
        assert_eq!(active(&world), 30);
    }
}

#[test]
fn of_many_accounts_that_are_deleted_one_is_compared_before_the_others_are_sent() {
    for is_looked_at in [false, true] {
        let ids = ids(30);
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        let mut company = small::company(&ids);
        company.app.deprovision = "delete";
        let mut world = small::world(company);
        world.run(decided());
        world.company.people.iter_mut().skip(2).for_each(|person| person.status = "left");
        world.run(decided());
        // Nobody has access by these accounts: that a person has left is no reason to go on.
        world.today = 10;
        world.target.app().idle.insert("delete account");
        world.target.app().is_looked_at = is_looked_at;
        assert_eq!(tried(&world.run(decided()), ChangeKind::Delete), (1, 27));
        assert_eq!(active(&world), 3, "it did something else");
        assert_eq!(world.target.app().accounts.len(), 30);
        world.target.app().idle.clear();
        world.run(decided());
        assert_eq!(world.target.app().accounts.len(), 3);
    }
}

#[test]
fn of_many_groups_that_are_deleted_one_is_compared_before_the_others_are_sent() {
    for is_looked_at in [false, true] {
        let mut world = company(2);
        for crew in 0..25 {
            let id = format!("crew{crew:02}");
            let group = Group {
                id: id.clone(),
                name: format!("Crew {crew}"),
                members: vec![small::member("user:p00")],
                rule: None,
            };
            world.company.groups.push(group);
            world.company.app.push.push(id);
        }
        world.run(decided());
        assert_eq!(world.target.app().teams.len(), 25);
        world.company.groups.clear();
        world.company.app.push.clear();
        world.target.app().idle.insert("delete group");
        world.target.app().is_looked_at = is_looked_at;
        assert_eq!(tried(&world.run(decided()), ChangeKind::GroupDelete), (1, 24));
        world.target.app().idle.clear();
        world.run(decided());
        assert!(world.target.app().teams.len() <= 1);
    }
}

#[test]
fn an_app_that_does_not_show_what_it_did_is_asked_three_times() {
    let mut world = company(30);
    taken_out(&mut world);
    let mut luck = decided();
    luck.faults.blur.unsaid = 100;
    assert_eq!(tried(&world.run(luck), ChangeKind::Disable), (28, 0));
    assert_eq!(active(&world), 2);
}
