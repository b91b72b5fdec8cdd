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

    /// The hashes of given name, family name and address.
    pub fn all(&self) -> &[Option<ShortHash>; 3] {
        &self.0
    }

    /// Without the given and the family name that these hashes have as well.
    pub fn without_names_of(mut self, other: &Self) -> Self {
        for (known, other) in self.0.iter_mut().zip(&other.0).take(2) {
            *known = known.filter(|known| Some(*known) != *other);
        }
        self
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
    fn names_of_another_person_are_left_out_and_the_address_stays() {
        let key = HashKey::new([3; 32]);
        let of = |names: [&str; 3]| {
            PersonHashes::of(&key, &names.map(|text| (!text.is_empty()).then(|| Arc::from(text))))
        };
        let anna = of(["anna", "smith", "anna@x"]);
        assert_eq!(anna.without_names_of(&of(["adam", "smith", "anna@x"])), of(["anna", "", "anna@x"]));
        assert_eq!(anna.without_names_of(&of(["", "", ""])), anna);
        assert!(PersonHashes::default().is_empty() && !anna.is_empty());
    }
}
