//! The data folder. `data.json` holds everything up to one serial number. `changes.jsonl` holds each change since then,
//! one a line, which is appended before the request is answered. Both are merged when a sandbox starts, stops, or the
//! log has grown long. `data.json` is always replaced as a whole, by renaming. `lock` is held by the one process that
//! serves the folder.

use std::{
    collections::BTreeMap,
    fs::{self, File, OpenOptions, TryLockError},
    io::{self, ErrorKind, Write},
    path::{Path, PathBuf},
    thread,
    time::{Duration, Instant},
};

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::id::Id;
use super::kind::Kind;
use super::state::{Change, Entry, State};
use super::target::Object;
use super::{SandboxError, shape};

/// The layout of `data.json`.
const FORMAT: u32 = 1;
/// The log is merged if it is longer than this number of bytes, and longer than the data.
const LONG_LOG: u64 = 8 << 20;

#[derive(Debug)]
pub(super) struct Files {
    dir: PathBuf,
    log: File,
    log_length: u64,
    merge_at: u64,
    /// A write failed and could not be undone: the end of the log is unknown.
    broken: bool,
    /// The lock is released when it is dropped, or when the process ends for any reason.
    _lock: File,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Data {
    format: u32,
    serial: u64,
    /// The highest numbers so far: ids are never used again.
    last: Last,
    users: BTreeMap<Id, Entry>,
    groups: BTreeMap<Id, Entry>,
}

#[derive(Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
struct Last {
    user: u32,
    group: u32,
}

impl Files {
    /// Locks and reads the folder; makes it if it is missing. Waits up to `patience` for another process to leave.
    pub(super) fn open(dir: &Path, patience: Duration) -> Result<(Self, State), SandboxError> {
        fs::create_dir_all(dir).map_err(|error| SandboxError::io("make", dir, error))?;
        let lock = lock(dir, patience)?;
        let log_path = dir.join("changes.jsonl");
        let state = read(&dir.join("data.json"), &log_path)?;
        let log = OpenOptions::new().create(true).append(true).open(&log_path);
        let log = log.map_err(|error| SandboxError::io("write", &log_path, error))?;
        let mut files =
            Self { dir: dir.to_owned(), log, log_length: 0, merge_at: LONG_LOG, broken: false, _lock: lock };
        files.merge(&state)?;
        Ok((files, state))
    }

    /// Appends one change. After an error the change is not in the file.
    pub(super) fn append(&mut self, change: &Change) -> io::Result<()> {
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
    pub(super) fn tidy(&mut self, state: &State) {
        if self.log_length > self.merge_at && self.merge(state).is_err() {
            self.merge_at = self.log_length + LONG_LOG;
        }
    }

    /// Writes everything to `data.json` and empties the log. A crash in between does no harm: changes in the log that
    /// are not newer than the data are skipped on reading.
    pub(super) fn merge(&mut self, state: &State) -> Result<(), SandboxError> {
        let path = self.dir.join("data.json");
        let fail = |error| SandboxError::io("write", &path, error);
        let bytes = serde_json::to_vec_pretty(&Data::of(state));
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

impl Data {
    fn of(state: &State) -> Self {
        let all = |kind| state.all(kind).map(|(id, entry)| (id, entry.clone())).collect();
        Self {
            format: FORMAT,
            serial: state.serial(),
            last: Last { user: state.last(Kind::User), group: state.last(Kind::Group) },
            users: all(Kind::User),
            groups: all(Kind::Group),
        }
    }

    fn into_state(self) -> Result<State, String> {
        for (kind, map) in [(Kind::User, &self.users), (Kind::Group, &self.groups)] {
            for (id, entry) in map {
                if id.kind != kind {
                    return Err(format!("{id} is not the id of a {}", kind.name()));
                }
                check(*id, &entry.attributes)?;
            }
        }
        let last = BTreeMap::from([(Kind::User, self.last.user), (Kind::Group, self.last.group)]);
        if last.values().any(|number| *number > Id::MAX_NUMBER) {
            return Err(format!("`last` is beyond {}", Id::MAX_NUMBER));
        }
        let mut entries = self.users;
        entries.extend(self.groups);
        State::restore(self.serial, last, entries)
    }
}

/// Checks that the server would have accepted the attributes from a file.
fn check(id: Id, attributes: &Object) -> Result<(), String> {
    if attributes.contains_key("members") {
        return Err(format!("{id} has `members` among its attributes instead of beside them"));
    }
    let mut body = attributes.clone();
    body.insert("schemas".to_owned(), json!([id.kind.schema().urn]));
    match shape::resource(id.kind, &body) {
        Ok(accepted) if accepted == *attributes => Ok(()),
        Ok(_) => Err(format!("{id} has attributes that are empty, read-only or spelt differently")),
        Err(fault) => Err(format!("{id}: {}", fault.detail)),
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

fn read(data_path: &Path, log_path: &Path) -> Result<State, SandboxError> {
    let unreadable =
        |file: &Path, line, why: String| SandboxError::Unreadable { file: file.to_owned(), line, why };
    let data = read_if_there(data_path)?;
    let log = read_if_there(log_path)?.unwrap_or_default();
    let mut state = match data {
        Some(text) => parse_data(&text).map_err(|(line, why)| unreadable(data_path, line, why))?,
        None if log.is_empty() => State::default(),
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
        let change: Change = serde_json::from_slice(line).map_err(|error| fail(message(&error)))?;
        if change.serial <= state.serial() {
            continue;
        }
        if let super::state::Action::Put { id, attributes, .. } = &change.action {
            check(*id, attributes).map_err(fail)?;
        }
        state.apply(change).map_err(fail)?;
    }
    match state.dangling() {
        None => Ok(state),
        Some(why) => Err(unreadable(data_path, None, why)),
    }
}

fn parse_data(text: &[u8]) -> Result<State, (Option<usize>, String)> {
    let value: Value = serde_json::from_slice(text).map_err(|error| (Some(error.line()), message(&error)))?;
    match value.get("format").and_then(Value::as_u64) {
        Some(format) if format == u64::from(FORMAT) => {}
        Some(format) => {
            return Err((None, format!("its format is {format}; this version knows {FORMAT}")));
        }
        None => return Err((None, "it has no format number".to_owned())),
    }
    let data: Data = serde_json::from_slice(text).map_err(|error| (Some(error.line()), message(&error)))?;
    data.into_state().map_err(|why| (None, why))
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

#[cfg(test)]
mod tests;
