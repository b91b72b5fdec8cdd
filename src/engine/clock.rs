//! The only place that reads the wall clock for planning.

use crate::model::time::Timestamp;

/// The current time, or a given instant.
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

    /// An instant within the second of [`Clock::now`] that no other run has, so that the losses of several runs within
    /// one second add up (safety.md 11).
    pub fn unique(&self) -> Timestamp {
        let (now, machine) = (self.now(), Timestamp::now());
        Timestamp::new(now.as_second(), machine.subsec_nanosecond().max(0)).unwrap_or(now)
    }

    /// True for a given instant: such a plan cannot be applied outside the sandbox.
    pub const fn is_fixed(&self) -> bool {
        self.fixed.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_one_second_have_instants_of_their_own() {
        let clock = Clock::fixed("2026-11-22T12:00:00Z".parse().unwrap());
        let first = clock.unique();
        std::thread::sleep(std::time::Duration::from_millis(2));
        assert_ne!(first, clock.unique());
        assert_eq!(first.as_second(), clock.now().as_second());
    }
}
