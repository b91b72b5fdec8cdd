//! How an op ends.

use super::seats;
use crate::connector::error::ConnectorError;
use crate::model::Remote;
use crate::model::op::{After, Outcome, OutcomeState};

/// The app took it.
pub fn written(after: After) -> Outcome {
    Outcome { after, ..Outcome::bare(OutcomeState::Written) }
}

/// It was so already, as a look showed.
pub fn already(seen: Option<Remote>) -> Outcome {
    Outcome { after: read(seen), ..Outcome::bare(OutcomeState::Already) }
}

/// What a look showed.
pub fn read(seen: Option<Remote>) -> After {
    seen.map_or(After::NotShown, |seen| After::Read(Box::new(seen)))
}

/// What the answer to a write showed.
pub fn answered(shown: Option<Remote>) -> After {
    shown.map_or(After::NotShown, |shown| After::Answered(Box::new(shown)))
}

/// The app said no.
pub fn refused(why: impl Into<String>, divisible: bool) -> Outcome {
    let why = why.into();
    Outcome::bare(OutcomeState::Refused { why, divisible })
}

/// The app said no, in these words.
pub fn refused_by(error: &ConnectorError, divisible: bool) -> Outcome {
    Outcome { needs_seat: seats::are_full(error), ..refused(told(error), divisible) }
}

/// It may have happened.
pub fn unknown(why: impl Into<String>) -> Outcome {
    Outcome::bare(OutcomeState::Unknown { why: why.into() })
}

/// No request was sent.
pub fn not_sent(why: impl Into<String>) -> Outcome {
    Outcome::bare(OutcomeState::NotSent { why: why.into() })
}

/// An error with what to do, for an outcome.
pub fn told(error: &ConnectorError) -> String {
    match &error.hint {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    }
}
