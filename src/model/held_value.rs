//! The value that a guard held: a short keyed hash, never the value (safety.md 8, 11).

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use super::folded::folded_value;
use super::hash::{HashKey, ShortHash};
use super::value::Value;

/// What a held change was to write.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum HeldValue {
    /// No value: what is there was to be cleared.
    Cleared,
    Is(ShortHash),
}

/// How [`HeldValue::Cleared`] is stored. No hash reads like it.
const CLEARED: &str = "cleared";

impl HeldValue {
    /// Of a value that belongs to `path`. Another case, and another order of a list, is the same value, whatever the app says of
    /// it: a hold does not end by a change that nobody would call another value.
    pub fn of(key: &HashKey, path: &str, value: &Value) -> Self {
        match folded_value(value) {
            Some(text) => Self::Is(key.value(path, &Value::Str(text.into()))),
            None => Self::Cleared,
        }
    }
}

impl fmt::Display for HeldValue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Cleared => f.write_str(CLEARED),
            Self::Is(hash) => hash.fmt(f),
        }
    }
}

impl From<HeldValue> for String {
    fn from(value: HeldValue) -> Self {
        value.to_string()
    }
}

impl TryFrom<String> for HeldValue {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl FromStr for HeldValue {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text {
            CLEARED => Ok(Self::Cleared),
            hash => hash.parse().map(Self::Is),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spellings_of_a_value_are_held_together() {
        let key = HashKey::new([1; 32]);
        let of = |path: &str, value: Value| HeldValue::of(&key, path, &value);
        assert_eq!(of("title", "Chief".into()), of("title", "CHIEF".into()));
        assert_ne!(of("title", "Chief".into()), of("title", "Boss".into()));
        assert_ne!(of("title", "Chief".into()), of("role", "Chief".into()));
        let list = |items: [&str; 2]| Value::List(items.map(Into::into).to_vec());
        assert_eq!(of("mails", list(["a", "b"])), of("mails", list(["B", "a"])));
        assert_eq!(
            (of("title", Value::Null), of("title", "".into())),
            (HeldValue::Cleared, HeldValue::Cleared)
        );
    }

    #[test]
    fn a_held_value_reads_back() {
        let value = HeldValue::of(&HashKey::new([1; 32]), "title", &"Chief".into());
        for value in [value, HeldValue::Cleared] {
            assert_eq!(HeldValue::try_from(String::from(value)), Ok(value));
        }
        assert!(HeldValue::try_from("Chief".to_owned()).is_err());
    }
}
