//! An app that begins its ids anew: the ledger still has them for accounts and groups that vanished.

use std::collections::BTreeSet;

use rolecall::model::change::Object;
use rolecall::model::intervention::Hand;
use rolecall::model::ledger::{GroupKey, LedgerUpdate};
use rolecall::plan::NoticeKind;

use super::company::{Assignment, Group, Role};
use super::ledger::Misfortune;
use super::small::{self, member, quiet};
use super::target::Faults;
use super::world::{Luck, Run, World};

/// Those whose accounts vanish, and 8 others, so that the app is not stopped.
const LOST: [&str; 3] = ["ada", "bob", "cem"];

/// Everything is released: `--recreate`, `--enable`, the guards.
fn released() -> Luck {
    Luck { decided: true, ..quiet() }
}

/// A company with three groups and a privileged role, kept as a value or as a group. The third group never vanishes, so that not
/// all are gone at once.
fn world(admin_group: Option<&str>) -> World {
    let mut company = small::company(&["ada", "bob", "cem", "p1", "p2", "p3", "p4", "p5", "p6", "p7", "p8"]);
    for (id, of) in [("east", ["ada", "bob"]), ("west", ["bob", "cem"]), ("north", ["p1", "p2"])] {
        let members = of.map(|id| member(&format!("user:{id}"))).to_vec();
        company.groups.push(Group { id: id.to_owned(), name: format!("The {id}"), members, rule: None });
        company.app.push.push(id.to_owned());
    }
    for (id, group) in [("admin", admin_group), ("member", None)] {
        let (id, group) = (id.to_owned(), group.map(str::to_owned));
        company.app.roles.push(Role { privileged: id == "admin", id, group, value: None });
    }
    company.assignments.iter_mut().for_each(|assignment| assignment.role = Some("member".to_owned()));
    for id in ["ada", "p1"] {
        company
            .assignments
            .push(Assignment { role: Some("admin".to_owned()), member: member(&format!("user:{id}")) });
    }
    let mut world = small::world(company);
    world.run(quiet());
    assert_eq!(world.run(quiet()).plan.changes.len(), 0);
    world
}

fn ids(world: &World) -> Vec<String> {
    LOST.map(|id| small::account_id(world, id)).to_vec()
}

/// The accounts vanish, and the next ones get their ids, in this order.
fn lose(world: &World, order: &[usize]) {
    let ids = ids(world);
    let mut app = world.target.app();
    ids.iter().for_each(|id| app.remove_account(id));
    order.iter().for_each(|place| app.give_next(&ids[*place]));
}

/// Nothing is open: everybody has an account of their own, and the groups have their members.
fn is_whole(world: &mut World) {
    let plan = world.run(quiet()).plan;
    let left: Vec<_> = plan.changes.iter().map(|change| change.key.to_string()).collect();
    assert!(left.iter().all(|key| key.ends_with("role:admin")), "{left:?} {:?}", plan.status);
    let ledger = world.ledger.read();
    let app = world.target.app();
    for (id, link) in &ledger.users {
        let login = app.accounts[link.remote.as_str()].values["username"].as_str();
        assert_eq!(login, Some(format!("{id}@acme.example").as_str()));
    }
    for (group, of) in [("east", ["ada", "bob"]), ("west", ["bob", "cem"])] {
        let team = &app.teams[app_group(world, group).as_str()];
        let of: BTreeSet<String> = of.iter().map(|id| ledger.users[*id].remote.to_string()).collect();
        assert_eq!(team.members, of, "{group}");
    }
}

fn app_group(world: &World, id: &str) -> String {
    let key = GroupKey::Group(id.parse().expect("an id"));
    world.ledger.read().groups[&key].remote.to_string()
}

fn stopped(run: &Run) -> Option<String> {
    run.result.as_ref().and_then(|result| result.stopped.clone())
}

#[test]
fn accounts_that_are_made_again_with_ids_of_each_other_are_recorded() {
    for order in [[0, 1, 2], [1, 2, 0], [2, 1, 0], [1, 0, 2]] {
        let mut world = world(None);
        lose(&world, &order);
        // A name releases only what was seen before.
        world.run(quiet());
        assert_eq!(stopped(&world.run(released())), None, "{order:?}");
        is_whole(&mut world);
    }
}

#[test]
fn a_new_person_may_get_the_id_of_an_account_that_vanished() {
    let mut world = world(None);
    lose(&world, &[0, 1, 2]);
    world.run(quiet());
    for id in ["aaa", "zoe"] {
        small::join(&mut world.company, id);
        let assignment = world.company.assignments.last_mut().expect("an assignment");
        assignment.role = Some("member".to_owned());
    }
    assert_eq!(stopped(&world.run(released())), None);
    is_whole(&mut world);
}

/// Nothing that another hand did is forgotten with the entry: the account is held, and so is its privileged role.
#[test]
fn an_account_whose_id_is_taken_and_that_the_app_refuses_stays_held() {
    for admin_group in [None, Some("Admins")] {
        let mut world = world(admin_group);
        let old = ids(&world);
        lose(&world, &[0]);
        world.target.app().refused.insert("ada@acme.example".to_owned());
        world.run(quiet());
        assert_eq!(stopped(&world.run(released())), None);
        let ledger = world.ledger.read();
        let owner = ledger.users.iter().find(|(_, link)| link.remote.as_str() == old[0]);
        assert_ne!(owner.expect("an account with that id").0.as_str(), "ada");
        assert!(!ledger.users.contains_key("ada"));
        assert!(ledger.interventions.contains_key(&("ada".parse().expect("an id"), Hand::Deleted)));
        world.target.app().refused.clear();
        let plan = world.run(quiet()).plan;
        assert_eq!(plan.to_do().count(), 0, "nothing is made again by itself");
        assert!(world.target.app().named("ada@acme.example").is_none());
        world.run(released());
        is_whole(&mut world);
    }
}

#[test]
fn groups_that_are_made_again_with_ids_of_each_other_are_recorded() {
    for swapped in [false, true] {
        let mut world = world(Some("Admins"));
        let mut keys: Vec<GroupKey> = world.ledger.read().groups.keys().cloned().collect();
        keys.retain(|key| key.to_string() != "group:north");
        assert_eq!(keys.len(), 3);
        if swapped {
            keys.reverse();
        }
        let remotes: Vec<String> =
            keys.iter().map(|key| world.ledger.read().groups[key].remote.to_string()).collect();
        let mut app = world.target.app();
        app.teams.retain(|_, team| team.values["displayname"].as_str() == Some("The north"));
        remotes.iter().for_each(|id| app.give_next(id));
        drop(app);
        let run = world.run(quiet());
        assert_eq!(stopped(&run), None);
        // The group that gave power had people, and another hand took them out.
        let held: Vec<_> = run.plan.held().map(|change| change.key.to_string()).collect();
        assert_eq!(held, ["sim/user:ada/role:admin", "sim/user:p1/role:admin"]);
        is_whole(&mut world);
    }
}

/// The group of a role is forgotten with its id, and what another hand did to its people is not.
#[test]
fn a_role_whose_group_has_lost_its_id_to_another_group_stays_held() {
    let mut world = world(Some("Admins"));
    let admin = GroupKey::Role("admin".parse().expect("an id"));
    let id = world.ledger.read().groups[&admin].remote.to_string();
    let mut app = world.target.app();
    app.teams.retain(|_, team| team.values["displayname"].as_str() == Some("The north"));
    app.give_next(&id);
    app.refused.insert("Admins".to_owned());
    drop(app);
    assert_eq!(stopped(&world.run(quiet())), None);
    assert!(!world.ledger.read().groups.contains_key(&admin));
    world.target.app().refused.clear();
    for _ in 0..3 {
        let plan = world.run(quiet()).plan;
        let held: Vec<_> = plan.held().map(|change| change.key.to_string()).collect();
        assert!(held.is_empty() || held == ["sim/user:ada/role:admin", "sim/user:p1/role:admin"]);
    }
    let app = world.target.app();
    let admins = app.teams.values().find(|team| team.values["displayname"].as_str() == Some("Admins"));
    assert!(admins.expect("the group is made again").members.is_empty());
}

/// A killed run may have made accounts that it could not write down: what stands under their ids is a conflict, and the command that
/// the plan names drops the entry.
#[test]
fn a_run_that_is_killed_amid_ids_that_are_given_again_is_carried_on() {
    let ways = (1..9).flat_map(|at| [(at, Some(false)), (at, Some(true)), (at, None)]);
    let mut conflicts = 0;
    for (at, effect) in ways {
        let mut world = world(None);
        lose(&world, &[1, 2, 0]);
        world.run(quiet());
        let killed = match effect {
            Some(after) => {
                Luck { faults: Faults { die_at: Some((at, after)), ..Faults::none() }, ..released() }
            }
            None => Luck { ledger: Misfortune { die_at: Some(at), ..Misfortune::default() }, ..released() },
        };
        world.run(killed);
        let plan = world.run(released()).plan;
        let unlinked = plan.notices.iter().filter(|notice| notice.kind == NoticeKind::LinkConflict);
        for notice in unlinked {
            let Some(Object::User(id)) = notice.subject.clone() else { panic!("a conflict of a person") };
            let command = format!("rolecall ledger unlink sim {id} --reason TEXT");
            assert!(notice.hint.as_ref().is_some_and(|hint| hint.contains(&command)), "{notice:?}");
            world.ledger.edit(|ledger| ledger.fold(LedgerUpdate::ForgetUser(id)));
            conflicts += 1;
        }
        world.run(released());
        assert_eq!(stopped(&world.run(released())), None, "{at} {effect:?}");
        is_whole(&mut world);
    }
    assert!(conflicts > 0, "no kill left an account that is not on record");
}
