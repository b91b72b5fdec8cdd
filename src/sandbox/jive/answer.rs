//! Answers: JSON, behind the text that keeps browsers from running it, and errors in the app's own form.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::{Value, json};

use super::habits::{Outage, Switches};
use crate::sandbox::reply::{page, plain, typed};

pub(super) use crate::sandbox::reply::Answer;

/// What stands before the JSON, if the switch is on.
const PREFIX: &str = "throw 'allowIllegalResourceCall is false.';\n";

/// An error.
#[derive(Debug)]
pub(super) struct Fault {
    status: StatusCode,
    code: &'static str,
    message: String,
}

impl Fault {
    fn new(status: StatusCode, code: &'static str, message: impl Into<String>) -> Self {
        Self { status, code, message: message.into() }
    }

    /// 400: the request is malformed.
    pub(super) fn malformed(message: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalidRequest", message)
    }

    /// 401: no credential, or a wrong one.
    pub(super) fn unauthorized() -> Self {
        Self::new(StatusCode::UNAUTHORIZED, "unauthenticated", "the username or the password is wrong")
    }

    /// 404: there is no such object.
    pub(super) fn missing(what: &str) -> Self {
        Self::new(StatusCode::NOT_FOUND, "contentMissing", format!("there is no {what}"))
    }

    /// 405: not by this method.
    pub(super) fn method() -> Self {
        Self::new(StatusCode::METHOD_NOT_ALLOWED, "methodNotAllowed", "this cannot be done here")
    }

    /// 409: against a rule of the app.
    pub(super) fn rule(message: impl Into<String>) -> Self {
        Self::new(StatusCode::CONFLICT, "ruleViolation", message)
    }

    /// 410: the feature is off.
    pub(super) fn off(feature: &str) -> Self {
        Self::new(StatusCode::GONE, "featureDisabled", format!("{feature} is turned off"))
    }

    /// 413: the body is too long.
    pub(super) fn too_long(message: impl Into<String>) -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, "tooLong", message)
    }

    /// 500: a change that could not be saved.
    pub(super) fn unsaved(message: impl Into<String>) -> Self {
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, "notSaved", message)
    }

    /// 501: not on this instance.
    pub(super) fn not_here(message: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_IMPLEMENTED, "notImplemented", message)
    }
}

/// The answer as it goes out.
pub(super) fn response(switches: &Switches, answer: Result<Answer, Fault>) -> Response {
    match answer {
        Ok(Answer::Empty(status)) => with_cookie(plain(status, Body::empty())),
        Ok(Answer::Json(status, body)) => told(switches, status, &body),
        Err(Fault { status, code, message }) => {
            let code = match switches.numeric_codes {
                true => Value::from(status.as_u16()),
                false => Value::from(code),
            };
            told(
                switches,
                status,
                &json!({"error": {"status": status.as_u16(), "code": code, "message": message}}),
            )
        }
    }
}

/// The page of an app that is down.
pub(super) fn outage(outage: Outage) -> Response {
    let (status, text) = match outage {
        Outage::Broken => (StatusCode::INTERNAL_SERVER_ERROR, "HTTP Status 500 - Internal Server Error"),
        Outage::Maintenance => (StatusCode::SERVICE_UNAVAILABLE, "The community is down for maintenance"),
    };
    with_cookie(page(status, "text/html;charset=UTF-8", text))
}

/// A redirect to the page for signing in.
pub(super) fn login_page() -> Response {
    let mut response = with_cookie(plain(StatusCode::FOUND, Body::empty()));
    response.headers_mut().insert(header::LOCATION, HeaderValue::from_static("/login.jspa"));
    response
}

fn told(switches: &Switches, status: StatusCode, body: &Value) -> Response {
    let prefix = if switches.prefix { PREFIX } else { "" };
    with_cookie(typed(status, "application/json;charset=UTF-8", format!("{prefix}{body}")))
}

/// Each answer sets a cookie, which the client should not send back.
fn with_cookie(mut response: Response) -> Response {
    let cookie = HeaderValue::from_static("X-JCAPI-Token=sandbox; Path=/");
    response.headers_mut().insert(header::SET_COOKIE, cookie);
    response
}
