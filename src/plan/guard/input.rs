use super::report::Allowance;
use crate::model::guard::GuardLimits;
use crate::model::ledger::Losses;
use crate::model::time::Timestamp;

/// The input of the guards besides the draft.
pub struct GuardInput<'a> {
    /// The app's own limits.
    pub limits: &'a GuardLimits,
    /// Losses of the last 24 hours, by run. Selectors, retries and cycles do not make the count smaller.
    pub recent: &'a [Losses],
    /// `--allow APP:GUARD=N` for this app.
    pub allowed: &'a [Allowance],
    pub at: Timestamp,
}
