//! Why a difference exists.

use serde::{Deserialize, Serialize};

/// Why the difference exists.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Cause {
    /// The repository changed.
    Config,
    /// The app changed.
    Drift,
    /// A declared end came (`end`, `expires`).
    Expiry,
    /// A declared start came.
    Start,
    /// The person is declared `left` or `suspended`.
    Left,
    /// Nobody declared the account.
    Unmanaged,
    /// It was there when rolecall came to manage the group or role (safety.md 10).
    Takeover,
    /// An earlier run did not finish it.
    Retry,
}

impl Cause {
    /// The word for people.
    pub fn as_str(self) -> &'static str {
        match self {
            Cause::Config => "config",
            Cause::Drift => "drift",
            Cause::Expiry => "expiry",
            Cause::Start => "start",
            Cause::Left => "left",
            Cause::Unmanaged => "unmanaged",
            Cause::Takeover => "takeover",
            Cause::Retry => "retry",
        }
    }

    /// Declared leaving is not absence (safety.md 12): it has its own budget and comes first.
    pub fn is_declared(self) -> bool {
        match self {
            Cause::Left | Cause::Expiry => true,
            Cause::Config | Cause::Drift | Cause::Start | Cause::Unmanaged | Cause::Retry => false,
            Cause::Takeover => false,
        }
    }
}
