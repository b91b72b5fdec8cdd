//! How long ago something was, for people.

use crate::model::time::Timestamp;

/// `on 2026-01-31, 12 days ago`.
pub fn since(at: Timestamp, now: Timestamp) -> String {
    let day = at.strftime("%Y-%m-%d");
    match now.as_second().saturating_sub(at.as_second()) / 86_400 {
        ..=0 => format!("on {day}, today"),
        1 => format!("on {day}, 1 day ago"),
        days => format!("on {day}, {days} days ago"),
    }
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
        assert_eq!(
            since(end, at("2026-02-12T00:00:00Z")),
            "on 2026-01-31, 12 days ago"
        );
    }
}
