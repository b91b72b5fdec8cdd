//! How many requests of a connection may be sent again.

use std::sync::atomic::{AtomicU32, Ordering};

/// Repeats that one connection may make. They are limited, so that an app that fails every time does not get five times
/// as many requests.
#[derive(Debug)]
pub(super) struct Budget {
    /// In tenths of a repeat.
    tenths: AtomicU32,
}

const START: u32 = 200;
const MOST: u32 = 1000;

impl Default for Budget {
    fn default() -> Self {
        Self { tenths: AtomicU32::new(START) }
    }
}

impl Budget {
    /// A request that was answered well earns a fifth of a repeat.
    pub(super) fn earn(&self) {
        let more = |tenths: u32| (tenths < MOST).then_some(tenths + 2);
        let _ = self.tenths.fetch_update(Ordering::Relaxed, Ordering::Relaxed, more);
    }

    /// Takes one repeat, if there is one left.
    pub(super) fn spend(&self) -> bool {
        self.tenths
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |tenths| tenths.checked_sub(10))
            .is_ok()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_runs_out_and_is_earned() {
        let budget = Budget::default();
        let spent = std::iter::from_fn(|| budget.spend().then_some(())).count();
        assert_eq!(spent, 20);
        (0..5).for_each(|_| budget.earn());
        assert!(budget.spend() && !budget.spend());
    }
}
