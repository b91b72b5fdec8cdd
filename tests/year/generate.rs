//! A company on its first day.

use super::company::{Close, Company, Department, Line, Person, Project, Slips, member};
use crate::simulation::company::{Day, Member};
use crate::simulation::rng::Rng;

pub const TITLES: [&str; 8] = [
    "Analyst",
    "Engineer",
    "Account Manager",
    "Designer",
    "Consultant",
    "Specialist",
    "Planner",
    "Assistant",
];

pub const SITES: [&str; 5] = ["Berlin", "Lyon", "Porto", "Leeds", "Gdansk"];

const GIVEN: [&str; 16] = [
    "Ada", "Ben", "Carla", "David", "Elif", "Farid", "Grace", "Hugo", "Ines", "Jonas", "Kira", "Luis",
    "Mona", "Nils", "Olga", "Paul",
];

const FAMILY: [&str; 20] = [
    "Adler", "Brandt", "Costa", "Dubois", "Eriksen", "Fischer", "Garcia", "Haas", "Ivanov", "Jansen",
    "Kowalski", "Lopez", "Moreau", "Novak", "Olsen", "Petit", "Rossi", "Silva", "Tanaka", "Weber",
];

pub const DEPARTMENTS: [&str; 12] = [
    "Engineering",
    "Sales",
    "Support",
    "Finance",
    "Marketing",
    "Operations",
    "Legal",
    "People",
    "Research",
    "Security",
    "Logistics",
    "Quality",
];

/// A company of this many people.
pub fn company(rng: &mut Rng, size: usize) -> Company {
    let mut company = Company {
        people: Vec::new(),
        departments: Vec::new(),
        everyone: Vec::new(),
        projects: Vec::new(),
        lines: Vec::new(),
        mapping: vec![
            ("userName", "user.email"),
            ("externalId", "user.id"),
            ("name.givenName", "user.name.given"),
            ("name.familyName", "user.name.family"),
            ("displayName", "user.name.display"),
            ("title", "user.title"),
            (DEPARTMENT, "user.department"),
            (MANAGER, "account.ref(user.manager)"),
        ],
        remove: if rng.chance(50) { "keep" } else { "delete" },
        min_admins: u64::from(rng.chance(50)),
        file_each: size >= 50,
        slips: Slips::default(),
        next: 0,
    };
    for _ in 0..departments(size) {
        found(&mut company);
    }
    for _ in 0..size {
        let person = newcomer(&mut company, rng, None);
        company.people.push(person);
    }
    for department in company.everyone.clone() {
        appoint(&mut company, &department);
    }
    company
        .lines
        .push(Line { role: "reader".to_owned(), members: vec![member("group:everyone".to_owned())] });
    for (role, number) in [("admin", admins(size)), ("auditor", 1 + admins(size) / 3)] {
        let mut holders: Vec<_> =
            (0..number).filter_map(|_| rng.pick(&company.people)).map(|one| one.id.clone()).collect();
        holders.sort();
        holders.dedup();
        let members = holders.iter().map(|id| member(format!("user:{id}"))).collect();
        company.lines.push(Line { role: role.to_owned(), members });
    }
    for _ in 0..1 + size / 40 {
        let project = project(&mut company, rng, 0);
        open(&mut company, project);
    }
    company
}

pub const DEPARTMENT: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:department";
pub const MANAGER: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User:manager.value";

fn departments(size: usize) -> usize {
    match size {
        0..=9 => 2,
        10..=39 => 4,
        40..=99 => 6,
        100..=999 => 12,
        _ => size / 90,
    }
}

/// How many people administer the app.
fn admins(size: usize) -> usize {
    match size {
        0..=39 => 2,
        40..=99 => 3,
        100..=999 => 5,
        _ => 9,
    }
}

/// Founds a department.
pub fn found(company: &mut Company) {
    let number = company.next;
    company.next += 1;
    let known = company.departments.len();
    let kind = DEPARTMENTS[known % DEPARTMENTS.len()];
    let is_taken = company.departments.iter().any(|department| department.name == kind);
    let name = if is_taken { format!("{kind} {number}") } else { kind.to_owned() };
    let id = format!("{}-{number}", kind.to_lowercase());
    company.everyone.push(id.clone());
    company.departments.push(Department { id, rule: name.clone(), name });
}

/// A new person, who is in no file yet; in this department, or in a random one, the earlier ones more often.
pub fn newcomer(company: &mut Company, rng: &mut Rng, department: Option<&str>) -> Person {
    let number = company.next;
    company.next += 1;
    let width = 1 + rng.below(company.departments.len());
    let random = &company.departments[rng.below(width)].id;
    let given = GIVEN[rng.below(GIVEN.len())];
    let family = FAMILY[rng.below(FAMILY.len())];
    let contractor = rng.chance(8);
    Person {
        id: format!("{}{number}", family.to_lowercase()),
        previously: None,
        given: given.to_owned(),
        family: family.to_owned(),
        email: format!("{}.{}.{number}@acme.example", given.to_lowercase(), family.to_lowercase()),
        title: TITLES[rng.below(TITLES.len())].to_owned(),
        department: department.unwrap_or(random).to_owned(),
        manager: None,
        start: None,
        end: contractor.then(|| 20 + rng.below(200) as Day),
        status: "active",
        left_on: None,
        kind: if contractor { "contractor" } else { "employee" },
        site: SITES[rng.below(SITES.len())].to_owned(),
    }
}

/// Gives the people of a department their bosses: a head, and a lead for each eight people in a large one.
fn appoint(company: &mut Company, department: &str) {
    let top = company.people[0].id.clone();
    let is_in =
        |(place, person): (usize, &Person)| (person.department == department && place > 0).then_some(place);
    let places: Vec<usize> = company.people.iter().enumerate().filter_map(is_in).collect();
    let Some((head, rest)) = places.split_first() else { return };
    company.people[*head].manager = Some(top);
    let head = company.people[*head].id.clone();
    let teams = if rest.len() <= 9 { rest.len().max(1) } else { 8 };
    for team in rest.chunks(teams) {
        let lead = company.people[team[0]].id.clone();
        for (number, place) in team.iter().enumerate() {
            let small = rest.len() <= 9 || number == 0;
            company.people[*place].manager = Some(if small { head.clone() } else { lead.clone() });
        }
    }
}

/// A project that begins today: a few people, for some weeks.
pub fn project(company: &mut Company, rng: &mut Rng, today: Day) -> Project {
    let number = company.next;
    company.next += 1;
    let last_day = today + 15 + rng.below(110) as Day;
    let close = [Close::Deleted, Close::Deleted, Close::RoleExpires, Close::MembersExpire, Close::Emptied]
        [rng.below(5)];
    let here: Vec<_> =
        company.people.iter().filter(|person| person.is_here(today)).map(|person| &person.id).collect();
    let most = (here.len() / 2).clamp(2, 14);
    let number_of = 2 + rng.below(most - 1);
    let mut ids: Vec<&String> = (0..number_of).filter_map(|_| rng.pick(&here).copied()).collect();
    ids.sort();
    ids.dedup();
    let expires = (close == Close::MembersExpire).then_some(last_day);
    let members = ids.iter().map(|id| Member { principal: format!("user:{id}"), expires }).collect();
    Project { id: format!("project-{number}"), members, last_day, close, edits: rng.chance(60) }
}

/// Writes a project into the files.
pub fn open(company: &mut Company, project: Project) {
    if project.edits {
        let expires = (project.close == Close::RoleExpires).then_some(project.last_day);
        let principal = format!("group:{}", project.id);
        let members = vec![Member { principal, expires }];
        company.lines.push(Line { role: "editor".to_owned(), members });
    }
    company.projects.push(project);
}

/// Attributes that a mapping may get later, with their expressions.
pub const LATER: [(&str, &str); 4] = [
    ("nickName", "user.name.given"),
    ("userType", "user.attributes.kind"),
    ("timezone", "user.attributes.site"),
    ("preferredLanguage", "user.attributes.site"),
];
