//! The options of a plan and of an apply.

use std::collections::BTreeMap;
use std::time::Duration;

use super::Selection;
use crate::model::AppId;
use crate::plan::{Allowance, Releases};

/// The options of a plan.
#[derive(Debug, Clone, Default)]
pub struct PlanOptions {
    /// The apps and people it looks at.
    pub selection: Selection,
    /// `--enable`.
    pub enable: Releases,
    /// `--recreate`.
    pub recreate: Releases,
    /// `--allow APP:GUARD=N`.
    pub allow: BTreeMap<AppId, Vec<Allowance>>,
    /// `--allow APP:side-effect=N`.
    pub side_effects: BTreeMap<AppId, u64>,
    /// Apps are opened for writing too.
    pub write: bool,
}

/// The options of an apply.
#[derive(Debug, Clone, Default)]
pub struct ApplyOptions {
    pub plan: PlanOptions,
    /// `--commit`.
    pub commit: Option<String>,
    /// `--rollback-to`.
    pub rollback: Option<String>,
    /// `--wait`: how long to wait for the lease of another run.
    pub wait: Option<Duration>,
    /// No person has seen the plan: all changes that are found under the lease are done.
    pub unseen: bool,
    /// The accepted plan was limited by selectors.
    pub partial: bool,
}
