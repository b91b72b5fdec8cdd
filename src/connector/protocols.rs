//! The protocols of this version.

use super::registry::Registry;
use super::{rest, scim};

impl Registry {
    /// The protocols of this version.
    pub fn built_in() -> Self {
        Self::default().with("rest", rest::Opener).with("scim", scim::Opener)
    }
}
