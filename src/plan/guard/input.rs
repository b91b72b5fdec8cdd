use super::report::Allowance;
use crate::model::guard::GuardLimits;
use crate::model::ledger::Losses;
use crate::model::time::Timestamp;

/// What a judge has to know besides the draft.
pub struct GuardInput<'a> {
    /// The app's own limits.
    pub limits: &'a GuardLimits,
    /// What was lost in the last 24 hours: selectors, retries and cycles do not shrink the count.
    pub recent: &'a [Losses],
    /// `--allow APP:GUARD=N` for this app.
    pub allowed: &'a [Allowance],
    /// Now.
    pub at: Timestamp,
}
