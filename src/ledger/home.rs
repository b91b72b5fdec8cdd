//! Where a ledger lives, folder or branch, behind one face.

use std::time::Duration;

use super::error::{Held, LedgerError};
use super::folder::Folder;
use super::history::Written;
use super::view::{Edits, Entry, View};

/// What a write is made of; called again if another write came first.
pub(crate) type Change<'c> = dyn FnMut(&dyn View) -> Result<(Edits, Entry), LedgerError> + 'c;

/// A folder or a branch.
pub(crate) enum Home {
    Folder(Folder),
}

impl Home {
    /// Reads what is there now.
    pub(crate) fn read<T>(
        &self,
        read: impl Fn(&dyn View) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        match self {
            Self::Folder(folder) => folder.read(read),
        }
    }

    /// Writes, all or nothing.
    pub(crate) fn update(&self, change: &mut Change<'_>) -> Result<(), LedgerError> {
        match self {
            Self::Folder(folder) => folder.update(change),
        }
    }

    /// The error for a ledger that has no root.
    pub(crate) fn absent(&self) -> LedgerError {
        match self {
            Self::Folder(folder) => LedgerError::FolderAbsent {
                folder: folder.root().to_owned(),
            },
        }
    }

    /// True if the operating system's lock stands for the lease: whoever has it need not look at dates.
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
        }
    }

    /// Gives the operating system's lock back.
    pub(crate) fn release(&self) {
        match self {
            Self::Folder(folder) => folder.release(),
        }
    }

    /// Appends to a file at once; false if this ledger is written by [`Home::update`] only.
    pub(crate) fn append(&self, path: &str, lines: &[u8]) -> Result<bool, LedgerError> {
        match self {
            Self::Folder(folder) => folder.append(path, lines).map(|()| true),
        }
    }

    /// The last writes, newest first.
    pub(crate) fn history(&self, most: usize) -> Result<Vec<Written>, LedgerError> {
        match self {
            Self::Folder(folder) => folder.history(most),
        }
    }
}
