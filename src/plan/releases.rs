//! What `--enable` and `--recreate` say, and whom their numbers release (safety.md 1, 13).

use std::collections::{BTreeMap, BTreeSet};

use crate::model::intervention::Hand;
use crate::model::{AppId, UserId};

/// What one of the two options says.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Releases {
    /// `USER`.
    pub users: BTreeSet<UserId>,
    /// `APP=N`.
    pub apps: BTreeMap<AppId, u64>,
}

/// People whom a number releases, each with what is released.
pub(crate) type Released = BTreeSet<(UserId, Hand)>;
