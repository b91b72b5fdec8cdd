//! The mistakes: one a month, each as an edit of the files that nobody meant. The list was written down before the guards
//! were first measured with it, and stays as it is.

use super::company::{Company, EVERYONE, POWER};
use super::people::renumber;
use crate::simulation::company::Day;
use crate::simulation::rng::Rng;

/// A kind of mistake.
pub struct Mistake {
    pub name: &'static str,
    /// Makes it; false if nothing here is fit for it. The accounts of the app are given by person.
    make: fn(&mut Company, &mut Rng, Scene<'_>) -> bool,
}

/// What a mistake is made in.
#[derive(Clone, Copy)]
pub struct Scene<'s> {
    pub today: Day,
    /// The person and the account's id in the app.
    pub accounts: &'s [(String, String)],
}

const fn mistake(name: &'static str, make: fn(&mut Company, &mut Rng, Scene<'_>) -> bool) -> Mistake {
    Mistake { name, make }
}

/// All kinds.
pub const MISTAKES: &[Mistake] = &[
    mistake("a file of people is lost", lost_file),
    mistake("a file of people is lost, and every mention of them", lost_people),
    mistake("half of a file of people is lost, and every mention of them", half_a_file),
    mistake("`include` matches no people", include),
    mistake("the line that gives everybody a role is lost", lost_reader),
    mistake("the line of the administrators is lost", lost_power),
    mistake("one name of the line of the administrators is lost", lost_holder),
    mistake("the line of a project is lost", lost_editor),
    mistake("a department is lost from the group of everybody", lost_nesting),
    mistake("half of the members of a project are lost", half_a_project),
    mistake("a project is pushed no more", lost_push),
    mistake("`expires` of the line for everybody is in the past", expires_everybody),
    mistake("`expires` of the line of the administrators is in the past", expires_power),
    mistake("`expires` of a project is in the past", expires_project),
    mistake("`end` of one person has a wrong year", end_one),
    mistake("`end` of a whole department is in the past", end_department),
    mistake("`end` of all contractors is in the past", end_contractors),
    mistake("`start` of a whole department is a year late", start_department),
    mistake("`status: left` stands on the wrong person", left_one),
    mistake("`status: left` stands on a whole department", left_department),
    mistake("`status: left` stands on everybody", left_everybody),
    mistake("`status: suspended` stands on a whole department", suspended_department),
    mistake("the rule of a group has a typo", rule_typo),
    mistake("a department is misspelt on its people", department_typo),
    mistake("the filter of the app says the opposite", filter_typo),
    mistake("a mapping names another attribute", mapping_typo),
    mistake("the mapping of logins is changed", login_typo),
    mistake("the domain of all addresses has a typo", domain_typo),
    mistake("the addresses of two people are swapped", swapped_addresses),
    mistake("two rows of `links` are swapped", swapped_links),
    mistake("the people of a department get new ids", new_ids),
    mistake("the group of the administrators is another one", admin_group),
    mistake("a group has a role of power", power_for_a_department),
    mistake("everybody has a role of power", power_for_everybody),
];

/// Makes one mistake. A kind that fits nothing here is passed over.
pub fn make(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> &'static str {
    loop {
        let kind = &MISTAKES[rng.below(MISTAKES.len())];
        let mut wrong = company.clone();
        if (kind.make)(&mut wrong, rng, scene) {
            *company = wrong;
            return kind.name;
        }
    }
}

/// A day a year ago: the wrong year of a date.
fn past(scene: Scene<'_>) -> Day {
    scene.today - 360
}

fn a_file(company: &Company, rng: &mut Rng) -> Option<String> {
    let place = rng.place(&company.people)?;
    Some(company.file_of(&company.people[place]))
}

fn a_department(company: &Company, rng: &mut Rng) -> String {
    rng.pick(&company.departments).map(|one| one.id.clone()).unwrap_or_default()
}

/// Somebody who is here, the founder included.
fn somebody(company: &Company, rng: &mut Rng, scene: Scene<'_>) -> Option<usize> {
    let is_fit = |place: &usize| company.people[*place].is_here(scene.today);
    let places: Vec<usize> = (0..company.people.len()).filter(is_fit).collect();
    rng.pick(&places).copied()
}

/// Changes all people of a department who are here; true if there is one.
fn each_of(
    company: &mut Company,
    rng: &mut Rng,
    scene: Scene<'_>,
    change: impl Fn(&mut super::company::Person),
) -> bool {
    let department = a_department(company, rng);
    let people =
        company.people.iter_mut().filter(|one| one.department == department && one.is_here(scene.today));
    people.map(change).count() > 0
}

fn lost_file(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let lost = a_file(company, rng);
    company.slips.lost.extend(lost);
    true
}

fn forget_all(company: &mut Company, ids: &[String]) -> bool {
    ids.iter().for_each(|id| company.forget(id));
    !ids.is_empty()
}

fn people_of(company: &Company, file: &str) -> Vec<String> {
    let people = company.people.iter().filter(|person| company.file_of(person) == file);
    people.map(|person| person.id.clone()).collect()
}

fn lost_people(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let Some(file) = a_file(company, rng) else { return false };
    let ids = people_of(company, &file);
    forget_all(company, &ids)
}

fn half_a_file(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let Some(file) = a_file(company, rng) else { return false };
    let ids = people_of(company, &file);
    forget_all(company, &ids[ids.len() / 2..])
}

fn include(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    company.slips.include = Some("access/*.yaml");
    true
}

fn lost_line(company: &mut Company, role: &str) -> bool {
    let before = company.lines.len();
    company.lines.retain(|line| line.role != role);
    company.lines.len() < before
}

fn lost_reader(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    lost_line(company, "reader")
}

fn lost_power(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    lost_line(company, POWER[rng.below(2)])
}

fn lost_holder(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let role = POWER[rng.below(2)];
    let Some(line) = company.line(role) else { return false };
    line.members.remove(rng.below(line.members.len()));
    company.lines.retain(|line| !line.members.is_empty());
    true
}

fn lost_editor(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    let place = company.lines.iter().position(|line| line.role == "editor");
    place.map(|place| company.lines.remove(place)).is_some()
}

fn lost_nesting(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let Some(place) = rng.place(&company.everyone) else { return false };
    company.everyone.remove(place);
    true
}

fn half_a_project(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let Some(place) = rng.place(&company.projects) else { return false };
    let members = &mut company.projects[place].members;
    let half = members.len() / 2;
    members.truncate(half);
    true
}

fn lost_push(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let Some(place) = rng.place(&company.projects) else { return false };
    company.slips.not_pushed.insert(company.projects[place].id.clone());
    true
}

fn expires(company: &mut Company, role: &str, day: Day) -> bool {
    let Some(line) = company.line(role) else { return false };
    line.members.iter_mut().for_each(|member| member.expires = Some(day));
    true
}

fn expires_everybody(company: &mut Company, _: &mut Rng, scene: Scene<'_>) -> bool {
    expires(company, "reader", past(scene))
}

fn expires_power(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    expires(company, POWER[rng.below(2)], past(scene))
}

fn expires_project(company: &mut Company, _: &mut Rng, scene: Scene<'_>) -> bool {
    expires(company, "editor", past(scene))
}

fn end_one(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    let Some(place) = somebody(company, rng, scene) else { return false };
    company.people[place].start = None;
    company.people[place].end = Some(past(scene));
    true
}

fn end_department(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    each_of(company, rng, scene, |person| (person.start, person.end) = (None, Some(past(scene))))
}

fn end_contractors(company: &mut Company, _: &mut Rng, scene: Scene<'_>) -> bool {
    let contractors =
        company.people.iter_mut().filter(|one| one.kind != "employee" && one.is_here(scene.today));
    contractors.map(|person| (person.start, person.end) = (None, Some(past(scene)))).count() > 0
}

fn start_department(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    each_of(company, rng, scene, |person| (person.start, person.end) = (Some(scene.today + 365), None))
}

fn left_one(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    let Some(place) = somebody(company, rng, scene) else { return false };
    company.people[place].status = "left";
    true
}

fn left_department(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    each_of(company, rng, scene, |person| person.status = "left")
}

fn left_everybody(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    company.people.iter_mut().for_each(|person| person.status = "left");
    true
}

fn suspended_department(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    each_of(company, rng, scene, |person| person.status = "suspended")
}

fn rule_typo(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let Some(place) = rng.place(&company.departments) else { return false };
    company.departments[place].rule.push('s');
    true
}

fn department_typo(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let Some(place) = rng.place(&company.departments) else { return false };
    company.departments[place].name.push('s');
    true
}

fn filter_typo(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    company.slips.filter = Some("user.attributes.kind == \"contractor\"");
    true
}

fn remap(company: &mut Company, attribute: &str, expression: &'static str) -> bool {
    let Some(entry) = company.mapping.iter_mut().find(|entry| entry.0 == attribute) else { return false };
    entry.1 = expression;
    true
}

fn mapping_typo(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    remap(company, "title", "user.department")
}

fn login_typo(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    remap(company, "userName", "user.id")
}

fn domain_typo(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    company.people.iter_mut().for_each(|person| person.email = person.email.replace("@acme.", "@amce."));
    true
}

fn swapped_addresses(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    let (Some(a), Some(b)) = (somebody(company, rng, scene), somebody(company, rng, scene)) else {
        return false;
    };
    let address = company.people[a].email.clone();
    company.people[a].email = std::mem::replace(&mut company.people[b].email, address);
    a != b
}

fn swapped_links(company: &mut Company, rng: &mut Rng, scene: Scene<'_>) -> bool {
    let (Some(a), Some(b)) = (rng.pick(scene.accounts), rng.pick(scene.accounts)) else { return false };
    company.slips.links = vec![(a.0.clone(), b.1.clone()), (b.0.clone(), a.1.clone())];
    let is_declared = |id: &str| company.place(id).is_some();
    a != b && is_declared(&a.0) && is_declared(&b.0)
}

fn new_ids(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let department = a_department(company, rng);
    let ids: Vec<_> =
        company.people.iter().filter(|one| one.department == department).map(|one| one.id.clone()).collect();
    ids.iter().for_each(|id| renumber(company, id));
    !ids.is_empty()
}

fn admin_group(company: &mut Company, _: &mut Rng, _: Scene<'_>) -> bool {
    company.slips.admin_group = Some("Admins");
    true
}

fn power_for(company: &mut Company, rng: &mut Rng, group: &str) -> bool {
    let principal = format!("group:{group}");
    let role = POWER[rng.below(2)];
    let Some(line) = company.line(role) else { return false };
    line.members.push(super::company::member(principal));
    true
}

fn power_for_a_department(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    let department = a_department(company, rng);
    power_for(company, rng, &department)
}

fn power_for_everybody(company: &mut Company, rng: &mut Rng, _: Scene<'_>) -> bool {
    power_for(company, rng, EVERYONE)
}
