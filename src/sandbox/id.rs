//! The ids that the sandbox gives to resources.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::kind::Kind;

/// A resource id, such as `u-0001` or `g-0042`. Numbers are counted per type, and a number is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id {
    pub kind: Kind,
    pub number: u32,
}

impl Id {
    /// The largest number, with nine digits: counting stops there.
    pub const MAX_NUMBER: u32 = 999_999_999;
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.kind.id_letter(), self.number)
    }
}

impl FromStr for Id {
    type Err = String;

    /// Accepts only the spelling that `Display` writes: ids are compared with case (RFC 7643 section 3.1).
    fn from_str(text: &str) -> Result<Self, String> {
        let not_an_id = || format!("{} is not an id of this server", super::fault::quote(text));
        let (letter, digits) = text.split_once('-').ok_or_else(not_an_id)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.id_letter() == letter).ok_or_else(not_an_id)?;
        let number = digits.parse().map_err(|_| not_an_id())?;
        let id = Self { kind, number };
        if (1..=Self::MAX_NUMBER).contains(&number) && id.to_string() == text {
            Ok(id)
        } else {
            Err(not_an_id())
        }
    }
}

impl TryFrom<String> for Id {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        text.parse()
    }
}

impl From<Id> for String {
    fn from(id: Id) -> Self {
        id.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_has_one_spelling() {
        let id = Id { kind: Kind::Group, number: 7 };
        assert_eq!(id.to_string(), "g-0007");
        assert_eq!("g-0007".parse(), Ok(id));
        assert_eq!("u-12345".parse(), Ok(Id { kind: Kind::User, number: 12_345 }));
        for wrong in ["", "u", "u-", "U-0001", "u-1", "u-00001", "u-0000", "u-+001", "x-0001", "u-9999999999"]
        {
            assert!(wrong.parse::<Id>().is_err(), "{wrong}");
        }
    }
}
