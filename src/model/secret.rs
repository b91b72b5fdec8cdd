//! Where a credential comes from, and the credential itself, which cannot be printed.

use std::fmt;
use std::sync::Arc;

use super::endpoint::{Endpoint, EndpointError};
use super::span::Span;

/// The place a secret is read from. The name is not secret; the content is.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SecretSource {
    /// An environment variable.
    Env(Arc<str>),
    /// A file below the folder named by `ROLECALL_SECRETS_DIR`.
    File(Arc<str>),
}

impl fmt::Display for SecretSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            SecretSource::Env(name) => write!(f, "environment variable {name}"),
            SecretSource::File(name) => write!(f, "secret file {name}"),
        }
    }
}

/// Where a secret goes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Destination {
    /// The host that gives a token for it, if it is another than that of the app.
    pub token: Option<Endpoint>,
    /// The app, which gets the secret itself or the token.
    pub app: Endpoint,
}

impl Destination {
    /// The secret, or what it is exchanged for, stays at the app.
    pub fn of_app(app: Endpoint) -> Self {
        Self { token: None, app }
    }

    /// The same, unless a setting of the app names the host that gives a token for it.
    ///
    /// # Errors
    /// The setting is no host.
    pub fn with_host(app: Endpoint, token: Option<&str>) -> Result<Self, EndpointError> {
        Ok(Self { token: token.map(Endpoint::of_host).transpose()?, app })
    }

    /// The address that gets the secret itself.
    pub fn first(&self) -> &Endpoint {
        self.token.as_ref().unwrap_or(&self.app)
    }

    /// What a binding says that allows it.
    pub fn as_binding(&self) -> String {
        let quoted = |endpoint: &Endpoint| {
            let host = endpoint.authority();
            if host.contains([':', '[']) { format!("\"{host}\"") } else { host }
        };
        match &self.token {
            None => format!("host: {}", quoted(&self.app)),
            Some(token) => format!("host: {}, token_to: {}", quoted(token), quoted(&self.app)),
        }
    }
}

impl SecretBinding {
    /// True if it lets the secret go there (safety.md 18).
    pub fn allows(&self, destination: &Destination) -> bool {
        let to = self.token_to.as_ref().unwrap_or(&self.host);
        destination.first().is_bound_by(&self.host) && destination.app.is_bound_by(to)
    }

    /// The hosts that it names, for messages.
    pub fn hosts(&self) -> String {
        match &self.token_to {
            None => self.host.to_string(),
            Some(to) => format!("{}, its token to {to}", self.host),
        }
    }
}

/// One entry below `secrets:`: where a credential may go (safety.md 18).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SecretBinding {
    /// The key below `secrets:`.
    pub name: Arc<str>,
    /// Where it comes from; the environment variable named like the key if nothing is said.
    pub source: SecretSource,
    /// The only app that may use it.
    pub app: super::id::AppId,
    /// `host` or `host:port`, exact, lower case. Without a port: the scheme's port, or any on loopback.
    pub host: Arc<str>,
    /// The host that gets the token for which it is exchanged; the same host if nothing is said.
    pub token_to: Option<Arc<str>>,
    /// Where it is written.
    pub span: Span,
}
