//! Credentials of a connection, as requests carry them.

use std::sync::Arc;

use reqwest::header::HeaderName;

use super::token::TokenLogin;
use crate::connector::secrets::Secret;

/// A credential and how requests carry it.
#[derive(Clone)]
pub(crate) enum Login {
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(Secret),
    /// `Authorization: Basic …` (RFC 7617).
    Basic(Arc<str>, Secret),
    /// A header of the app's own; the whole value is secret.
    Header(HeaderName, Secret),
    /// A token that is asked for, and again when it is old.
    Token(Arc<TokenLogin>),
}

/// The credentials for reading and for writing.
#[derive(Clone, Default)]
pub(crate) struct Logins {
    pub read: Option<Login>,
    pub write: Option<Login>,
}

impl Login {
    fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bearer(a), Self::Bearer(b)) => a.expose() == b.expose(),
            (Self::Basic(u, a), Self::Basic(v, b)) => u == v && a.expose() == b.expose(),
            (Self::Header(n, a), Self::Header(m, b)) => n == m && a.expose() == b.expose(),
            (Self::Token(a), Self::Token(b)) => Arc::ptr_eq(a, b),
            _ => false,
        }
    }

    /// The secrets that it knows now.
    fn secrets(&self) -> Vec<Secret> {
        match self {
            Self::Bearer(secret) | Self::Basic(_, secret) | Self::Header(_, secret) => vec![secret.clone()],
            Self::Token(token) => token.secrets(),
        }
    }
}

impl Logins {
    /// True if reads and writes use different credentials.
    pub(crate) fn are_split(&self) -> bool {
        match (&self.read, &self.write) {
            (Some(read), Some(write)) => !read.is_same(write),
            (_, None) => false,
            _ => true,
        }
    }

    /// The text without the secrets that are in it.
    pub(crate) fn taken_out_of(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for login in [&self.read, &self.write].into_iter().flatten() {
            for secret in login.secrets().iter().filter(|secret| !secret.expose().is_empty()) {
                text = text.replace(secret.expose(), "(secret)");
            }
        }
        text
    }
}
