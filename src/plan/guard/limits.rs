//! The default limits and when a count is over them.

use crate::model::app::Limit;

use super::report::{Allowance, GuardReport};

/// Below this a percentage never stops anything: in a small app one person is many percent.
pub const FLOOR: u64 = 3;

/// A guard's default: `max(count, share % of base)` as the count, and a percentage.
#[derive(Clone, Copy)]
pub struct Default {
    /// Least count.
    pub count: Option<u64>,
    /// Share of the base that the count may grow to, in percent.
    pub share: u64,
    /// Percentage.
    pub percent: Option<u64>,
}

impl Default {
    /// Settings over defaults.
    pub fn with(self, set: Limit, base: u64) -> Limit {
        let grown = self.count.map(|count| count.max(base.saturating_mul(self.share) / 100));
        Limit { count: set.count.or(grown), percent: set.percent.or(self.percent) }
    }
}

/// True if `count` is over the limit.
pub fn is_over(limit: Limit, count: u64, base: u64) -> bool {
    limit.count.is_some_and(|most| count > most)
        || limit.percent.is_some_and(|percent| count > FLOOR && is_more(count, percent, base))
}

/// More than so many percent; numbers from settings and ledgers may be of any size.
fn is_more(count: u64, percent: u64, base: u64) -> bool {
    u128::from(count) * 100 > u128::from(percent) * u128::from(base)
}

/// Marks a report as tripped or allowed.
pub fn decide(report: &mut GuardReport, over: bool, allowed: &[Allowance]) {
    let is_allowed = allowed.iter().any(|one| one.guard == report.guard && one.count == report.count);
    report.tripped = over && !is_allowed;
    report.allowed = over && is_allowed;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_does_not_bite_below_the_floor() {
        let limit = Limit { count: Some(10), percent: Some(5) };
        assert!(!is_over(limit, 3, 5));
        assert!(is_over(limit, 4, 5));
        assert!(!is_over(limit, 4, 80));
        assert!(is_over(limit, 11, 100_000));
    }

    #[test]
    fn the_default_count_grows_with_the_base_until_it_is_set() {
        let default = Default { count: Some(10), share: 1, percent: Some(5) };
        assert_eq!(default.with(Limit::default(), 5_000).count, Some(50));
        assert_eq!(default.with(Limit { count: Some(7), percent: None }, 5_000).count, Some(7));
    }
}
