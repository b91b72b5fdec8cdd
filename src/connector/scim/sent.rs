//! How a write request ended, and how an op ends.

use std::time::Duration;

use reqwest::{Method, Url};

use crate::connector::Gate;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Call};
use crate::model::Remote;
use crate::model::op::{Outcome, OutcomeState};

use super::Scim;

/// How one write request ended.
pub enum Sent {
    /// 2xx.
    Taken(Answer),
    /// The app said no, and nothing changed.
    Refused(ConnectorError),
    /// 412: the object is not the version that was read.
    Outdated(ConnectorError),
    /// 429: not taken, may be later.
    Later(ConnectorError, Option<Duration>),
    /// It may have happened: 5xx, no answer, half an answer.
    Unclear(ConnectorError, Option<Duration>),
    /// It never left us.
    Kept(ConnectorError),
}

/// One write request.
pub struct Request<'r> {
    pub method: Method,
    pub url: Url,
    pub body: Option<Vec<u8>>,
    pub version: Option<&'r str>,
}

impl Scim {
    /// Sends one write request.
    pub(super) async fn put_through(&self, request: Request<'_>, gate: Gate<'_>) -> Sent {
        let mut call = Call::write(request.method, request.url, request.body, gate);
        call.version = request.version;
        let answer = match self.http.send(&call).await {
            Ok(answer) => answer,
            Err(error) => {
                return match error.kind() {
                    ErrorKind::NotSent | ErrorKind::Unreachable | ErrorKind::Tls | ErrorKind::Config => {
                        Sent::Kept(error)
                    }
                    _ => Sent::Unclear(error, None),
                };
            }
        };
        let pause = answer.retry_after;
        if answer.is_success() {
            // A page where SCIM was to be: something in between answered.
            return match self.http.document(&answer) {
                Err(error) if !answer.body.iter().all(u8::is_ascii_whitespace) => Sent::Unclear(error, None),
                _ => Sent::Taken(answer),
            };
        }
        let error = self.http.fault(&answer);
        match answer.status {
            412 => Sent::Outdated(error),
            429 => Sent::Later(error, pause),
            501 => Sent::Refused(error),
            300..=499 => Sent::Refused(error),
            _ => Sent::Unclear(error, pause),
        }
    }
}

/// True if the same request may do better later; a gateway that gave up waiting may still let it through.
pub fn may_pass(error: &ConnectorError) -> bool {
    matches!(error.status, Some(429 | 502 | 503))
        || (error.kind() == ErrorKind::Broken && error.status.is_none())
}

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

/// It never left us.
pub fn not_sent(why: impl Into<String>) -> Outcome {
    ended(OutcomeState::NotSent { why: why.into() }, None)
}

fn ended(state: OutcomeState, after: Option<Remote>) -> Outcome {
    Outcome { state, after: after.map(Box::new) }
}

/// What to do about a write that the app refuses for what is in it (RFC 7644 section 3.12).
pub fn with_value_hint(error: ConnectorError) -> ConnectorError {
    let is_new = error.method == Some("POST");
    let hint = match (error.scim_type.as_deref(), error.status) {
        // An account that matches is a line of the next plan (safety.md 2).
        (Some("uniqueness"), _) | (_, Some(409)) if is_new => {
            "something in the app has one of these values: the next plan shows it"
        }
        (Some("uniqueness"), _) | (_, Some(409)) => {
            "something in the app has one of these values: change it there, or here"
        }
        (Some("mutability"), _) => "map it with `apply: create`, or put the declared value right",
        (_, Some(404 | 410)) if !is_new => "plan again: it may be gone",
        (_, Some(400 | 422)) => "put the value right, or how it is mapped",
        _ => return error,
    };
    error.with_hint(hint)
}

/// An error with what to do, for an outcome.
pub fn told(error: &ConnectorError) -> String {
    match &error.hint {
        Some(hint) => format!("{error}; {hint}"),
        None => error.to_string(),
    }
}
