//! Who holds roles of power, on ordinary days.

use super::company::{Company, Line, POWER, member};
use super::people::somebody;
use crate::simulation::company::Day;
use crate::simulation::rng::Rng;

pub fn replace_holder(company: &mut Company, rng: &mut Rng, role: &str, id: &str, today: Day) -> bool {
    let holders = company.holders(role);
    let next =
        (0..9).filter_map(|_| somebody(company, rng, today)).map(|place| company.people[place].id.clone());
    let next = next.collect::<Vec<_>>().into_iter().find(|next| !holders.contains(next) && next != id);
    let Some(next) = next else { return false };
    let Some(line) = company.line(role) else { return false };
    let principal = format!("user:{id}");
    line.members.retain(|member| member.principal != principal);
    line.members.push(member(format!("user:{next}")));
    true
}

pub fn power(rng: &mut Rng) -> &'static str {
    POWER[usize::from(rng.chance(30))]
}

pub fn give_power(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let role = power(rng);
    let Some(place) = somebody(company, rng, today) else { return false };
    let id = company.people[place].id.clone();
    if company.holders(role).contains(&id) {
        return false;
    }
    let new = member(format!("user:{id}"));
    match company.line(role) {
        Some(line) => line.members.push(new),
        None => company.lines.push(Line { role: role.to_owned(), members: vec![new] }),
    }
    true
}

/// One of several holders; in one case of twenty the last one.
pub fn give_up_power(company: &mut Company, rng: &mut Rng, _: Day) -> bool {
    let role = power(rng);
    let may_empty = rng.chance(5);
    let Some(line) = company.line(role) else { return false };
    if line.members.len() < 2 && !may_empty {
        return false;
    }
    line.members.remove(rng.below(line.members.len()));
    company.lines.retain(|line| !line.members.is_empty());
    true
}

pub fn hand_power(company: &mut Company, rng: &mut Rng, today: Day) -> bool {
    let role = power(rng);
    let holders = company.holders(role);
    let Some(id) = rng.pick(&holders).cloned() else { return false };
    replace_holder(company, rng, role, &id, today)
}
