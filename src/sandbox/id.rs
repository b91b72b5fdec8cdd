use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use super::attr::Attr;
use super::schemas::{self, Schema};

static USER_EXTENSIONS: &[&Schema] = &[&schemas::ENTERPRISE];

/// A resource type (RFC 7643 section 6).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    User,
    Group,
}

impl Kind {
    pub const ALL: [Self; 2] = [Self::User, Self::Group];

    pub fn name(self) -> &'static str {
        self.schema().name
    }

    /// The path below the base address.
    pub fn endpoint(self) -> &'static str {
        match self {
            Self::User => "Users",
            Self::Group => "Groups",
        }
    }

    pub fn from_endpoint(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.endpoint() == name)
    }

    pub fn schema(self) -> &'static Schema {
        match self {
            Self::User => &schemas::USER,
            Self::Group => &schemas::GROUP,
        }
    }

    pub fn extensions(self) -> &'static [&'static Schema] {
        match self {
            Self::User => USER_EXTENSIONS,
            Self::Group => &[],
        }
    }

    pub fn extension(self, urn: &str) -> Option<&'static Schema> {
        self.extensions().iter().copied().find(|schema| schema.urn.eq_ignore_ascii_case(urn))
    }

    /// A common or core attribute by its name alone.
    pub fn attr(self, name: &str) -> Option<&'static Attr> {
        schemas::common(name).or_else(|| self.schema().attr(name))
    }

    /// The attribute that no two resources of this type may share, compared without case.
    pub fn unique(self) -> &'static str {
        match self {
            Self::User => "userName",
            Self::Group => "displayName",
        }
    }

    fn letter(self) -> &'static str {
        match self {
            Self::User => "u",
            Self::Group => "g",
        }
    }
}

/// A resource id: `u-0001`, `g-0042`. Ids are counted per type, and never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Id {
    pub kind: Kind,
    pub number: u32,
}

impl Id {
    /// The largest number an id may have: nine digits.
    pub const LAST: u32 = 999_999_999;
}

impl fmt::Display for Id {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{:04}", self.kind.letter(), self.number)
    }
}

impl FromStr for Id {
    type Err = String;

    /// Accepts only the spelling that `Display` writes: ids are compared with case (RFC 7643 section 3.1).
    fn from_str(text: &str) -> Result<Self, String> {
        let refuse = || format!("{} is not an id of this server", super::fault::quote(text));
        let (letter, digits) = text.split_once('-').ok_or_else(refuse)?;
        let kind = Kind::ALL.into_iter().find(|kind| kind.letter() == letter).ok_or_else(refuse)?;
        let number = digits.parse().map_err(|_| refuse())?;
        let id = Self { kind, number };
        if (1..=Self::LAST).contains(&number) && id.to_string() == text { Ok(id) } else { Err(refuse()) }
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
