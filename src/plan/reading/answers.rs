//! Questions that have to be answered before a decision, and the answers: to the app about what its listings did not show,
//! and to git about what a commit says.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::remote::{Kind, Presence};
use crate::model::{Path, Remote, RemoteId, Value};
use crate::resolve::PastApp;

/// A question: one request or a few, or a commit that is read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Is this object there, and how is it?
    Object(Kind, RemoteId),
    /// Which objects have this value?
    Holders(Kind, Path, Value),
    /// What does this commit say about the app and its people?
    Past(Arc<str>),
    /// Does the second commit come after the first one?
    Order(Arc<str>, Arc<str>),
}

/// What a commit says.
#[derive(Debug, Clone)]
pub enum Past {
    /// The files that count are the same as today.
    Same,
    Tree(Arc<PastApp>),
    /// It cannot be read, or is no part of the history: why.
    Unknown(Arc<str>),
}

/// The objects that have a value, or why that cannot be said.
pub type Holders = Result<Vec<Remote>, Arc<str>>;

/// The answers so far.
#[derive(Debug, Default)]
pub struct Answers {
    objects: BTreeMap<(Kind, RemoteId), Presence>,
    holders: BTreeMap<(Kind, Arc<str>, Value), Holders>,
    past: BTreeMap<Arc<str>, Past>,
    /// Whether the second commit comes after the first one.
    orders: BTreeMap<(Arc<str>, Arc<str>), bool>,
}

impl Answers {
    pub fn add_object(&mut self, kind: Kind, id: RemoteId, presence: Presence) {
        self.objects.insert((kind, id), presence);
    }

    pub fn add_holders(&mut self, kind: Kind, path: &Path, value: Value, holders: Holders) {
        self.holders.insert((kind, path.key().clone(), value), holders);
    }

    pub fn add_past(&mut self, commit: Arc<str>, past: Past) {
        self.past.insert(commit, past);
    }

    /// `is_after`: the second commit comes after the first one; false if that cannot be said.
    pub fn add_order(&mut self, commits: (Arc<str>, Arc<str>), is_after: bool) {
        self.orders.insert(commits, is_after);
    }

    /// Whether it was asked if the second commit comes after the first one.
    pub(in crate::plan) fn knows_order(&self, commits: &(Arc<str>, Arc<str>)) -> bool {
        self.orders.contains_key(commits)
    }

    /// True if git says that the second commit comes after the first one.
    pub(in crate::plan) fn is_after(&self, first: &Arc<str>, second: &Arc<str>) -> bool {
        self.orders.get(&(first.clone(), second.clone())) == Some(&true)
    }

    pub(in crate::plan) fn past(&self, commit: &str) -> Option<&Past> {
        self.past.get(commit)
    }

    /// What a commit says, if it says something else than today's files.
    pub(in crate::plan) fn tree(&self, commit: &str) -> Option<&PastApp> {
        match self.past.get(commit)? {
            Past::Tree(tree) => Some(tree),
            Past::Same | Past::Unknown(_) => None,
        }
    }

    /// What the commit that an entry names says of `who` ("it", "them"), or else the last applied one; with the commit.
    /// Ledger data alone proves nothing (safety.md 6).
    ///
    /// # Errors
    /// No known commit declares them: why.
    pub(in crate::plan) fn declared<'s, T>(
        &'s self,
        (named, applied): (Option<&Arc<str>>, Option<&Arc<str>>),
        who: &str,
        of: impl Fn(&'s PastApp) -> Option<T>,
    ) -> Result<(&'s str, T), String> {
        let mut first = None;
        let named = named.map(|commit| (commit, "which is named there"));
        let applied = applied.map(|commit| (commit, "the last applied one"));
        for (commit, which) in named.into_iter().chain(applied) {
            let Some((commit, past)) = self.past.get_key_value(commit) else { continue };
            let declared = match past {
                Past::Tree(tree) => of(tree),
                Past::Same | Past::Unknown(_) => None,
            };
            if let Some(declared) = declared {
                return Ok((commit, declared));
            }
            first.get_or_insert_with(|| match past {
                Past::Unknown(why) => why.to_string(),
                Past::Same | Past::Tree(_) => {
                    format!("commit {commit:.12}, {which}, does not declare {who}")
                }
            });
        }
        Err(first.unwrap_or_else(|| "its entry names no commit".to_owned()))
    }

    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.objects.is_empty()
    }

    /// Every object that an answer showed.
    pub(in crate::plan) fn here(&self) -> impl Iterator<Item = &Remote> {
        let objects = self.objects.values().filter_map(|presence| match presence {
            Presence::Here(remote) => Some(&**remote),
            Presence::Gone(_) | Presence::Unknown { .. } => None,
        });
        objects.chain(self.holders.values().flatten().flatten())
    }

    pub(in crate::plan) fn get(&self, kind: Kind, id: &RemoteId) -> Option<&Presence> {
        self.objects.get(&(kind, id.clone()))
    }

    pub(in crate::plan) fn holders(&self, kind: Kind, path: &Path, value: &Value) -> Option<&Holders> {
        self.holders.get(&(kind, path.key().clone(), value.clone()))
    }
}
