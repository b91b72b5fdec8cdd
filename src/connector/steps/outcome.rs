//! How an op ends.

use crate::connector::error::ConnectorError;
use crate::model::Remote;
use crate::model::op::{Outcome, OutcomeState};

/// The app took it.
pub fn written(after: Option<Remote>) -> Outcome {
    ended(OutcomeState::Written, after)
}

/// It was so already.
pub fn already(after: Option<Remote>) -> Outcome {
    ended(OutcomeState::Already, after)
}

/// The app said no.
pub fn refused(why: impl Into<String>, divisible: bool) -> Outcome {
    let why = why.into();
    ended(OutcomeState::Refused { why, divisible }, None)
}

/// It may have happened.
pub fn unknown(why: impl Into<String>) -> Outcome {
    ended(OutcomeState::Unknown { why: why.into() }, None)
}

/// No request was sent.
pub fn not_sent(why: impl Into<String>) -> Outcome {
    ended(OutcomeState::NotSent { why: why.into() }, None)
}

fn ended(state: OutcomeState, after: Option<Remote>) -> Outcome {
    Outcome { state, after: after.map(Box::new) }
}

/// An error with what to do, for an outcome.
pub fn told(error: &ConnectorError) -> String {
    match &error.hint {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    }
}
