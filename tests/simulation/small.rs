//! Small companies for tests with exact results.

use rolecall::model::capabilities::MemberKey;
use rolecall::model::result::ChangeResult;

use super::app::{Account, App};
use super::company::{AppConf, Assignment, Company, Member, Person};
use super::ledger::Misfortune;
use super::target::{Faults, Target};
use super::world::{Luck, Run, World};

pub fn member(principal: &str) -> Member {
    Member { principal: principal.to_owned(), expires: None }
}

/// A company of these people, all with an account, without roles and groups.
pub fn company(ids: &[&str]) -> Company {
    let app = AppConf {
        roles: Vec::new(),
        single: false,
        push: Vec::new(),
        members: "linked",
        remove: "delete",
        deprovision: "disable",
        unmanaged: "report",
        adopt: "matched",
        protect: Vec::new(),
        min_admins: 0,
        apart: Vec::new(),
    };
    let mut company = Company {
        people: Vec::new(),
        groups: Vec::new(),
        assignments: Vec::new(),
        app,
        former: Vec::new(),
        next: 0,
    };
    ids.iter().for_each(|id| join(&mut company, id));
    company
}

pub fn join(company: &mut Company, id: &str) {
    company.people.push(Person {
        id: id.to_owned(),
        human: company.people.len() as u32,
        previously: Vec::new(),
        name: format!("The {id}"),
        email: format!("{id}@acme.example"),
        title: None,
        department: None,
        manager: None,
        start: None,
        end: None,
        status: "active",
    });
    company.assignments.push(Assignment { role: None, member: member(&format!("user:{id}")) });
}

pub fn person<'c>(company: &'c mut Company, id: &str) -> &'c mut Person {
    let found = company.people.iter_mut().find(|person| person.id == id);
    found.expect("somebody of this company")
}

pub fn world(company: Company) -> World {
    World::new(company, Target::new(App::new(MemberKey::Id), 100))
}

/// A run without faults and without releases.
pub fn quiet() -> Luck {
    Luck { faults: Faults::none(), ledger: Misfortune::default(), decided: false }
}

pub fn account_id(world: &World, id: &str) -> String {
    let ledger = world.ledger.read();
    let link = ledger.users.get(id).unwrap_or_else(|| panic!("{id} is not linked"));
    link.remote.to_string()
}

pub fn account(world: &World, id: &str) -> Account {
    let remote = account_id(world, id);
    world.target.app().accounts[&remote].clone()
}

pub fn lives(world: &World, id: &str) {
    assert!(account(world, id).active, "{id} has an active account");
}

/// The reason why a change was not made.
pub fn why(run: &Run, key: &str) -> String {
    let result = run.result.as_ref().expect("a run that lived");
    let change = result.changes.iter().find(|change| change.key.to_string() == key);
    match change {
        Some(ChangeResult { why: Some(why), .. }) => why.clone(),
        Some(done) => panic!("{key}: {}", done.outcome.as_str()),
        None => panic!("{key} is not in the plan"),
    }
}
