//! What a plan and an apply are asked for.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use super::Selection;
use crate::model::{AppId, UserId};
use crate::plan::Allowance;

/// What a plan is asked for.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// The apps and people it looks at.
    pub selection: Selection,
    /// `--enable USER`.
    pub enable: BTreeSet<UserId>,
    /// `--allow APP:GUARD=N`.
    pub allow: BTreeMap<AppId, Vec<Allowance>>,
    /// Apps are opened for writing too.
    pub write: bool,
}

/// What an apply is asked for.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    pub plan: PlanOptions,
    /// `--commit`.
    pub commit: Option<String>,
    /// `--rollback-to`.
    pub rollback: Option<String>,
    /// `--wait`: how long to wait for the lease of another run.
    pub wait: Option<Duration>,
    /// Nobody has looked at the plan: everything that is found under the lease is done.
    pub unseen: bool,
    /// The accepted plan did not look at everything.
    pub partial: bool,
}
