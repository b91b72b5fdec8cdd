//! When an app says that it created an account (RFC 7643 section 3.1, `meta.created`).

use std::num::NonZeroI64;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

use super::time::{TOLERANCE, Timestamp};

/// The last second of the instants that programs write because they have none: the years 1 and 1601, and the first day of
/// 1970 in any zone.
const PLACEHOLDERS: i64 = 2 * 86_400;

/// To the second, and eight bytes even if there is none: the ledger holds one for each account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Created(NonZeroI64);

impl Created {
    /// None for an instant that says nothing: one that stands for "not known", or one out of range.
    pub fn at(at: Timestamp) -> Option<Self> {
        let second = Some(at.as_second()).filter(|second| *second > PLACEHOLDERS)?;
        NonZeroI64::new(second).map(Self)
    }

    /// From the text of an app: a date and a time with an offset (RFC 3339). None for any other form.
    pub fn read(text: &str) -> Option<Self> {
        Self::at(text.parse().ok()?)
    }

    /// The instant.
    pub fn instant(self) -> Timestamp {
        Timestamp::from_second(self.0.get()).unwrap_or(Timestamp::MAX)
    }

    /// True if it is not clearly before an instant of another clock.
    pub fn is_after(self, began: Timestamp) -> bool {
        began.duration_since(self.instant()) <= TOLERANCE
    }

    /// True if both are the same time. An app may round in one answer what it cuts off in another.
    pub fn is(self, other: Self) -> bool {
        self.0.get().abs_diff(other.0.get()) <= 1
    }
}

impl std::fmt::Display for Created {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}", self.instant().strftime("%Y-%m-%d %H:%M:%S UTC"))
    }
}

impl Serialize for Created {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.instant().serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Created {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let at = Timestamp::deserialize(deserializer)?;
        Self::at(at).ok_or_else(|| de::Error::custom(format!("{at} is no time of a creation")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_instant_in_several_forms_is_one_time() {
        let read = |text: &str| Created::read(text);
        let noon = read("2026-06-15T12:00:00Z").unwrap();
        for text in ["2026-06-15T12:00:00.4999Z", "2026-06-15T14:00:00+02:00", "2026-06-15t12:00:01z"] {
            assert!(read(text).unwrap().is(noon), "{text}");
        }
        assert!(!read("2026-06-15T12:00:02Z").unwrap().is(noon));
        assert_eq!(noon.to_string(), "2026-06-15 12:00:00 UTC");
        assert_eq!(serde_json::to_string(&noon).unwrap(), "\"2026-06-15T12:00:00Z\"");
        assert_eq!(size_of::<Option<Created>>(), 8);
    }

    #[test]
    fn what_says_nothing_is_no_time() {
        let odd =
            ["", "yesterday", "2026-06-15", "2026-06-15T12:00:00", "1781524800", "99999-01-01T00:00:00Z"];
        let unset = ["0001-01-01T00:00:00Z", "1601-01-01T00:00:00Z", "1970-01-01T00:00:00Z"];
        for text in odd.into_iter().chain(unset) {
            assert_eq!(Created::read(text), None, "{text}");
        }
        assert!(serde_json::from_str::<Created>("\"1970-01-01T00:00:00Z\"").is_err());
    }
}
