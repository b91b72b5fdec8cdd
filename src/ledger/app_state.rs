//! One app as the ledger holds it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::ledger::{AppLedger, Settled};

/// What an app's folder holds: the model's part, and what only this room knows.
#[derive(Debug, Default)]
pub(crate) struct AppState {
    /// Shards with the pending results folded in; intents that are still open.
    pub ledger: AppLedger,
    /// Results not yet folded into the shards, in order.
    pub pending: Vec<Segment>,
    /// The highest number of a pending result, by run: a push whose answer was lost is made again, and what it brought
    /// must not be folded twice.
    pub seqs: BTreeMap<String, u64>,
    /// Every file of the folder with the hash of its content.
    pub files: BTreeMap<String, blake3::Hash>,
}

impl AppState {
    /// The outcomes of the pending results by run, in order; they are folded in already.
    pub(crate) fn take_pending(&mut self) -> BTreeMap<String, Vec<Settled>> {
        let mut runs: BTreeMap<String, Vec<Settled>> = BTreeMap::new();
        for segment in self.pending.drain(..) {
            runs.entry(segment.run).or_default().extend(segment.settled);
        }
        runs
    }

    /// Changes whenever anything but the lease does: a plan made on one version is not applied on another.
    pub(crate) fn version(&self, folder: &str) -> Arc<str> {
        let mut hasher = blake3::Hasher::new();
        for (path, hash) in &self.files {
            let name = path.strip_prefix(folder).unwrap_or(path);
            if name != "/lease.json" {
                hasher.update(&(name.len() as u64).to_le_bytes());
                hasher.update(name.as_bytes());
                hasher.update(hash.as_bytes());
            }
        }
        hasher.finalize().to_hex()[..32].into()
    }
}

/// One file below `pending/`.
#[derive(Debug)]
pub(crate) struct Segment {
    pub run: String,
    pub settled: Vec<Settled>,
}
