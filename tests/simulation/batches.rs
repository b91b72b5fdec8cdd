//! Members are added in batches. A member whom the app refuses is found by halving.

use rolecall::model::op::OutcomeKind;

use super::company::Group;
use super::small::{self, member, quiet};

#[test]
fn one_ghost_among_five_thousand_keeps_nobody_else_out() {
    let ids: Vec<String> = (0..5_000).map(|number| format!("p{number:04}")).collect();
    let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
    let mut world = small::world(small::company(&ids));
    world.target.keeps_log = false;
    world.run(quiet());
    world.company.groups.push(Group {
        id: "all".to_owned(),
        name: "All".to_owned(),
        members: ids.iter().map(|id| member(&format!("user:{id}"))).collect(),
        rule: None,
    });
    world.company.app.push.push("all".to_owned());
    let ghost = small::account_id(&world, "p2500");
    world.target.app().ghosts.insert(ghost);
    let run = world.run(quiet());
    let result = run.result.expect("it lived");
    let failed: Vec<_> = result.failed().collect();
    assert_eq!(failed.len(), 1);
    assert_eq!(failed[0].key.to_string(), "sim/group:all/member:p2500");
    assert_eq!(failed[0].outcome, OutcomeKind::Refused);
    assert!(failed[0].why.as_deref().is_some_and(|why| why.contains("does not exist")));
    let members = world.target.app().teams.values().map(|team| team.members.len()).sum::<usize>();
    assert_eq!(members, 4_999);
    // One request for the group, 50 batches of 100, and two for each halving: 50, 25, 13 or 12, 7 or 6, 3, 2, 1.
    let writes = world.target.writes.load(std::sync::atomic::Ordering::SeqCst);
    assert!((51 + 12..=51 + 14).contains(&writes), "{writes} requests");
}

#[test]
fn members_are_named_as_the_app_names_them() {
    use rolecall::model::capabilities::MemberKey;
    let mut company = small::company(&["ada", "bob"]);
    company.groups.push(Group {
        id: "team".to_owned(),
        name: "Team".to_owned(),
        members: vec![member("user:ada"), member("user:bob")],
        rule: None,
    });
    company.app.push.push("team".to_owned());
    let app = super::app::App::new(MemberKey::Name);
    let mut world = super::world::World::new(company, super::target::Target::new(app, 100));
    world.run(quiet());
    let members = |world: &super::world::World| {
        let app = world.target.app();
        app.teams.values().map(|team| team.members.len()).sum::<usize>()
    };
    assert_eq!(members(&world), 2);
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
    // A new login and the removal of a membership in one run: the removal uses the new name.
    small::person(&mut world.company, "ada").email = "countess@acme.example".to_owned();
    world.company.groups[0].members.remove(0);
    world.run(quiet());
    assert_eq!(members(&world), 1);
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}
