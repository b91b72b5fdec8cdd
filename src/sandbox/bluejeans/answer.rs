//! Answers: JSON, and errors in the app's own form, `{"code": NUMBER, "message": TEXT}`.

use axum::body::Body;
use axum::http::StatusCode;
use axum::response::Response;
use serde_json::{Value, json};

use super::habits::Outage;
use crate::sandbox::reply::{page, plain, typed};

pub(super) use crate::sandbox::reply::Answer;

/// An error.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    message: String,
}

impl Fault {
    /// With a status that a switch says.
    pub(super) fn of(status: u16, message: impl Into<String>) -> Self {
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        Self { status, message: message.into() }
    }

    /// 400: the request is malformed, or against a rule.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::of(400, message)
    }

    /// 401: no token, or none that is known.
    pub(super) fn unauthorized(message: impl Into<String>) -> Self {
        Self::of(401, message)
    }

    /// 403: the caller may not do it.
    pub(super) fn forbidden(message: impl Into<String>) -> Self {
        Self::of(403, message)
    }

    /// 404: there is no such thing.
    pub(super) fn missing(what: &str) -> Self {
        Self::of(404, format!("There is no {what}"))
    }

    /// 500: a change that could not be saved, or a number that could not be drawn.
    pub(super) fn unsaved(message: impl Into<String>) -> Self {
        Self::of(500, message)
    }
}

/// The answer as it goes out.
pub(super) fn response(answer: Result<Answer, Fault>) -> Response {
    match answer {
        Ok(Answer::Empty(status)) => plain(status, Body::empty()),
        Ok(Answer::Json(status, body)) => told(status, &body),
        Err(Fault { status, message }) => told(status, &json!({"code": status.as_u16(), "message": message})),
    }
}

/// What an app that is down answers.
pub(super) fn outage(outage: Outage) -> Response {
    let (status, text) = match outage {
        Outage::Page => (StatusCode::BAD_GATEWAY, "Bad Gateway"),
        Outage::Empty => return plain(StatusCode::INTERNAL_SERVER_ERROR, Body::empty()),
        Outage::Welcome => (StatusCode::OK, "Welcome"),
    };
    page(status, "text/html", text)
}

fn told(status: StatusCode, body: &Value) -> Response {
    typed(status, "application/json", body.to_string())
}
