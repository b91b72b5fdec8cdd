//! What an attribute should be, including "not known yet", so that the core stays pure.

use super::id::UserId;
use super::value::Value;

/// The wish for one target attribute. `FirstFree`, `Fresh`, `Secret` and `IfEmpty` of the design come with issue B.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Want {
    /// This value.
    Is(Value),
    /// The id, in this app, of that person's account; settled from the ledger when written.
    Ref(UserId),
    /// Unassigned.
    Clear,
    /// Whatever it is: not compared, not written.
    Keep,
}
