//! Credentials of a connection, as requests carry them.

use std::sync::Arc;

use crate::connector::secrets::Secret;

/// A credential and how requests carry it.
#[derive(Clone)]
pub(crate) enum Login {
    /// `Authorization: Bearer …` (RFC 6750).
    Bearer(Secret),
    /// `Authorization: Basic …` (RFC 7617).
    Basic(Arc<str>, Secret),
}

/// The credentials for reading and for writing.
#[derive(Clone, Default)]
pub(crate) struct Logins {
    pub read: Option<Login>,
    pub write: Option<Login>,
}

impl Logins {
    /// True if reads and writes use different credentials.
    pub(crate) fn are_split(&self) -> bool {
        match (&self.read, &self.write) {
            (Some(Login::Bearer(a)), Some(Login::Bearer(b))) => a.expose() != b.expose(),
            (Some(Login::Basic(u, a)), Some(Login::Basic(v, b))) => u != v || a.expose() != b.expose(),
            (_, None) => false,
            _ => true,
        }
    }

    /// The text without the secrets that are in it.
    pub(crate) fn taken_out_of(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for login in [&self.read, &self.write].into_iter().flatten() {
            let (Login::Bearer(secret) | Login::Basic(_, secret)) = login;
            text = text.replace(secret.expose(), "(secret)");
        }
        text
    }
}
