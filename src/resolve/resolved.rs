//! Everything that is desired at one instant.

use rayon::prelude::*;

use super::conflicts::{self, Conflict};
use super::desired::DesiredApp;
use super::horizon::{self, Edge};
use super::membership::Memberships;
use super::programs::Programs;
use crate::model::AppId;
use crate::model::company::Company;
use crate::model::time::{self, Timestamp};

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
        let conflicts = conflicts::conflicts(company, &apps);
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
}
