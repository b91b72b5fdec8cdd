//! How an apply ended, change by change.

use crate::model::AppId;
use crate::model::change::ChangeKey;
use crate::model::op::OutcomeState;

/// How one app's apply ended.
#[derive(Debug, Clone)]
pub struct AppResult {
    /// The app.
    pub app: AppId,
    /// Every change that was to be done, in order of the keys.
    pub changes: Vec<ChangeResult>,
    /// Values the app shows otherwise than they were written: user or group, attribute.
    pub not_kept: Vec<(String, String)>,
    /// Why results could not be written down: the run has to stop.
    pub recording: Option<String>,
    /// Why nothing more was written in this app before its end: the lease was gone.
    pub halted: Option<String>,
    /// Changes that were not tried, or to which no answer came.
    pub open: usize,
}

/// How one change ended.
#[derive(Debug, Clone)]
pub struct ChangeResult {
    /// Which.
    pub key: ChangeKey,
    /// How.
    pub state: OutcomeState,
}

impl AppResult {
    /// Changes that are not.
    pub fn failed(&self) -> impl Iterator<Item = &ChangeResult> {
        self.changes.iter().filter(|change| !change.state.is_done())
    }

    /// True if every change was tried and answered, failures included (safety.md 5). A change that was not sent because
    /// another one failed counts as settled: otherwise one account that can never be created would keep everybody's
    /// removals waiting for ever.
    pub fn is_settled(&self) -> bool {
        self.recording.is_none() && self.halted.is_none() && self.open == 0
    }
}
