//! Time as data. The clock is read by `engine` and handed down.

use std::fmt;

use serde::{Deserialize, Serialize};

/// A calendar day without a time zone.
pub type Date = jiff::civil::Date;

/// An instant in UTC.
pub type Timestamp = jiff::Timestamp;

/// Clocks that differ by no more than this agree.
pub const TOLERANCE: jiff::SignedDuration = jiff::SignedDuration::from_mins(5);

/// So many hours later, at the end of time at the latest.
pub fn after(at: Timestamp, hours: i64) -> Timestamp {
    at.checked_add(jiff::SignedDuration::from_hours(hours)).unwrap_or(Timestamp::MAX)
}

/// So much later, at the end of time at the latest.
pub fn later(at: Timestamp, by: std::time::Duration) -> Timestamp {
    let by = jiff::SignedDuration::try_from(by).unwrap_or(jiff::SignedDuration::MAX);
    at.checked_add(by).unwrap_or(Timestamp::MAX)
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

/// A day of UTC, and how many days ago it was: `on 2026-01-31, 12 days ago`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ago {
    day: Date,
    days: i64,
}

impl Ago {
    /// Something that was at `at`.
    pub fn since(at: Timestamp, now: Timestamp) -> Self {
        let number = |at: Timestamp| at.as_second().div_euclid(86_400);
        Self { day: at.to_zoned(jiff::tz::TimeZone::UTC).date(), days: number(now) - number(at) }
    }

    /// A validity that ended; `end` is the first instant after it: `expires: 2026-01-31` ended on that day.
    pub fn ended(end: Timestamp, now: Timestamp) -> Self {
        Self::since(Timestamp::from_second(end.as_second() - 1).unwrap_or(end), now)
    }
}

impl fmt::Display for Ago {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let day = self.day;
        match self.days {
            ..=0 => write!(f, "on {day}, today"),
            1 => write!(f, "on {day}, 1 day ago"),
            days => write!(f, "on {day}, {days} days ago"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_counts_whole_days() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let end = at("2026-01-31T00:00:00Z");
        let since = |now| Ago::since(end, at(now)).to_string();
        assert_eq!(since("2026-01-31T08:00:00Z"), "on 2026-01-31, today");
        assert_eq!(since("2026-02-01T08:00:00Z"), "on 2026-01-31, 1 day ago");
        assert_eq!(since("2026-02-12T00:00:00Z"), "on 2026-01-31, 12 days ago");
        assert_eq!(Ago::ended(end, end).to_string(), "on 2026-01-30, 1 day ago");
    }

    #[test]
    fn a_window_is_half_open() {
        let at = |second| Timestamp::from_second(second).unwrap();
        let window = Window { start: Some(at(10)), end: Some(at(20)) };
        assert!(!window.contains(at(9)) && window.contains(at(10)));
        assert!(window.contains(at(19)) && !window.contains(at(20)));
    }
}
