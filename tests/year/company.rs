//! A company as people keep it in files: people by department, groups by rule, projects, roles of one app. The slips are
//! faults of the files themselves, such as a file that is not there.

use std::collections::BTreeSet;
use std::fmt::Write as _;

use crate::simulation::company::{Day, Member, date};
use crate::simulation::world::Repository;

#[derive(Clone)]
pub struct Person {
    pub id: String,
    pub previously: Option<String>,
    pub given: String,
    pub family: String,
    pub email: String,
    pub title: String,
    /// The id of a department.
    pub department: String,
    pub manager: Option<String>,
    pub start: Option<Day>,
    pub end: Option<Day>,
    pub status: &'static str,
    /// When `status: left` was written. It stands in no file.
    pub left_on: Option<Day>,
    /// `employee`, `contractor` or `intern`.
    pub kind: &'static str,
    pub site: String,
}

impl Person {
    /// True if the person works here today.
    pub fn is_here(&self, today: Day) -> bool {
        self.status == "active"
            && self.start.is_none_or(|start| start <= today)
            && self.end.is_none_or(|end| end >= today)
    }

    /// True if the person has gone for good before this day.
    pub fn is_gone(&self, today: Day) -> bool {
        self.status == "left" || self.end.is_some_and(|end| end < today)
    }
}

#[derive(Clone)]
pub struct Department {
    /// The id of its group, and the name of its file.
    pub id: String,
    /// What its people have as `department`.
    pub name: String,
    /// What the rule of its group compares with; a mistake if it is not the name.
    pub rule: String,
}

/// How a project ends.
#[derive(Clone, Copy, PartialEq)]
pub enum Close {
    /// Group, members and role are deleted from the files.
    Deleted,
    /// Its role has an `expires`.
    RoleExpires,
    /// Each member has an `expires`.
    MembersExpire,
    /// All members are taken out, and the group stays.
    Emptied,
}

#[derive(Clone)]
pub struct Project {
    pub id: String,
    pub members: Vec<Member>,
    pub last_day: Day,
    pub close: Close,
    /// Its people have the role `editor`.
    pub edits: bool,
}

/// One assignment: a role and those who have it.
#[derive(Clone)]
pub struct Line {
    pub role: String,
    pub members: Vec<Member>,
}

/// Faults of the files.
#[derive(Clone, Default)]
pub struct Slips {
    /// Files that are not there.
    pub lost: BTreeSet<String>,
    pub include: Option<&'static str>,
    /// `links:` of the app.
    pub links: Vec<(String, String)>,
    /// `filter:` of the app.
    pub filter: Option<&'static str>,
    /// The group of the app that stands for the role `admin`.
    pub admin_group: Option<&'static str>,
    /// Groups that are pushed no more.
    pub not_pushed: BTreeSet<String>,
}

#[derive(Clone)]
pub struct Company {
    pub people: Vec<Person>,
    pub departments: Vec<Department>,
    /// Departments that the group `everyone` nests.
    pub everyone: Vec<String>,
    pub projects: Vec<Project>,
    pub lines: Vec<Line>,
    /// Attribute and expression.
    pub mapping: Vec<(&'static str, &'static str)>,
    /// `remove:` of the app's groups.
    pub remove: &'static str,
    /// `min_members` of the role `admin`.
    pub min_admins: u64,
    /// People stand in a file for each department.
    pub file_each: bool,
    pub slips: Slips,
    /// The number of the next new person, department or project.
    pub next: u32,
}

/// The group that nests all departments.
pub const EVERYONE: &str = "everyone";

/// Roles that give power.
pub const POWER: [&str; 2] = ["admin", "auditor"];

/// A principal without an end.
pub fn member(principal: String) -> Member {
    Member { principal, expires: None }
}

impl Company {
    pub fn place(&self, id: &str) -> Option<usize> {
        self.people.iter().position(|person| person.id == id)
    }

    pub fn department(&self, id: &str) -> Option<&Department> {
        self.departments.iter().find(|department| department.id == id)
    }

    pub fn line(&mut self, role: &str) -> Option<&mut Line> {
        self.lines.iter_mut().find(|line| line.role == role)
    }

    /// The people who hold a role by a line of their own.
    pub fn holders(&self, role: &str) -> Vec<String> {
        let lines = self.lines.iter().filter(|line| line.role == role);
        let members = lines.flat_map(|line| &line.members);
        members.filter_map(|member| member.principal.strip_prefix("user:")).map(str::to_owned).collect()
    }

    /// All lists of members in the files.
    pub fn members_mut(&mut self) -> impl Iterator<Item = &mut Vec<Member>> {
        let projects = self.projects.iter_mut().map(|project| &mut project.members);
        projects.chain(self.lines.iter_mut().map(|line| &mut line.members))
    }

    /// Takes a principal out of all lists. A line without members is dropped.
    pub fn drop_principal(&mut self, principal: &str) {
        self.members_mut().for_each(|members| members.retain(|member| member.principal != principal));
        self.lines.retain(|line| !line.members.is_empty());
    }

    /// Deletes a person and every mention of the person from the files. The reports get the boss above.
    pub fn forget(&mut self, id: &str) {
        let Some(place) = self.place(id) else { return };
        let person = self.people.remove(place);
        self.drop_principal(&format!("user:{id}"));
        for report in &mut self.people {
            if report.manager.as_deref() == Some(id) {
                report.manager = person.manager.clone().filter(|boss| *boss != report.id);
            }
        }
    }

    /// Deletes a project and every mention of its group.
    pub fn close(&mut self, id: &str) {
        self.projects.retain(|project| project.id != id);
        self.drop_principal(&format!("group:{id}"));
    }

    /// The file that a person stands in.
    pub fn file_of(&self, person: &Person) -> String {
        match self.file_each {
            true => format!("access/people/{}.yaml", person.department),
            false => "access/people/all.yaml".to_owned(),
        }
    }

    fn person_yaml(&self, person: &Person) -> String {
        let department = self.department(&person.department).map_or("", |one| one.name.as_str());
        let mut keys = vec![
            format!("name: {{given: {:?}, family: {:?}}}", person.given, person.family),
            format!("email: {:?}", person.email),
            format!("title: {:?}", person.title),
            format!("department: {department:?}"),
        ];
        keys.extend(person.previously.iter().map(|id| format!("previously: [{id}]")));
        keys.extend(person.manager.iter().map(|id| format!("manager: {id}")));
        keys.extend(person.start.iter().map(|day| format!("start: {}", date(*day))));
        keys.extend(person.end.iter().map(|day| format!("end: {}", date(*day))));
        if person.status != "active" {
            keys.push(format!("status: {}", person.status));
        }
        keys.push(format!("attributes: {{kind: {}, site: {:?}}}", person.kind, person.site));
        format!("  {}: {{{}}}\n", person.id, keys.join(", "))
    }

    fn groups_yaml(&self) -> String {
        let mut text = "groups:\n".to_owned();
        let nested: Vec<_> = self.everyone.iter().map(|id| format!("group:{id}")).collect();
        let _ = writeln!(text, "  everyone: {{name: Everyone, members: [{}]}}", nested.join(", "));
        for Department { id, name, rule } in &self.departments {
            let _ = writeln!(text, "  {id}: {{name: {name:?}, rule: 'user.department == {rule:?}'}}");
        }
        for project in &self.projects {
            let members = members_yaml(&project.members);
            let _ = writeln!(text, "  {0}: {{name: \"Project {0}\", members: [{members}]}}", project.id);
        }
        text
    }

    fn app_yaml(&self) -> String {
        let slips = &self.slips;
        let mut text = "apps:\n  sim:\n    connector: scim\n    url: \"sandbox:\"\n    roles:\n".to_owned();
        let admins = slips.admin_group.unwrap_or("Administrators");
        let _ = writeln!(text, "      admin: {{group: {admins:?}, precedence: 10, privileged: true}}");
        text.push_str("      auditor: {precedence: 20, privileged: true}\n");
        text.push_str("      editor: {precedence: 30}\n      reader: {precedence: 40}\n");
        let filter = slips.filter.map(|filter| format!(", filter: '{filter}'")).unwrap_or_default();
        let _ = writeln!(text, "    users: {{mapping: people{filter}}}");
        let groups =
            self.departments.iter().map(|one| &one.id).chain(self.projects.iter().map(|one| &one.id));
        let push: Vec<_> = groups.filter(|id| !slips.not_pushed.contains(*id)).map(String::as_str).collect();
        let _ = writeln!(text, "    groups: {{push: [{}], remove: {}}}", push.join(", "), self.remove);
        if !slips.links.is_empty() {
            let links: Vec<_> = slips.links.iter().map(|(id, remote)| format!("{id}: {remote:?}")).collect();
            let _ = writeln!(text, "    links: {{{}}}", links.join(", "));
        }
        if self.min_admins > 0 {
            let _ = writeln!(text, "    guard: {{min_members: {{admin: {}}}}}", self.min_admins);
        }
        text.push_str("mappings:\n  people:\n    match: [externalId, userName]\n    attributes:\n");
        text.push_str("      roles: account.roles\n");
        for (attribute, expression) in &self.mapping {
            let _ = writeln!(text, "      '{attribute}': {expression}");
        }
        text.push_str("assignments:\n");
        for line in &self.lines {
            let members = members_yaml(&line.members);
            let _ = writeln!(text, "  - {{app: sim, role: {}, members: [{members}]}}", line.role);
        }
        text
    }
}

impl Repository for Company {
    fn files(&self) -> Vec<(String, String)> {
        let mut root = "version: 1\nrequires: \">=0.1\"\nledger: {id: simulated, path: ledger}\n".to_owned();
        root.push_str("attributes: {kind: {type: string, enum: [employee, contractor, intern]}, site: {type: string}}\n");
        root.extend(self.slips.include.map(|pattern| format!("include: [{pattern}]\n")));
        let mut files = vec![
            ("rolecall.yaml".to_owned(), root),
            ("access/groups.yaml".to_owned(), self.groups_yaml()),
            ("access/app.yaml".to_owned(), self.app_yaml()),
        ];
        let mut people: std::collections::BTreeMap<String, String> = std::collections::BTreeMap::new();
        for person in &self.people {
            let text = people.entry(self.file_of(person)).or_insert_with(|| "users:\n".to_owned());
            text.push_str(&self.person_yaml(person));
        }
        files.extend(people);
        files.retain(|(name, _)| !self.slips.lost.contains(name));
        files
    }
}

fn members_yaml(members: &[Member]) -> String {
    let member = |member: &Member| match member.expires {
        None => member.principal.clone(),
        Some(day) => format!("{{member: {}, expires: {}}}", member.principal, date(day)),
    };
    members.iter().map(member).collect::<Vec<_>>().join(", ")
}
