//! Why somebody holds something: the graph walked backwards, on demand.

use super::horizon::principal;
use super::membership::Memberships;
use super::{DesiredApp, Resolved};
use crate::expr::Truth;
use crate::model::company::{Member, Principal};
use crate::model::time::Timestamp;
use crate::model::{GroupNo, RoleNo, Span, UserNo};

/// One step of a chain: from the app's side towards the person.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Step {
    /// In words.
    pub text: String,
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
    for assignment in desired
        .app
        .assignments
        .iter()
        .filter(|assignment| role.is_none() || assignment.role == role)
    {
        if let Some(mut chain) = through(resolved, &assignment.members, user) {
            let role = assignment
                .role
                .map(|role| format!("/{}", desired.app.roles[role.index()].id));
            let holder = principal(resolved.company, chain.0);
            let text = format!(
                "{holder} is assigned {}{}",
                desired.app.id,
                role.unwrap_or_default()
            );
            let span = chain.1[0].span;
            chain.1[0] = Step { text, span };
            return Some(chain.1);
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

/// Members to look at, with the end that led to them, if one did.
type Open<'m> = (&'m [Member], Option<(Timestamp, Span)>);

/// Follows lines that hold or have held; a chain ended when its first line did.
fn last_end<'c>(resolved: &Resolved<'c>, members: &'c [Member], user: UserNo) -> Option<(Timestamp, Span)> {
    let mut seen = vec![false; resolved.company.groups.len()];
    let mut ends = Vec::new();
    let mut stack: Vec<Open> = vec![(members, None)];
    while let Some((members, ended)) = stack.pop() {
        for member in members {
            let window = member.window();
            let over = window.end.filter(|_| window.is_over(resolved.at));
            if over.is_none() && !window.contains(resolved.at) {
                continue;
            }
            let ended = [ended, over.map(|end| (end, member.span))]
                .into_iter()
                .flatten()
                .min();
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

type Chain = (Principal, Vec<Step>);

/// The first member line that leads to the person, and the chain behind it.
fn through(resolved: &Resolved, members: &[Member], user: UserNo) -> Option<Chain> {
    let mut seen = vec![false; resolved.company.groups.len()];
    members
        .iter()
        .filter(|member| member.window().contains(resolved.at))
        .find_map(|member| {
            let step = Step {
                text: String::new(),
                span: member.span,
            };
            match member.principal {
                Principal::User(found) if found == user => Some((member.principal, vec![step])),
                Principal::User(_) => None,
                Principal::Group(group) => {
                    let rest = walk(resolved, group, user, &mut seen)?;
                    Some((member.principal, std::iter::once(step).chain(rest).collect()))
                }
            }
        })
}

/// Depth first, each group once. The depth is that of the declared nesting, bounded by the number of groups, which the
/// `seen` marks enforce; the walk itself keeps its own stack.
fn walk(resolved: &Resolved, start: GroupNo, user: UserNo, seen: &mut [bool]) -> Option<Vec<Step>> {
    let mut stack: Vec<(GroupNo, Vec<Step>)> = vec![(start, Vec::new())];
    while let Some((group, chain)) = stack.pop() {
        if !holds(&resolved.groups, group, user) || std::mem::replace(&mut seen[group.index()], true) {
            continue;
        }
        let declared = &resolved.company.groups[group.index()];
        let step = |text: String, span| {
            chain
                .iter()
                .cloned()
                .chain([Step { text, span }])
                .collect::<Vec<_>>()
        };
        let user_id = &resolved.company.users[user.index()].id;
        let valid = |member: &&Member| member.window().contains(resolved.at);
        if let Some(line) = declared
            .members
            .iter()
            .filter(valid)
            .find(|m| m.principal == Principal::User(user))
        {
            return Some(step(
                format!("user:{user_id} is a member of group:{}", declared.id),
                line.span,
            ));
        }
        if let Some(rule) = &declared.rule
            && resolved.rule_holds(group, user)
        {
            return Some(step(
                format!("user:{user_id} meets the rule of group:{}", declared.id),
                rule.span,
            ));
        }
        for member in declared.members.iter().filter(valid).rev() {
            if let Principal::Group(inner) = member.principal {
                let inner_id = &resolved.company.groups[inner.index()].id;
                let text = format!("group:{inner_id} is a member of group:{}", declared.id);
                stack.push((inner, step(text, member.span)));
            }
        }
    }
    None
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
