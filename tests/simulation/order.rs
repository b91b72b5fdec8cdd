//! The order of writes (safety.md 14), from the log of the app.

use rolecall::model::change::ChangeKind;
use rolecall::model::op::Action;

use super::company::{Assignment, Company, Group, Member, Role};
use super::small::{self, lives, member, quiet};

/// The writes in their order, in words.
fn asked(world: &super::world::World) -> Vec<String> {
    let log = world.target.log.lock().expect("log");
    let told = log.iter().map(|written| {
        let changes: Vec<_> = written.op.changes.iter().map(ToString::to_string).collect();
        let what = match &written.op.action {
            Action::CreateUser { .. } => "create",
            Action::UpdateUser { active: Some(false), .. } => "disable",
            Action::UpdateUser { active: Some(true), .. } => "enable",
            Action::ContinueUser { .. } => "continue",
            Action::UpdateUser { .. } => "update",
            Action::DeleteUser { .. } => "delete",
            Action::CreateGroup { .. } => "create group",
            Action::UpdateGroup { .. } => "rename group",
            Action::DeleteGroup { .. } => "delete group",
            Action::Members { add, .. } if add.is_empty() => "remove",
            Action::Members { .. } => "add",
        };
        let manager = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:user:manager.value";
        let changes = changes.join(" ").replace(manager, "manager");
        format!("{what} {}", changes.replace("sim/", "").replace("user:", ""))
    });
    told.collect()
}

#[test]
fn writes_come_in_the_order_of_the_rule() {
    let mut world = small::world(small::company(&["ada", "bob", "cem", "dee", "eve"]));
    world.run(quiet());
    // Dee leaves, Eve is removed from the files, Ada frees an address that Bob takes, Flo and Gus are new.
    let company = &mut world.company;
    small::person(company, "dee").status = "left";
    company.people.retain(|person| person.id != "eve");
    company.assignments.retain(|assignment| assignment.member.principal != "user:eve");
    small::person(company, "ada").email = "ada.new@acme.example".to_owned();
    small::person(company, "bob").email = "ada@acme.example".to_owned();
    small::join(company, "flo");
    small::join(company, "gus");
    small::person(company, "flo").manager = Some("gus".to_owned());
    company.groups.push(Group {
        id: "team".to_owned(),
        name: "Team".to_owned(),
        members: vec![member("user:cem"), member("user:gus")],
        rule: None,
    });
    company.app.push.push("team".to_owned());
    let mut told = {
        world.run(quiet());
        asked(&world)
    };
    // These run at the same time, in either order.
    told[3..5].sort();
    assert_eq!(
        told,
        [
            "disable dee",
            "update ada/attribute:username",
            "update bob/attribute:username",
            "create flo",
            "create gus",
            "update flo/attribute:manager",
            "create group group:team",
            "add group:team/member:cem group:team/member:gus",
            "disable eve",
        ]
    );
    lives(&world, "flo");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

fn with_admins(single: bool, least: u64) -> Company {
    let mut company = small::company(&["ada", "bob", "cem"]);
    let role = |id: &str| Role { id: id.to_owned(), group: None, privileged: false, value: None };
    company.app.roles = vec![role("admin"), role("reader")];
    company.app.single = single;
    company.app.min_admins = least;
    company.assignments.clear();
    for (id, role) in [("ada", "admin"), ("bob", "reader"), ("cem", "reader")] {
        assign(&mut company, id, role);
    }
    company
}

fn assign(company: &mut Company, id: &str, role: &str) {
    let principal = format!("user:{id}");
    company.assignments.retain(|assignment| assignment.member.principal != principal);
    company
        .assignments
        .push(Assignment { role: Some(role.to_owned()), member: Member { principal, expires: None } });
}

fn role(world: &super::world::World, id: &str) -> String {
    let account = small::account(world, id);
    let key = if world.company.app.single { "usertype" } else { "roles" };
    account.values.get(key).cloned().unwrap_or_default().to_string()
}

#[test]
fn of_several_roles_only_what_changes_is_written() {
    let mut world = small::world(with_admins(false, 0));
    world.run(quiet());
    assign(&mut world.company, "bob", "admin");
    world.run(quiet());
    let log = world.target.log.lock().expect("log");
    let deltas = log.iter().filter_map(|written| match &written.op.action {
        Action::UpdateUser { set, lists, .. } => Some((set.len(), lists.clone())),
        _ => None,
    });
    let told: Vec<_> = deltas
        .flat_map(|(set, lists)| lists.into_iter().map(move |list| (set, list.add, list.remove)))
        .collect();
    let one = |value: &str| vec![rolecall::model::Value::str(value)];
    assert_eq!(told, [(0, one("admin"), vec![]), (0, vec![], one("reader"))]);
}

#[test]
fn the_last_admin_hands_over_in_one_run() {
    for single in [true, false] {
        let mut world = small::world(with_admins(single, 1));
        world.run(quiet());
        assign(&mut world.company, "ada", "reader");
        assign(&mut world.company, "bob", "admin");
        world.run(quiet());
        let told = asked(&world);
        let place = |what: &str| told.iter().position(|line| line.contains(what)).unwrap_or(99);
        assert!(place("bob/role:admin") < place("ada/role:admin"), "first there are two: {told:?}");
        assert!(role(&world, "bob").contains("admin") && !role(&world, "ada").contains("admin"));
        assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
    }
}

#[test]
fn the_last_admin_stays_while_the_next_one_is_refused() {
    let mut world = small::world(with_admins(false, 1));
    world.run(quiet());
    assign(&mut world.company, "ada", "reader");
    assign(&mut world.company, "bob", "admin");
    let bob = small::account_id(&world, "bob");
    world.target.app().immovable.insert(bob.clone());
    let run = world.run(quiet());
    assert!(role(&world, "ada").contains("admin"));
    let why = small::why(&run, "sim/user:ada/role:admin");
    assert_eq!(why, "ada is among the last active holders of role admin; at least 1 must remain");
    assert!(
        run.result.as_ref().is_some_and(rolecall::model::result::AppResult::is_settled),
        "held, not open"
    );
    world.target.app().immovable.clear();
    world.run(quiet());
    assert!(!role(&world, "ada").contains("admin"));
}

#[test]
fn a_leaving_admin_waits_for_nobody() {
    let mut world = small::world(with_admins(false, 2));
    assign(&mut world.company, "bob", "admin");
    world.run(quiet());
    small::person(&mut world.company, "ada").status = "left";
    world.run(quiet());
    assert!(!small::account(&world, "ada").active, "two are not left, one is");
    // The last one leaves and another comes in the same commit: nothing waits.
    world.today += 2;
    small::person(&mut world.company, "bob").status = "left";
    assign(&mut world.company, "cem", "admin");
    world.run(quiet());
    assert!(!small::account(&world, "bob").active);
    assert!(asked(&world)[0].contains("disable bob"), "{:?}", asked(&world));
    assert!(role(&world, "cem").contains("admin"));
}

#[test]
fn a_role_that_expires_waits_for_the_next_holder() {
    for single in [true, false] {
        let mut world = small::world(with_admins(single, 2));
        assign(&mut world.company, "bob", "admin");
        world.run(quiet());
        assign(&mut world.company, "bob", "reader");
        world.company.assignments.push(Assignment {
            role: Some("admin".to_owned()),
            member: Member { principal: "user:bob".to_owned(), expires: Some(-1) },
        });
        assign(&mut world.company, "cem", "admin");
        world.run(quiet());
        let told = asked(&world);
        let place = |what: &str| told.iter().position(|line| line.contains(what)).unwrap_or(99);
        assert!(place("cem/role:admin") < place("bob/role:admin"), "two of them at any time: {told:?}");
        assert!(!role(&world, "bob").contains("admin"));
        assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
    }
}

#[test]
fn a_role_waits_for_its_counterpart_that_could_not_be_revoked() {
    let mut company = with_admins(false, 0);
    company.app.apart = vec!["admin", "reader"];
    company.app.roles[0].group = Some("Admins".to_owned());
    let mut world = small::world(company);
    world.run(quiet());
    assign(&mut world.company, "bob", "admin");
    let bob = small::account_id(&world, "bob");
    world.target.app().immovable.insert(bob.clone());
    let run = world.run(quiet());
    assert_eq!(
        small::why(&run, "sim/user:bob/role:admin"),
        "it waits for the revocation of reader, which is not done"
    );
    world.target.app().immovable.clear();
    world.run(quiet());
    assert_eq!(role(&world, "bob"), "null");
    assert!(asked(&world).iter().any(|line| line == "add bob/role:admin"));
}

#[test]
fn nobody_takes_a_value_that_could_not_be_freed() {
    let mut world = small::world(small::company(&["ada", "bob", "cem", "dan"]));
    world.run(quiet());
    small::person(&mut world.company, "ada").email = "ada.new@acme.example".to_owned();
    small::person(&mut world.company, "bob").email = "ada@acme.example".to_owned();
    let ada = small::account_id(&world, "ada");
    world.target.app().immovable.insert(ada);
    let run = world.run(quiet());
    assert_eq!(
        small::why(&run, "sim/user:bob/attribute:username"),
        "it takes a value that ada still has: changing that account failed"
    );
    world.target.app().immovable.clear();
    world.run(quiet());
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

#[test]
fn an_unknown_write_of_roles_is_not_written_over() {
    let mut world = small::world(with_admins(false, 0));
    world.run(quiet());
    // Bob's role expires (phase 1, outcome unknown) and he gets another one (phase 7).
    let principal = "user:bob".to_owned();
    let expired = Member { principal: principal.clone(), expires: Some(-1) };
    assign(&mut world.company, "bob", "admin");
    world.company.assignments.push(Assignment { role: Some("reader".to_owned()), member: expired });
    let mut luck = quiet();
    luck.faults.lost_after = 100;
    let run = world.run(luck);
    assert_eq!(
        small::why(&run, "sim/user:bob/role:admin"),
        "an earlier write of this person's roles has no known outcome"
    );
    world.run(quiet());
    assert_eq!(role(&world, "bob"), "[admin]");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

#[test]
fn an_end_is_over_once_all_that_ended_with_it_is_gone() {
    let mut world = small::world(with_admins(false, 0));
    let reader = |expires: Option<i32>| Assignment {
        role: Some("reader".to_owned()),
        member: Member { principal: "user:ada".to_owned(), expires },
    };
    world.company.assignments.push(reader(None));
    world.run(quiet());
    let lapsed = |world: &super::world::World| world.ledger.read().users["ada"].lapsed;
    world.company.assignments.pop();
    world.company.assignments.push(reader(Some(-1)));
    let ada = small::account_id(&world, "ada");
    world.target.app().immovable.insert(ada);
    world.run(quiet());
    assert_eq!((role(&world, "ada"), lapsed(&world)), ("[admin, reader]".to_owned(), None));
    world.target.app().immovable.clear();
    let run = world.run(quiet());
    let causes: Vec<_> = run.plan.to_do().map(|change| change.cause.as_str()).collect();
    assert_eq!(causes, ["expiry"], "still declared at the second attempt");
    assert_eq!(role(&world, "ada"), "[admin]");
    assert!(lapsed(&world).is_some(), "by the same run");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

#[test]
fn an_account_stays_off_while_its_role_could_not_be_revoked() {
    let mut world = small::world(with_admins(false, 0));
    world.run(quiet());
    small::person(&mut world.company, "ada").status = "suspended";
    world.run(quiet());
    small::person(&mut world.company, "ada").status = "active";
    assign(&mut world.company, "ada", "reader");
    let ada = small::account_id(&world, "ada");
    world.target.app().immovable.insert(ada);
    let run = world.run(quiet());
    let why = small::why(&run, "sim/user:ada");
    assert_eq!(why, "it waits for the revocation of admin, which is not done");
    assert!(!small::account(&world, "ada").active);
    world.target.app().immovable.clear();
    world.run(quiet());
    let told = asked(&world);
    let place = |what: &str| told.iter().position(|line| line.contains(what)).unwrap_or(99);
    assert!(place("ada/role:admin") < place("enable ada"), "{told:?}");
    small::lives(&world, "ada");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

#[test]
fn where_one_role_fits_the_old_one_stays_if_the_new_one_is_refused() {
    let mut world = small::world(with_admins(true, 0));
    world.run(quiet());
    let mut both = world.company.assignments.clone();
    assign(&mut world.company, "bob", "admin");
    both.retain(|assignment| assignment.member.principal == "user:bob");
    world.company.assignments.extend(both);
    let bob = small::account_id(&world, "bob");
    world.target.app().immovable.insert(bob);
    let run = world.run(quiet());
    let why = small::why(&run, "sim/user:bob/role:reader");
    assert!(why == "400: no" || why == "it waits for the grant of admin, which is not done", "{why}");
    assert_eq!(role(&world, "bob"), "reader");
    world.target.app().immovable.clear();
    world.run(quiet());
    assert_eq!(role(&world, "bob"), "admin");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

#[test]
fn a_former_value_of_a_role_stays_until_todays_is_there() {
    let mut world = small::world(with_admins(false, 1));
    world.run(quiet());
    world.company.app.roles[0].value = Some("boss");
    world.target.app().unknown_values.insert("boss".to_owned());
    for _ in 0..2 {
        let run = world.run(quiet());
        assert_eq!(
            small::why(&run, "sim/user:ada/role:admin=admin"),
            "it waits for the grant of admin, which is not done"
        );
        assert_eq!(role(&world, "ada"), "[admin]");
    }
    world.target.app().unknown_values.clear();
    world.run(quiet());
    assert_eq!(role(&world, "ada"), "[boss]");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

#[test]
fn where_one_role_fits_a_former_value_goes_with_the_grant_of_another_role() {
    let mut world = small::world(with_admins(true, 0));
    world.run(quiet());
    world.company.app.roles.retain(|role| role.id != "admin");
    assign(&mut world.company, "ada", "reader");
    let ada = small::account_id(&world, "ada");
    world.target.app().immovable.insert(ada);
    world.run(quiet());
    assert_eq!(role(&world, "ada"), "admin", "while the grant is refused, both stay");
    world.target.app().immovable.clear();
    let run = world.run(quiet());
    assert_eq!(run.plan.to_do().count(), 2, "a grant and a revocation");
    assert_eq!(asked(&world), ["update ada/role:reader ada/role:admin"], "in one write");
    assert_eq!(role(&world, "ada"), "reader");
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}

#[test]
fn a_role_that_becomes_a_group_or_a_value_is_held_in_one_of_them_at_any_time() {
    let mut world = small::world(with_admins(false, 1));
    world.run(quiet());
    let ada = small::account_id(&world, "ada");
    let in_group = |world: &super::world::World| {
        world.target.app().teams.values().any(|team| team.members.contains(&ada))
    };
    world.company.app.roles[0].group = Some("Admins".to_owned());
    world.target.app().ghosts.insert(ada.clone());
    let run = world.run(quiet());
    let why = small::why(&run, "sim/user:ada/role:admin=admin");
    assert_eq!(why, "it waits for the grant of admin, which is not done");
    assert_eq!((role(&world, "ada").as_str(), in_group(&world)), ("[admin]", false));
    world.target.app().ghosts.clear();
    world.run(quiet());
    assert_eq!((role(&world, "ada").as_str(), in_group(&world)), ("null", true));
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
    // And back.
    world.company.app.roles[0].group = None;
    world.target.app().unknown_values.insert("admin".to_owned());
    let run = world.run(quiet());
    let why = small::why(&run, "sim/user:ada/former-group:admin");
    assert_eq!(why, "it waits for the grant of admin, which is not done");
    assert_eq!((role(&world, "ada").as_str(), in_group(&world)), ("null", true));
    world.target.app().unknown_values.clear();
    world.run(quiet());
    assert_eq!((role(&world, "ada").as_str(), in_group(&world)), ("[admin]", false));
    let run = world.run(quiet());
    assert_eq!(run.plan.to_do().map(|change| change.kind).collect::<Vec<_>>(), [ChangeKind::Forget]);
    assert_eq!(world.run(quiet()).plan.to_do().count(), 0);
}
