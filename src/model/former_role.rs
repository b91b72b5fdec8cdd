//! A role under a value that it was stored as before.

use std::fmt;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::id::RoleId;
use super::stored_text;

/// A role under one of its former values: an account may show it, and the role has another value today or is not declared any
/// more.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FormerRole {
    pub role: RoleId,
    #[serde(deserialize_with = "stored_text::role_value")]
    pub value: Arc<str>,
}

impl fmt::Display for FormerRole {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}={}", self.role, self.value)
    }
}
