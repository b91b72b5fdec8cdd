//! Groups as they were read before the app refused a batch that it does for all or for none: a part of the batch is sent
//! without another look, because nothing has changed.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use crate::model::{Remote, RemoteId};

/// A group as it was read, and the members that were to come or to go.
type Refused = (Remote, BTreeSet<Arc<str>>);

/// By the id of the group.
#[derive(Default)]
pub(super) struct Unchanged(Mutex<HashMap<RemoteId, Refused>>);

impl Unchanged {
    /// A batch about these members was refused as a whole.
    pub(super) fn note(&self, group: Remote, names: BTreeSet<Arc<str>>) {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        groups.insert(group.id.clone(), (group, names));
    }

    /// The group, if all of these members were in the batch that was refused last. It counts once.
    pub(super) fn take(&self, group: &RemoteId, names: &BTreeSet<Arc<str>>) -> Option<Remote> {
        let mut groups = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let (group, refused) = groups.remove(group)?;
        names.is_subset(&refused).then_some(group)
    }
}
