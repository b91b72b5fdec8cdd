//! The lines of the files that are about one person, and not about a group or everybody: a change of them is a decision
//! about that person (safety.md 13).

use std::collections::BTreeSet;

use super::desired::DesiredApp;
use crate::model::company::{Status, UserDates};
use crate::model::member::{Member, Principal};
use crate::model::time::{Date, Window};
use crate::model::{GroupNo, RoleNo, UserNo};

/// Status, start and end of a person, as written.
pub fn own_life(status: Status, dates: &UserDates) -> String {
    let date = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    format!("{} {} {}", status.as_str(), date(dates.start), date(dates.end))
}

/// The lines that name a person as `user:ID` and lead to a role: of its assignments, and of the groups that they name,
/// as one text.
pub fn own_lines(desired: &DesiredApp, user: UserNo, role: RoleNo) -> String {
    let company = desired.company;
    let assignments = desired.app.assignments.iter().filter(|assignment| assignment.role == Some(role));
    let assignments: Vec<&[Member]> = assignments.map(|assignment| &assignment.members[..]).collect();
    let mut lines = Vec::new();
    let mut open: Vec<GroupNo> = Vec::new();
    for members in assignments {
        lines.extend(naming(members, user).map(|window| line("", window)));
        open.extend(groups(members));
    }
    let mut seen = BTreeSet::new();
    while let Some(group) = open.pop() {
        if seen.insert(group.0) {
            let declared = &company.groups[group.index()];
            lines.extend(naming(&declared.members, user).map(|window| line(declared.id.as_str(), window)));
            open.extend(groups(&declared.members));
        }
    }
    lines.sort();
    lines.join("\n")
}

fn naming(members: &[Member], user: UserNo) -> impl Iterator<Item = Window> {
    let own =
        members.iter().filter(move |member| matches!(member.principal, Principal::User(one) if one == user));
    own.map(Member::window)
}

fn groups(members: &[Member]) -> impl Iterator<Item = GroupNo> {
    members.iter().filter_map(|member| match member.principal {
        Principal::Group(group) => Some(group),
        Principal::User(_) => None,
    })
}

fn line(group: &str, window: Window) -> String {
    let instant = |at: Option<crate::model::time::Timestamp>| at.map(|at| at.to_string()).unwrap_or_default();
    format!("{group} {}..{}", instant(window.start), instant(window.end))
}
