//! Starts, ends and expiries: what will change by itself, and what is overdue.

use crate::model::company::Company;

use crate::model::member::{Member, Principal};
use crate::model::time::{Timestamp, Window};
use crate::model::{GroupNo, Span, UserNo};

/// One instant at which something declared begins or ends.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Edge {
    /// When.
    pub at: Timestamp,
    /// Begins or ends.
    pub kind: EdgeKind,
    /// Who or what, such as `user:bob in group:platform`.
    pub what: String,
    /// Where it is written.
    pub span: Span,
    /// What it is an edge of.
    pub of: EdgeOf,
}

/// What an edge is an edge of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeOf {
    /// A person's `start` or `end`.
    User(UserNo),
    /// A membership.
    Group(GroupNo),
    /// An assignment of the app with this place.
    App(usize),
}

/// Whether something begins or ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum EdgeKind {
    /// `start`.
    Starts,
    /// `end` or `expires`.
    Ends,
}

/// All edges of a company, earliest first.
pub(super) fn edges(company: &Company) -> Vec<Edge> {
    let mut edges = Vec::new();
    for (number, user) in company.users.iter().enumerate() {
        let of = EdgeOf::User(UserNo::from(number));
        push(&mut edges, user.window, user.life_span, of, || format!("user:{}", user.id));
    }
    for (number, group) in company.groups.iter().enumerate() {
        let of = EdgeOf::Group(GroupNo::from(number));
        members(company, &mut edges, &group.members, of, &format!("group:{}", group.id));
    }
    for (number, app) in company.apps.iter().enumerate() {
        for assignment in &app.assignments {
            let role =
                assignment.role.map(|role| format!("/{}", app.roles[role.index()].id)).unwrap_or_default();
            let of = EdgeOf::App(number);
            members(company, &mut edges, &assignment.members, of, &format!("{}{role}", app.id));
        }
    }
    edges.sort();
    edges
}

fn members(company: &Company, edges: &mut Vec<Edge>, members: &[Member], of: EdgeOf, within: &str) {
    for member in members.iter().filter(|member| member.terms.is_some()) {
        let what = || format!("{} in {within}", principal(company, member.principal));
        push(edges, member.window(), member.span, of, what);
    }
}

fn push(edges: &mut Vec<Edge>, window: Window, span: Span, of: EdgeOf, what: impl Fn() -> String) {
    for (at, kind) in [(window.start, EdgeKind::Starts), (window.end, EdgeKind::Ends)] {
        if let Some(at) = at {
            edges.push(Edge { at, kind, what: what(), span, of });
        }
    }
}

/// A principal as people write it.
pub(super) fn principal(company: &Company, principal: Principal) -> String {
    match principal {
        Principal::User(user) => format!("user:{}", company.users[user.index()].id),
        Principal::Group(group) => format!("group:{}", company.groups[group.index()].id),
    }
}
