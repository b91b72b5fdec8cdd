//! Walks through a whole list that look for somebody. They wait for the creates that are under way, and creates wait for them: a
//! list that grows while it is read does not add up. Who was in the last one is kept until something is written.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use tokio::sync::{RwLock, RwLockReadGuard, RwLockWriteGuard};

use crate::model::RemoteId;

/// The list of accounts, or of groups.
#[derive(Debug, Default)]
pub(super) struct Roll {
    turn: RwLock<()>,
    /// Everybody in a complete list, if nothing was written since.
    everybody: Mutex<Option<HashSet<RemoteId>>>,
}

impl Roll {
    /// For as long as this is held, objects may be created, and nobody walks through the list.
    pub(super) async fn grows(&self) -> RwLockReadGuard<'_, ()> {
        let turn = self.turn.read().await;
        self.forget();
        turn
    }

    /// For as long as this is held, nothing is created.
    pub(super) async fn stands(&self) -> RwLockWriteGuard<'_, ()> {
        self.turn.write().await
    }

    /// True if a complete list was without this object, and nothing was written since.
    pub(super) fn is_without(&self, id: &RemoteId) -> bool {
        let everybody = self.everybody.lock().unwrap_or_else(PoisonError::into_inner);
        everybody.as_ref().is_some_and(|everybody| !everybody.contains(id))
    }

    /// Keeps who is in a complete list.
    pub(super) fn keep(&self, everybody: HashSet<RemoteId>) {
        *self.everybody.lock().unwrap_or_else(PoisonError::into_inner) = Some(everybody);
    }

    /// Something is about to be written.
    pub(super) fn forget(&self) {
        *self.everybody.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
