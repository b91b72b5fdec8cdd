//! Where a ledger lives, folder or branch, behind one interface.

use std::time::Duration;

use super::branch::BranchBackend;
use super::error::{Held, LedgerError};
use super::folder::Folder;
use super::history::Written;
use super::view::{Change, View};

/// A folder or a branch.
pub(crate) enum Backend {
    Folder(Folder),
    Branch(BranchBackend),
}

impl Backend {
    /// Reads what is there now.
    pub(crate) fn read<T>(
        &self,
        read: impl Fn(&dyn View) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        match self {
            Self::Folder(folder) => folder.read(read),
            Self::Branch(branch) => branch.read(read),
        }
    }

    /// Writes, all or nothing; gives the commit, on a branch.
    pub(crate) fn update(&self, change: &mut Change<'_>) -> Result<Option<String>, LedgerError> {
        match self {
            Self::Folder(folder) => folder.update(change).map(|()| None),
            Self::Branch(branch) => branch.update(change).map(Some),
        }
    }

    /// The error for a ledger that has no root.
    pub(crate) fn absent(&self) -> LedgerError {
        match self {
            Self::Folder(folder) => LedgerError::FolderAbsent { folder: folder.root().to_owned() },
            Self::Branch(branch) => branch.absent(),
        }
    }

    /// True if an operating-system lock takes the place of the lease. Its holder need not check the date of a lease.
    pub(crate) fn is_locked_by_system(&self) -> bool {
        matches!(self, Self::Folder(_))
    }

    /// Takes the operating system's lock, if that is how this ledger is held.
    pub(crate) fn hold(
        &self,
        who: &str,
        wait: Option<Duration>,
        waiting: &mut dyn FnMut(&Held) -> bool,
    ) -> Result<(), LedgerError> {
        match self {
            Self::Folder(folder) => folder.hold(who, wait, waiting),
            Self::Branch(_) => Ok(()),
        }
    }

    /// Gives the operating system's lock back.
    pub(crate) fn release(&self) {
        match self {
            Self::Folder(folder) => folder.release(),
            Self::Branch(_) => {}
        }
    }

    /// Appends to a file at once; false if this ledger is written by [`Backend::update`] only.
    pub(crate) fn append(&self, path: &str, lines: &[u8]) -> Result<bool, LedgerError> {
        match self {
            Self::Folder(folder) => folder.append(path, lines).map(|()| true),
            Self::Branch(_) => Ok(false),
        }
    }

    /// The last writes, newest first.
    pub(crate) fn history(&self, most: usize) -> Result<Vec<Written>, LedgerError> {
        match self {
            Self::Folder(folder) => folder.history(most),
            Self::Branch(branch) => branch.history(most),
        }
    }
}
