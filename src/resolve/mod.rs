//! From what is declared to what is desired: who is in which group, who holds which role, who has an account, and what
//! its attributes should be. PURE: the instant is an argument.
//!
//! 1. [`Programs::compile`] checks and compiles every expression.
//! 2. [`Resolved::new`] works out memberships, roles and scope at one instant.
//! 3. [`DesiredApp::attributes`] evaluates a person's mapping when somebody asks.
//! 4. [`why()`](why::grant) walks the graph backwards and gives the chain of facts behind a grant.

mod attributes;
mod desired;
mod horizon;
mod lines;
mod membership;
mod policy;
mod programs;
mod standing;
mod twins;
pub mod why;

pub use attributes::{DesiredAttribute, RoleStorage};
pub use desired::{DesiredApp, DesiredGroup};
pub use horizon::{Edge, EdgeKind, EdgeOf};
pub use lines::Lines;
pub use membership::{Ends, Holders, Memberships};
pub use policy::Conflict;
pub use programs::{CompiledMapping, Programs};
pub use standing::{OutReason, Standing};

use rayon::prelude::*;

use crate::model::company::{Company, Status};
use crate::model::time::{self, Timestamp};
use crate::model::{AppId, Diagnostics, UserNo};

/// Everything that is desired at one instant.
pub struct Resolved<'c> {
    /// What was declared.
    pub company: &'c Company,
    /// Its expressions.
    pub programs: &'c Programs,
    /// The instant.
    pub at: Timestamp,
    /// Members of every group.
    pub groups: Memberships,
    /// Apps in the order of `Company::apps`.
    pub apps: Vec<DesiredApp<'c>>,
    /// Ends and starts around the instant, earliest first.
    pub edges: Vec<Edge>,
    /// Who breaks which policy, in the order of `Company::policies`.
    pub conflicts: Vec<Conflict>,
}

impl<'c> Resolved<'c> {
    /// Resolves at `at`.
    pub fn new(company: &'c Company, programs: &'c Programs, at: Timestamp) -> Self {
        let groups = Memberships::resolve(company, programs, at);
        let apps: Vec<_> = company
            .apps
            .par_iter()
            .enumerate()
            .map(|(number, app)| DesiredApp::resolve(company, programs, &groups, number, app, at))
            .collect();
        let edges = horizon::edges(company);
        let conflicts = policy::conflicts(company, &apps);
        Self { company, programs, at, groups, apps, edges, conflicts }
    }

    /// The desired state of one app.
    pub fn app(&self, id: &AppId) -> Option<&DesiredApp<'c>> {
        self.apps.iter().find(|desired| desired.app.id == *id)
    }

    /// The earliest instant at which the desired state changes by itself, at most 24 h away (safety.md 17).
    pub fn valid_until(&self) -> Timestamp {
        let horizon = time::after(self.at, 24);
        self.edges
            .iter()
            .map(|edge| edge.at)
            .find(|at| *at > self.at)
            .map_or(horizon, |edge| edge.min(horizon))
    }

    /// What cannot be evaluated or told apart: one pass over every desired account, for `validate` and `plan`.
    pub fn findings(&self) -> Diagnostics {
        let mut found = Diagnostics::new();
        for list in [self.groups.findings(self.company), twins::findings(self), policy::findings(self)] {
            found.extend(list);
        }
        let per_app: Vec<_> = self.apps.par_iter().map(DesiredApp::findings).collect();
        per_app.into_iter().for_each(|list| found.extend(list));
        found
    }
}

/// Where a person stands in the company, before any app.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Life {
    /// Has access.
    Active,
    /// Disabled everywhere, grants kept.
    Suspended,
    /// `start` lies ahead.
    NotYet,
    /// `end` has passed.
    Ended,
    /// Declared `left`.
    Left,
}

/// Where a person stands at `at`.
pub fn life(company: &Company, user: UserNo, at: Timestamp) -> Life {
    let user = &company.users[user.index()];
    match user.status {
        Status::Left => Life::Left,
        _ if user.window.is_over(at) => Life::Ended,
        Status::Suspended => Life::Suspended,
        Status::Active if user.window.contains(at) => Life::Active,
        Status::Active => Life::NotYet,
    }
}
