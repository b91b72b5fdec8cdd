//! The only place that reads the wall clock for planning.

use crate::model::time::Timestamp;

/// Now, or an instant somebody named.
#[derive(Debug, Clone, Copy)]
pub struct Clock {
    fixed: Option<Timestamp>,
}

impl Clock {
    /// The machine's clock.
    pub const fn machine() -> Self {
        Self { fixed: None }
    }

    /// `--at`.
    pub const fn fixed(at: Timestamp) -> Self {
        Self { fixed: Some(at) }
    }

    /// The instant to resolve at, to the second: plans of the same second are the same.
    pub fn now(&self) -> Timestamp {
        let now = self.fixed.unwrap_or_else(Timestamp::now);
        Timestamp::from_second(now.as_second()).unwrap_or(now)
    }

    /// True for an instant somebody named: such a plan cannot be applied outside the sandbox.
    pub const fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }
}
