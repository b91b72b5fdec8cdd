//! Results that are in the ledger but not yet in the shards: files below `pending/`, one record a line.

use std::collections::BTreeSet;

use crate::model::change::ChangeKey;
use crate::model::ledger::Settled;
use crate::model::op::OutcomeKind;

use super::app_state::{AppState, Segment};
use super::error::LedgerError;
use super::stored::Record;

/// More results than any run has: it would need as many changes.
const HIGHEST_SEQ: u64 = 1_000_000_000_000;

/// Refuses the number of a result that no run reaches: it would hide all that follow it.
pub(crate) fn numbered_rightly(file: &str, records: &[Record]) -> Result<(), LedgerError> {
    match records.iter().find(|record| record.seq > HIGHEST_SEQ) {
        Some(Record { seq, .. }) => {
            let why = format!("it has result {seq} of a run, and no run has more than {HIGHEST_SEQ}");
            Err(LedgerError::damaged(file, why))
        }
        None => Ok(()),
    }
}

/// Folds all in, in order of their files' names, which is that of writing; what was pushed twice counts once.
pub(crate) fn fold(found: &mut AppState, mut pending: Vec<(String, String, Vec<Record>)>) {
    pending.sort_by(|a, b| a.0.cmp(&b.0));
    let mut closed: BTreeSet<ChangeKey> = BTreeSet::new();
    for (_, run, records) in pending {
        let last = found.seqs.entry(run.clone()).or_default();
        let mut settled = Vec::new();
        for record in records {
            if record.seq <= *last {
                continue;
            }
            *last = record.seq;
            record.updates.into_iter().for_each(|update| found.ledger.fold(update));
            note(&mut closed, &record.settled);
            settled.extend(record.settled);
        }
        found.pending.push(Segment { run, settled });
    }
    found.ledger.intents.retain(|intent| !closed.contains(&intent.key));
}

/// Takes down which changes are closed; the last word on each counts.
pub(crate) fn note(closed: &mut BTreeSet<ChangeKey>, settled: &[Settled]) {
    for one in settled {
        match is_closed(one) {
            true => closed.insert(one.key.clone()),
            false => closed.remove(&one.key),
        };
    }
}

/// True if nothing is left to find out: an `unknown` outcome may or may not have happened.
pub(crate) fn is_closed(settled: &Settled) -> bool {
    settled.outcome != OutcomeKind::Unknown
}
