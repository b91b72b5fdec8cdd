//! What stands in addresses in place of ids, where an app has such keys: learned from the lists of this run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::folded::folded;
use crate::model::{Kind, RemoteId};

/// Keys by id, and the accounts whose names lists of members have.
#[derive(Debug, Default)]
pub(super) struct Keys(Mutex<HashMap<(Kind, RemoteId), Arc<str>>>, Mutex<HashMap<String, RemoteId>>);

impl Keys {
    pub(super) fn note(&self, kind: Kind, id: &RemoteId, key: &str) {
        let mut keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert((kind, id.clone()), key.into());
    }

    /// The key of an object that a list of this run showed.
    pub(super) fn of(&self, kind: Kind, id: &RemoteId) -> Option<Arc<str>> {
        let keys = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        keys.get(&(kind, id.clone())).cloned()
    }

    /// The account that lists of members call so, as a list of this run showed it first.
    pub(super) fn note_member(&self, name: &str, id: &RemoteId) {
        let mut members = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        members.entry(folded(name)).or_insert_with(|| id.clone());
    }

    /// The account that a list of this run showed under this name.
    pub(super) fn member(&self, name: &str) -> Option<RemoteId> {
        let members = self.1.lock().unwrap_or_else(PoisonError::into_inner);
        members.get(&folded(name)).cloned()
    }
}
