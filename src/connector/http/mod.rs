//! Requests: one place that signs, limits, repeats, measures and reports them. Knows HTTP and JSON, and no protocol: what
//! a protocol is called and where its errors say what happened is data, the [`Dialect`].

mod answer;
mod asked;
mod backoff;
mod body;
mod bucket;
mod budget;
mod client;
mod clock;
mod headers;
mod login;
mod pause;
pub(crate) mod percent;
mod query;
mod retry;
mod send;
mod throttle;
mod token;

use std::borrow::Cow;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::{Method, Url};

use crate::model::app::Limits;
use crate::model::event::EventSink;
use crate::model::{AppId, Endpoint};

use super::Gate;
use super::error::{ConnectorError, ErrorKind, shown};

pub use answer::get;
pub use client::Network;
pub(super) use headers::headers_of;
pub(super) use login::{Login, Logins};
pub(super) use query::query_of;
pub(super) use token::{Granted, TokenLogin, TokenSource};

use bucket::Bucket;
use budget::Budget;
use clock::AppClock;
use query::Query;
use throttle::Throttle;

/// Sends the requests to one app; they share its limits, credentials and headers.
pub struct Http {
    /// The app.
    pub app: AppId,
    /// Its address.
    pub endpoint: Endpoint,
    /// Of the connection.
    pub limits: Limits,
    /// Where requests are reported.
    pub events: Arc<dyn EventSink>,
    client: reqwest::Client,
    logins: Logins,
    writable: bool,
    own_names: Vec<Arc<str>>,
    headers: Headers,
    query: Query,
    dialect: Dialect,
    bucket: Bucket,
    throttle: Throttle,
    budget: Budget,
    clock: AppClock,
    stop: Arc<AtomicBool>,
}

/// What an [`Http`] is made of.
pub(super) struct Setup {
    pub app: AppId,
    pub endpoint: Endpoint,
    pub limits: Limits,
    pub events: Arc<dyn EventSink>,
    pub logins: Logins,
    /// Opened for writing.
    pub writable: bool,
    /// User names of both logins.
    pub own_names: Vec<Arc<str>>,
    pub headers: Headers,
    pub query: Query,
    pub dialect: Dialect,
}

/// How requests of a protocol look.
pub struct HttpOptions<'a> {
    /// `User-Agent`, if it is not the default one.
    pub user_agent: Option<&'a str>,
    /// Further headers.
    pub headers: &'a [(Arc<str>, Arc<str>)],
    /// Parameters of every address.
    pub query: &'a [(Arc<str>, Arc<str>)],
    /// Media types that are understood.
    pub accept: &'a str,
    /// Media type of bodies.
    pub content_type: &'a str,
    /// For messages.
    pub dialect: Dialect,
}

/// The name of a protocol for messages, and the places in its errors that say what happened.
#[derive(Debug, Clone, Default)]
pub struct Dialect {
    /// Its name.
    pub name: Cow<'static, str>,
    /// Keys of an error body that hold the app's keyword for the error; the first that is there counts.
    pub error_code: Vec<Cow<'static, str>>,
    /// Keys of an error body that hold the app's words.
    pub error_text: Vec<Cow<'static, str>>,
    /// Hints for errors of these kinds, where the protocol has better ones than the general hints.
    pub hints: Vec<(ErrorKind, Cow<'static, str>)>,
    /// What stands before the JSON of answers, and is taken away.
    pub prefix: Option<Arc<str>>,
}

/// Headers that every request has.
pub(super) struct Headers {
    pub all: HeaderMap,
    /// Of requests with a body.
    pub content_type: HeaderValue,
}

/// One request.
pub struct Call<'a> {
    /// HTTP method.
    pub method: Method,
    /// Where to.
    pub url: Url,
    /// JSON.
    pub body: Option<Vec<u8>>,
    /// For `If-Match`.
    pub version: Option<&'a str>,
    /// Further headers, which go before those of every request.
    pub headers: HeaderMap,
    /// Which credential.
    pub side: Side<'a>,
    /// Whether it may be sent again.
    pub repeat: Repeat,
}

/// The credential that a request uses; a write also has a gate that has to let it through.
#[derive(Clone, Copy)]
pub enum Side<'a> {
    /// The one for reading.
    Read,
    /// A read with the credential for writes, to test it.
    ReadAsWriter,
    /// The one for writing.
    Write(Gate<'a>),
}

/// Whether a request may be sent again when it is not known whether it arrived. One that the app turned away (429), or
/// that was not sent, was not done, and may always be sent again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Repeat {
    /// Yes: sending it twice has the effect of sending it once.
    Safe,
    /// No: the writer looks at the object first.
    AfterALook,
}

impl<'a> Call<'a> {
    /// A read.
    pub fn get(url: Url) -> Self {
        Self {
            method: Method::GET,
            url,
            body: None,
            version: None,
            headers: HeaderMap::new(),
            side: Side::Read,
            repeat: Repeat::Safe,
        }
    }

    /// A write.
    pub fn write(method: Method, url: Url, body: Option<Vec<u8>>, gate: Gate<'a>) -> Self {
        Self { side: Side::Write(gate), repeat: Repeat::AfterALook, method, body, ..Self::get(url) }
    }

    fn method_name(&self) -> &'static str {
        match self.method {
            Method::GET => "GET",
            Method::POST => "POST",
            Method::PUT => "PUT",
            Method::PATCH => "PATCH",
            Method::DELETE => "DELETE",
            _ => "HTTP",
        }
    }
}

/// The answer to a request, with any status.
#[derive(Debug)]
pub struct Answer {
    /// HTTP method of the request.
    pub method: &'static str,
    /// Path of the request, without query.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// `Content-Type` without its parameters.
    pub media_type: Option<String>,
    /// `ETag`.
    pub etag: Option<String>,
    /// `Location`.
    pub location: Option<String>,
    /// The pause that the app asks for, by `Retry-After` or a header that is used in its place.
    pub retry_after: Option<Duration>,
    /// All of them.
    pub headers: Box<HeaderMap>,
    /// Decompressed.
    pub body: Vec<u8>,
}

impl Answer {
    /// 2xx.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// True if the body is a web page.
    pub fn is_html(&self) -> bool {
        self.body.iter().find(|byte| !byte.is_ascii_whitespace()).is_some_and(|byte| *byte == b'<')
    }
}

impl Http {
    /// # Errors
    /// As [`Network::client_for`].
    pub(super) fn new(network: &Network, setup: Setup) -> Result<Self, String> {
        let concurrency = setup.limits.concurrency.clamp(1, 1024) as usize;
        Ok(Self {
            client: network.client_for(&setup.endpoint)?,
            bucket: Bucket::new(setup.limits.rate),
            throttle: Throttle::new(concurrency, setup.limits.wait),
            budget: Budget::default(),
            clock: AppClock::default(),
            stop: network.stop(),
            app: setup.app,
            endpoint: setup.endpoint,
            limits: setup.limits,
            events: setup.events,
            logins: setup.logins,
            writable: setup.writable,
            own_names: setup.own_names,
            headers: setup.headers,
            query: setup.query,
            dialect: setup.dialect,
        })
    }

    /// With these headers on every request, in place of others with the same names.
    #[must_use]
    pub(super) fn with_headers(mut self, headers: HeaderMap) -> Self {
        self.headers.all.extend(headers);
        self
    }

    /// An error about this app.
    pub fn error(&self, kind: ErrorKind, what: impl Into<String>) -> ConnectorError {
        let error = ConnectorError::new(&self.app, kind, what);
        match self.dialect.hints.iter().find(|(of, _)| *of == kind) {
            Some((_, hint)) => error.with_hint(hint.as_ref()),
            None => error,
        }
    }

    /// An error about an answer.
    pub fn error_of(&self, answer: &Answer, kind: ErrorKind, what: impl Into<String>) -> ConnectorError {
        self.error(kind, what).with_request(answer.method, &answer.path, Some(answer.status))
    }

    /// The app's words, with our secrets taken out where it repeats them.
    pub fn without_secrets(&self, text: &str) -> String {
        shown(&self.logins.taken_out_of(text))
    }

    /// How far the app's clock is ahead of this machine's, by the `Date` of the answers so far; `None` if none had one.
    pub fn clock(&self) -> Option<jiff::SignedDuration> {
        self.clock.ahead()
    }

    /// True if it was opened for writing.
    pub fn is_writable(&self) -> bool {
        self.writable
    }

    /// True if reads and writes use different credentials.
    pub fn has_split_logins(&self) -> bool {
        self.logins.are_split()
    }

    /// Names of the connection's own accounts, as far as its logins tell.
    pub fn own_names(&self) -> &[Arc<str>] {
        &self.own_names
    }
}
