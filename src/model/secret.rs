//! Where a credential comes from, and the credential itself, which cannot be printed.

use std::fmt;
use std::sync::Arc;

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
    /// Where it is written.
    pub span: Span,
}
