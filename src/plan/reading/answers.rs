//! The app's answers about single objects that its listings did not show.

use std::collections::BTreeMap;

use crate::model::RemoteId;
use crate::model::remote::{Kind, Presence};

#[derive(Debug, Default)]
pub struct Answers {
    known: BTreeMap<(Kind, RemoteId), Presence>,
}

impl Answers {
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
