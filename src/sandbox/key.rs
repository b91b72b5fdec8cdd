//! The secret of a running sandbox, and whether a request shows it.

use std::fmt::Write;

use axum::http::{HeaderMap, header};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret, SecretString};

use super::SandboxError;

/// The hash of a secret. Comparing hashes takes the same time for every input.
#[derive(Debug, Clone, Copy)]
pub(super) struct Key(blake3::Hash);

impl Key {
    /// Of this secret.
    pub(super) fn of(secret: &SecretString) -> Self {
        Self(blake3::hash(secret.expose_secret().as_bytes()))
    }

    /// True if the text is the secret.
    pub(super) fn is(self, text: &str) -> bool {
        blake3::hash(text.as_bytes()) == self.0
    }

    /// True if the request shows it as a bearer token (RFC 6750 section 2.1).
    pub(super) fn is_bearer(self, headers: &HeaderMap) -> bool {
        bearer(headers).is_some_and(|token| self.is(token))
    }

    /// True if the request shows this name with the secret as password (RFC 7617 section 2).
    pub(super) fn is_basic(self, headers: &HeaderMap, user: &str) -> bool {
        let decoded = given(headers, "basic").and_then(|text| STANDARD.decode(text).ok());
        let text = decoded.and_then(|bytes| String::from_utf8(bytes).ok());
        let parts = text.as_deref().and_then(|text| text.split_once(':'));
        parts.is_some_and(|(name, password)| name == user && self.is(password))
    }
}

/// The bearer token of a request (RFC 6750 section 2.1).
pub(super) fn bearer(headers: &HeaderMap) -> Option<&str> {
    given(headers, "bearer")
}

/// The credential of the header `Authorization`, if it is of this scheme.
fn given<'h>(headers: &'h HeaderMap, wanted: &str) -> Option<&'h str> {
    let given = headers.get(header::AUTHORIZATION)?.to_str().ok()?;
    let (scheme, credential) = given.split_once(' ')?;
    scheme.eq_ignore_ascii_case(wanted).then(|| credential.trim())
}

/// A new secret: 256 random bits, in hexadecimal.
///
/// # Errors
/// The system gives no random bytes.
pub(super) fn random() -> Result<SecretString, SandboxError> {
    let mut bytes = [0_u8; 32];
    getrandom::fill(&mut bytes).map_err(|error| SandboxError::Random(error.to_string()))?;
    let text = bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    });
    Ok(text.into())
}
