//! What happens to departments, mappings and projects on ordinary days.

use super::company::{Close, Company};
use super::generate::{self, LATER};
use super::people::{move_to, somebody};
use crate::simulation::company::{Day, Member};
use crate::simulation::rng::Rng;

pub fn rename_department(company: &mut Company, rng: &mut Rng, _: Day) -> bool {
    let Some(place) = rng.place(&company.departments) else { return false };
    let number = company.next;
    company.next += 1;
    let department = &mut company.departments[place];
    let base = department.name.split(" & ").next().unwrap_or_default().to_owned();
    department.name = format!("{base} & Partners {number}");
    department.rule.clone_from(&department.name);
    true
}

pub fn reorganise(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let (Some(from), Some(to)) = (rng.place(&company.departments), rng.place(&company.departments)) else {
        return false;
    };
    let (from, to) = (company.departments[from].id.clone(), company.departments[to].id.clone());
    let is_fit =
        |place: &usize| company.people[*place].department == from && company.people[*place].is_here(today);
    let places: Vec<usize> = (1..company.people.len()).filter(is_fit).take(2 + rng.below(4)).collect();
    let moved = places.into_iter().map(|place| move_to(company, rng, place, &to, today));
    moved.filter(|moved| *moved).count() > 0
}

/// The people of the smaller department move to the larger one, whose name stays. Large departments stay apart.
pub fn merge(company: &mut Company, rng: &mut Rng, _: Day) -> bool {
    if company.departments.len() < 3 {
        return false;
    }
    let (Some(a), Some(b)) = (rng.place(&company.departments), rng.place(&company.departments)) else {
        return false;
    };
    let size = |place: usize| {
        company.people.iter().filter(|one| one.department == company.departments[place].id).count()
    };
    let (from, to) = if size(a) < size(b) { (a, b) } else { (b, a) };
    if from == to || size(from) > 40 {
        return false;
    }
    let (from, to) = (company.departments[from].id.clone(), company.departments[to].id.clone());
    company
        .people
        .iter_mut()
        .filter(|one| one.department == from)
        .for_each(|one| one.department.clone_from(&to));
    company.everyone.retain(|id| *id != from);
    company.departments.retain(|department| department.id != from);
    true
}

pub fn found(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    generate::found(company);
    let to = company.everyone.last().cloned().unwrap_or_default();
    let Some(place) = somebody(company, rng, today) else { return false };
    move_to(company, rng, place, &to, today);
    true
}

pub fn map(company: &mut Company, _: &mut Rng, _: Day) -> bool {
    let is_new = |later: &&(&str, &str)| company.mapping.iter().all(|known| known.0 != later.0);
    let Some(later) = LATER.iter().find(is_new) else { return false };
    company.mapping.push(*later);
    true
}

pub fn display(company: &mut Company, _: &mut Rng, _: Day) -> bool {
    const STYLES: [&str; 2] = ["user.name.display", "user.name.family + \", \" + user.name.given"];
    let Some(entry) = company.mapping.iter_mut().find(|entry| entry.0 == "displayName") else { return false };
    entry.1 = if entry.1 == STYLES[0] { STYLES[1] } else { STYLES[0] };
    true
}

pub fn begin(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let project = generate::project(company, rng, today);
    generate::open(company, project);
    true
}

pub fn join_project(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(place) = somebody(company, rng, today) else { return false };
    let principal = format!("user:{}", company.people[place].id);
    let Some(project) = rng.place(&company.projects) else { return false };
    let project = &mut company.projects[project];
    if project.last_day <= today || project.members.iter().any(|member| member.principal == principal) {
        return false;
    }
    let expires = (project.close == Close::MembersExpire).then_some(project.last_day);
    project.members.push(Member { principal, expires });
    true
}

pub fn leave_project(company: &mut Company, rng: &mut Rng, _: Day) -> bool {
    let Some(project) = rng.place(&company.projects) else { return false };
    let members = &mut company.projects[project].members;
    if members.len() < 2 {
        return false;
    }
    members.remove(rng.below(members.len()));
    true
}

/// The people of a line keep their role, by a group from now on.
pub fn regroup(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let Some(from) = rng.place(&company.projects) else { return false };
    if !company.projects[from].edits || company.projects[from].last_day <= today {
        return false;
    }
    let mut project = generate::project(company, rng, today);
    project.members.clone_from(&company.projects[from].members);
    (project.edits, project.close) = (true, Close::Deleted);
    let old = format!("group:{}", company.projects[from].id);
    generate::open(company, project);
    company.projects[from].edits = false;
    company.lines.retain(|line| line.role != "editor" || line.members.iter().all(|one| one.principal != old));
    true
}
