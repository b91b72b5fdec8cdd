//! Time as data. The clock is read by `engine` and handed down.

use serde::{Deserialize, Serialize};

/// A calendar day without a time zone.
pub type Date = jiff::civil::Date;

/// An instant in UTC.
pub type Timestamp = jiff::Timestamp;

/// So many hours later, at the end of time at the latest.
pub fn after(at: Timestamp, hours: i64) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}

/// A half-open span of validity in UTC, `[start, end)` (safety.md 17). `None` is unbounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct Window {
    /// First instant inside.
    pub start: Option<Timestamp>,
    /// First instant after.
    pub end: Option<Timestamp>,
}

impl Window {
    /// Valid for ever.
    pub const ALWAYS: Window = Window { start: None, end: None };

    /// True if `at` lies inside.
    pub fn contains(&self, at: Timestamp) -> bool {
        self.start.is_none_or(|start| start <= at) && !self.is_over(at)
    }

    /// The part of it inside another one.
    pub fn within(&self, other: Window) -> Window {
        let ends = [self.end, other.end];
        Window { start: self.start.max(other.start), end: ends.into_iter().flatten().min() }
    }

    /// True if nothing lies inside.
    pub fn is_empty(&self) -> bool {
        self.start.zip(self.end).is_some_and(|(start, end)| start >= end)
    }

    /// True if it ended at or before `at`.
    pub fn is_over(&self, at: Timestamp) -> bool {
        self.end.is_some_and(|end| end <= at)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_is_half_open() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let window = Window { start: Some(at(10)), end: Some(at(20)) };
        assert!(!window.contains(at(9)) && window.contains(at(10)));
        assert!(window.contains(at(19)) && !window.contains(at(20)));
    }
}
