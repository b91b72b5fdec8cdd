//! What the data folder of a SCIM sandbox holds: resources with their members, and changes of one resource each.

use std::{collections::BTreeMap, path::Path, time::Duration};

use serde::{Deserialize, Serialize};
use serde_json::json;

use super::disk::{self, Disk, OnDisk};
use super::id::Id;
use super::kind::Kind;
use super::state::{Action, Change, Entry, State};
use super::target::Object;
use super::{SandboxError, shape};

/// Locks and reads the folder; makes it if it is missing. Waits up to `patience` for another process to leave.
pub(super) fn open(dir: &Path, patience: Duration) -> Result<(Disk, State), SandboxError> {
    Disk::open(dir, patience)
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

impl OnDisk for State {
    const FORMAT: u32 = 1;
    type Change = Change;

    fn empty() -> Self {
        Self::default()
    }

    fn read(text: &[u8]) -> Result<Self, (Option<usize>, String)> {
        let data: Data = serde_json::from_slice(text).map_err(|error| disk::at_fault(&error))?;
        data.into_state().map_err(|why| (None, why))
    }

    fn take(&mut self, change: Change) -> Result<(), String> {
        if change.serial <= self.serial() {
            return Ok(());
        }
        if let Action::Put { id, attributes, .. } = &change.action {
            check(*id, attributes)?;
        }
        self.apply(change)
    }

    fn check(&self) -> Result<(), String> {
        self.dangling().map_or(Ok(()), Err)
    }

    fn data(&self) -> impl Serialize {
        let all = |kind| self.all(kind).map(|(id, entry)| (id, entry.clone())).collect();
        Data {
            format: Self::FORMAT,
            serial: self.serial(),
            last: Last { user: self.last(Kind::User), group: self.last(Kind::Group) },
            users: all(Kind::User),
            groups: all(Kind::Group),
        }
    }
}

impl Data {
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

#[cfg(test)]
mod tests;
