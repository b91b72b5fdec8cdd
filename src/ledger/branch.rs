//! A ledger on a branch: every write is one commit, pushed by compare-and-swap. Losing the push means nothing was
//! written; the write is then made again on top of what came first (safety.md 7).

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;

use crate::git::ancestry::Ancestry;
use crate::git::branch::{Branch, CommitId, Swap};
use crate::git::branch_error::BranchError;
use crate::git::branch_files::{Found, Logged, Tree};
use crate::git::program::ProgramError;

use super::error::LedgerError;
use super::history::{self, Written};
use super::layout;
use super::view::{Change, Edits, Entry, FILE_BYTES, FILES, View};

/// How often a write is made again because others' came first.
const ATTEMPTS: u32 = 30;

/// A ledger on a branch.
pub(crate) struct BranchBackend {
    branch: Branch,
    /// The newest commit we know of. A write starts from it without asking the remote: if it is not the newest any more,
    /// the push is lost, and only then is it fetched.
    known: Mutex<Option<CommitId>>,
}

impl BranchBackend {
    pub(crate) fn new(branch: Branch) -> Self {
        Self { branch, known: Mutex::new(None) }
    }

    pub(crate) fn absent(&self) -> LedgerError {
        LedgerError::RefAbsent { reference: self.branch.reference().clone(), place: self.branch.place() }
    }

    /// Reads the newest commit, fetched first.
    pub(crate) fn read<T>(
        &self,
        read: impl Fn(&dyn View) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        read(&self.view(self.fetch()?)?)
    }

    fn fetch(&self) -> Result<CommitId, LedgerError> {
        let head = self.branch.fetch().map_err(|error| self.error(error))?;
        *self.known() = Some(head);
        Ok(head)
    }

    fn known(&self) -> std::sync::MutexGuard<'_, Option<CommitId>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn view(&self, commit: CommitId) -> Result<BranchView, LedgerError> {
        Ok(BranchView {
            place: format!("{} of {}", self.branch.reference(), self.branch.place()),
            tree: self.branch.files(commit).map_err(|error| self.error(error))?,
        })
    }

    /// Commits and pushes what `change` says; gives the commit.
    pub(crate) fn update(&self, change: &mut Change<'_>) -> Result<String, LedgerError> {
        let known = *self.known();
        let mut fresh = known.is_none();
        let mut head = match known {
            Some(head) => head,
            None => self.fetch()?,
        };
        for attempt in 0..ATTEMPTS {
            let (edits, entry) = match change(&self.view(head)?) {
                Ok(made) => made,
                // What we knew may be old: a lease may have been given back since.
                Err(_) if !fresh => {
                    (head, fresh) = (self.fetch()?, true);
                    continue;
                }
                Err(error) => return Err(error),
            };
            match self.write(Some(head), &edits, &entry) {
                Ok((Swap::Done, commit)) => return Ok(commit),
                Ok((Swap::Lost, _)) => {
                    std::thread::sleep(pause(attempt));
                    (head, fresh) = (self.fetch()?, true);
                }
                Err(error) => {
                    *self.known() = None;
                    return Err(error);
                }
            }
        }
        Err(LedgerError::Contended { place: self.branch.place(), attempts: ATTEMPTS })
    }

    /// Makes the branch, which must not exist.
    pub(crate) fn create(&self, root: Vec<u8>, entry: &Entry) -> Result<String, LedgerError> {
        let exists = || LedgerError::Exists {
            place: format!("{} of {}", self.branch.reference(), self.branch.place()),
        };
        match self.branch.fetch() {
            Ok(_) => return Err(exists()),
            Err(BranchError::Absent { .. }) => {}
            Err(error) => return Err(self.error(error)),
        }
        let edits = Edits::from([(layout::ROOT.to_owned(), Some(root))]);
        match self.write(None, &edits, entry)? {
            (Swap::Done, commit) => Ok(commit),
            (Swap::Lost, _) => Err(exists()),
        }
    }

    fn write(
        &self,
        parent: Option<CommitId>,
        edits: &Edits,
        entry: &Entry,
    ) -> Result<(Swap, String), LedgerError> {
        let message = history::message(edits, entry);
        let commit = self.branch.commit(parent, edits, &message, entry.at.as_second());
        let commit = commit.map_err(|error| self.error(error))?;
        let swap = self.branch.swap(parent, commit).map_err(|error| self.error(error))?;
        if swap == Swap::Done {
            *self.known() = Some(commit);
        }
        Ok((swap, commit.to_string()))
    }

    /// The last writes, newest first.
    pub(crate) fn history(&self, most: usize) -> Result<Vec<Written>, LedgerError> {
        let log = self.log(most)?.into_iter();
        let written =
            log.map(|one| history::read_message(&one.message, &one.commit.to_string(), one.seconds));
        Ok(written.collect())
    }

    fn log(&self, most: usize) -> Result<Vec<Logged>, LedgerError> {
        let view = self.view(self.fetch()?)?;
        view.tree.log(most).map_err(|error| self.error(error))
    }

    /// Shows every content that the files of a folder had in the last commits, newest first, each once.
    pub(crate) fn every_content(
        &self,
        folder: &str,
        most: usize,
        show: &mut dyn FnMut(&[u8]),
    ) -> Result<(), LedgerError> {
        let mut shown = HashSet::new();
        for one in self.log(most)? {
            let view = self.view(one.commit)?;
            let files = view.tree.ids(folder).map_err(|error| view.error(&error))?;
            for (name, id) in files {
                if shown.insert(id)
                    && let Ok(Some(bytes)) = view.read(&format!("{folder}/{name}"))
                {
                    show(&bytes);
                }
            }
        }
        Ok(())
    }

    fn error(&self, error: BranchError) -> LedgerError {
        let reference = self.branch.reference().clone();
        let said = |source: ProgramError| source.to_string();
        match error {
            BranchError::Absent { .. } => self.absent(),
            BranchError::Fetch { remote, source } => {
                LedgerError::FetchFailed { remote, reference, why: said(source) }
            }
            BranchError::Push { remote, source } => {
                LedgerError::PushRefused { remote, reference, why: said(source) }
            }
            BranchError::Name { why } => LedgerError::WrongName { why },
            BranchError::Repository { what, why } => LedgerError::Git { what, why },
        }
    }
}

/// Longer with every loss, and different for everybody.
fn pause(attempt: u32) -> Duration {
    let mut byte = [128];
    let _ = getrandom::fill(&mut byte);
    let most = 50_u64 << attempt.min(4);
    Duration::from_millis(most / 4 + most * u64::from(byte[0]) / 256)
}

/// The files of one commit.
pub(crate) struct BranchView {
    place: String,
    tree: Tree,
}

impl BranchView {
    fn error(&self, error: &BranchError) -> LedgerError {
        LedgerError::Git { what: format!("read {}", self.place), why: error.to_string() }
    }

    fn content(&self, path: &str, found: Found) -> Result<Option<Vec<u8>>, LedgerError> {
        match found {
            Found::File(bytes) => Ok(Some(bytes)),
            Found::Nothing => Ok(None),
            Found::TooLarge(_) => {
                let why = format!("it is larger than {} MiB", FILE_BYTES >> 20);
                Err(LedgerError::damaged(self.name(path), why))
            }
            Found::Other => Err(LedgerError::damaged(self.name(path), "it is not a file")),
        }
    }
}

impl View for BranchView {
    fn place(&self) -> String {
        self.place.clone()
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        let found = self.tree.read(path, FILE_BYTES).map_err(|error| self.error(&error))?;
        self.content(path, found)
    }

    fn read_many(&self, paths: &[String]) -> Result<Vec<Option<Vec<u8>>>, LedgerError> {
        let found = self.tree.read_many(paths, FILE_BYTES).map_err(|error| self.error(&error))?;
        let contents = paths.iter().zip(found).map(|(path, found)| self.content(path, found));
        contents.collect()
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, LedgerError> {
        let mut names = self.tree.list(folder).map_err(|error| self.error(&error))?;
        names.sort();
        if names.len() > FILES {
            let why = format!("it holds {} files; at most {FILES} are allowed", names.len());
            return Err(LedgerError::damaged(self.name(folder), why));
        }
        Ok(names)
    }

    fn commit(&self) -> Option<String> {
        Some(self.tree.commit().to_string())
    }

    fn contains(&self, commit: &str) -> Result<Ancestry, LedgerError> {
        self.tree.contains(commit).map_err(|error| self.error(&error))
    }
}
