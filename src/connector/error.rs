//! What can go wrong between us and an app, told so that a person can act on it.

use std::fmt;
use std::ops::Deref;
use std::sync::Arc;

use crate::model::escape::push_visible;
use crate::model::{AppId, Span};

/// What kind of trouble; callers decide by this, people read the message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum ErrorKind {
    /// URL or settings cannot be used.
    Config,
    /// The secret is not there, or cannot be read.
    SecretMissing,
    /// The secret may not be used for this app and host (safety.md 18).
    SecretUnbound,
    /// No connection: nothing was sent.
    Unreachable,
    /// The server's certificate, or the TLS handshake: nothing was sent.
    Tls,
    /// No answer in time.
    Timeout,
    /// The connection broke, or the answer ended early.
    Broken,
    /// 401: the credential is not accepted.
    Auth,
    /// No token could be had for the credential: nothing was sent.
    NoToken,
    /// 403: it may not do this.
    Forbidden,
    /// 404 or 410 where something had to be.
    NotFound,
    /// The app points elsewhere; we do not follow.
    Redirect,
    /// 429, for longer than we wait.
    RateLimited,
    /// 5xx.
    Server,
    /// Any other 4xx, and 501: the app says no.
    Refused,
    /// An answer, but not in the app's protocol: an HTML page, another JSON, half a document.
    NotTheProtocol,
    /// The answer is larger than we read.
    TooLarge,
    /// A listing that had to be complete was not.
    Incomplete,
    /// Not sent: the gate is closed.
    NotSent,
}

/// One failure. Display gives one line: app, object, method and path, what came, in the app's words.
#[derive(Clone)]
pub struct ConnectorError(Box<Fault>);

/// The parts of a [`ConnectorError`].
#[derive(Debug, Clone)]
pub struct Fault {
    /// For decisions.
    pub kind: ErrorKind,
    /// Which app.
    pub app: AppId,
    /// Which object, if the caller or the connector can say.
    pub object: Option<Arc<str>>,
    /// HTTP method.
    pub method: Option<&'static str>,
    /// Path without query: queries carry personal data.
    pub path: Option<Arc<str>>,
    /// HTTP status.
    pub status: Option<u16>,
    /// The app's keyword for the error, such as `uniqueness`.
    pub code: Option<Arc<str>>,
    /// What happened, in a few words.
    pub what: String,
    /// In the app's words: escaped, cut, secrets taken out.
    pub detail: Option<String>,
    /// What to do.
    pub hint: Option<String>,
    /// Where it is written, if it is about the configuration.
    pub span: Option<Span>,
}

/// Longest part of an app's own words that is shown, in characters.
const MAX_DETAIL: usize = 300;

impl ConnectorError {
    /// A failure that is not about a request.
    pub fn new(app: &AppId, kind: ErrorKind, what: impl Into<String>) -> Self {
        Self(Box::new(Fault {
            kind,
            app: app.clone(),
            object: None,
            method: None,
            path: None,
            status: None,
            code: None,
            what: what.into(),
            detail: None,
            hint: default_hint(kind).map(str::to_owned),
            span: None,
        }))
    }

    /// For decisions.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// Which object it is about.
    pub fn about(mut self, object: impl Into<Arc<str>>) -> Self {
        self.0.object = Some(object.into());
        self
    }

    /// What to do.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.0.hint = Some(hint.into());
        self
    }

    /// Where it is written.
    pub fn with_span(mut self, span: Span) -> Self {
        self.0.span = Some(span);
        self
    }

    /// The failure of a token request, as the failure of a request that needed the token.
    pub(super) fn without_token(mut self) -> Self {
        self.0.what = format!("no token: {}", self.0.what);
        let is_usual = self.0.hint.as_deref() == default_hint(ErrorKind::Auth);
        if self.0.kind == ErrorKind::Auth && is_usual {
            self.0.hint = default_hint(ErrorKind::NoToken).map(str::to_owned);
        }
        self.0.kind = ErrorKind::NoToken;
        self
    }

    pub(super) fn with_request(mut self, method: &'static str, path: &str, status: Option<u16>) -> Self {
        self.0.method = Some(method);
        self.0.path = Some(shown(path).into());
        self.0.status = status;
        self
    }

    pub(super) fn with_detail(mut self, detail: &str) -> Self {
        let detail = shown(detail);
        self.0.detail = (!detail.is_empty()).then_some(detail);
        self
    }

    pub(super) fn with_code(mut self, code: Option<&str>) -> Self {
        self.0.code = code.map(|text| shown(text).into());
        self
    }
}

impl Deref for ConnectorError {
    type Target = Fault;

    fn deref(&self) -> &Fault {
        &self.0
    }
}

impl fmt::Display for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.app)?;
        if let Some(object) = &self.object {
            write!(f, "{object}: ")?;
        }
        if let (Some(method), Some(path)) = (self.method, &self.path) {
            write!(f, "{method} {path}: ")?;
        }
        f.write_str(&self.what)?;
        if let Some(code) = &self.code {
            write!(f, " ({code})")?;
        }
        if let Some(detail) = &self.detail {
            write!(f, ": {detail}")?;
        }
        Ok(())
    }
}

impl fmt::Debug for ConnectorError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

impl std::error::Error for ConnectorError {}

/// Text from outside, fit for a terminal and a log: one line, no control or direction characters, cut.
pub fn shown(text: &str) -> String {
    let mut out = String::new();
    let mut space = false;
    for (count, c) in text.trim().chars().enumerate() {
        if count >= MAX_DETAIL {
            out.push('…');
            break;
        }
        if c.is_whitespace() {
            if !space {
                out.push(' ');
            }
        } else {
            push_visible(c, &mut out);
        }
        space = c.is_whitespace();
    }
    out
}

fn default_hint(kind: ErrorKind) -> Option<&'static str> {
    Some(match kind {
        ErrorKind::Unreachable => "check `url`, the network and the proxy, and that the app is up",
        ErrorKind::Tls => {
            "check `url`; a certificate of your own authority has to be trusted by this machine"
        }
        ErrorKind::Timeout => "run again; if it stays slow, raise `limits.timeout`",
        ErrorKind::Broken | ErrorKind::Server => "run again; if it stays, ask the people who run the app",
        ErrorKind::Auth => "check that the token is whole, belongs to this app and has not expired",
        ErrorKind::NoToken => "check the credential, and the address that gives tokens for it",
        ErrorKind::Forbidden => "give the token the right to do this in the app",
        ErrorKind::NotFound => "check `url`: it has to be the base of the app's interface",
        ErrorKind::RateLimited => {
            "nothing was done; run again later, or lower `limits.rate`, or raise `limits.wait`"
        }
        ErrorKind::NotTheProtocol => "check `url`: something else than the app may answer there",
        ErrorKind::Config
        | ErrorKind::SecretMissing
        | ErrorKind::SecretUnbound
        | ErrorKind::Redirect
        | ErrorKind::TooLarge
        | ErrorKind::Refused
        | ErrorKind::Incomplete
        | ErrorKind::NotSent => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_from_outside_cannot_move_the_cursor() {
        assert_eq!(shown("a\u{1b}[2Jb\r\n\u{202e}c"), "a\\u{1b}[2Jb \\u{202e}c");
        assert_eq!(shown(&"x".repeat(999)).chars().count(), MAX_DETAIL + 1);
        assert_eq!(shown("  "), "");
    }

    #[test]
    fn an_error_is_one_line() {
        let error = ConnectorError::new(&"hr".into(), ErrorKind::Auth, "answered 401 Unauthorized")
            .with_request("GET", "/v2/Users", Some(401))
            .about("user:ada")
            .with_detail("no\nsuch token");
        assert_eq!(
            error.to_string(),
            "hr: user:ada: GET /v2/Users: answered 401 Unauthorized: no such token"
        );
        assert!(error.hint.as_deref().unwrap().starts_with("check that the token"));
    }
}
