//! What this clone has seen of a ledger, kept in its git directory: a ledger that is older is not believed
//! (safety.md 5).

use std::fs::{self, File};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::git::ancestry::Ancestry;

use super::error::{LedgerError, Seen};
use super::file::{self, read_file};
use super::text;
use super::view::View;

/// The high-water mark of the ledgers that one clone knows.
#[derive(Debug, Clone)]
pub(crate) struct Watermark {
    /// `rolecall` in the git directory; `None` where there is none.
    folder: Option<PathBuf>,
    /// Where the ledger is: folder or ref, as in messages.
    place: String,
}

/// One file: `ledger-ID.json`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LastSeen {
    pub id: String,
    pub place: String,
    pub serial: u64,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

impl Watermark {
    pub(crate) fn new(git_directory: Option<&Path>, place: String) -> Self {
        Self { folder: git_directory.map(|folder| folder.join("rolecall")), place }
    }

    /// Folder or ref, as in messages.
    pub(crate) fn place(&self) -> &str {
        &self.place
    }

    /// The file for a ledger; for hints.
    pub(crate) fn file(&self, id: &str) -> PathBuf {
        let folder = self.folder.clone().unwrap_or_default();
        folder.join(format!("ledger-{id}.json"))
    }

    /// What was seen of this ledger.
    pub(crate) fn seen(&self, id: &str) -> Result<Option<LastSeen>, LedgerError> {
        if self.folder.is_none() {
            return Ok(None);
        }
        let path = self.file(id);
        match read_file(&path)? {
            Some(bytes) => text::json(&path.display().to_string(), &bytes).map(Some),
            None => Ok(None),
        }
    }

    /// Refuses a serial below the one seen, and a branch that does not contain the commit seen. Where a shallow clone
    /// cannot tell, the serial alone decides.
    pub(crate) fn check(&self, view: &dyn View, id: &str, serial: u64) -> Result<(), LedgerError> {
        let Some(seen) = self.seen(id)? else {
            return Ok(());
        };
        if seen.serial > serial {
            return Err(self.rolled_back(view, id, Seen::Serial { seen: seen.serial, found: serial }));
        }
        match &seen.commit {
            Some(commit) if view.contains(commit)? == Ancestry::No => {
                Err(self.rolled_back(view, id, Seen::Commit(commit.clone())))
            }
            _ => Ok(()),
        }
    }

    fn rolled_back(&self, view: &dyn View, id: &str, seen: Seen) -> LedgerError {
        let (place, is_branch) = (self.place.clone(), view.commit().is_some());
        LedgerError::RolledBack { place, seen, watermark: self.file(id), is_branch }
    }

    /// Remembers what was seen; never less than before.
    pub(crate) fn raise(&self, id: &str, serial: u64, commit: Option<&str>) -> Result<(), LedgerError> {
        let Some(folder) = &self.folder else {
            return Ok(());
        };
        let is_less = |seen: Option<LastSeen>| seen.is_none_or(|seen| seen.serial < serial);
        if !is_less(self.seen(id)?) {
            return Ok(());
        }
        fs::create_dir_all(folder).map_err(LedgerError::io("make", folder))?;
        let _locked = lock(&folder.join(format!("ledger-{id}.lock")))?;
        // Another process of this clone may have seen more meanwhile.
        if !is_less(self.seen(id)?) {
            return Ok(());
        }
        let seen = LastSeen {
            id: id.to_owned(),
            place: self.place.clone(),
            serial,
            commit: commit.map(str::to_owned),
        };
        let path = self.file(id);
        let write = || {
            let mut file = tempfile::NamedTempFile::new_in(folder)?;
            file.write_all(&text::pretty(&seen))?;
            // A name that points to nothing after a crash would be read as damage.
            file.as_file().sync_all()?;
            file.persist(&path)?;
            Ok(())
        };
        write().map_err(LedgerError::io("write", &path))?;
        file::sync_folder(folder)
    }

    /// The ledger that this clone has seen in this place, if any.
    pub(crate) fn used(&self) -> Option<Arc<str>> {
        let entries = fs::read_dir(self.folder.as_ref()?).ok()?;
        let seen = entries.filter_map(|entry| {
            let path = entry.ok()?.path();
            serde_json::from_slice::<LastSeen>(&fs::read(path).ok()?).ok()
        });
        let mut used: Vec<_> = seen.filter(|seen| seen.place == self.place).map(|seen| seen.id).collect();
        used.sort();
        used.pop().map(Arc::from)
    }
}

/// Held until it is dropped, or the process ends.
fn lock(path: &Path) -> Result<File, LedgerError> {
    let open = || {
        let file = File::options().write(true).create(true).truncate(false).open(path)?;
        file.lock()?;
        Ok(file)
    };
    open().map_err(LedgerError::io("lock", path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_watermark_never_falls() {
        let folder = tempfile::tempdir().unwrap();
        let watermark = Watermark::new(Some(folder.path()), "here".to_owned());
        for round in 0..20 {
            std::thread::scope(|scope| {
                for serial in (1..=8).rev() {
                    let watermark = &watermark;
                    scope.spawn(move || watermark.raise("a", round * 10 + serial, None).unwrap());
                }
            });
            assert_eq!(watermark.seen("a").unwrap().unwrap().serial, round * 10 + 8);
        }
        watermark.raise("a", 3, None).unwrap();
        assert_eq!(watermark.seen("a").unwrap().unwrap().serial, 198);
        assert_eq!(watermark.used().as_deref(), Some("a"));
    }
}
