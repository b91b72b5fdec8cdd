//! How long ago something was, for people.

use crate::model::time::Timestamp;

/// `on 2026-01-31, 12 days ago`, in days of UTC.
pub fn since(at: Timestamp, now: Timestamp) -> String {
    let day = |at: Timestamp| at.as_second().div_euclid(86_400);
    let date = at.strftime("%Y-%m-%d");
    match day(now) - day(at) {
        ..=0 => format!("on {date}, today"),
        1 => format!("on {date}, 1 day ago"),
        days => format!("on {date}, {days} days ago"),
    }
}

/// The same for the end of a validity, which is the first instant after it: `expires: 2026-01-31` ended on that day.
pub fn ended(end: Timestamp, now: Timestamp) -> String {
    let last = Timestamp::from_second(end.as_second() - 1).unwrap_or(end);
    since(last, now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_age_counts_whole_days() {
        let at = |text: &str| text.parse::<Timestamp>().unwrap();
        let end = at("2026-01-31T00:00:00Z");
        assert_eq!(since(end, at("2026-01-31T08:00:00Z")), "on 2026-01-31, today");
        assert_eq!(since(end, at("2026-02-01T08:00:00Z")), "on 2026-01-31, 1 day ago");
        assert_eq!(since(end, at("2026-02-12T00:00:00Z")), "on 2026-01-31, 12 days ago");
    }
}
