//! The reasons why a person holds a role or has an account: the graph walked backwards, on demand.

use super::desired::DesiredApp;
use super::membership::Memberships;
use super::resolved::Resolved;
use crate::expr::Truth;
use crate::model::change::Object;
use crate::model::company::Company;
use crate::model::fact::{Fact, Remark};
use crate::model::member::{Member, Principal};
use crate::model::time::Timestamp;
use crate::model::{GroupNo, RoleNo, Span, UserNo};

/// One step of a chain: from the app's side towards the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    pub fact: Fact,
    /// Where it is written.
    pub span: Span,
}

/// Why a person may use an app, or holds `role` in it: assignment, then group by group down to the person. `None` if
/// they do not.
pub fn grant(
    resolved: &Resolved,
    desired: &DesiredApp,
    user: UserNo,
    role: Option<RoleNo>,
) -> Option<Vec<Step>> {
    for assignment in
        desired.app.assignments.iter().filter(|assignment| role.is_none() || assignment.role == role)
    {
        if let Some((line, rest)) = through(resolved, &assignment.members, user) {
            let fact = Fact::Assigned {
                holder: object(resolved.company, line.principal),
                app: desired.app.id.clone(),
                role: assignment.role.map(|role| desired.app.roles[role.index()].id.clone()),
                remark: remark(line),
            };
            let first = Step { fact, span: line.span };
            return Some(std::iter::once(first).chain(rest).collect());
        }
    }
    None
}

/// Why a person is in a group: group by group down to the person. `None` if they are not.
pub fn membership(resolved: &Resolved, group: GroupNo, user: UserNo) -> Option<Vec<Step>> {
    if !resolved.groups.of(group).yes.contains(user.0) {
        return None;
    }
    let mut seen = vec![false; resolved.company.groups.len()];
    walk(resolved, group, user, &mut seen)
}

/// When the last thing ended that gave a person an app, or `role` in it, and the line that says so. `None` if nothing
/// expired.
pub fn expired(
    resolved: &Resolved,
    desired: &DesiredApp,
    user: UserNo,
    role: Option<RoleNo>,
) -> Option<(Timestamp, Span)> {
    let assignments = desired.app.assignments.iter();
    assignments
        .filter(|assignment| role.is_none() || assignment.role == role)
        .filter_map(|assignment| last_end(resolved, &assignment.members, user))
        .max()
}

/// When the last thing ended that made a person a member of a group, and the line that says so.
pub fn membership_expired(resolved: &Resolved, group: GroupNo, user: UserNo) -> Option<(Timestamp, Span)> {
    last_end(resolved, &resolved.company.groups[group.index()].members, user)
}

/// When something ended, and the line that says so.
type End = (Timestamp, Span);

/// Follows lines that hold or have held; a chain ended when its first line did.
fn last_end<'c>(resolved: &Resolved<'c>, members: &'c [Member], user: UserNo) -> Option<End> {
    let mut seen = vec![false; resolved.company.groups.len()];
    let mut ends = Vec::new();
    let mut stack: Vec<(&[Member], Option<End>)> = vec![(members, None)];
    while let Some((members, ended)) = stack.pop() {
        for member in members {
            let window = member.window();
            let over = window.end.filter(|_| window.is_over(resolved.at));
            if over.is_none() && !window.contains(resolved.at) {
                continue;
            }
            let ended = [ended, over.map(|end| (end, member.span))].into_iter().flatten().min();
            match member.principal {
                Principal::User(found) => ends.extend(ended.filter(|_| found == user)),
                Principal::Group(group) => {
                    let holders = resolved.groups.of(group);
                    let is_member = holders.yes.contains(user.0);
                    ends.extend(ended.filter(|_| is_member));
                    let leads = is_member || holders.lapsed.contains(user.0);
                    if leads && !std::mem::replace(&mut seen[group.index()], true) {
                        stack.push((&resolved.company.groups[group.index()].members, ended));
                    }
                }
            }
        }
    }
    ends.into_iter().max()
}

/// A group that was entered, from which place of the list and by which line.
type Entered<'c> = (GroupNo, Option<(usize, &'c Member)>);

/// The reason that a line gives for itself.
fn remark(member: &Member) -> Remark {
    member.terms.as_ref().and_then(|terms| terms.reason.clone())
}

fn object(company: &Company, principal: Principal) -> Object {
    match principal {
        Principal::User(user) => Object::User(company.users[user.index()].id.clone()),
        Principal::Group(group) => Object::Group(company.groups[group.index()].id.clone()),
    }
}

/// The first member line that leads to the person, and the chain behind it.
fn through<'c>(resolved: &Resolved, members: &'c [Member], user: UserNo) -> Option<(&'c Member, Vec<Step>)> {
    let mut seen = vec![false; resolved.company.groups.len()];
    members.iter().filter(|member| member.window().contains(resolved.at)).find_map(|member| {
        match member.principal {
            Principal::User(found) => (found == user).then(|| (member, Vec::new())),
            Principal::Group(group) => Some((member, walk(resolved, group, user, &mut seen)?)),
        }
    })
}

/// Depth first, each group once: the walk keeps its own stack and remembers where it came from, so that nesting may be
/// as deep as there are groups.
fn walk(resolved: &Resolved, start: GroupNo, user: UserNo, seen: &mut [bool]) -> Option<Vec<Step>> {
    let company = resolved.company;
    let user_id = &company.users[user.index()].id;
    let mut entered: Vec<Entered> = Vec::new();
    let mut stack: Vec<Entered> = vec![(start, None)];
    while let Some((group, from)) = stack.pop() {
        if !holds(&resolved.groups, group, user) || std::mem::replace(&mut seen[group.index()], true) {
            continue;
        }
        let here = entered.len();
        entered.push((group, from));
        let declared = &company.groups[group.index()];
        let valid = |member: &&Member| member.window().contains(resolved.at);
        let line =
            declared.members.iter().filter(valid).find(|member| member.principal == Principal::User(user));
        let last = match (line, &declared.rule) {
            (Some(line), _) => {
                let member = Object::User(user_id.clone());
                let fact = Fact::Member { member, group: declared.id.clone(), remark: remark(line) };
                Some(Step { fact, span: line.span })
            }
            (None, Some(rule)) if resolved.rule_holds(group, user) => {
                let fact = Fact::Rule { user: user_id.clone(), group: declared.id.clone() };
                Some(Step { fact, span: rule.span })
            }
            _ => None,
        };
        if let Some(last) = last {
            return Some(chain_to(company, &entered, here, last));
        }
        for member in declared.members.iter().filter(valid).rev() {
            if let Principal::Group(inner) = member.principal {
                stack.push((inner, Some((here, member))));
            }
        }
    }
    None
}

/// The way back from the last group entered to the first, turned round.
fn chain_to(company: &Company, entered: &[Entered<'_>], last: usize, end: Step) -> Vec<Step> {
    let id = |place: usize| &company.groups[entered[place].0.index()].id;
    let mut chain = vec![end];
    let mut place = last;
    while let Some((outer, line)) = entered[place].1 {
        let member = Object::Group(id(place).clone());
        let fact = Fact::Member { member, group: id(outer).clone(), remark: remark(line) };
        chain.push(Step { fact, span: line.span });
        place = outer;
    }
    chain.reverse();
    chain
}

fn holds(groups: &Memberships, group: GroupNo, user: UserNo) -> bool {
    groups.of(group).yes.contains(user.0)
}

impl Resolved<'_> {
    /// True if the group's rule is what makes the person a member.
    fn rule_holds(&self, group: GroupNo, user: UserNo) -> bool {
        let Some(Some(program)) = self.programs.rules.get(group.index()) else {
            return false;
        };
        program.truth(&crate::expr::Facts::user(self.company, user)) == Truth::True
    }
}
