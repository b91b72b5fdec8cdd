//! A ledger in a folder: an operating-system lock instead of a lease, and writes that a crash cannot tear.
//!
//! A write of several files goes into one file first: `commit.json` holds all of them, is fsynced and renamed into place.
//! From that moment the write has happened: readers prefer its content to that of the files. Then the content is put into
//! the files. If a crash prevents that, the next writer does it before anything else. Results of a run are appended to a
//! file below `pending/` line by line; half a line at its end was never acknowledged.

use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{Read as _, Write as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use super::error::{Held, LedgerError, Until};
use super::file::{self, read_file};
use super::folder_view::FolderView;
use super::history::{self, Written};
use super::layout;
use super::redo;
use super::view::{Change, Edits, Entry, View};

const LOCK: &str = "lock";
/// How often a reader starts again because a writer came between.
const READS: u32 = 50;
/// How long a short write by hand waits for another one.
const SHORT: Duration = Duration::from_secs(5);

/// A ledger in a folder.
pub(crate) struct Folder {
    root: PathBuf,
    lock: Mutex<Option<File>>,
}

impl Folder {
    pub(crate) fn new(root: PathBuf) -> Self {
        Self { root, lock: Mutex::new(None) }
    }

    pub(crate) fn root(&self) -> &Path {
        &self.root
    }

    /// Takes the lock and keeps it until [`Folder::release`] or the end of the process (safety.md 7). `who` is for the
    /// message of others; `waiting` is told who holds it, and says whether to go on waiting.
    pub(crate) fn hold(
        &self,
        who: &str,
        wait: Option<Duration>,
        waiting: &mut dyn FnMut(&Held) -> bool,
    ) -> Result<(), LedgerError> {
        let path = self.root.join(LOCK);
        let open = OpenOptions::new().read(true).write(true).create(true).truncate(false).open(&path);
        let mut file = match open {
            Ok(file) => file,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Err(LedgerError::FolderAbsent { folder: self.root.clone() });
            }
            Err(error) => return Err(LedgerError::io("open", path)(error)),
        };
        let deadline = wait.map(|wait| Instant::now() + wait);
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::Error(error)) => return Err(LedgerError::io("lock", path)(error)),
                Err(TryLockError::WouldBlock) => {}
            }
            let held = held(&path);
            let over = deadline.is_none_or(|deadline| Instant::now() >= deadline);
            if over || !waiting(&held) {
                return Err(LedgerError::Held(vec![held]));
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        // This text is only for the message of a process that finds the ledger locked.
        let _ = file
            .set_len(0)
            .and_then(|()| file.write_all(format!("{who} (process {})", std::process::id()).as_bytes()));
        *self.lock() = Some(file);
        redo::recover(&self.root)
    }

    /// Gives the lock back, by name: a program that is just being started holds what was open for a moment longer.
    pub(crate) fn release(&self) {
        if let Some(file) = self.lock().take() {
            let _ = file.unlock();
        }
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Option<File>> {
        self.lock.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Reads under a promise that no write came between, however long the reading takes.
    pub(crate) fn read<T>(
        &self,
        read: impl Fn(&dyn View) -> Result<T, LedgerError>,
    ) -> Result<T, LedgerError> {
        let mut result = None;
        for _ in 0..READS {
            let before = self.mark()?;
            let view = FolderView { root: &self.root, redo: redo::read(&self.root)? };
            let attempt = read(&view);
            if self.mark()? == before {
                return attempt;
            }
            result = Some(attempt);
            std::thread::sleep(Duration::from_millis(20));
        }
        match result {
            Some(Err(error)) => Err(error),
            _ => Err(LedgerError::Contended { place: self.root.display().to_string(), attempts: READS }),
        }
    }

    /// What changes with every write: the bytes of `commit.json` and of the root.
    fn mark(&self) -> Result<[Option<Vec<u8>>; 2], LedgerError> {
        Ok([read_file(&self.root.join(redo::COMMIT))?, read_file(&self.root.join(layout::ROOT))?])
    }

    /// Changes the ledger as `change` says, all or nothing.
    pub(crate) fn update(&self, change: &mut Change<'_>) -> Result<(), LedgerError> {
        let ours = self.lock().is_some();
        if !ours {
            self.hold("a short write", Some(SHORT), &mut |_| true)?;
        }
        let result = self.write(change);
        if !ours {
            self.release();
        }
        result
    }

    fn write(&self, change: &mut Change<'_>) -> Result<(), LedgerError> {
        // A write that failed half-way, on a full disk say, is finished first.
        redo::recover(&self.root)?;
        let view = FolderView { root: &self.root, redo: None };
        let (mut edits, entry) = change(&view)?;
        let log = history::append(view.read(history::FILE)?.unwrap_or_default(), &edits, &entry);
        edits.insert(history::FILE.to_owned(), Some(log));
        redo::write(&self.root, edits)
    }

    /// Appends lines to a file that belongs to the running run, and returns once they are on disk.
    pub(crate) fn append(&self, path: &str, lines: &[u8]) -> Result<(), LedgerError> {
        file::append(&self.root.join(path), lines)
    }

    /// The last writes, newest first.
    pub(crate) fn history(&self, most: usize) -> Result<Vec<Written>, LedgerError> {
        self.read(|view| {
            let file = view.read(history::FILE)?.unwrap_or_default();
            let mut written = history::read(&view.name(history::FILE), &file)?;
            written.truncate(most);
            Ok(written)
        })
    }

    /// Makes the folder and writes its first files.
    pub(crate) fn create(&self, root_file: Vec<u8>, entry: &Entry) -> Result<(), LedgerError> {
        let path = &self.root;
        fs::create_dir_all(path).map_err(LedgerError::io("make", path))?;
        self.hold("a short write", Some(SHORT), &mut |_| true)?;
        let result = self.write_first(root_file, entry);
        self.release();
        result
    }

    /// True if the folder is absent, or holds nothing but the lock and what a first write left that did not happen.
    pub(crate) fn is_empty(&self) -> Result<bool, LedgerError> {
        let entries = match fs::read_dir(&self.root) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(true),
            Err(error) => return Err(LedgerError::io("list", &self.root)(error)),
        };
        for entry in entries {
            let name = entry.map_err(LedgerError::io("list", &self.root))?.file_name();
            if name != LOCK && !name.to_string_lossy().ends_with(file::TEMPORARY) {
                return Ok(false);
            }
        }
        Ok(true)
    }

    fn write_first(&self, root_file: Vec<u8>, entry: &Entry) -> Result<(), LedgerError> {
        if !self.is_empty()? {
            return Err(LedgerError::Exists { place: self.root.display().to_string() });
        }
        let mut edits = Edits::from([(layout::ROOT.to_owned(), Some(root_file))]);
        let log = history::append(Vec::new(), &edits, entry);
        edits.insert(history::FILE.to_owned(), Some(log));
        redo::write(&self.root, edits)
    }
}

/// Who holds the lock, as they wrote into it.
fn held(lock: &Path) -> Held {
    let mut text = String::new();
    if let Ok(file) = File::open(lock) {
        let _ = file.take(500).read_to_string(&mut text);
    }
    let text: String = text.chars().filter(|c| !c.is_control()).collect();
    let holder = if text.is_empty() { "another process" } else { text.as_str() };
    Held { app: None, run: Arc::from(""), holder: holder.into(), until: Until::HolderEnds }
}
