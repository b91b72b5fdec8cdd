//! Which app a sandbox plays.

use std::path::Path;
use std::time::Duration;

use super::SandboxError;
use super::ground::{Ground, Ready, USER};
use super::{bluejeans, http, jive};

/// The apps that a sandbox can play.
#[derive(Debug, Clone, Default)]
#[non_exhaustive]
pub enum Plays {
    /// A server that speaks SCIM.
    #[default]
    Scim,
    /// Jive, with these habits.
    Jive(jive::Habits),
    /// BlueJeans, with these habits.
    BlueJeans(bluejeans::Habits),
}

impl Plays {
    /// The app for a connector of this protocol and name; none if there is no sandbox for it.
    pub fn of(protocol: &str, connector: &str) -> Option<Self> {
        match (protocol, connector) {
            ("scim", _) => Some(Self::Scim),
            ("rest", jive::NAME) => Some(Self::Jive(jive::Habits::default())),
            ("rest", bluejeans::NAME) => Some(Self::BlueJeans(bluejeans::Habits::default())),
            _ => None,
        }
    }

    /// The name with which its secret is a password; none if the secret is a bearer token.
    pub(super) fn user(&self) -> Option<&'static str> {
        match self {
            Self::Scim => None,
            Self::Jive(_) | Self::BlueJeans(_) => Some(USER),
        }
    }

    /// Opens the data folder, and makes the server.
    ///
    /// # Errors
    /// The folder is in use, cannot be read or written, or holds files of another app.
    pub(super) fn ready(self, dir: &Path, patience: Duration, ground: Ground) -> Result<Ready, SandboxError> {
        match self {
            Self::Scim => http::ready(dir, patience, ground),
            Self::Jive(habits) => jive::ready(dir, patience, ground, habits),
            Self::BlueJeans(habits) => bluejeans::ready(dir, patience, ground, habits),
        }
    }
}
