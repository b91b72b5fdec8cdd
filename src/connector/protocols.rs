//! The protocols of this version.

use super::registry::Registry;
use super::scim;

impl Registry {
    /// The protocols of this version.
    pub fn built_in() -> Self {
        Self::default().with("scim", scim::Opener)
    }
}
