//! What the rooms report while they work: ids and keys, never values.

use std::sync::Arc;
use std::time::Duration;

use serde::Serialize;

use super::change::{ChangeKey, Phase};
use super::id::AppId;
use super::op::OutcomeKind;
use super::remote::Kind;
use super::time::Timestamp;

/// One thing that happened. Sinks: journal, progress, `--events`.
#[derive(Debug, Clone, Serialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    /// Work on an app began: `what` is `read`, `plan` or `apply`.
    App { app: AppId, what: &'static str },
    /// A page of a listing arrived.
    Page { app: AppId, kind: Kind, rows: usize, total: Option<u64> },
    /// A request ended. The path holds no query: look-ups carry personal data there.
    Request { app: AppId, method: Arc<str>, path: Arc<str>, status: Option<u16>, millis: u64 },
    /// A request is repeated after a pause.
    Retry { app: AppId, path: Arc<str>, attempt: u32, after: Duration, why: Arc<str> },
    /// No request goes to an app before an instant, because it gets too many or asks for a pause.
    Pause { app: AppId, after: Duration, until: Timestamp, why: Arc<str> },
    /// A change was settled by apply.
    Settled { key: ChangeKey, outcome: OutcomeKind, detail: Option<Arc<str>> },
    /// Apply began or ended a phase of the order of safety.md 14.
    Phase { app: AppId, phase: Phase, ops: usize },
    /// Something a person should read on stderr.
    Note { app: Option<AppId>, text: Arc<str> },
}

/// Where events go. Implementations must not block for long.
pub trait EventSink: Send + Sync {
    /// Takes one event.
    fn emit(&self, event: Event);
}

/// Drops everything.
pub struct Silent;

impl EventSink for Silent {
    fn emit(&self, _event: Event) {}
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Facet, Object};

    #[test]
    fn a_settled_change_is_one_line_of_words() {
        let key = ChangeKey { app: "hr".into(), object: Object::User("ada".into()), facet: Facet::Life };
        let event = Event::Settled { key, outcome: OutcomeKind::NotSent, detail: None };
        let line = r#"{"event":"settled","key":{"app":"hr","object":{"user":"ada"},"facet":"life"},"outcome":"not-sent","detail":null}"#;
        assert_eq!(serde_json::to_string(&event).unwrap(), line);
    }
}
