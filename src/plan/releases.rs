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
    /// Those of `users` whom another app has held for longer: the name was typed for that one, and releases here only what an earlier
    /// plan of this app saw.
    pub of_others: BTreeSet<UserId>,
}

/// People whom a number releases, each with what is released.
pub(crate) type Released = BTreeSet<(UserId, Hand)>;
