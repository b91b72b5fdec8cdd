//! The data of an emulator: objects in tables, by number. A change counts once it is on disk.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::SandboxError;
use super::disk::{self, Disk, OnDisk};

/// An object, as the emulator keeps it.
pub(super) type Object = Map<String, Value>;

/// The tables of an app.
#[derive(Debug)]
pub(super) struct Records {
    state: State,
    /// `None` once they are closed.
    disk: Option<Disk>,
}

/// A part of a change. The parts of one change are done together.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Edit {
    /// An object, new or in place of the one with this number.
    Put { table: String, id: u64, object: Object },
    /// The object is no longer there.
    Drop { table: String, id: u64 },
}

/// A line of the log.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    serial: u64,
    edits: Vec<Edit>,
}

/// What the files hold.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct State {
    format: u32,
    /// The app, so that no other one takes the folder for its own.
    app: String,
    serial: u64,
    /// The highest number so far: numbers are never used again.
    last: u64,
    tables: BTreeMap<String, BTreeMap<u64, Object>>,
}

impl OnDisk for State {
    /// Other than that of the SCIM sandbox, which keeps resources.
    const FORMAT: u32 = 2;
    type Change = Change;

    fn empty() -> Self {
        Self { format: Self::FORMAT, ..Self::default() }
    }

    fn read(text: &[u8]) -> Result<Self, (Option<usize>, String)> {
        serde_json::from_slice(text).map_err(|error| disk::at_fault(&error))
    }

    fn take(&mut self, change: Change) -> Result<(), String> {
        if change.serial <= self.serial {
            return Ok(());
        }
        if change.serial != self.serial + 1 {
            return Err(format!("change {} follows change {}", change.serial, self.serial));
        }
        self.apply(change);
        Ok(())
    }

    fn check(&self) -> Result<(), String> {
        Ok(())
    }

    fn data(&self) -> impl Serialize {
        self.clone()
    }
}

impl State {
    fn apply(&mut self, change: Change) {
        self.serial = change.serial;
        for edit in change.edits {
            match edit {
                Edit::Put { table, id, object } => {
                    self.last = self.last.max(id);
                    self.tables.entry(table).or_default().insert(id, object);
                }
                Edit::Drop { table, id } => {
                    if let Some(table) = self.tables.get_mut(&table) {
                        table.remove(&id);
                    }
                }
            }
        }
    }
}

impl Records {
    /// Locks and reads the folder of an app; makes it if it is missing.
    ///
    /// # Errors
    /// The folder is in use, cannot be read or written, or holds files of another app.
    pub(super) fn open(dir: &Path, patience: Duration, app: &str) -> Result<Self, SandboxError> {
        let (mut disk, mut state): (Disk, State) = Disk::open(dir, patience)?;
        if state.app.is_empty() {
            state.app = app.to_owned();
            disk.merge(&state)?;
        }
        if state.app != app {
            return Err(SandboxError::Unreadable {
                file: dir.join("data.json"),
                line: None,
                why: format!("it is of an app with `connector: {}`, not {app}", state.app),
            });
        }
        Ok(Self { state, disk: Some(disk) })
    }

    /// The same; a new folder gets these first.
    ///
    /// # Errors
    /// As [`Records::open`], or they cannot be saved.
    pub(super) fn open_with(
        dir: &Path,
        patience: Duration,
        app: &str,
        first: impl FnOnce() -> Edit,
    ) -> Result<Self, SandboxError> {
        let mut records = Self::open(dir, patience, app)?;
        if records.state.serial == 0 {
            let saved = records.commit(vec![first()]);
            saved.map_err(|why| SandboxError::io("write", dir, std::io::Error::other(why)))?;
        }
        Ok(records)
    }

    /// A number that no object has or had, and not below `least`.
    pub(super) fn next_id(&self, least: u64) -> u64 {
        self.state.last.saturating_add(1).max(least)
    }

    /// The objects of a table, by number.
    pub(super) fn all(&self, table: &str) -> impl Iterator<Item = (u64, &Object)> {
        self.state.tables.get(table).into_iter().flatten().map(|(id, object)| (*id, object))
    }

    /// One object of a table.
    pub(super) fn get(&self, table: &str, id: u64) -> Option<&Object> {
        self.state.tables.get(table)?.get(&id)
    }

    /// Makes a change: all of its parts or none.
    ///
    /// # Errors
    /// It could not be saved, or the sandbox is stopping.
    pub(super) fn commit(&mut self, edits: Vec<Edit>) -> Result<(), String> {
        let Some(disk) = self.disk.as_mut() else { return Err("the sandbox is stopping".to_owned()) };
        let change = Change { serial: self.state.serial.saturating_add(1), edits };
        disk.append(&change).map_err(|error| format!("the change could not be saved: {error}"))?;
        self.state.apply(change);
        disk.tidy(&self.state);
        Ok(())
    }

    /// Merges the files and releases the folder.
    ///
    /// # Errors
    /// The files cannot be merged; they are complete all the same.
    pub(super) fn close(&mut self) -> Result<(), SandboxError> {
        match self.disk.take() {
            Some(mut disk) => disk.merge(&self.state),
            None => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn put(id: u64, name: &str) -> Edit {
        let object = Object::from_iter([("name".to_owned(), name.into())]);
        Edit::Put { table: "people".to_owned(), id, object }
    }

    fn open(dir: &Path) -> Result<Records, String> {
        Records::open(dir, Duration::ZERO, "desk").map_err(|error| error.to_string())
    }

    fn names(records: &Records) -> Vec<String> {
        records.all("people").map(|(id, object)| format!("{id} {}", object["name"])).collect()
    }

    #[test]
    fn what_was_kept_is_there_again_and_numbers_are_not_given_twice() {
        let dir = tempfile::tempdir().expect("a folder");
        let mut records = open(dir.path()).expect("opened");
        assert!(names(&records).is_empty() && records.next_id(7) == 7);
        records.commit(vec![put(7, "ada"), put(8, "bob")]).expect("kept");
        records.commit(vec![Edit::Drop { table: "people".to_owned(), id: 8 }]).expect("kept");
        assert!(open(dir.path()).expect_err("it is locked").contains("in use by another process"));
        drop(records); // as if killed
        let mut records = open(dir.path()).expect("opened");
        assert_eq!((names(&records), records.next_id(7)), (vec!["7 \"ada\"".to_owned()], 9));
        records.close().expect("closed");
        assert!(records.commit(vec![put(9, "eve")]).is_err());
        assert_eq!(names(&open(dir.path()).expect("opened")), ["7 \"ada\""]);
    }

    #[test]
    fn the_folder_of_another_app_is_left_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        open(dir.path()).expect("opened").commit(vec![put(1, "ada")]).expect("kept");
        let other = Records::open(dir.path(), Duration::ZERO, "wiki").map_err(|error| error.to_string());
        assert!(other.expect_err("another app").contains("with `connector: desk`, not wiki"));
    }

    #[test]
    fn a_new_folder_gets_its_first_object_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let open = |name: &'static str| {
            let first = || put(7, name);
            Records::open_with(dir.path(), Duration::ZERO, "desk", first).expect("opened")
        };
        assert_eq!(names(&open("ada")), ["7 \"ada\""]);
        assert_eq!(names(&open("bob")), ["7 \"ada\""]);
    }
}
