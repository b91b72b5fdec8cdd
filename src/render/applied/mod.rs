//! The report after an apply. Its input is plain data that the engine fills from what apply settled.

mod report;

use serde::Serialize;

use super::json::pretty;
use super::line::Tone;
use super::subject::Names;
use crate::model::AppId;
use crate::model::change::{ChangeKey, ChangeKind};
use crate::model::op::OutcomeState;

pub use report::{markdown, summary_line, text};

/// What an apply did.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Applied {
    /// The run's id, as `log` knows it.
    pub run: String,
    /// Id of the plan.
    pub plan: String,
    /// In the order of their ids.
    pub apps: Vec<AppliedApp>,
}

/// What an apply did in one app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct AppliedApp {
    /// The app.
    pub app: AppId,
    /// Why nothing or not everything was tried: unreadable, stopped, refused, lease lost, interrupted.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// Every change of the plan that was to be done, sorted by key.
    pub settled: Vec<Settled>,
    /// What the app took and did not keep as it was asked.
    pub not_kept: Vec<NotKept>,
    /// Changes the plan held back.
    pub held: u64,
    /// Names for ids.
    pub people: Names,
}

/// How one change ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Settled {
    /// The change.
    pub key: ChangeKey,
    /// What was to happen.
    pub kind: ChangeKind,
    /// It touches a role marked `privileged`.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub privileged: bool,
    /// How it ended.
    pub outcome: OutcomeWord,
    /// Why: app, object, method and path, status, what to do.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// An attribute the app did not keep as it was asked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct NotKept {
    /// Which.
    pub key: ChangeKey,
    /// In words, without values that are sensitive.
    pub text: String,
}

/// How a change ended, what went wrong first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum OutcomeWord {
    /// The app said no; nothing changed.
    Refused,
    /// Sent, and no answer that can be trusted.
    Unknown,
    /// Not sent: stopped before.
    NotSent,
    /// It was so already.
    Already,
    /// The app took it.
    Written,
}

impl OutcomeWord {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            OutcomeWord::Refused => "refused",
            OutcomeWord::Unknown => "unknown",
            OutcomeWord::NotSent => "not sent",
            OutcomeWord::Already => "so already",
            OutcomeWord::Written => "done",
        }
    }

    /// True if the app now is as the plan wants it.
    pub fn is_done(self) -> bool {
        matches!(self, OutcomeWord::Already | OutcomeWord::Written)
    }

    fn tone(self) -> Tone {
        match self {
            OutcomeWord::Refused | OutcomeWord::Unknown => Tone::Alarm,
            OutcomeWord::NotSent => Tone::Change,
            OutcomeWord::Already | OutcomeWord::Written => Tone::Gain,
        }
    }
}

impl From<&OutcomeState> for OutcomeWord {
    fn from(state: &OutcomeState) -> Self {
        match state {
            OutcomeState::Written => OutcomeWord::Written,
            OutcomeState::Already => OutcomeWord::Already,
            OutcomeState::Refused { .. } => OutcomeWord::Refused,
            OutcomeState::Unknown { .. } => OutcomeWord::Unknown,
            OutcomeState::NotSent { .. } => OutcomeWord::NotSent,
        }
    }
}

/// The report as JSON: what [`Applied`] says, in that order.
pub fn json(applied: &Applied) -> String {
    pretty(applied)
}
