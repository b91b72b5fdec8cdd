//! How a write request ended.

use std::time::Duration;

use reqwest::{Method, Url};

use crate::connector::Gate;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::{Answer, Call, Http};

/// How one write request ended.
pub enum Sent {
    /// 2xx.
    Taken(Answer),
    /// The app said no, and nothing changed.
    Refused(ConnectorError),
    /// 412: the object is not the version that was read.
    Outdated(ConnectorError),
    /// 429, for longer than we wait: not done.
    Later(ConnectorError),
    /// It may have happened: 5xx, no answer, half an answer.
    Unclear(ConnectorError, Option<Duration>),
    /// No request was sent.
    Kept(ConnectorError),
}

impl Sent {
    /// No answer came: nothing was sent, or it may have happened.
    pub fn without_answer(error: ConnectorError) -> Self {
        match error.kind() {
            ErrorKind::NotSent
            | ErrorKind::Unreachable
            | ErrorKind::Tls
            | ErrorKind::Config
            | ErrorKind::NoToken => Self::Kept(error),
            _ => Self::Unclear(error, None),
        }
    }
}

/// One write request.
pub struct Request<'r> {
    /// HTTP method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// JSON.
    pub body: Option<Vec<u8>>,
    /// For `If-Match`.
    pub version: Option<&'r str>,
}

/// Sends one write request.
pub async fn send(http: &Http, request: Request<'_>, gate: Gate<'_>) -> Sent {
    let mut call = Call::write(request.method, request.url, request.body, gate);
    call.version = request.version;
    let answer = match http.send(&call).await {
        Ok(answer) => answer,
        Err(error) => return Sent::without_answer(error),
    };
    let pause = answer.retry_after;
    if answer.is_success() {
        // A page where the protocol was to be: something in between answered.
        return match http.document(&answer) {
            Err(error) if !answer.body.iter().all(u8::is_ascii_whitespace) => Sent::Unclear(error, None),
            _ => Sent::Taken(answer),
        };
    }
    let error = http.fault(&answer);
    match answer.status {
        412 => Sent::Outdated(error),
        429 => Sent::Later(error),
        501 => Sent::Refused(error),
        300..=499 => Sent::Refused(error),
        _ => Sent::Unclear(error, pause),
    }
}

/// True if the same request may do better later; a gateway that gave up waiting may still let it through.
pub fn may_pass(error: &ConnectorError) -> bool {
    matches!(error.status, Some(502 | 503)) || (error.kind() == ErrorKind::Broken && error.status.is_none())
}
