//! Groups of the app that nobody has linked, by what may tell which desired group each is.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use crate::model::RemoteId;
use crate::model::folded::folded;
use crate::plan::reading::differ::{Differ, WantedGroup};
use crate::plan::reading::rows::GroupRow;

#[derive(Default)]
pub(in crate::plan) struct FreeGroups {
    /// By folded name.
    by_name: HashMap<String, Vec<RemoteId>>,
    by_our_id: HashMap<Arc<str>, Vec<RemoteId>>,
}

impl FreeGroups {
    pub(in crate::plan) fn of(differ: &Differ) -> Self {
        let linked: HashSet<&RemoteId> =
            differ.input.ledger.groups.values().map(|link| &link.remote).collect();
        // A group that `links:` names is that one's only.
        let is_free = |row: &&GroupRow| {
            !linked.contains(&row.remote) && !differ.manual_groups.contains_key(&row.remote)
        };
        let mut free = Self::default();
        for row in differ.seen.groups.values().filter(is_free) {
            if let Some(name) = &row.name {
                free.by_name.entry(folded(name)).or_default().push(row.remote.clone());
            }
            if let Some(our_id) = &row.our_id {
                free.by_our_id.entry(our_id.clone()).or_default().push(row.remote.clone());
            }
        }
        free
    }

    /// The groups that have a name.
    pub(in crate::plan) fn named(&self, name: &str) -> &[RemoteId] {
        self.by_name.get(&folded(name)).map(Vec::as_slice).unwrap_or_default()
    }

    /// The groups that have the name or our id of a desired one, each once, in the order of their ids.
    pub(in crate::plan) fn candidates(&self, wanted: &WantedGroup) -> Vec<&RemoteId> {
        let named = wanted.name.as_ref().and_then(|name| self.by_name.get(name));
        let ours = wanted.our_id.as_ref().and_then(|our_id| self.by_our_id.get(our_id));
        let mut all: Vec<&RemoteId> = named.into_iter().chain(ours).flatten().collect();
        all.sort();
        all.dedup();
        all
    }
}
