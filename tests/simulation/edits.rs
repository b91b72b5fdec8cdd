//! The edits of the repository between two runs.

use super::company::{Assignment, Company, Day, Member};
use super::generate;
use super::rng::Rng;

/// Makes one random edit.
pub fn edit(company: &mut Company, rng: &mut Rng, today: Day) {
    match rng.below(20) {
        0 | 1 => join(company, rng, today),
        2 => with_person(company, rng, |person, _| person.status = "left"),
        3 => with_person(company, rng, |person, _| person.status = "suspended"),
        4 | 5 => with_person(company, rng, |person, _| person.status = "active"),
        6 => with_person(company, rng, |person, rng| {
            person.end = rng.chance(70).then(|| today + rng.below(8) as Day);
            if person.start >= person.end {
                person.start = None;
            }
        }),
        7 => delete(company, rng),
        8 => rename(company, rng),
        9 | 10 => with_person(company, rng, |person, rng| {
            person.title = rng.chance(80).then(|| format!("Title {}", rng.below(5)));
        }),
        11 => with_person(company, rng, |person, rng| {
            person.email = format!("{}.{}@acme.example", person.id, rng.next() % 1000);
        }),
        12 => with_person(company, rng, |person, rng| {
            person.department =
                rng.chance(93).then(|| (*rng.pick(&generate::DEPARTMENTS).unwrap_or(&"Sales")).to_owned());
        }),
        13 => swap_emails(company, rng),
        14 => membership(company, rng, today),
        15 => nest(company, rng),
        16 | 17 => assign(company, rng, today),
        18 => settings(company, rng),
        _ => manager(company, rng),
    }
}

fn with_person(
    company: &mut Company,
    rng: &mut Rng,
    change: impl FnOnce(&mut super::company::Person, &mut Rng),
) {
    if let Some(place) = rng.place(&company.people) {
        change(&mut company.people[place], rng);
    }
}

fn join(company: &mut Company, rng: &mut Rng, today: Day) {
    let mut person = generate::person(company, rng, today);
    if rng.chance(15)
        && let Some(place) = rng.place(&company.former)
    {
        // An id is given to somebody else.
        person.id = company.former.remove(place);
    }
    let principal = format!("user:{}", person.id);
    company.people.push(person);
    let roles: Vec<_> = company.app.roles.iter().map(|role| role.id.clone()).collect();
    let member = Member { principal, expires: None };
    let role = rng.pick(&roles).cloned();
    company.assignments.push(Assignment { role, member });
}

/// Removes a person and every mention of the person.
fn delete(company: &mut Company, rng: &mut Rng) {
    let Some(place) = rng.place(&company.people) else {
        return;
    };
    let id = company.people.remove(place).id;
    company.former.push(id.clone());
    let principal = format!("user:{id}");
    for group in &mut company.groups {
        group.members.retain(|member| member.principal != principal);
    }
    company.assignments.retain(|assignment| assignment.member.principal != principal);
    for person in &mut company.people {
        if person.manager.as_deref() == Some(&id) {
            person.manager = None;
        }
    }
}

/// Gives a person a new id, mostly with `previously`.
fn rename(company: &mut Company, rng: &mut Rng) {
    let Some(place) = rng.place(&company.people) else {
        return;
    };
    let number = company.next;
    company.next += 1;
    let new = format!("r{number}");
    let person = &mut company.people[place];
    let old = std::mem::replace(&mut person.id, new.clone());
    if rng.chance(80) {
        person.previously.push(old.clone());
    } else {
        person.previously.clear();
    }
    let (before, after) = (format!("user:{old}"), format!("user:{new}"));
    let members = company.groups.iter_mut().flat_map(|group| &mut group.members);
    let assigned = company.assignments.iter_mut().map(|assignment| &mut assignment.member);
    for member in members.chain(assigned) {
        if member.principal == before {
            member.principal.clone_from(&after);
        }
    }
    for person in &mut company.people {
        if person.manager.as_deref() == Some(&old) {
            person.manager = Some(new.clone());
        }
    }
}

fn swap_emails(company: &mut Company, rng: &mut Rng) {
    let (Some(a), Some(b)) = (rng.place(&company.people), rng.place(&company.people)) else {
        return;
    };
    if rng.chance(30) && a != b {
        let first = company.people[a].email.clone();
        company.people[a].email = std::mem::replace(&mut company.people[b].email, first);
    }
}

fn membership(company: &mut Company, rng: &mut Rng, today: Day) {
    let Some(place) = rng.place(&company.groups) else {
        return;
    };
    let added = generate::random_member(company, rng);
    let group = &mut company.groups[place];
    if rng.chance(50) {
        if let Some(gone) = rng.place(&group.members) {
            group.members.remove(gone);
        }
    } else if let Some(mut member) = added {
        member.expires = member.expires.map(|_| today + rng.below(9) as Day);
        group.members.push(member);
        group.members = generate::distinct(std::mem::take(&mut group.members));
    }
}

fn nest(company: &mut Company, rng: &mut Rng) {
    let Some(outer) = rng.place(&company.groups).filter(|outer| *outer > 0) else {
        return;
    };
    let inner = company.groups[rng.below(outer)].id.clone();
    let principal = format!("group:{inner}");
    let members = &mut company.groups[outer].members;
    match members.iter().position(|member| member.principal == principal) {
        Some(place) => _ = members.remove(place),
        None => members.push(Member { principal, expires: None }),
    }
}

fn assign(company: &mut Company, rng: &mut Rng, today: Day) {
    if rng.chance(40) {
        if let Some(place) = rng.place(&company.assignments) {
            company.assignments.remove(place);
        }
        return;
    }
    let roles: Vec<_> = company.app.roles.iter().map(|role| role.id.clone()).collect();
    if let Some(mut member) = generate::random_member(company, rng) {
        member.expires = member.expires.map(|_| today + rng.below(9) as Day);
        let role = rng.pick(&roles).cloned();
        company.assignments.push(Assignment { role, member });
    }
}

fn settings(company: &mut Company, rng: &mut Rng) {
    let app = &mut company.app;
    let choose = |rng: &mut Rng, list: &[&'static str]| rng.pick(list).copied().unwrap_or_default();
    match rng.below(4) {
        0 => app.members = choose(rng, &["linked", "exact", "add"]),
        1 => app.unmanaged = choose(rng, &["ignore", "report", "disable", "delete"]),
        2 => app.deprovision = choose(rng, &["disable", "delete"]),
        _ => {
            let groups: Vec<_> = company.groups.iter().map(|group| group.id.clone()).collect();
            let Some(group) = rng.pick(&groups).cloned() else {
                return;
            };
            match app.push.iter().position(|pushed| *pushed == group) {
                Some(place) => _ = app.push.remove(place),
                None => app.push.push(group),
            }
        }
    }
}

fn manager(company: &mut Company, rng: &mut Rng) {
    let ids: Vec<_> = company.people.iter().map(|person| person.id.clone()).collect();
    with_person(company, rng, |person, rng| {
        person.manager = rng.pick(&ids).filter(|id| rng.clone().chance(80) && **id != person.id).cloned();
    });
}
