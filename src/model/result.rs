//! How an apply ended: the run, each app, each change. The report prints these values as they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::Serialize;

use super::change::{ChangeKey, ChangeKind};
use super::op::OutcomeKind;
use super::{AppId, UserId};

/// How a run of apply ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RunResult {
    /// The run's id, as `log` knows it.
    pub run: Arc<str>,
    /// Id of the plan.
    pub plan: String,
    /// In the order of their ids.
    pub apps: Vec<AppResult>,
}

/// How one app's apply ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppResult {
    pub app: AppId,
    /// Why nothing or not everything was tried: the app is unreadable, stopped or not enabled, or results could not be
    /// written down.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Every change that was to be done, in order of the keys.
    #[serde(rename = "settled")]
    pub changes: Vec<ChangeResult>,
    /// Values the app shows otherwise than they were written.
    pub not_kept: Vec<NotKept>,
    /// What writes did beside what was wanted.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub side_effects: Vec<SideEffect>,
    /// Changes the plan held back.
    pub held: u64,
    /// Names for ids.
    pub people: BTreeMap<UserId, String>,
    /// False if results could not be written down: the run has to stop.
    #[serde(skip)]
    pub is_recorded: bool,
    /// Why nothing more was written in this app before its end: the lease was gone.
    #[serde(skip)]
    pub halted: Option<String>,
    /// Changes that were not tried, or to which no answer came.
    #[serde(skip)]
    pub open: usize,
}

/// How one change ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ChangeResult {
    pub key: ChangeKey,
    /// What was to happen.
    pub kind: ChangeKind,
    /// It touches a role marked `privileged`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    pub outcome: OutcomeKind,
    /// Why: app, object, method and path, status, what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// A value the app did not keep as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotKept {
    /// The attribute of an account or group.
    pub key: ChangeKey,
    /// In words, without values that are sensitive.
    pub text: String,
}

/// What a write did to an attribute, or to the members, beside what was wanted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SideEffect {
    /// The change that it carried out, or the first of them.
    pub key: ChangeKey,
    /// In words, without values.
    pub text: String,
}

/// How the reason of a change begins that was not sent because of a side effect of another one.
pub const HELD_BY_SIDE_EFFECT: &str = "held by side-effect";

impl NotKept {
    /// The person or the group.
    pub fn name(&self) -> String {
        self.key.object.name()
    }
}

impl AppResult {
    /// Failed changes.
    pub fn failed(&self) -> impl Iterator<Item = &ChangeResult> {
        self.changes.iter().filter(|change| !change.outcome.is_done())
    }

    /// True if every change was tried and answered, failures included (safety.md 5). A change that was not sent because
    /// another one failed counts as settled: otherwise one account that can never be created would keep everybody's
    /// removals waiting for ever. So does one for which no seat is free: otherwise no seat could become free before the first
    /// completed apply.
    pub fn is_settled(&self) -> bool {
        self.is_recorded && self.halted.is_none() && self.open == 0
    }
}
