//! A ledger's files at one moment, and what a write changes in them. Folder and branch both look like this to the rest
//! of the room.

use std::collections::BTreeMap;

use crate::git::ancestry::Ancestry;

use super::error::LedgerError;

/// Largest file that is read, in bytes: a shard of a company of a million is far below.
pub(crate) const FILE_BYTES: u64 = 256 << 20;
/// Most bytes of one app's files together: some two million people.
pub(crate) const APP_BYTES: u64 = 1 << 30;
/// Most files that are listed in one folder.
pub(crate) const FILES: usize = 50_000;

/// The files of a ledger at one moment. Paths are relative, with `/`.
pub(crate) trait View {
    /// Where it is, for messages.
    fn place(&self) -> String;

    /// The content of a file; `None` if it is not there.
    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError>;

    /// The content of many files, in their order.
    fn read_many(&self, paths: &[String]) -> Result<Vec<Option<Vec<u8>>>, LedgerError> {
        paths.iter().map(|path| self.read(path)).collect()
    }

    /// Names of what lies in a folder, sorted, folders with a `/` at the end; empty if it is not there.
    fn list(&self, folder: &str) -> Result<Vec<String>, LedgerError>;

    /// The commit, on a branch.
    fn commit(&self) -> Option<String> {
        None
    }

    /// Whether this moment comes after another commit, or is it.
    fn contains(&self, _commit: &str) -> Result<Ancestry, LedgerError> {
        Ok(Ancestry::Yes)
    }

    /// How a file is called in a message.
    fn name(&self, path: &str) -> String {
        format!("{path} in {}", self.place())
    }
}

/// What a write changes: new content, or `None` to remove the file.
pub(crate) type Edits = BTreeMap<String, Option<Vec<u8>>>;

/// What a write is made of; asked again if another write came first.
pub(crate) type Change<'c> = dyn FnMut(&dyn View) -> Result<(Edits, Entry), LedgerError> + 'c;

/// What a write is for: the commit message, and the line that `log` shows.
#[derive(Debug, Clone)]
pub(crate) struct Entry {
    /// One line: `begin`, `checkpoint`, `finish`, `unlink` …, and of what.
    pub what: String,
    /// The run, if it is one.
    pub run: Option<String>,
    /// Who, for writes by hand.
    pub author: Option<String>,
    /// Why, for writes by hand.
    pub reason: Option<String>,
    /// When, by the caller's clock.
    pub at: crate::model::time::Timestamp,
}
