//! What the app said of single objects that its listings lacked.

use std::collections::BTreeMap;

use crate::model::RemoteId;
use crate::model::remote::{Kind, Presence};

/// Answers so far.
#[derive(Debug, Default)]
pub struct Answers {
    known: BTreeMap<(Kind, RemoteId), Presence>,
}

impl Answers {
    /// Adds an answer.
    pub fn add(&mut self, kind: Kind, id: RemoteId, presence: Presence) {
        self.known.insert((kind, id), presence);
    }

    pub(in crate::plan) fn is_empty(&self) -> bool {
        self.known.is_empty()
    }

    pub(in crate::plan) fn all(&self) -> impl Iterator<Item = &Presence> {
        self.known.values()
    }

    pub(in crate::plan) fn get(&self, kind: Kind, id: &RemoteId) -> Option<&Presence> {
        self.known.get(&(kind, id.clone()))
    }
}
