//! What happens to people on ordinary days: they come, change, lead others and go.

use super::company::{Company, POWER, member};
use super::generate::{self, SITES, TITLES};
use super::power::replace_holder;
use crate::simulation::company::Day;
use crate::simulation::rng::Rng;

/// The place of a random person who is here, the founder excepted.
pub fn somebody(company: &Company, rng: &mut Rng, today: Day) -> Option<usize> {
    let is_fit = |place: &usize| company.people[*place].is_here(today);
    let places: Vec<usize> = (1..company.people.len()).filter(is_fit).collect();
    rng.pick(&places).copied()
}

/// Somebody of this department who can be a boss there, or the founder.
pub fn boss(company: &Company, rng: &mut Rng, department: &str, not: &str, today: Day) -> Option<String> {
    let is_fit = |id: &str| id != not;
    let bosses: Vec<&String> = company
        .people
        .iter()
        .filter(|person| person.department == department)
        .filter_map(|person| person.manager.as_ref())
        .filter(|id| {
            is_fit(id) && company.place(id).is_some_and(|place| company.people[place].is_here(today))
        })
        .collect();
    let founder = || Some(company.people.first()?.id.clone()).filter(|id| is_fit(id));
    rng.pick(&bosses).map(|id| (*id).clone()).or_else(founder)
}

pub fn join(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let mut person = generate::newcomer(company, rng, None);
    person.manager = boss(company, rng, &person.department.clone(), &person.id, today);
    person.start = rng.chance(60).then(|| today + rng.below(20) as Day);
    person.end = person.end.map(|end| today + 20 + end);
    if rng.chance(15)
        && let Some(place) = rng.place(&company.projects)
    {
        company.projects[place].members.push(member(format!("user:{}", person.id)));
    }
    company.people.push(person);
    true
}

pub fn leave(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    company.people[place].status = "left";
    company.people[place].left_on = Some(today);
    let id = company.people[place].id.clone();
    succeed(company, rng, &id, today);
    true
}

pub fn will_leave(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    let end = today + 1 + rng.below(40) as Day;
    let person = &mut company.people[place];
    if person.end.is_some() || person.start.is_some_and(|start| start >= today) {
        return false;
    }
    person.end = Some(end);
    true
}

pub fn vanish(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    let id = company.people[place].id.clone();
    succeed(company, rng, &id, today);
    company.forget(&id);
    true
}

/// In most cases the commit that lets somebody go also names who follows as boss and in a role of power.
pub fn succeed(company: &mut Company, rng: &mut Rng, id: &str, today: Day) {
    let Some(place) = company.place(id) else { return };
    let department = company.people[place].department.clone();
    if rng.chance(80) {
        let next = boss(company, rng, &department, id, today);
        for report in company.people.iter_mut().filter(|one| one.manager.as_deref() == Some(id)) {
            report.manager = next.clone().filter(|boss| *boss != report.id);
        }
    }
    for role in POWER {
        if company.holders(role).iter().any(|holder| holder == id) && rng.chance(70) {
            replace_holder(company, rng, role, id, today);
        }
    }
}

pub fn interns(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    if company.people.len() < 15 {
        return false;
    }
    let last_day = today + 60;
    for _ in 0..1 + company.people.len() / 30 {
        let mut person = generate::newcomer(company, rng, None);
        person.manager = boss(company, rng, &person.department.clone(), &person.id, today);
        (person.kind, person.end) = ("intern", Some(last_day));
        company.people.push(person);
    }
    true
}

pub fn extend(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let is_near = |place: &usize| {
        let person = &company.people[*place];
        person.is_here(today) && person.end.is_some_and(|end| end < today + 30)
    };
    let places: Vec<usize> = (0..company.people.len()).filter(is_near).collect();
    let Some(place) = rng.pick(&places) else { return false };
    let more = 60 + rng.below(120) as Day;
    company.people[*place].end = company.people[*place].end.map(|end| end + more);
    true
}

pub fn suspend(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    company.people[place].status = "suspended";
    true
}

pub fn resume(company: &mut Company, rng: &mut Rng, _: Day) -> bool {
    let is_out = |place: &usize| company.people[*place].status == "suspended";
    let places: Vec<usize> = (0..company.people.len()).filter(is_out).collect();
    let Some(place) = rng.pick(&places) else { return false };
    company.people[*place].status = "active";
    true
}

pub fn promote(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    company.people[place].title = title(rng);
    true
}

pub fn title(rng: &mut Rng) -> String {
    let rank = ["", "Senior ", "Lead ", "Junior "][rng.below(4)];
    format!("{rank}{}", TITLES[rng.below(TITLES.len())])
}

pub fn review(company: &mut Company, rng: &mut Rng, _: Day) -> bool {
    for place in 0..company.people.len() {
        if rng.chance(15) {
            company.people[place].title = title(rng);
        }
    }
    true
}

pub fn transfer(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    let Some(to) = rng.place(&company.departments) else { return false };
    let to = company.departments[to].id.clone();
    move_to(company, rng, place, &to, today)
}

/// Moves a person to a department, with a boss there; in half of the cases the person leaves the projects.
pub fn move_to(company: &mut Company, rng: &mut Rng, place: usize, to: &str, today: Day) -> bool {
    let id = company.people[place].id.clone();
    if company.people[place].department == to {
        return false;
    }
    let next = boss(company, rng, to, &id, today);
    company.people[place].department = to.to_owned();
    company.people[place].manager = next;
    if rng.chance(50) {
        let principal = format!("user:{id}");
        for project in &mut company.projects {
            project.members.retain(|member| member.principal != principal);
        }
    }
    true
}

pub fn readdress(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    let person = &mut company.people[place];
    person.family = format!("{}-Weber", person.family.trim_end_matches("-Weber"));
    person.email = format!("{}.weber.{}@acme.example", person.given.to_lowercase(), rng.below(100_000));
    true
}

pub fn rename(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    if company.people[place].previously.is_some() {
        return false;
    }
    let old = company.people[place].id.clone();
    renumber(company, &old);
    company.people[place].previously = Some(old);
    true
}

/// Gives a person a new id everywhere, without `previously`.
pub fn renumber(company: &mut Company, old: &str) {
    let new = format!("{old}x{}", company.next);
    company.next += 1;
    let (before, after) = (format!("user:{old}"), format!("user:{new}"));
    for member in company.members_mut().flatten() {
        if member.principal == before {
            member.principal.clone_from(&after);
        }
    }
    for person in &mut company.people {
        if person.id == old {
            person.id.clone_from(&new);
        }
        if person.manager.as_deref() == Some(old) {
            person.manager = Some(new.clone());
        }
    }
}

pub fn relocate(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    company.people[place].site = SITES[rng.below(SITES.len())].to_owned();
    true
}

/// All who report to one boss report to another one from now on; the former boss stays.
pub fn hand_over(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    let Some(old) = company.people[place].manager.clone() else { return false };
    let new = company.people[place].id.clone();
    for report in
        company.people.iter_mut().filter(|one| one.manager.as_deref() == Some(&old) && one.id != new)
    {
        report.manager = Some(new.clone());
    }
    true
}
