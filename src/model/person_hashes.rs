//! Who a person was, as short keyed hashes: given name, family name and address (safety.md 1).

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::hash::{HashKey, ShortHash};

/// The places that the hashes belong to.
const PLACES: [&str; 3] = ["person.given", "person.family", "person.email"];

/// Hashes of given name, family name and address, as far as there are any; nothing in entries of the first format.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct PersonHashes([Option<ShortHash>; 3]);

impl PersonHashes {
    /// Of folded names.
    pub fn of(key: &HashKey, names: &[Option<Arc<str>>; 3]) -> Self {
        let mut places = PLACES.iter().zip(names);
        let hash = |(place, name): (&&str, &Option<Arc<str>>)| {
            name.as_ref().map(|name| key.texts([*place, &**name]))
        };
        Self(std::array::from_fn(|_| places.next().and_then(hash)))
    }

    /// True if one of these names is remembered.
    pub fn fits(&self, key: &HashKey, names: &[Option<Arc<str>>; 3]) -> bool {
        let Self(now) = Self::of(key, names);
        now.iter().zip(&self.0).any(|(now, known)| now.is_some() && now == known)
    }

    /// True if nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(Option::is_none)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_is_enough_and_none_is_not() {
        let key = HashKey::new([3; 32]);
        let names = |given: &str, email: &str| {
            [given, "", email].map(|text| (!text.is_empty()).then(|| Arc::from(text)))
        };
        let known = PersonHashes::of(&key, &names("jane", "jane@x"));
        assert!(known.fits(&key, &names("jane", "smith@x")));
        assert!(known.fits(&key, &names("", "jane@x")));
        assert!(!known.fits(&key, &names("john", "john@x")));
        assert!(!known.fits(&key, &names("", "")));
        assert!(PersonHashes::default().is_empty() && !known.is_empty());
    }
}
