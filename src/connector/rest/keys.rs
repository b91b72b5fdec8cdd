//! What stands in addresses in place of ids, where an app has such keys: learned from the lists of this run.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Kind, RemoteId};

/// Keys by id.
#[derive(Debug, Default)]
pub(super) struct Keys(Mutex<HashMap<(Kind, RemoteId), Arc<str>>>);

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
}
