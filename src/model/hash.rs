//! Short keyed hashes, so that ledger and plan can tell values apart without holding them (safety.md 8).

use std::fmt;

use serde::{Deserialize, Serialize};

use super::value::Value;

/// The ledger's key: 32 random bytes, made by `ledger init`, never printed.
#[derive(Clone)]
pub struct HashKey([u8; 32]);

impl HashKey {
    /// From its bytes.
    pub fn new(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The bytes, for the ledger's root file and nothing else.
    pub fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// The hash of a value that belongs to `path`. Values are hashed in their comparison form.
    pub fn value(&self, path: &str, value: &Value) -> ShortHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        feed(&mut hasher, path);
        feed_value(&mut hasher, value);
        ShortHash::finish(&hasher)
    }

    /// The hash of some texts, each kept apart from the next.
    pub fn texts<'t>(&self, texts: impl IntoIterator<Item = &'t str>) -> ShortHash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for text in texts {
            feed(&mut hasher, text);
        }
        ShortHash::finish(&hasher)
    }
}

impl fmt::Debug for HashKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("HashKey(…)")
    }
}

fn feed(hasher: &mut blake3::Hasher, text: &str) {
    hasher.update(&(text.len() as u64).to_le_bytes());
    hasher.update(text.as_bytes());
}

fn feed_value(hasher: &mut blake3::Hasher, value: &Value) {
    match value {
        Value::Null => {
            hasher.update(b"n");
        }
        Value::Bool(value) => {
            hasher.update(if *value { b"t" } else { b"f" });
        }
        Value::Int(value) => {
            hasher.update(b"i");
            hasher.update(&value.to_le_bytes());
        }
        Value::Str(text) => {
            hasher.update(b"s");
            feed(hasher, text);
        }
        Value::Date(date) => {
            hasher.update(b"s");
            feed(hasher, &date.to_string());
        }
        Value::List(items) => {
            hasher.update(b"l");
            hasher.update(&(items.len() as u64).to_le_bytes());
            for item in items {
                feed_value(hasher, item);
            }
        }
    }
}

/// 64 bits of a keyed BLAKE3 hash, written as 16 hexadecimal digits.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct ShortHash(u64);

impl ShortHash {
    fn finish(hasher: &blake3::Hasher) -> Self {
        let mut first = [0; 8];
        first.copy_from_slice(&hasher.finalize().as_bytes()[..8]);
        Self(u64::from_be_bytes(first))
    }
}

impl fmt::Display for ShortHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.0)
    }
}

impl fmt::Debug for ShortHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl From<ShortHash> for String {
    fn from(hash: ShortHash) -> Self {
        hash.to_string()
    }
}

impl TryFrom<String> for ShortHash {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl std::str::FromStr for ShortHash {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits = text.len() == 16 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        match u64::from_str_radix(text, 16) {
            Ok(bits) if digits => Ok(Self(bits)),
            _ => Err(format!("'{text}' is not a hash: expected 16 hexadecimal digits")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_keep_values_paths_and_keys_apart() {
        let key = HashKey::new([1; 32]);
        let of = |path: &str, value: Value| key.value(path, &value);
        assert_eq!(of("title", "a".into()), of("title", "a".into()));
        assert_ne!(of("title", "a".into()), of("name", "a".into()));
        assert_ne!(of("title", Value::Null), of("title", "".into()));
        assert_ne!(of("title", "a".into()), HashKey::new([2; 32]).value("title", &"a".into()));
        assert_ne!(key.texts(["ab", "c"]), key.texts(["a", "bc"]));
    }

    #[test]
    fn a_hash_reads_back_and_a_key_is_not_printed() {
        let hash = HashKey::new([1; 32]).value("title", &"a".into());
        assert_eq!(ShortHash::try_from(hash.to_string()), Ok(hash));
        assert!(ShortHash::try_from("zz".to_owned()).is_err());
        assert_eq!(format!("{:?}", HashKey::new([7; 32])), "HashKey(…)");
    }
}
