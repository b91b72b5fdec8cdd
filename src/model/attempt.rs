//! The runs that set out to change the life of an account, or who has a role, and did not report on it.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::time::Timestamp;

/// So many runs are kept of one intent: the first, because it may have created the account, and the last.
const KEPT: usize = 8;

/// A run that set out to do something.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Attempt {
    /// When it began.
    pub at: Timestamp,
    /// The commit that it applied; `None` for a working tree.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
}

impl Attempt {
    /// Puts a run behind those before it.
    pub fn after(self, mut earlier: Vec<Self>) -> Vec<Self> {
        earlier.push(self);
        if earlier.len() > KEPT {
            earlier.drain(1..=earlier.len() - KEPT);
        }
        earlier
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_and_the_last_runs_are_kept() {
        let attempt = |second| Attempt { at: Timestamp::from_second(second).unwrap(), commit: None };
        let all = (0..20).fold(Vec::new(), |all, second| attempt(second).after(all));
        let kept: Vec<i64> = all.iter().map(|attempt| attempt.at.as_second()).collect();
        assert_eq!(kept, [0, 13, 14, 15, 16, 17, 18, 19]);
    }
}
