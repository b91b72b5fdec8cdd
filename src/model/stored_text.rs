//! Text as it is stored in the ledger: borrowed where it can be, checked while it is read. The ledger is hostile input
//! (safety.md 6).

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::fmt;
use std::marker::PhantomData;
use std::str::FromStr;
use std::sync::Arc;

use serde::de::{self, Deserializer, MapAccess, Visitor};
use serde::ser::{SerializeMap, Serializer};
use serde::{Deserialize, Serialize};

use super::id::{RoleId, plain_text};

/// Longest text given by a mapping or a role (paths, endpoints, values), in bytes.
pub const TEXT_BYTES: usize = 4096;

/// Text that is borrowed from the file where it has no escapes.
#[derive(Debug)]
pub struct Text<'a>(pub Cow<'a, str>);

impl Text<'_> {
    /// The id or key that it is.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn parsed<T: FromStr<Err: fmt::Display>>(&self) -> Result<T, String> {
        self.0.parse().map_err(|error: T::Err| error.to_string())
    }
}

impl<'a> From<&'a str> for Text<'a> {
    fn from(text: &'a str) -> Self {
        Self(Cow::Borrowed(text))
    }
}

impl AsRef<str> for Text<'_> {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Serialize for Text<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&self.0)
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct TextVisitor;
        impl<'de> Visitor<'de> for TextVisitor {
            type Value = Cow<'de, str>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }
            fn visit_borrowed_str<E: de::Error>(self, text: &'de str) -> Result<Self::Value, E> {
                Ok(Cow::Borrowed(text))
            }
            fn visit_str<E: de::Error>(self, text: &str) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text.to_owned()))
            }
            fn visit_string<E: de::Error>(self, text: String) -> Result<Self::Value, E> {
                Ok(Cow::Owned(text))
            }
        }
        deserializer.deserialize_str(TextVisitor).map(Text)
    }
}

/// A JSON object as a list, in order, so that a repeated key is seen and not silently the last one's value.
#[derive(Debug)]
pub struct Entries<K, V>(pub Vec<(K, V)>);

impl<K, V> Default for Entries<K, V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<K, V> Entries<K, V> {
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }
}

impl<K: Serialize, V: Serialize> Serialize for Entries<K, V> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (key, value) in &self.0 {
            map.serialize_entry(key, value)?;
        }
        map.end()
    }
}

impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Deserialize<'de> for Entries<K, V> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct EntriesVisitor<K, V>(PhantomData<(K, V)>);
        impl<'de, K: Deserialize<'de>, V: Deserialize<'de>> Visitor<'de> for EntriesVisitor<K, V> {
            type Value = Vec<(K, V)>;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
                let mut entries = Vec::new();
                while let Some(entry) = map.next_entry()? {
                    entries.push(entry);
                }
                Ok(entries)
            }
        }
        deserializer.deserialize_map(EntriesVisitor(PhantomData)).map(Entries)
    }
}

/// Reads a canonical endpoint; an empty one is that of an app never applied.
///
/// # Errors
/// What is wrong with the text.
pub fn endpoint<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    let text = Text::deserialize(deserializer)?;
    match text.as_ref() {
        "" => Ok("".into()),
        text => checked("endpoint", text, TEXT_BYTES).map(Arc::from).map_err(de::Error::custom),
    }
}

/// Reads the value of a role.
///
/// # Errors
/// What is wrong with it.
pub fn role_value<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Arc<str>, D::Error> {
    let text = Text::deserialize(deserializer)?;
    checked("role value", text.as_ref(), TEXT_BYTES).map(Arc::from).map_err(de::Error::custom)
}

/// Reads value roles with their values.
///
/// # Errors
/// What is wrong with an id or a value.
pub fn roles<'de, D: Deserializer<'de>>(deserializer: D) -> Result<BTreeMap<RoleId, Arc<str>>, D::Error> {
    let roles: BTreeMap<RoleId, Arc<str>> = BTreeMap::deserialize(deserializer)?;
    let wrong = roles.values().find_map(|value| checked("role value", value, TEXT_BYTES).err());
    wrong.map_or(Ok(roles), |why| Err(de::Error::custom(why)))
}

/// A text, if it may stand in a ledger.
///
/// # Errors
/// What is wrong with it.
pub fn checked<'t>(what: &'static str, text: &'t str, most: usize) -> Result<&'t str, String> {
    plain_text(what, text, most).map(|()| text).map_err(|error| error.to_string())
}
