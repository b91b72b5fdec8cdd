//! The ends of a run: complete, partly refused, with the lease lost, on a full disk, killed at each write.

use rolecall::model::change::{Facet, Object};

use super::app::App;
use super::company::{Group, Role};
use super::small::{self, member, quiet};
use super::world::{Luck, World};

fn busy() -> World {
    world_with(&[])
}

/// Everybody's account gets a room by a request of its own.
fn with_rooms() -> World {
    world_with(&["room"])
}

fn world_with(steps: &[&str]) -> World {
    let mut company = small::company(&["ada", "bob", "cem", "dee"]);
    company.groups.push(Group {
        id: "team".to_owned(),
        name: "Team".to_owned(),
        members: vec![member("user:ada"), member("user:bob")],
        rule: None,
    });
    company.app.push.push("team".to_owned());
    company.app.roles = vec![Role {
        id: "reader".to_owned(),
        group: Some("Readers".to_owned()),
        privileged: true,
        value: None,
    }];
    for assignment in &mut company.assignments {
        assignment.role = Some("reader".to_owned());
    }
    small::person(&mut company, "ada").manager = Some("dee".to_owned());
    let mut world = small::world(company);
    world.target.capabilities.create_steps = steps.iter().map(|step| (*step).into()).collect();
    world.run(quiet());
    world
}

/// Edits that give creates, updates, memberships, a disable and a reference.
fn edited(world: &mut World) {
    let company = &mut world.company;
    small::join(company, "eve");
    small::join(company, "flo");
    for assignment in &mut company.assignments {
        assignment.role = Some("reader".to_owned());
    }
    small::person(company, "flo").manager = Some("eve".to_owned());
    small::person(company, "ada").manager = Some("flo".to_owned());
    small::person(company, "bob").title = Some("Chief".to_owned());
    small::person(company, "cem").status = "left";
    company.groups[0].members = vec![member("user:bob"), member("user:flo")];
}

/// The app with names in place of ids, for comparison.
fn shown(app: &App) -> Vec<String> {
    let name = |id: &str| App::text(&app.accounts[id].values, "username").unwrap_or("?").to_owned();
    let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value";
    let account = |(id, account): (&String, &super::app::Account)| {
        let manager = App::text(&account.values, manager).map(name);
        let title = App::text(&account.values, "title");
        let room = if app.rooms.contains(id) { " with a room" } else { "" };
        format!("{} {} {title:?} {manager:?}{room}", name(id), account.active)
    };
    let team = |team: &super::app::Team| {
        let mut members: Vec<_> = team.members.iter().map(|id| name(id)).collect();
        members.sort();
        format!("{} {}", App::text(&team.values, "displayname").unwrap_or("?"), members.join(" "))
    };
    let mut shown: Vec<_> = app.accounts.iter().map(account).collect();
    shown.extend(app.teams.values().map(team));
    shown.sort();
    shown
}

fn finished(mut world: World, runs: usize) -> Vec<String> {
    for _ in 0..runs {
        world.run(quiet());
    }
    let last = world.run(quiet());
    assert_eq!(last.plan.to_do().count(), 0, "{:?}", last.plan.changes);
    assert_eq!(last.plan.held().count(), 0, "{:?}", last.plan.changes);
    assert!(world.ledger.read().intents.is_empty(), "nothing is left open");
    let app = world.target.app().clone();
    shown(&app)
}

fn killed(mut world: World, luck: Luck) -> Vec<String> {
    edited(&mut world);
    let run = world.run(luck);
    assert!(run.result.is_none(), "it died");
    finished(world, 2)
}

#[test]
fn a_kill_at_every_write_and_record_ends_the_same() {
    kill_everywhere(busy);
}

/// A create of two requests: the account, and then its room.
#[test]
fn a_kill_amid_a_create_of_two_steps_ends_the_same() {
    let ends = kill_everywhere(with_rooms);
    let with_rooms = ends.iter().filter(|line| line.ends_with("with a room")).count();
    assert_eq!(with_rooms, 6, "{ends:?}");
}

fn kill_everywhere(begin: fn() -> World) -> Vec<String> {
    let mut world = begin();
    edited(&mut world);
    world.run(quiet());
    let writes = world.target.writes.load(std::sync::atomic::Ordering::SeqCst);
    let records = world.ledger.records();
    let undisturbed = finished(world, 0);
    assert!(writes >= 8, "{writes} writes");
    for number in 0..writes {
        for after in [false, true] {
            let mut luck = quiet();
            luck.faults.die_at = Some((number, after));
            assert_eq!(killed(begin(), luck), undisturbed, "write {number}, after its effect: {after}");
        }
    }
    for number in 1..=records {
        let mut luck = quiet();
        luck.ledger.die_at = Some(number);
        assert_eq!(killed(begin(), luck), undisturbed, "record {number}");
    }
    undisturbed
}

#[test]
fn without_a_lease_nothing_more_is_sent() {
    let mut world = busy();
    edited(&mut world);
    let mut luck = quiet();
    luck.ledger.lease = Some(3);
    let run = world.run(luck);
    let result = run.result.expect("it lived");
    assert_eq!(result.halted.as_deref(), Some("the lease has run out"));
    assert!(!result.is_settled());
    assert_eq!(world.target.log.lock().expect("log").len(), 3);
    let why: std::collections::BTreeSet<_> =
        result.failed().map(|change| format!("{:?} {:?}", change.outcome, change.why)).collect();
    assert_eq!(why.len(), 1, "one reason for all: {why:?}");
    finished(world, 2);
}

#[test]
fn without_a_disk_the_run_stops() {
    let mut world = busy();
    edited(&mut world);
    let mut luck = quiet();
    luck.ledger.full_at = Some(2);
    let run = world.run(luck);
    let result = run.result.expect("it lived");
    assert!(!result.is_recorded);
    assert_eq!(result.stopped.as_deref(), Some("no space left on device"));
    assert!(!result.is_settled());
    let sent = world.target.log.lock().expect("log").len();
    assert!(sent <= 9, "what was in flight was finished, no more: {sent}");
    finished(world, 2);
}

#[test]
fn a_refused_account_does_not_keep_the_app_from_being_settled() {
    let mut company = small::company(&["ada", "bob"]);
    small::person(&mut company, "bob").manager = Some("ada".to_owned());
    let mut world = small::world(company);
    world.target.app().refused.insert("ada@acme.example".to_owned());
    let run = world.run(quiet());
    let result = run.result.as_ref().expect("it lived");
    let manager =
        "sim/user:bob/attribute:urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value";
    assert_eq!(small::why(&run, manager), "the account of ada, which it refers to, is not there");
    assert!(result.is_settled(), "ada's failure must not keep removals waiting for ever");
    assert!(world.ledger.read().completed.is_some());
}

#[test]
fn values_the_app_does_not_keep_are_not_sent_again() {
    let mut company = small::company(&["ada"]);
    small::person(&mut company, "ada").title = Some("Analyst".to_owned());
    let mut world = small::world(company);
    world.target.app().shouted.insert("displayname".into());
    world.target.app().dropped.insert("title".into());
    let run = world.run(quiet());
    let not_kept = run.result.expect("it lived").not_kept;
    let not_kept: Vec<_> = not_kept.iter().map(|note| (&note.key.object, &note.key.facet)).collect();
    let ada = Object::User("ada".into());
    let attribute = |path: &str| Facet::Attribute(path.into());
    assert_eq!(not_kept, [(&ada, &attribute("displayname")), (&ada, &attribute("title"))]);
    let link = world.ledger.read().users["ada"].clone();
    assert!(link.values.get("nickname").is_none(), "`apply: create` is never hashed");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
    small::person(&mut world.company, "ada").title = Some("Boss".to_owned());
    assert_eq!(world.run(quiet()).plan.to_do().count(), 1, "a new wish is sent once");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

/// The answer to the disabling was lost: another hand may have done it. The next run has seen it, and the edit that takes the suspension
/// back is one of the person's own line.
#[test]
fn a_disable_that_took_effect_unseen_is_taken_back_by_the_persons_own_line() {
    let mut world = busy();
    small::person(&mut world.company, "cem").status = "suspended";
    let mut luck = quiet();
    luck.faults.lost_after = 100;
    world.run(luck);
    assert!(!small::account(&world, "cem").active);
    world.run(quiet());
    small::person(&mut world.company, "cem").status = "active";
    let run = world.run(quiet());
    assert_eq!(run.plan.held().count(), 0);
    let is_said = |notice: &rolecall::plan::Notice| notice.kind == rolecall::plan::NoticeKind::TurnedOn;
    assert!(run.plan.notices.iter().any(is_said));
    small::lives(&world, "cem");
}

#[test]
fn a_run_remembers_who_lost_what() {
    let mut company = small::company(&["ada", "bob", "cem"]);
    company.groups.push(Group {
        id: "team".to_owned(),
        name: "Team".to_owned(),
        members: ["user:ada", "user:bob", "user:cem"].map(member).into(),
        rule: None,
    });
    company.app.push.push("team".to_owned());
    let mut world = small::world(company);
    world.run(quiet());
    world.company.groups[0].members.truncate(1);
    world.run(quiet());
    let losses = world.ledger.read().losses;
    let of_team: Vec<_> = losses
        .iter()
        .flat_map(|losses| &losses.lost)
        .filter_map(|loss| Some(format!("{} {} {}", loss.guard, loss.of.as_ref()?, loss.who)))
        .collect();
    assert_eq!(of_team, ["membership group:team user:bob", "membership group:team user:cem"]);
}
