//! The data folder of a sandbox. `data.json` holds everything up to one serial number. `changes.jsonl` holds each change
//! since then, one a line, which is appended before the request is answered. Both are merged when a sandbox starts, stops,
//! or the log has grown long. `data.json` is always replaced as a whole, by renaming. `lock` is held by the one process that
//! serves the folder.

use std::{
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use serde::{Serialize, de::DeserializeOwned};
use serde_json::Value;

use super::SandboxError;

/// The log is merged if it is longer than this number of bytes, and longer than the data.
const LONG_LOG: u64 = 8 << 20;

/// A folder that is locked.
#[derive(Debug)]
pub(super) struct Disk {
    dir: PathBuf,
    log: File,
    log_length: u64,
    merge_at: u64,
    /// A write failed and could not be undone: the end of the log is unknown.
    broken: bool,
    /// The lock is released when it is dropped, or when the process ends for any reason.
    _lock: File,
}

/// The state that the files of a folder hold.
pub(super) trait OnDisk: Sized {
    /// The layout of `data.json`.
    const FORMAT: u32;
    /// A line of `changes.jsonl`.
    type Change: DeserializeOwned;

    /// What a folder without files holds.
    fn empty() -> Self;
    /// From the text of `data.json`.
    ///
    /// # Errors
    /// The line at fault where it is known, and what is wrong.
    fn read(text: &[u8]) -> Result<Self, (Option<usize>, String)>;
    /// Takes a change over, unless the data has it already.
    ///
    /// # Errors
    /// What is wrong with it.
    fn take(&mut self, change: Self::Change) -> Result<(), String>;
    /// Looks at the whole, once all changes are taken over.
    ///
    /// # Errors
    /// What does not fit together.
    fn check(&self) -> Result<(), String>;
    /// What `data.json` is to hold.
    fn data(&self) -> impl Serialize;
}

impl Disk {
    /// Locks and reads the folder; makes it if it is missing. Waits up to `patience` for another process to leave.
    pub(super) fn open<S: OnDisk>(dir: &Path, patience: Duration) -> Result<(Self, S), SandboxError> {
        fs::create_dir_all(dir).map_err(|error| SandboxError::io("make", dir, error))?;
        let lock = lock(dir, patience)?;
        let log_path = dir.join("changes.jsonl");
        let state = read(&dir.join("data.json"), &log_path)?;
        let log = OpenOptions::new().create(true).append(true).open(&log_path);
        let log = log.map_err(|error| SandboxError::io("write", &log_path, error))?;
        let mut disk =
            Self { dir: dir.to_owned(), log, log_length: 0, merge_at: LONG_LOG, broken: false, _lock: lock };
        disk.merge(&state)?;
        Ok((disk, state))
    }

    /// Appends one change. After an error the change is not in the file.
    pub(super) fn append(&mut self, change: &impl Serialize) -> io::Result<()> {
        if self.broken {
            return Err(io::Error::other("an earlier write failed half-way; start the sandbox again"));
        }
        let mut line = serde_json::to_vec(change)?;
        line.push(b'\n');
        if let Err(error) = self.log.write_all(&line) {
            self.broken = self.log.set_len(self.log_length).is_err();
            return Err(error);
        }
        self.log_length += line.len() as u64;
        Ok(())
    }

    /// Merges if the log has grown long. A failure does no harm, because the log has everything; the merge is tried
    /// again later.
    pub(super) fn tidy(&mut self, state: &impl OnDisk) {
        if self.log_length > self.merge_at && self.merge(state).is_err() {
            self.merge_at = self.log_length + LONG_LOG;
        }
    }

    /// Writes everything to `data.json` and empties the log. A crash in between does no harm: changes in the log that
    /// are not newer than the data are skipped on reading.
    pub(super) fn merge(&mut self, state: &impl OnDisk) -> Result<(), SandboxError> {
        let path = self.dir.join("data.json");
        let fail = |error| SandboxError::io("write", &path, error);
        let bytes = serde_json::to_vec_pretty(&state.data());
        let mut bytes = bytes.map_err(|error| fail(error.into()))?;
        bytes.push(b'\n');
        let fresh = self.dir.join("data.json.new");
        fs::write(&fresh, &bytes).map_err(fail)?;
        fs::rename(&fresh, &path).map_err(fail)?;
        self.log
            .set_len(0)
            .map_err(|error| SandboxError::io("empty", self.dir.join("changes.jsonl"), error))?;
        self.log_length = 0;
        self.broken = false;
        self.merge_at = LONG_LOG.max(bytes.len() as u64);
        Ok(())
    }
}

fn lock(dir: &Path, patience: Duration) -> Result<File, SandboxError> {
    let path = dir.join("lock");
    let file = OpenOptions::new().create(true).truncate(false).write(true).open(&path);
    let file = file.map_err(|error| SandboxError::io("open", &path, error))?;
    let started = Instant::now();
    loop {
        match file.try_lock() {
            Ok(()) => return Ok(file),
            Err(TryLockError::WouldBlock) if started.elapsed() < patience => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => return Err(SandboxError::InUse { dir: dir.to_owned() }),
            Err(TryLockError::Error(error)) => return Err(SandboxError::io("lock", &path, error)),
        }
    }
}

fn read<S: OnDisk>(data_path: &Path, log_path: &Path) -> Result<S, SandboxError> {
    let unreadable =
        |file: &Path, line, why: String| SandboxError::Unreadable { file: file.to_owned(), line, why };
    let data = read_if_there(data_path)?;
    let log = read_if_there(log_path)?.unwrap_or_default();
    let mut state = match data {
        Some(text) => parse(&text).map_err(|(line, why)| unreadable(data_path, line, why))?,
        None if log.is_empty() => S::empty(),
        None => {
            return Err(unreadable(data_path, None, "it is gone, but there are changes to it".to_owned()));
        }
    };
    let mut lines = log.split(|byte| *byte == b'\n').enumerate().peekable();
    while let Some((at, line)) = lines.next() {
        // After the last line break there is nothing, or a change whose writer died and never answered.
        if lines.peek().is_none() {
            break;
        }
        let fail = |why| unreadable(log_path, Some(at + 1), why);
        let change: S::Change = serde_json::from_slice(line).map_err(|error| fail(message(&error)))?;
        state.take(change).map_err(fail)?;
    }
    state.check().map_err(|why| unreadable(data_path, None, why))?;
    Ok(state)
}

fn parse<S: OnDisk>(text: &[u8]) -> Result<S, (Option<usize>, String)> {
    let value: Value = serde_json::from_slice(text).map_err(|error| at_fault(&error))?;
    match value.get("format").and_then(Value::as_u64) {
        Some(format) if format == u64::from(S::FORMAT) => S::read(text),
        Some(format) => Err((None, format!("its format is {format}; this version knows {}", S::FORMAT))),
        None => Err((None, "it has no format number".to_owned())),
    }
}

/// The line at fault, and the parser's message.
pub(super) fn at_fault(error: &serde_json::Error) -> (Option<usize>, String) {
    (Some(error.line()), message(error))
}

/// The parser's message without its position, which is shown separately.
fn message(error: &serde_json::Error) -> String {
    let text = error.to_string();
    text.rsplit_once(" at line ").map_or(text.as_str(), |(message, _)| message).to_owned()
}

fn read_if_there(path: &Path) -> Result<Option<Vec<u8>>, SandboxError> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(SandboxError::io("read", path, error)),
    }
}
