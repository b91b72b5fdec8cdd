//! The history for `log`: from the ledger first, then from the files that runs left in this folder.

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
/// Longest line of a run's file that is read, in bytes.
const LINE: usize = 1 << 20;

/// One entry of the history.
#[derive(Debug, Clone)]
pub struct Entry {
    /// When it ended; for a run that is in no ledger, when it began.
    pub at: Timestamp,
    /// The person or program that did it.
    pub who: Option<Arc<str>>,
    pub what: What,
    /// Where the entry is written.
    pub from: WrittenIn,
    /// Serial of the write of the ledger that the entry comes from: the order within a second.
    serial: u64,
}

/// The content of an entry.
#[derive(Debug, Clone)]
pub enum What {
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
        /// The kind of write.
        what: Arc<str>,
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

/// All entries, newest first.
pub struct Log {
    pub done: Vec<Entry>,
    /// Ledgers that could not be read.
    pub trouble: Option<EngineError>,
}

pub fn log(engine: &Engine, config: &Configuration) -> Log {
    let mut done = Vec::new();
    let mut trouble = None;
    let has_ledger = config.company.settings.ledger.is_some() && !engine.sandbox;
    match maintenance::ledgers(engine, config) {
        Ok(ledgers) => {
            for ledger in &ledgers {
                match of_ledger(ledger) {
                    Ok(more) => done.extend(more),
                    Err(error) => trouble = Some(error),
                }
            }
        }
        // Nothing was applied here yet, so a missing ledger is no error.
        Err(error) => trouble = Some(error).filter(|_| has_ledger),
    }
    let known: BTreeSet<Arc<str>> = done
        .iter()
        .filter_map(|done| match &done.what {
            What::Run { run, .. } => Some(run.clone()),
            What::ByHand { .. } => None,
        })
        .collect();
    done.extend(local(&engine.state.join("runs"), &known));
    // Writes by hand carry whole seconds: within one, the ledger's own order decides.
    done.sort_by_key(|done| std::cmp::Reverse((done.at.as_second(), done.serial)));
    Log { done, trouble }
}

fn of_ledger(ledger: &OpenLedger) -> Result<Vec<Entry>, EngineError> {
    let from = match ledger.which {
        WhichLedger::Repository => WrittenIn::Ledger,
        WhichLedger::Sandbox => WrittenIn::Sandbox,
    };
    let writes = ledger.store.history(WRITES)?;
    let last = |run: &str| {
        let wrote = writes.iter().filter(|write| write.run.as_deref() == Some(run));
        wrote.map(|write| write.serial).max().unwrap_or(0)
    };
    let runs = ledger.store.outcomes(RUNS)?;
    let runs: Vec<Entry> =
        runs.into_iter().map(|run| Entry { serial: last(&run.run), ..of_run(run, from) }).collect();
    Ok(runs.into_iter().chain(writes.into_iter().filter_map(|write| by_hand(write, from))).collect())
}

fn of_run(run: Outcomes, from: WrittenIn) -> Entry {
    Entry {
        at: run.ended,
        who: run.holder,
        what: What::Run {
            run: run.run,
            plan: run.plan,
            started: run.started,
            how: run.how,
            settled: run.settled,
        },
        from,
        serial: 0,
    }
}

/// A write by hand as an entry; none for the write of a run, which its outcomes show.
fn by_hand(write: Written, from: WrittenIn) -> Option<Entry> {
    if write.run.is_some() {
        return None;
    }
    Some(Entry {
        at: write.at,
        who: write.author,
        what: What::ByHand { what: write.what, reason: write.reason? },
        from,
        serial: write.serial,
    })
}

/// Runs that are not in the ledger: still working, killed, or in a ledger that cannot be read now.
fn local(folder: &Path, known: &BTreeSet<Arc<str>>) -> Vec<Entry> {
    let Ok(files) = std::fs::read_dir(folder) else {
        return Vec::new();
    };
    let run = |path: &Path| {
        let name = path.file_name()?.to_str()?.strip_suffix(".jsonl")?;
        let started = began(name)?;
        if known.contains(name) {
            return None;
        }
        Some(Entry {
            at: started,
            who: None,
            what: What::Run {
                run: name.into(),
                plan: None,
                started: Some(started),
                how: "not in the ledger".into(),
                settled: settled(path),
            },
            from: WrittenIn::Local,
            serial: 0,
        })
    };
    files.flatten().filter_map(|file| run(&file.path())).collect()
}

/// The instant in the id of a run.
fn began(run: &str) -> Option<Timestamp> {
    let (instant, _) = run.split_once('-')?;
    let at = DateTime::strptime("%Y%m%dT%H%M%SZ", instant).ok()?;
    Some(at.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

/// The parts of a line that matter here. All other lines are skipped, also an incomplete last one.
#[derive(Deserialize)]
struct Line {
    #[serde(default)]
    settled: Vec<Settled>,
}

fn settled(path: &Path) -> Vec<Settled> {
    let Ok(file) = File::open(path) else {
        return Vec::new();
    };
    let lines = BufReader::new(file).split(b'\n').map_while(Result::ok);
    lines
        .filter(|line| line.len() <= LINE)
        .filter_map(|line| serde_json::from_slice::<Line>(&line).ok())
        .flat_map(|line| line.settled)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_tells_when_it_began() {
        let at = began("20261122T045957Z-0f58a1c4").unwrap();
        assert_eq!(at.to_string(), "2026-11-22T04:59:57Z");
        assert_eq!(began("notes"), None);
        assert_eq!(began("x-y"), None);
    }

    #[test]
    fn what_is_no_result_is_passed_over() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("20261122T045957Z-0f58a1c4.jsonl");
        let key = r#"{"app":"wiki","object":{"user":"ada"},"facet":"life"}"#;
        let text = format!(
            "{{\"at\":\"2026-11-22T04:59:57Z\",\"event\":\"app\"}}\n{{\"seq\":1,\"settled\":[{{\"key\":{key},\"outcome\":\"written\"}}]}}\n{{\"seq\":2,\"set"
        );
        std::fs::write(&path, text).unwrap();
        let found = local(folder.path(), &BTreeSet::new());
        let What::Run { settled, .. } = &found[0].what else { panic!("{found:?}") };
        assert_eq!(settled.len(), 1);
        assert_eq!(settled[0].key.to_string(), "wiki/user:ada");
        assert!(local(folder.path(), &BTreeSet::from(["20261122T045957Z-0f58a1c4".into()])).is_empty());
    }
}
