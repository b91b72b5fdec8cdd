//! Apps with a number of seats: people who leave make room for people who come, in one run (safety.md 14).

use rolecall::model::Value;
use rolecall::model::op::OutcomeKind;

use super::app::{Account, App};
use super::company::Group;
use super::small::{self, member, quiet};
use super::world::{Luck, Run, World};

/// Three people with an account, in an app with three seats, all in one group.
fn three_seats() -> World {
    as_many_seats(&["ada", "bob", "kim"])
}

fn as_many_seats(ids: &[&str]) -> World {
    let mut company = small::company(ids);
    let members = ids.iter().map(|id| member(&format!("user:{id}"))).collect();
    company.groups.push(Group { id: "team".into(), name: "The Team".into(), members, rule: None });
    company.app.push.push("team".to_owned());
    let mut world = small::world(company);
    world.target.app().seats = Some(ids.len());
    world.run(decided()).result.expect("a run that lived");
    world
}

fn decided() -> Luck {
    Luck { decided: true, ..quiet() }
}

fn joins(world: &mut World, id: &str) {
    small::join(&mut world.company, id);
    world.company.groups[0].members.push(member(&format!("user:{id}")));
}

/// Nobody assigns the app to this person any more.
fn loses_the_app(world: &mut World, id: &str) {
    let principal = format!("user:{id}");
    world.company.assignments.retain(|assignment| assignment.member.principal != principal);
    world.company.groups[0].members.retain(|member| member.principal != principal);
}

/// The people whose account is on, by their logins.
fn active(app: &App) -> Vec<String> {
    let on = app.accounts.values().filter(|account| account.active);
    let mut on: Vec<String> =
        on.filter_map(|account| App::text(&account.values, "username").map(str::to_owned)).collect();
    on.sort();
    on
}

fn failures(run: &Run) -> Vec<(OutcomeKind, String)> {
    let result = run.result.as_ref().expect("a run that lived");
    result.failed().map(|change| (change.outcome, change.why.clone().unwrap_or_default())).collect()
}

#[test]
fn a_seat_that_becomes_free_last_is_taken_in_the_same_run() {
    for is_typed in [false, true] {
        let mut world = three_seats();
        if is_typed {
            small::person(&mut world.company, "kim").status = "left";
        } else {
            loses_the_app(&mut world, "kim");
        }
        joins(&mut world, "zoe");
        let run = world.run(decided());
        assert_eq!(failures(&run), [], "{is_typed}");
        let on = active(&world.target.app());
        assert_eq!(on, ["ada@acme.example", "bob@acme.example", "zoe@acme.example"], "{is_typed}");
        let zoe = small::account_id(&world, "zoe");
        let app = world.target.app();
        assert!(app.teams.values().all(|team| team.members.contains(&zoe)), "{is_typed}");
        drop(app);
        assert_eq!(world.run(decided()).plan.to_do().count(), 0, "{is_typed}");
    }
}

#[test]
fn all_who_wait_are_tried_once_more() {
    let ids: Vec<String> = (0..25).map(|number| format!("old{number:02}")).collect();
    let mut world = as_many_seats(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    for (number, id) in ids.iter().enumerate() {
        loses_the_app(&mut world, id);
        joins(&mut world, &format!("new{number:02}"));
    }
    assert_eq!(failures(&world.run(decided())), []);
    let on = active(&world.target.app());
    assert_eq!(on.len(), 25);
    assert!(on.iter().all(|login| login.starts_with("new")), "{on:?}");
}

#[test]
fn an_account_that_is_turned_on_waits_for_a_seat_too() {
    let mut world = three_seats();
    small::person(&mut world.company, "kim").status = "suspended";
    world.run(decided());
    joins(&mut world, "zoe");
    world.run(decided());
    small::person(&mut world.company, "kim").status = "active";
    loses_the_app(&mut world, "bob");
    let run = world.run(decided());
    assert_eq!(failures(&run), []);
    let on = active(&world.target.app());
    assert_eq!(on, ["ada@acme.example", "kim@acme.example", "zoe@acme.example"]);
}

#[test]
fn without_a_free_seat_nobody_else_is_tried() {
    let mut world = three_seats();
    for number in 0..30 {
        joins(&mut world, &format!("new{number:02}"));
    }
    small::person(&mut world.company, "bob").title = Some("Boss".to_owned());
    let run = world.run(decided());
    let told = failures(&run);
    let number = |text: &str| told.iter().filter(|(_, why)| why.as_str() == text).count();
    assert_eq!(number("403: no seats left"), 3, "{told:?}");
    assert_eq!(
        number("not sent, because no licence or seat is free in the app: 403: no seats left"),
        27,
        "{told:?}"
    );
    // And nobody of them joins the group.
    assert_eq!(told.iter().filter(|(_, why)| why.ends_with("has no account in the app")).count(), 30);
    // Bob's title; one new account, and three more when the others are done.
    assert_eq!(world.target.writes.load(std::sync::atomic::Ordering::SeqCst), 5);
    assert_eq!(
        App::text(&small::account(&world, "bob").values, "title"),
        Some("Boss"),
        "another kind goes on"
    );
    world.target.app().seats = None;
    assert_eq!(failures(&world.run(decided())), []);
    assert_eq!(active(&world.target.app()).len(), 33);
}

#[test]
fn a_refusal_that_reads_like_no_seat_stops_nobody_else() {
    let mut world = small::world(small::company(&["ada"]));
    world.run(decided());
    for number in 0..60 {
        small::join(&mut world.company, &format!("new{number:02}"));
    }
    // One person at the beginning, and two in the middle.
    let seatless = ["new00", "new20", "new21"].map(|id| format!("{id}@acme.example"));
    world.target.app().seatless.extend(seatless);
    let run = world.run(decided());
    assert_eq!(failures(&run).len(), 3, "{:?}", failures(&run));
    assert!(failures(&run).iter().all(|(outcome, _)| *outcome == OutcomeKind::Refused));
    assert_eq!(active(&world.target.app()).len(), 58);
}

/// Otherwise no seat could become free: before the first completed apply nobody loses an account (safety.md 5).
#[test]
fn a_first_apply_without_a_free_seat_ran_to_its_end() {
    let mut world = small::world(small::company(&["ada", "kim", "zoe"]));
    for id in ["ada", "kim"] {
        let values = [("username".into(), Value::str(format!("{id}@acme.example")))].into();
        let remote = world.target.app().fresh();
        world.target.app().accounts.insert(remote, Account { active: true, values });
    }
    world.target.app().seats = Some(2);
    small::person(&mut world.company, "kim").status = "left";
    let first = world.run(decided());
    assert_eq!(failures(&first).len(), 1, "zoe gets no account: {:?}", failures(&first));
    assert_eq!(active(&world.target.app()), ["ada@acme.example", "kim@acme.example"], "nobody loses one");
    let second = world.run(decided());
    assert_eq!(failures(&second), []);
    assert_eq!(active(&world.target.app()), ["ada@acme.example", "zoe@acme.example"]);
}
