//! Numbers and times as people read them.

use crate::model::time::Timestamp;

/// An instant, to the minute.
pub(crate) fn instant(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M UTC").to_string()
}

/// How far `at` lies from `now`: `in 7 days`, `2 hours ago`.
pub(crate) fn distance(now: Timestamp, at: Timestamp) -> String {
    let seconds = at.as_second().saturating_sub(now.as_second());
    let size = seconds.unsigned_abs();
    let length = match size {
        0..=119 => counted(size, "second", "seconds"),
        120..=7_199 => counted(size / 60, "minute", "minutes"),
        7_200..=172_799 => counted(size / 3_600, "hour", "hours"),
        _ => counted(size / 86_400, "day", "days"),
    };
    if seconds < 0 { format!("{length} ago") } else { format!("in {length}") }
}

/// A whole number with commas.
pub(crate) fn number(count: u64) -> String {
    let digits = count.to_string();
    let mut out = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            out.push(',');
        }
        out.push(digit);
    }
    out
}

/// `1 person`, `3,000 people`.
pub(crate) fn counted(count: u64, one: &str, many: &str) -> String {
    format!("{} {}", number(count), if count == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_and_distances_read_well() {
        assert_eq!(number(0), "0");
        assert_eq!(number(999), "999");
        assert_eq!(number(1_234_567), "1,234,567");
        let at = |second| Timestamp::from_second(second).unwrap();
        assert_eq!(distance(at(0), at(7 * 86_400)), "in 7 days");
        assert_eq!(distance(at(7_200), at(0)), "2 hours ago");
        assert_eq!(instant(at(0)), "1970-01-01 00:00 UTC");
    }
}
