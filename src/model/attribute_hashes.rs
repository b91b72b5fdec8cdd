//! What is remembered of the attributes of one account or group.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::hash::{HashKey, ShortHash};
use super::time::Timestamp;
use super::value::Value;

/// What we asked for and what the app made of it (safety.md 8).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Hashes {
    /// The value we wanted.
    pub asked: ShortHash,
    /// The value the app showed after our write.
    pub kept: ShortHash,
    /// Since when.
    pub at: Timestamp,
    /// Where [`kept`](Self::kept) comes from.
    pub proof: Proof,
}

/// Where it is known from what an app made of a value. An answer to a write is not a read: some apps answer with what they
/// were sent, and store something else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Proof {
    /// The app showed it when it was read.
    Read,
    /// Only the answer to our write showed it.
    Answer {
        /// The value that stood there before; `None` if there was none.
        before: Option<ShortHash>,
        /// It is the second time that this value was sent, because a read did not show it.
        again: bool,
    },
    /// It was not sent, because another account showed in the same run that the app does not keep this attribute.
    NotSent,
}

impl Hashes {
    /// Of what was asked for at a path, and of what the app showed when it was read.
    pub fn of(key: &HashKey, path: &str, asked: &Value, kept: &Value, at: Timestamp) -> Self {
        Self { asked: key.value(path, asked), kept: key.value(path, kept), at, proof: Proof::Read }
    }
}

/// Hashes by path key. A sorted list and no tree: an entry has half a dozen of them, and a ledger has many entries.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeHashes(Box<[(Arc<str>, Hashes)]>);

impl AttributeHashes {
    /// From a list in any order.
    ///
    /// # Errors
    /// A path that is in it twice.
    pub fn distinct(mut all: Vec<(Arc<str>, Hashes)>) -> Result<Self, Arc<str>> {
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        match all.windows(2).find(|pair| pair[0].0 == pair[1].0) {
            Some(pair) => Err(pair[0].0.clone()),
            None => Ok(Self(all.into())),
        }
    }

    /// Those of one attribute.
    pub fn get(&self, path: &str) -> Option<&Hashes> {
        self.place(path).ok().map(|place| &self.0[place].1)
    }

    /// Remembers those of one attribute, in place of earlier ones.
    pub fn insert(&mut self, path: Arc<str>, hashes: Hashes) {
        match self.place(&path) {
            Ok(place) => self.0[place].1 = hashes,
            Err(place) => self.change(|all| all.insert(place, (path, hashes))),
        }
    }

    /// Forgets those of one attribute.
    pub fn remove(&mut self, path: &str) {
        if let Ok(place) = self.place(path) {
            self.change(|all| _ = all.remove(place));
        }
    }

    /// Those of these attributes alone.
    pub fn only(&self, paths: &BTreeSet<Arc<str>>) -> Self {
        Self(self.0.iter().filter(|(path, _)| paths.contains(path)).cloned().collect())
    }

    /// All of them, in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, &Hashes)> {
        self.0.iter().map(|(path, hashes)| (path, hashes))
    }

    /// Sets every instant that is later than `now` back to `now`.
    pub fn set_back(&mut self, now: Timestamp) {
        self.0.iter_mut().for_each(|(_, hashes)| hashes.at = hashes.at.min(now));
    }

    /// True if nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    fn place(&self, path: &str) -> Result<usize, usize> {
        self.0.binary_search_by(|(known, _)| (**known).cmp(path))
    }

    fn change(&mut self, change: impl FnOnce(&mut Vec<(Arc<str>, Hashes)>)) {
        let mut all = std::mem::take(&mut self.0).into_vec();
        change(&mut all);
        self.0 = all.into();
    }
}

/// Of several for one path the last one counts.
impl FromIterator<(Arc<str>, Hashes)> for AttributeHashes {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Hashes)>>(all: I) -> Self {
        let all: BTreeMap<_, _> = all.into_iter().collect();
        Self(all.into_iter().collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_a_map_in_order() {
        let key = HashKey::new([7; 32]);
        let hashes = |text: &str| {
            let hash = key.texts(std::iter::once(text));
            let (asked, kept, at) = (hash, hash, jiff::Timestamp::UNIX_EPOCH);
            Hashes { asked, kept, at, proof: Proof::Read }
        };
        let mut all = AttributeHashes::default();
        for (path, text) in [("title", "a"), ("active", "b"), ("username", "c"), ("title", "d")] {
            all.insert(path.into(), hashes(text));
        }
        let paths: Vec<_> = all.iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths, ["active", "title", "username"]);
        assert_eq!(all.get("title"), Some(&hashes("d")));
        all.remove("active");
        all.remove("nobody");
        assert_eq!(all.get("active"), None);
        let paths: Vec<_> = all.iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths, ["title", "username"]);
    }
}
