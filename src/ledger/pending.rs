//! Results that are in the ledger but not yet in the shards: files below `pending/`, one record a line.

use std::collections::BTreeSet;

use crate::model::change::ChangeKey;
use crate::model::ledger::{LedgerUpdate, Settled};
use crate::model::op::OutcomeKind;

use super::app_state::{AppState, Segment};
use super::convert::{self, Names};
use super::error::LedgerError;
use super::text::{self, Torn};
use super::wire::WireRecord;

/// A [`WireRecord`], checked.
pub(crate) struct Step {
    seq: u64,
    settled: Vec<Settled>,
    updates: Vec<LedgerUpdate>,
}

/// Reads one file; half a line at its end was never acknowledged.
pub(crate) fn read(file: &str, bytes: &[u8], names: &Names) -> Result<Vec<Step>, LedgerError> {
    let records: Vec<WireRecord> = text::lines(file, bytes, Torn::Tolerate)?;
    let convert = |(index, record): (usize, WireRecord)| {
        let updates = record.updates.into_iter().map(|wire| convert::update(wire, names));
        match updates.collect::<Result<Vec<_>, _>>() {
            Ok(updates) => Ok(Step { seq: record.seq, settled: record.settled, updates }),
            Err(why) => Err(LedgerError::Damaged {
                file: file.to_owned(),
                entry: Some(format!("line {}", index + 1)),
                why,
            }),
        }
    };
    records.into_iter().enumerate().map(convert).collect()
}

/// Folds all in, in order of their files' names, which is that of writing; what was pushed twice counts once.
pub(crate) fn fold(found: &mut AppState, mut pending: Vec<(String, String, Vec<Step>)>) {
    pending.sort_by(|a, b| a.0.cmp(&b.0));
    let mut closed: BTreeSet<ChangeKey> = BTreeSet::new();
    for (_, run, steps) in pending {
        let last = found.seqs.entry(run.clone()).or_default();
        let mut settled = Vec::new();
        for step in steps {
            if step.seq <= *last {
                continue;
            }
            *last = step.seq;
            step.updates.into_iter().for_each(|update| found.ledger.fold(update));
            note(&mut closed, &step.settled);
            settled.extend(step.settled);
        }
        found.pending.push(Segment { run, settled });
    }
    found.intents.retain(|intent| !closed.contains(&intent.key));
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
