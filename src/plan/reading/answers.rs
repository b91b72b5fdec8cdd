//! Questions to the app about what its listings did not show, and its answers.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::remote::{Kind, Presence};
use crate::model::{Path, Remote, RemoteId, Value};

/// A question that is asked with one request or a few.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Question {
    /// Is this object there, and how is it?
    Object(Kind, RemoteId),
    /// Which objects have this value?
    Holders(Kind, Path, Value),
}

/// The objects that have a value, or why that cannot be said.
pub type Holders = Result<Vec<Remote>, Arc<str>>;

/// The answers so far.
#[derive(Debug, Default)]
pub struct Answers {
    objects: BTreeMap<(Kind, RemoteId), Presence>,
    holders: BTreeMap<(Kind, Arc<str>, Value), Holders>,
}

impl Answers {
    pub fn add_object(&mut self, kind: Kind, id: RemoteId, presence: Presence) {
        self.objects.insert((kind, id), presence);
    }

    pub fn add_holders(&mut self, kind: Kind, path: &Path, value: Value, holders: Holders) {
        self.holders.insert((kind, path.key().clone(), value), holders);
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
