use std::collections::BTreeMap;
use std::sync::Arc;

use super::report::Allowance;
use crate::model::UserId;
use crate::model::guard::GuardLimits;
use crate::model::hash::HashKey;
use crate::model::holds::Holds;
use crate::model::ledger::{Earlier, GroupKey, Losses};
use crate::model::time::Timestamp;
use crate::plan::reading::answers::Past;

/// The input of the guards besides the draft.
#[derive(Clone, Copy)]
pub struct GuardInput<'a> {
    /// The app's own limits.
    pub limits: &'a GuardLimits,
    /// Losses of the last 24 hours, by run. Selectors, retries and cycles do not make the count smaller.
    pub recent: &'a [Losses],
    /// What guards held back in earlier runs.
    pub holds: &'a Holds,
    /// For the hashes of values that are held.
    pub key: &'a HashKey,
    /// Commits that were applied in the last days before the one in `applied`, the oldest first.
    pub earlier: &'a [Earlier],
    /// The commit that was applied last.
    pub applied: Option<&'a Arc<str>>,
    /// The commits of the branch after that one (first parents), the oldest first; the planned one is the last. Empty if they
    /// are not known.
    pub line: &'a [Arc<str>],
    /// Who got into a group or got a role by one of the last runs, with its commit.
    pub given: &'a BTreeMap<(GroupKey, UserId), Arc<str>>,
    /// What the commits say that [`super::commits`] names.
    pub past: &'a BTreeMap<Arc<str>, Past>,
    /// `--allow APP:GUARD=N` for this app.
    pub allowed: &'a [Allowance],
    pub at: Timestamp,
}
