//! A role under a value that it was stored as before.

use std::collections::{BTreeMap, BTreeSet};
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

/// Takes down the values that a run sets out to give, beside those that are known: accounts may have them from then on, however
/// the run ends.
pub fn intend_values(
    known: &mut BTreeSet<FormerRole>,
    roles: &BTreeMap<RoleId, Arc<str>>,
    given: impl IntoIterator<Item = FormerRole>,
) {
    let is_news = |given: &FormerRole| roles.get(&given.role) != Some(&given.value);
    known.extend(given.into_iter().filter(is_news));
}
