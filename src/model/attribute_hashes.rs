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

/// Hashes by path key, in order. An entry has half a dozen of them, and a ledger has many entries: what these have in common
/// is kept once ([`Lists`]).
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct AttributeHashes {
    lists: Lists,
    /// What was asked and what was kept, in the order of the paths.
    values: Box<[(ShortHash, ShortHash)]>,
}

/// The paths of an entry, and for each of them since when its hashes are known, and whence.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Lists {
    paths: Arc<[Arc<str>]>,
    proofs: Arc<[(Timestamp, Proof)]>,
}

impl AttributeHashes {
    /// From a list in any order.
    ///
    /// # Errors
    /// A path that is in it twice.
    pub fn distinct(all: Vec<(Arc<str>, Hashes)>) -> Result<Self, Arc<str>> {
        Self::sharing(all, Arc::clone, &Lists::default())
    }

    /// The same; lists that are equal to those of another entry are shared with it. `name` makes the text of a path that is to
    /// be kept.
    ///
    /// # Errors
    /// A path that is in it twice.
    pub fn sharing<P: AsRef<str> + Ord>(
        mut all: Vec<(P, Hashes)>,
        name: impl Fn(&P) -> Arc<str>,
        with: &Lists,
    ) -> Result<Self, P> {
        all.sort_by(|(a, _), (b, _)| a.cmp(b));
        if let Some(place) = all.windows(2).position(|pair| pair[0].0 == pair[1].0) {
            return Err(all.swap_remove(place).0);
        }
        Ok(Self::in_order(&all, name, with))
    }

    /// From a list in order, without a path that is in it twice.
    fn in_order<P: AsRef<str>>(all: &[(P, Hashes)], name: impl Fn(&P) -> Arc<str>, with: &Lists) -> Self {
        let texts = all.iter().map(|(path, _)| path.as_ref());
        let paths = match texts.eq(with.paths.iter().map(AsRef::as_ref)) {
            true => with.paths.clone(),
            false => all.iter().map(|(path, _)| name(path)).collect(),
        };
        let proofs = || all.iter().map(|(_, hashes)| (hashes.at, hashes.proof));
        let proofs = match proofs().eq(with.proofs.iter().copied()) {
            true => with.proofs.clone(),
            false => proofs().collect(),
        };
        let values = all.iter().map(|(_, hashes)| (hashes.asked, hashes.kept));
        Self { lists: Lists { paths, proofs }, values: values.collect() }
    }

    /// The lists that another entry may share.
    pub fn lists(&self) -> &Lists {
        &self.lists
    }

    /// Those of one attribute.
    pub fn get(&self, path: &str) -> Option<Hashes> {
        self.place(path).ok().map(|place| self.at(place))
    }

    /// Remembers those of one attribute, in place of earlier ones.
    pub fn insert(&mut self, path: Arc<str>, hashes: Hashes) {
        match self.place(&path) {
            Ok(place) => self.change(|all| all[place].1 = hashes),
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
        let mut only = self.clone();
        only.change(|all| all.retain(|(path, _)| paths.contains(path)));
        only
    }

    /// All of them, in order of their paths.
    pub fn iter(&self) -> impl Iterator<Item = (&Arc<str>, Hashes)> {
        self.lists.paths.iter().enumerate().map(|(place, path)| (path, self.at(place)))
    }

    /// Since when each of them is known.
    pub fn instants(&self) -> impl Iterator<Item = Timestamp> {
        self.lists.proofs.iter().map(|(at, _)| *at)
    }

    /// Sets every instant that is later than `now` back to `now`.
    pub fn set_back(&mut self, now: Timestamp) {
        if self.instants().any(|at| at > now) {
            self.change(|all| all.iter_mut().for_each(|(_, hashes)| hashes.at = hashes.at.min(now)));
        }
    }

    /// True if nothing is remembered.
    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    fn place(&self, path: &str) -> Result<usize, usize> {
        self.lists.paths.binary_search_by(|known| (**known).cmp(path))
    }

    fn at(&self, place: usize) -> Hashes {
        let (asked, kept) = self.values[place];
        let (at, proof) = self.lists.proofs[place];
        Hashes { asked, kept, at, proof }
    }

    /// The order has to stay.
    fn change(&mut self, change: impl FnOnce(&mut Vec<(Arc<str>, Hashes)>)) {
        let mut all = self.iter().map(|(path, hashes)| (path.clone(), hashes)).collect();
        change(&mut all);
        *self = Self::in_order(&all, Arc::clone, &self.lists);
    }
}

/// Of several for one path the last one counts.
impl FromIterator<(Arc<str>, Hashes)> for AttributeHashes {
    fn from_iter<I: IntoIterator<Item = (Arc<str>, Hashes)>>(all: I) -> Self {
        let all: BTreeMap<_, _> = all.into_iter().collect();
        let all: Vec<_> = all.into_iter().collect();
        Self::in_order(&all, Arc::clone, &Lists::default())
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
        assert_eq!(all.get("title"), Some(hashes("d")));
        all.remove("active");
        all.remove("nobody");
        assert_eq!(all.get("active"), None);
        let paths: Vec<_> = all.iter().map(|(path, _)| &**path).collect();
        assert_eq!(paths, ["title", "username"]);
    }

    #[test]
    fn equal_lists_are_kept_once() {
        let hash = HashKey::new([7; 32]).texts(std::iter::once("a"));
        let of = |paths: [&'static str; 2], second, with: &Lists| {
            let at = |second| Timestamp::from_second(second).unwrap_or_default();
            let all = paths
                .map(|path| (path, Hashes { asked: hash, kept: hash, at: at(second), proof: Proof::Read }));
            AttributeHashes::sharing(all.into(), |path| (*path).into(), with)
        };
        let first = of(["title", "active"], 1, &Lists::default()).expect("two paths");
        let same = of(["active", "title"], 1, first.lists()).expect("two paths");
        let later = of(["active", "title"], 2, first.lists()).expect("two paths");
        let other = of(["active", "username"], 1, first.lists()).expect("two paths");
        assert_eq!(first, same);
        let shares = |one: &AttributeHashes| {
            let (a, b) = (first.lists(), one.lists());
            (Arc::ptr_eq(&a.paths, &b.paths), Arc::ptr_eq(&a.proofs, &b.proofs))
        };
        assert_eq!(
            [shares(&same), shares(&later), shares(&other)],
            [(true, true), (true, false), (false, true)]
        );
        assert_eq!(later.get("title").map(|hashes| hashes.at), Timestamp::from_second(2).ok());
        assert_eq!(of(["title", "title"], 1, first.lists()), Err("title"));
    }
}
