//! What happens on ordinary days, and how often. Nothing here is a mistake.

use super::company::{Close, Company};
use super::people::{
    extend, hand_over, interns, join, leave, promote, readdress, relocate, rename, resume, review, suspend,
    transfer, vanish, will_leave,
};
use super::power::{give_power, give_up_power, hand_power};
use super::structure::{
    begin, display, found, join_project, leave_project, map, merge, regroup, rename_department, reorganise,
};
use crate::simulation::company::Day;
use crate::simulation::rng::Rng;

/// Working days of a year.
pub const WORKING_DAYS: i32 = 250;

/// A kind of event.
pub struct Event {
    pub name: &'static str,
    /// How often in a year: for each person, and for each company.
    pub per_person: f64,
    pub per_company: f64,
    /// It is about one person, besides those who report to that person.
    pub is_single: bool,
    /// Makes it happen; false if nothing here is fit for it.
    act: fn(&mut Company, &mut Rng, Day) -> bool,
}

const fn single(
    name: &'static str,
    per_person: f64,
    per_company: f64,
    act: fn(&mut Company, &mut Rng, Day) -> bool,
) -> Event {
    Event { name, per_person, per_company, is_single: true, act }
}

const fn several(
    name: &'static str,
    per_person: f64,
    per_company: f64,
    act: fn(&mut Company, &mut Rng, Day) -> bool,
) -> Event {
    Event { name, per_person, per_company, is_single: false, act }
}

/// All kinds. The rates are those of a company with little turnover: one person in six or seven leaves in a year.
pub const EVENTS: &[Event] = &[
    single("somebody joins", 0.17, 0.3, join),
    single("somebody leaves", 0.07, 0.0, leave),
    single("somebody will have left", 0.05, 0.0, will_leave),
    single("somebody is deleted from the files", 0.02, 0.0, vanish),
    several("interns join for two months", 0.0, 1.0, interns),
    single("a contract is extended", 0.08, 0.0, extend),
    single("somebody is suspended", 0.02, 0.0, suspend),
    single("somebody is back", 0.04, 0.0, resume),
    single("somebody has another title", 0.2, 0.0, promote),
    several("titles change once a year", 0.0, 0.8, review),
    single("somebody moves to another department", 0.05, 0.0, transfer),
    single("somebody has another address", 0.01, 0.0, readdress),
    single("somebody has another id", 0.003, 0.0, rename),
    single("somebody is at another site", 0.03, 0.0, relocate),
    several("a team has another boss", 0.01, 0.2, hand_over),
    several("a department is renamed", 0.0, 0.3, rename_department),
    several("a few people change departments together", 0.002, 0.3, reorganise),
    several("two departments become one", 0.0, 0.1, merge),
    several("a department is founded", 0.0, 0.1, found),
    several("a mapping has one more attribute", 0.0, 1.0, map),
    several("a mapping writes names differently", 0.0, 0.1, display),
    several("a project begins", 0.06, 1.5, begin),
    single("somebody joins a project", 0.5, 0.0, join_project),
    single("somebody leaves a project", 0.3, 0.0, leave_project),
    single("a role of power gets another holder", 0.001, 0.5, give_power),
    single("a holder gives a role of power up", 0.001, 0.4, give_up_power),
    several("a role of power goes from one to another", 0.001, 0.8, hand_power),
    several("people of one line come to have a role through a group", 0.0, 0.3, regroup),
];

/// What happened on an ordinary day.
#[derive(Default)]
pub struct Happened {
    /// The names of what happened, in order.
    pub events: Vec<&'static str>,
    /// All that happened is one event about one person.
    pub is_single: bool,
}

/// Lets the events of one day happen.
pub fn day(company: &mut Company, rng: &mut Rng, today: Day) -> Happened {
    let mut names = Vec::new();
    let mut is_single = true;
    let ends: Vec<_> =
        company.projects.iter().filter(|one| one.last_day < today).map(|one| one.id.clone()).collect();
    for id in ends {
        names.extend(end(company, &id, today));
        is_single = false;
    }
    let size = company.people.iter().filter(|person| person.is_here(today)).count();
    for event in EVENTS {
        let mean = (event.per_person * size as f64 + event.per_company) / f64::from(WORKING_DAYS);
        for _ in 0..number(rng, mean) {
            if (event.act)(company, rng, today) {
                is_single &= event.is_single;
                names.push(event.name);
            }
        }
    }
    if today % 28 == 0 && tidy(company, today) {
        names.push("leavers of last month are deleted from the files");
        is_single = false;
    }
    is_single &= names.len() == 1;
    Happened { events: names, is_single }
}

/// How often something happens that happens this often on average (Poisson).
fn number(rng: &mut Rng, mean: f64) -> usize {
    let limit = (-mean).exp();
    let mut product = uniform(rng);
    let mut count = 0;
    while product > limit {
        product *= uniform(rng);
        count += 1;
    }
    count
}

fn uniform(rng: &mut Rng) -> f64 {
    (rng.next() >> 11) as f64 / (1u64 << 53) as f64
}

/// The files after the last day of a project.
fn end(company: &mut Company, id: &str, today: Day) -> Option<&'static str> {
    let project = company.projects.iter_mut().find(|project| project.id == id)?;
    // What has expired is tidied up a month later; an empty group as well.
    let is_over = project.close == Close::Deleted || project.last_day < today - 30;
    if is_over {
        company.close(id);
        return Some("a project is deleted from the files");
    }
    if project.close == Close::Emptied && !project.members.is_empty() {
        project.members.clear();
        return Some("all people of a project are taken out");
    }
    None
}

/// Leavers who have been gone for a month are deleted from the files.
fn tidy(company: &mut Company, today: Day) -> bool {
    let is_old = |place: &usize| {
        let person = &company.people[*place];
        let gone_on = person.end.into_iter().chain(person.left_on).min();
        person.is_gone(today) && gone_on.is_some_and(|day| day < today - 30)
    };
    let old: Vec<_> =
        (0..company.people.len()).filter(is_old).map(|place| company.people[place].id.clone()).collect();
    old.iter().for_each(|id| company.forget(id));
    !old.is_empty()
}
