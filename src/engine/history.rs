//! The history for `log`: from the ledger first, then from the files that runs left in this clone.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::sync::Arc;

use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;

use super::{Configuration, Engine, EngineError, OpenLedger, WhichLedger, maintenance};
use crate::ledger::{Outcomes, Written};
use crate::model::ledger::Settled;
use crate::model::time::Timestamp;

/// Number of runs whose outcomes are read: more than a ledger keeps.
const RUNS: usize = 1000;
/// Number of writes of the ledger that are searched for writes by hand.
const WRITES: usize = 500;
/// Longest line of a run's file that is taken, in bytes; longer ones are left out.
const LINE_BYTES: usize = 1 << 20;

/// One entry of the history.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When it ended; for a run that is in no ledger, when it began.
    pub at: Timestamp,
    /// The person or program that did it.
    pub who: Option<Arc<str>>,
    pub kind: EntryKind,
    /// Where the entry is written.
    pub from: WrittenIn,
    /// Serial of the write of the ledger that the entry comes from: the order within a second.
    serial: u64,
}

/// The kind of an entry, with its content.
#[derive(Debug, Clone)]
pub enum EntryKind {
    /// An apply.
    Run {
        run: Arc<str>,
        plan: Option<Arc<str>>,
        started: Option<Timestamp>,
        /// `finished`, `stopped`, `interrupted`; `not in the ledger` if the entry is in a local file only.
        how: Arc<str>,
        /// How each change ended.
        settled: Vec<Settled>,
    },
    /// A write of the ledger by hand.
    ByHand {
        /// The command and its subject: "unlink USER from APP".
        action: Arc<str>,
        reason: Arc<str>,
    },
}

/// Where an entry is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrittenIn {
    /// The repository's ledger.
    Ledger,
    /// The sandbox's ledger.
    Sandbox,
    /// A file of this folder.
    Local,
}

impl WrittenIn {
    /// The word for it.
    pub fn as_str(self) -> &'static str {
        match self {
            WrittenIn::Ledger => "ledger",
            WrittenIn::Sandbox => "sandbox",
            WrittenIn::Local => "local",
        }
    }
}

/// The history.
pub struct Log {
    /// All entries, newest first.
    pub entries: Vec<Entry>,
    /// One error for each ledger that could not be read.
    pub unreadable: Vec<EngineError>,
}

/// Reads the history. A ledger that cannot be read hides neither the other one nor the files of this clone.
pub fn log(engine: &Engine, config: &Configuration) -> Log {
    let mut entries = Vec::new();
    let mut unreadable = Vec::new();
    for ledger in maintenance::each_ledger(engine, config) {
        match ledger.and_then(|ledger| entries_of(&ledger)) {
            Ok(more) => entries.extend(more),
            Err(error) => unreadable.push(error),
        }
    }
    let in_ledger: BTreeSet<Arc<str>> = entries
        .iter()
        .filter_map(|entry| match &entry.kind {
            EntryKind::Run { run, .. } => Some(run.clone()),
            EntryKind::ByHand { .. } => None,
        })
        .collect();
    entries.extend(local_runs(&engine.runs, &in_ledger));
    // Writes by hand carry whole seconds: within one, the ledger's own order decides.
    entries.sort_by_key(|entry| std::cmp::Reverse((entry.at.as_second(), entry.serial)));
    Log { entries, unreadable }
}

fn entries_of(ledger: &OpenLedger) -> Result<Vec<Entry>, EngineError> {
    let from = match ledger.which {
        WhichLedger::Repository => WrittenIn::Ledger,
        WhichLedger::Sandbox => WrittenIn::Sandbox,
    };
    let writes = ledger.store.history(WRITES)?;
    let last_serial = |run: &str| {
        let of_run = writes.iter().filter(|write| write.run.as_deref() == Some(run));
        of_run.map(|write| write.serial).max().unwrap_or(0)
    };
    let outcomes = ledger.store.outcomes(RUNS)?;
    let runs: Vec<Entry> = outcomes
        .into_iter()
        .map(|outcomes| {
            let serial = last_serial(&outcomes.run);
            run_entry(outcomes, from, serial)
        })
        .collect();
    let by_hand = writes.into_iter().filter_map(|write| by_hand_entry(write, from));
    Ok(runs.into_iter().chain(by_hand).collect())
}

fn run_entry(outcomes: Outcomes, from: WrittenIn, serial: u64) -> Entry {
    Entry {
        at: outcomes.ended,
        who: outcomes.holder,
        kind: EntryKind::Run {
            run: outcomes.run,
            plan: outcomes.plan,
            started: outcomes.started,
            how: outcomes.how,
            settled: outcomes.settled,
        },
        from,
        serial,
    }
}

/// A write by hand as an entry; none for the write of a run, which its outcomes show.
fn by_hand_entry(write: Written, from: WrittenIn) -> Option<Entry> {
    if write.run.is_some() {
        return None;
    }
    Some(Entry {
        at: write.at,
        who: write.author,
        kind: EntryKind::ByHand { action: write.what, reason: write.reason? },
        from,
        serial: write.serial,
    })
}

/// Runs that are not in the ledger: still working, killed, or in a ledger that cannot be read now.
fn local_runs(folder: &Path, in_ledger: &BTreeSet<Arc<str>>) -> Vec<Entry> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let entry = |path: &Path| {
        let run = path.file_name()?.to_str()?.strip_suffix(".jsonl")?;
        let started = start_of(run)?;
        if in_ledger.contains(run) {
            return None;
        }
        Some(Entry {
            at: started,
            who: None,
            kind: EntryKind::Run {
                run: run.into(),
                plan: None,
                started: Some(started),
                how: "not in the ledger".into(),
                settled: settled(path),
            },
            from: WrittenIn::Local,
            serial: 0,
        })
    };
    files.flatten().filter_map(|file| entry(&file.path())).collect()
}

/// The instant in the id of a run.
fn start_of(run: &str) -> Option<Timestamp> {
    let (instant, _) = run.split_once('-')?;
    let at = DateTime::strptime("%Y%m%dT%H%M%SZ", instant).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The part of a line that holds results. A line without it is skipped, and so is an incomplete last line.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    settled: Vec<Settled>,
}

/// The results in the file of a run.
fn settled(path: &Path) -> Vec<Settled> {
    let Ok(file) = File::open(path) else {
        return Vec::new();
    };
    let lines = BufReader::new(file).split(b'\n').map_while(Result::ok);
    lines
        .filter(|line| line.len() <= LINE_BYTES)
        .filter_map(|line| serde_json::from_slice::<Line>(&line).ok())
        .flat_map(|line| line.settled)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_run_holds_its_start() {
        let at = start_of("20261122T045957Z-0f58a1c4").unwrap();
        assert_eq!(at.to_string(), "2026-11-22T04:59:57Z");
        assert_eq!(start_of("notes"), None);
        assert_eq!(start_of("x-y"), None);
    }

    #[test]
    fn lines_without_a_result_are_skipped() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("20261122T045957Z-0f58a1c4.jsonl");
        let key = r#"{"app":"wiki","object":{"user":"ada"},"facet":"life"}"#;
        let text = format!(
            "{{\"at\":\"2026-11-22T04:59:57Z\",\"event\":\"app\"}}\n{{\"seq\":1,\"settled\":[{{\"key\":{key},\"outcome\":\"written\"}}]}}\n{{\"seq\":2,\"set"
        );
        std::fs::write(&path, text).unwrap();
        let found = local_runs(folder.path(), &BTreeSet::new());
        let EntryKind::Run { settled, .. } = &found[0].kind else { panic!("{found:?}") };
        assert_eq!(settled.len(), 1);
        assert_eq!(settled[0].key.to_string(), "wiki/user:ada");
        assert!(local_runs(folder.path(), &BTreeSet::from(["20261122T045957Z-0f58a1c4".into()])).is_empty());
    }
}
