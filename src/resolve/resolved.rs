//! Everything that is desired at one instant.

use rayon::prelude::*;

use super::desired::DesiredApp;
use super::duplicates;
use super::horizon::{self, Edge};
use super::membership::Memberships;
use super::policy::{self, Conflict};
use super::programs::Programs;
use crate::model::company::Company;
use crate::model::time::{self, Timestamp};
use crate::model::{AppId, Diagnostics};

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
        for list in
            [self.groups.findings(self.company), duplicates::findings(&self.apps), policy::findings(self)]
        {
            found.extend(list);
        }
        let per_app: Vec<_> = self.apps.par_iter().map(DesiredApp::findings).collect();
        per_app.into_iter().for_each(|list| found.extend(list));
        found
    }
}
