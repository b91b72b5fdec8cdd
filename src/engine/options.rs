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

impl PlanOptions {
    /// What releases held changes, as it is typed: an apply of a stored plan needs the same. It begins with a blank.
    pub fn releases(&self) -> String {
        let allowed = self.allow.iter().flat_map(|(app, all)| {
            all.iter().map(move |one| format!(" --allow {app}:{}={}", one.guard, one.count))
        });
        let side_effects =
            self.side_effects.iter().map(|(app, count)| format!(" --allow {app}:side-effect={count}"));
        let named = |option: &'static str, said: &Releases| -> Vec<String> {
            let users = said.users.iter().map(|id| format!(" {option} {id}"));
            let apps = said.apps.iter().map(|(app, count)| format!(" {option} {app}={count}"));
            users.chain(apps).collect()
        };
        let named = named("--enable", &self.enable).into_iter().chain(named("--recreate", &self.recreate));
        allowed.chain(side_effects).chain(named).collect()
    }
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
