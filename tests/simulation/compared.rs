//! Apps that do something else than they answer: what one write shows is not done to everybody (safety.md 8).

use rolecall::model::op::{Action, OutcomeKind};
use rolecall::model::{Path, Value};
use rolecall::plan::NoticeKind;

use super::app::App;
use super::company::{Group, Role};
use super::small::{self, quiet};
use super::world::{Luck, Run, World};

/// A company of so many people with a title, and an app that answers what it was sent and keeps no title.
fn echo(number: usize) -> World {
    let ids: Vec<String> = (0..number).map(|number| format!("p{number:02}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut company = small::company(&ids);
    company.people.iter_mut().for_each(|person| person.title = Some("Analyst".to_owned()));
    let world = small::world(company);
    world.target.app().echoes = true;
    world.target.app().dropped.insert("title".into());
    world
}

/// How many writes of the last run had a title.
fn with_title(world: &World) -> usize {
    let log = world.target.log.lock().unwrap();
    let has_title = |action: &Action| match action {
        Action::CreateUser { attributes: set } | Action::UpdateUser { set, .. } => {
            set.iter().any(|(path, _)| &**path.key() == "title")
        }
        _ => false,
    };
    log.iter().filter(|written| has_title(&written.op.action)).count()
}

fn not_kept(run: &Run) -> Vec<&str> {
    let notices = run.plan.notices.iter().filter(|notice| notice.kind == NoticeKind::NotKept);
    notices.map(|notice| notice.text.as_str()).collect()
}

/// A run in which the guards let all pass.
fn decided() -> Luck {
    Luck { decided: true, ..quiet() }
}

#[test]
fn what_an_app_answers_and_does_not_keep_is_sent_once_more_and_then_said() {
    let mut world = echo(3);
    let first = world.run(decided());
    assert!(first.result.unwrap().not_kept.is_empty(), "the answers show the title");
    let second = world.run(decided());
    assert_eq!(second.plan.to_do().count(), 3, "the title is sent once more");
    assert!(second.plan.to_do().all(|change| change.cause.as_str() == "config"), "nobody changed it");
    let third = world.run(decided());
    assert_eq!(third.plan.to_do().count(), 0);
    let text = "title: the app shows another value than it was given on 2026-06-01, today, for 3 accounts: p00, p01, p02";
    assert_eq!(not_kept(&third), [text]);
    assert_eq!(not_kept(&world.run(decided())), [text]);
}

#[test]
fn a_value_that_another_hand_writes_over_twice_is_sent_again_both_times() {
    let mut company = small::company(&["ada"]);
    small::person(&mut company, "ada").title = Some("Analyst".to_owned());
    let mut world = small::world(company);
    world.run(decided());
    for cause in ["drift", "config"] {
        let id = small::account_id(&world, "ada");
        let changed = Value::str("Changed");
        world.target.app().accounts.get_mut(&id).expect("ada's").values.insert("title".into(), changed);
        let run = world.run(decided());
        let causes: Vec<_> = run.plan.to_do().map(|change| change.cause.as_str()).collect();
        assert_eq!(causes, [cause]);
    }
    assert_eq!(world.run(decided()).plan.changes.len(), 0);
    assert_eq!(App::text(&small::account(&world, "ada").values, "title"), Some("Analyst"));
}

#[test]
fn of_many_new_accounts_one_is_compared_before_the_others_are_sent() {
    let mut world = echo(30);
    let first = world.run(decided());
    assert_eq!(world.target.app().accounts.len(), 30);
    assert_eq!(with_title(&world), 1);
    assert!(first.result.unwrap().is_settled());
    let second = world.run(decided());
    assert_eq!(second.plan.to_do().count(), 0);
    assert_eq!(not_kept(&second).len(), 1, "{:?}", not_kept(&second));
    // A new wish is a new try.
    world.company.people[7].title = Some("Boss".to_owned());
    assert_eq!(world.run(decided()).plan.to_do().count(), 1);
}

/// Whom the app refuses to create, or to change.
fn logins(number: usize) -> impl Iterator<Item = String> {
    (0..number).map(|number| format!("p{number:02}@acme.example"))
}

#[test]
fn until_a_new_account_was_compared_the_next_one_is_sent_alone() {
    // Of 21, one refusal leaves 20; of 30, 25 in a row leave five.
    for (all, refused) in [(21, 1), (30, 3), (30, 25)] {
        let mut world = echo(all);
        world.target.app().refused.extend(logins(refused));
        world.run(decided());
        assert_eq!(world.target.app().accounts.len(), all - refused);
        assert_eq!(with_title(&world), 1, "{refused} of {all}");
    }
}

#[test]
fn until_an_update_was_compared_the_next_one_is_sent_alone() {
    let mut world = echo(30);
    world.target.app().dropped.clear();
    world.run(decided());
    world.target.app().dropped.insert("title".into());
    let immovable = ["p00", "p01"].map(|id| small::account_id(&world, id));
    world.target.app().immovable.extend(immovable);
    world.company.people.iter_mut().for_each(|person| person.title = Some("Boss".to_owned()));
    let result = world.run(decided()).result.unwrap();
    let number = |kind| result.failed().filter(|change| change.outcome == kind).count();
    assert_eq!((number(OutcomeKind::Refused), number(OutcomeKind::NotSent)), (2, 27));
}

#[test]
fn of_many_updates_one_is_compared_before_the_others_are_sent() {
    let mut world = echo(30);
    world.target.app().dropped.clear();
    world.run(decided());
    world.target.app().dropped.insert("title".into());
    world.company.people.iter_mut().for_each(|person| person.title = Some("Boss".to_owned()));
    let run = world.run(decided());
    assert_eq!(with_title(&world), 0, "the one that was sent changed nothing");
    let result = run.result.unwrap();
    assert!(result.is_settled());
    let not_sent = result.failed().filter(|change| change.outcome == OutcomeKind::NotSent).count();
    assert_eq!(not_sent, 29);
    let next = world.run(decided());
    assert_eq!((next.plan.to_do().count(), not_kept(&next).len()), (0, 1));
}

#[test]
fn a_side_effect_holds_the_rest_of_its_kind() {
    let mut world = echo(30);
    world.target.app().dropped.clear();
    world.run(decided());
    world.target.app().careless.insert("title".into());
    world.company.people.iter_mut().for_each(|person| person.title = Some("Boss".to_owned()));
    small::person(&mut world.company, "p00").status = "left";
    let run = world.run(decided());
    assert_eq!(with_title(&world), 1);
    assert!(!small::account(&world, "p00").active, "another kind goes on");
    let result = run.result.unwrap();
    assert!(result.is_settled());
    let told: Vec<_> = result.side_effects.iter().map(|effect| effect.text.as_str()).collect();
    assert_eq!(told, ["title: 1 entry beside the wanted one vanished"]);
    let why = result.failed().next().and_then(|change| change.why.clone()).unwrap();
    assert_eq!(
        why,
        "held by side-effect, because of what such a write did to p01: title: 1 entry beside the wanted one vanished; \
         `--allow sim:side-effect=28` sends the rest"
    );
    world.side_effects_allowed = 28;
    let run = world.run(decided());
    let result = run.result.unwrap();
    assert_eq!((with_title(&world), result.failed().count(), result.side_effects.len()), (28, 0, 28));
}

/// Everybody of so many people holds a role, in an app that keeps no roles.
fn roleless(number: usize) -> World {
    let mut world = echo(number);
    let app = &mut world.company.app;
    app.roles.push(Role { id: "member".into(), group: None, privileged: false, value: None });
    for assignment in &mut world.company.assignments {
        assignment.role = Some("member".to_owned());
    }
    world.target.app().dropped = ["roles".into()].into();
    world
}

#[test]
fn of_many_grants_one_is_compared_before_the_others_are_sent() {
    let mut world = roleless(30);
    let with_roles = |world: &World| {
        let log = world.target.log.lock().unwrap();
        let is_role = |(path, _): &(Path, Value)| &**path.key() == "roles";
        let has_roles = |action: &Action| match action {
            Action::CreateUser { attributes } => attributes.iter().any(is_role),
            Action::UpdateUser { set, lists, .. } => set.iter().any(is_role) || !lists.is_empty(),
            _ => false,
        };
        log.iter().filter(|written| has_roles(&written.op.action)).count()
    };
    let held = |run: &Run| {
        let result = run.result.as_ref().unwrap();
        let failed: Vec<_> = result.failed().collect();
        // The one that was sent alone was looked at, and is not done either.
        let told = |why: &str| failed.iter().filter(|change| change.why.as_deref() == Some(why)).count();
        let told_of = |end: &str| {
            failed.iter().filter(|change| change.why.as_deref().is_some_and(|why| why.ends_with(end))).count()
        };
        assert_eq!(
            told_of("the app said yes and still shows the account without the role"),
            usize::from(!failed.is_empty())
        );
        assert_eq!(
            told("the app does not keep roles: another account showed it"),
            failed.len().saturating_sub(1)
        );
        (failed.len(), result.is_settled())
    };
    let first = world.run(decided());
    assert_eq!(world.target.app().accounts.len(), 30);
    assert_eq!((with_roles(&world), held(&first)), (1, (30, true)));
    // Nothing says that they hold it, so that the next run tries again, with one.
    let second = world.run(decided());
    assert_eq!(held(&second), (30, true));
    world.target.app().dropped.clear();
    assert_eq!(held(&world.run(decided())).0, 0);
}

/// A company of so many people in each of four groups, with one account each.
fn crews(number: usize) -> World {
    let ids: Vec<String> = (0..number).map(|number| format!("p{number:02}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut company = small::company(&ids);
    for crew in 0..4 {
        let id = format!("crew{crew}");
        let members = ids.iter().take(2).map(|id| small::member(&format!("user:{id}"))).collect();
        company.groups.push(Group { id: id.clone(), name: format!("Crew {crew}"), members, rule: None });
        company.app.push.push(id);
    }
    let mut world = small::world(company);
    world.run(decided());
    world
}

/// Everybody joins every group.
fn all_join(world: &mut World) {
    let people: Vec<String> = world.company.people.iter().map(|person| person.id.clone()).collect();
    for group in &mut world.company.groups {
        group.members = people.iter().map(|id| small::member(&format!("user:{id}"))).collect();
    }
}

fn member_writes(world: &World) -> usize {
    let log = world.target.log.lock().unwrap();
    log.iter().filter(|written| matches!(written.op.action, Action::Members { .. })).count()
}

#[test]
fn of_many_additions_of_members_one_group_is_compared_before_the_others_are_sent() {
    let mut world = crews(10);
    world.target.app().careless.insert("members".into());
    all_join(&mut world);
    let run = world.run(decided());
    // Eight people in the first group; 24 additions to the others are held.
    assert_eq!(member_writes(&world), 1);
    let result = run.result.unwrap();
    assert!(result.is_settled());
    let why = result.failed().next().and_then(|change| change.why.clone()).unwrap();
    assert!(why.starts_with("held by side-effect, because of what such a write did to"), "{why}");
    assert!(why.ends_with("`--allow sim:side-effect=24` sends the rest"), "{why}");
    assert_eq!(result.failed().count(), 24);
    world.side_effects_allowed = 24;
    let result = world.run(decided()).result.unwrap();
    assert_eq!((result.failed().count(), result.side_effects.len()), (0, 3));
}

#[test]
fn what_the_app_refused_belongs_to_the_rest_that_a_side_effect_holds() {
    let mut world = crews(10);
    world.target.app().careless.insert("members".into());
    let ghost = small::account_id(&world, "p05");
    world.target.app().ghosts.insert(ghost);
    all_join(&mut world);
    let result = world.run(decided()).result.unwrap();
    // The first batch is divided until a part of two people is taken.
    let told: Vec<_> = result.failed().filter_map(|change| change.why.as_deref()).collect();
    assert!(told.iter().all(|why| why.ends_with("`--allow sim:side-effect=30` sends the rest")), "{told:?}");
    assert_eq!(told.len(), 30);
    world.side_effects_allowed = 30;
    let result = world.run(decided()).result.unwrap();
    assert_eq!(result.failed().count(), 4, "one person, in four groups");
}

#[test]
fn a_removal_of_members_with_a_side_effect_holds_no_addition() {
    let mut world = crews(30);
    all_join(&mut world);
    world.run(decided());
    world.target.app().careless.insert("members".into());
    for group in &mut world.company.groups {
        group.members.truncate(2);
    }
    small::person(&mut world.company, "p29").status = "left";
    small::join(&mut world.company, "zoe");
    world.company.groups[0].members.push(small::member("user:zoe"));
    let run = world.run(decided());
    let result = run.result.unwrap();
    let held = result.failed().filter(|change| change.outcome == OutcomeKind::NotSent).count();
    assert!(held > 0, "the rest of the removals is held");
    let zoe = small::account_id(&world, "zoe");
    assert!(world.target.app().teams.values().any(|team| team.members.contains(&zoe)), "zoe is added");
    assert!(!small::account(&world, "p29").active, "declared leaving waits for nothing");
}
