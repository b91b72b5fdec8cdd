//! The resource types that the sandbox serves.

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

    /// The path of the type below the base address.
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

    /// The attribute with this name: one that all types share, or one of the main schema. An attribute of an extension is
    /// found by the URN first, with [`Kind::extension`].
    pub fn attr(self, name: &str) -> Option<&'static Attr> {
        schemas::common(name).or_else(|| self.schema().attr(name))
    }

    /// The attribute whose value no two resources of this type may share. Case does not count.
    pub fn unique_attr(self) -> &'static str {
        match self {
            Self::User => "userName",
            Self::Group => "displayName",
        }
    }

    /// The letter with which ids of this type begin.
    pub fn id_letter(self) -> &'static str {
        match self {
            Self::User => "u",
            Self::Group => "g",
        }
    }
}
