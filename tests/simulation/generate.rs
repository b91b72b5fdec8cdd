//! Random companies.

use super::company::{AppConf, Assignment, Company, Day, Group, Member, Person, Role};
use super::rng::Rng;

pub const DEPARTMENTS: [&str; 3] = ["Engineering", "Sales", "Support"];

/// A random company on its first day.
pub fn company(rng: &mut Rng) -> Company {
    let mut company = Company {
        people: Vec::new(),
        groups: Vec::new(),
        assignments: Vec::new(),
        app: app(rng),
        former: Vec::new(),
        next: 0,
    };
    for _ in 0..8 + rng.below(30) {
        let person = person(&mut company, rng, 0);
        company.people.push(person);
    }
    for number in 0..3 + rng.below(4) {
        let members = (0..rng.below(6)).filter_map(|_| random_member(&company, rng)).collect::<Vec<_>>();
        let mut group = Group {
            id: format!("g{number}"),
            name: format!("Group {number}"),
            members: distinct(members),
            rule: rng.chance(25).then(|| (*rng.pick(&DEPARTMENTS).unwrap_or(&"Sales")).to_owned()),
        };
        if number > 0 && rng.chance(50) {
            // Only earlier groups become members, so that there is no cycle.
            group.members.push(Member { principal: format!("group:g{}", rng.below(number)), expires: None });
        }
        company.groups.push(group);
    }
    for group in company.groups.clone() {
        if rng.chance(40) {
            company.app.push.push(group.id);
        }
    }
    assignments(&mut company, rng);
    company
}

fn app(rng: &mut Rng) -> AppConf {
    let choose = |rng: &mut Rng, list: &[&'static str]| rng.pick(list).copied().unwrap_or_default();
    let role = |id: &str, group: bool, privileged| Role {
        id: id.to_owned(),
        group: group.then(|| format!("Role {id}")),
        privileged,
        value: None,
    };
    let roles = match rng.below(4) {
        0 => Vec::new(),
        1 => vec![role("admin", true, true), role("editor", true, false), role("reader", false, false)],
        _ => vec![
            role("admin", false, rng.chance(50)),
            role("editor", rng.chance(30), false),
            role("reader", false, false),
        ],
    };
    AppConf {
        roles,
        single: rng.chance(40),
        push: Vec::new(),
        members: choose(rng, &["linked", "linked", "exact", "add"]),
        remove: choose(rng, &["keep", "delete"]),
        deprovision: choose(rng, &["disable", "disable", "delete"]),
        unmanaged: choose(rng, &["ignore", "report", "disable", "delete"]),
        adopt: choose(rng, &["matched", "matched", "matched", "never"]),
        protect: vec!["breakglass@acme.example".to_owned()],
        min_admins: rng.next() % 3,
        apart: Vec::new(),
    }
}

/// A new person.
pub fn person(company: &mut Company, rng: &mut Rng, today: Day) -> Person {
    let number = company.next;
    company.next += 1;
    let earlier = company.people.iter().map(|person| person.id.clone());
    let earlier: Vec<_> = earlier.collect();
    Person {
        id: format!("u{number}"),
        human: number,
        previously: Vec::new(),
        name: format!("Person {number}"),
        email: format!("u{number}@acme.example"),
        title: rng.chance(70).then(|| format!("Title {}", rng.below(4))),
        department: rng.chance(93).then(|| (*rng.pick(&DEPARTMENTS).unwrap_or(&"Sales")).to_owned()),
        manager: rng.chance(40).then(|| rng.pick(&earlier).cloned()).flatten(),
        start: rng.chance(10).then(|| today + rng.below(12) as Day - 3),
        end: rng.chance(10).then(|| today + 10 + rng.below(20) as Day),
        status: "active",
    }
}

/// A random person as a member, sometimes with an end.
pub fn random_member(company: &Company, rng: &mut Rng) -> Option<Member> {
    let person = rng.pick(&company.people)?;
    Some(Member {
        principal: format!("user:{}", person.id),
        expires: rng.chance(15).then(|| rng.below(40) as Day),
    })
}

/// The members, each principal once.
pub fn distinct(members: Vec<Member>) -> Vec<Member> {
    let mut kept: Vec<Member> = Vec::new();
    for member in members {
        if kept.iter().all(|other| other.principal != member.principal) {
            kept.push(member);
        }
    }
    kept
}

fn assignments(company: &mut Company, rng: &mut Rng) {
    let roles: Vec<_> = company.app.roles.iter().map(|role| role.id.clone()).collect();
    for number in 0..company.groups.len() {
        if rng.chance(70) {
            let principal = format!("group:{}", company.groups[number].id);
            let role = rng.pick(&roles).cloned();
            let member = Member { principal, expires: rng.chance(10).then(|| 5 + rng.below(30) as Day) };
            company.assignments.push(Assignment { role, member });
        }
    }
    for _ in 0..company.people.len() {
        if let Some(member) = random_member(company, rng) {
            let role = rng.pick(&roles).cloned();
            company.assignments.push(Assignment { role, member });
        }
    }
}
