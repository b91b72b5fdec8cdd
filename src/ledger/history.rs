//! Who wrote the ledger when, and why. On a branch these are the commits; in a folder, lines of a file.

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::model::time::Timestamp;

use super::error::LedgerError;
use super::layout;
use super::text::{self, Torn};
use super::view::{Edits, Entry};

/// The file, in a folder.
pub(crate) const FILE: &str = "history.jsonl";
/// Lines kept in a folder.
const LINES: usize = 1000;

/// One write of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Written {
    /// The serial it made.
    pub serial: u64,
    /// When, by the writer's clock.
    pub at: Timestamp,
    /// What it was: `begin`, `checkpoint`, `finish`, `unlink` …, and of what.
    pub what: Arc<str>,
    /// The run, if it was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub run: Option<Arc<str>>,
    /// Who, for writes by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub author: Option<Arc<str>>,
    /// Why, for writes by hand.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<Arc<str>>,
    /// The commit, on a branch.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
}

impl Written {
    pub(crate) fn new(serial: u64, entry: &Entry) -> Self {
        let shared = |text: &Option<String>| text.as_deref().map(Arc::from);
        Self {
            serial,
            at: entry.at,
            what: entry.what.as_str().into(),
            run: shared(&entry.run),
            author: shared(&entry.author),
            reason: shared(&entry.reason),
            commit: None,
        }
    }
}

/// The serial that a write makes, from the root among its edits.
pub(crate) fn serial(edits: &Edits) -> u64 {
    let root = edits.get(layout::ROOT).and_then(Option::as_ref);
    let root = root.and_then(|bytes| serde_json::from_slice::<super::stored::Root>(bytes).ok());
    root.map_or(0, |root| root.serial)
}

/// The file with one line more, the oldest dropped.
pub(crate) fn append(mut file: Vec<u8>, edits: &Edits, entry: &Entry) -> Vec<u8> {
    let count = file.iter().filter(|b| **b == b'\n').count();
    if count >= LINES {
        let mut ends = file.iter().enumerate().filter(|(_, b)| **b == b'\n');
        let keep = ends.nth(count - LINES).map_or(0, |(at, _)| at + 1);
        file.drain(..keep);
    }
    file.extend(text::jsonl([Written::new(serial(edits), entry)]));
    file
}

/// The lines of the file, newest first.
pub(crate) fn read(name: &str, file: &[u8]) -> Result<Vec<Written>, LedgerError> {
    let mut written: Vec<Written> = text::lines(name, file, Torn::Refuse)?;
    written.reverse();
    Ok(written)
}

/// Begins the last line of a commit message, which holds a [`Written`] for machines.
const TRAILER: &str = "Rolecall-Entry: ";

/// The message of the commit that a write makes.
pub(crate) fn message(edits: &Edits, entry: &Entry) -> String {
    let written = Written::new(serial(edits), entry);
    let one_line = |text: &str| text.split(char::is_control).collect::<Vec<_>>().join(" ");
    let mut message = format!("{}\n", one_line(&written.what));
    let who = [("By", &written.author), ("Run", &written.run), ("Reason", &written.reason)];
    for (name, text) in who {
        if let Some(text) = text {
            message.push_str(&format!("\n{name}: {}", one_line(text)));
        }
    }
    message.push_str(&format!("\n{TRAILER}{}\n", text::line(&written)));
    message
}

/// Reads [`message`] back; a commit that rolecall did not write is shown by its first line.
pub(crate) fn read_message(message: &str, commit: &str, seconds: i64) -> Written {
    let line = message.lines().rev().find_map(|line| line.strip_prefix(TRAILER));
    let written = line.and_then(|line| serde_json::from_str::<Written>(line).ok());
    let foreign = || Written {
        serial: 0,
        at: Timestamp::from_second(seconds).unwrap_or_default(),
        what: message.lines().next().unwrap_or_default().into(),
        run: None,
        author: None,
        reason: None,
        commit: None,
    };
    Written { commit: Some(commit.into()), ..written.unwrap_or_else(foreign) }
}
