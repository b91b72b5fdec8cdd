//! Answers of an app with an interface of its own: what the emulators of such apps have in common.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::Response;
use serde_json::Value;

/// An answer.
#[derive(Debug)]
pub(super) enum Answer {
    /// JSON with a status.
    Json(StatusCode, Value),
    /// A status alone.
    Empty(StatusCode),
}

/// A status and a body, without a media type.
pub(super) fn plain(status: StatusCode, body: Body) -> Response {
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response
}

/// The same with the media type of its body.
pub(super) fn typed(status: StatusCode, media: &'static str, body: String) -> Response {
    let mut response = plain(status, Body::from(body));
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(media));
    response
}

/// A web page that says this.
pub(super) fn page(status: StatusCode, media: &'static str, text: &str) -> Response {
    let body = format!("<html><head><title>{text}</title></head><body><h1>{text}</h1></body></html>");
    typed(status, media, body)
}
