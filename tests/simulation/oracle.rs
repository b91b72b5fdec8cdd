//! The desired state of a company, worked out in the simplest way: who is to have an account today, and with which roles
//! and groups. It shares no code with the program.

use std::collections::{BTreeMap, BTreeSet};

use super::company::{Company, Day, Member, Person};

/// The desired state of one person.
#[derive(Debug, Default, PartialEq)]
pub struct Should {
    pub roles: BTreeSet<String>,
    /// The pushed groups of the person.
    pub groups: BTreeSet<String>,
}

pub struct Oracle<'c> {
    company: &'c Company,
    today: Day,
}

impl<'c> Oracle<'c> {
    pub fn new(company: &'c Company, today: Day) -> Self {
        Self { company, today }
    }

    /// True if the person has left, has ended or is suspended.
    pub fn is_off(&self, person: &Person) -> bool {
        person.status != "active" || person.end.is_some_and(|end| end < self.today)
    }

    fn is_present(&self, person: &Person) -> bool {
        !self.is_off(person) && person.start.is_none_or(|start| start <= self.today)
    }

    /// True if a rule cannot be decided for this person.
    pub fn is_doubtful(&self, person: &Person) -> bool {
        person.department.is_none() && self.company.groups.iter().any(|group| group.rule.is_some())
    }

    fn lasts(&self, member: &Member) -> bool {
        member.expires.is_none_or(|day| day >= self.today)
    }

    fn covers(&self, member: &Member, person: &Person) -> bool {
        self.lasts(member)
            && match member.principal.split_once(':') {
                Some(("user", id)) => id == person.id,
                Some((_, id)) => self.is_in(id, person),
                None => false,
            }
    }

    /// True if the person is in the group. This ends, because the groups have no cycles.
    pub fn is_in(&self, group: &str, person: &Person) -> bool {
        let Some(group) = self.company.group(group) else {
            return false;
        };
        let by_rule = group.rule.is_some() && group.rule == person.department;
        by_rule || group.members.iter().any(|member| self.covers(member, person))
    }

    /// The desired state of a person; none if the person is to have no account.
    pub fn should(&self, person: &Person) -> Option<Should> {
        if !self.is_present(person) {
            return None;
        }
        let app = &self.company.app;
        let mut roles = BTreeSet::new();
        let mut is_assigned = false;
        for assignment in &self.company.assignments {
            if self.covers(&assignment.member, person) {
                is_assigned |= app.roles.is_empty() || assignment.role.is_some();
                roles.extend(assignment.role.clone());
            }
        }
        let groups = app.push.iter().filter(|group| self.is_in(group, person));
        is_assigned.then(|| Should { roles, groups: groups.cloned().collect() })
    }

    /// The role values that the account should have: all, or the first by precedence.
    pub fn values(&self, should: &Should) -> BTreeSet<String> {
        let app = &self.company.app;
        let values = app
            .roles
            .iter()
            .filter(|role| role.group.is_none() && should.roles.contains(&role.id))
            .map(|role| role.id.clone());
        if app.single { values.take(1).collect() } else { values.collect() }
    }

    /// All people, by id.
    pub fn people(&self) -> BTreeMap<&'c str, &'c Person> {
        self.company.people.iter().map(|person| (person.id.as_str(), person)).collect()
    }
}
