use std::collections::{BTreeMap, BTreeSet, HashMap};

use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::draft;
use super::filter::fold;
use super::id::Id;
use super::kind::Kind;
use super::target::Object;

/// One resource. `version` is the serial of its last change; computed attributes (`groups`) do not change it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Entry {
    pub created: Timestamp,
    pub modified: Timestamp,
    pub version: u64,
    pub attributes: Object,
    #[serde(default, skip_serializing_if = "BTreeSet::is_empty")]
    pub members: BTreeSet<Id>,
}

/// One accepted change, which is appended to the log before it counts.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Change {
    pub serial: u64,
    pub at: Timestamp,
    pub action: Action,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "lowercase", deny_unknown_fields)]
pub(super) enum Action {
    /// A new resource, or new attributes of an existing one. Members are stored as a difference, so that changes of
    /// large groups stay small.
    Put {
        id: Id,
        attributes: Object,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        add: Vec<Id>,
        #[serde(default, skip_serializing_if = "Vec::is_empty")]
        remove: Vec<Id>,
    },
    Delete {
        id: Id,
    },
}

/// All resources in memory, with their indexes.
#[derive(Debug, Default, PartialEq)]
pub(super) struct State {
    serial: u64,
    last: BTreeMap<Kind, u32>,
    entries: BTreeMap<Id, Entry>,
    names: HashMap<(Kind, String), Id>,
    member_of: HashMap<Id, BTreeSet<Id>>,
}

impl State {
    /// The state from saved data. `last` are the highest numbers so far.
    pub(super) fn restore(
        serial: u64,
        last: BTreeMap<Kind, u32>,
        entries: BTreeMap<Id, Entry>,
    ) -> Result<Self, String> {
        let mut state = Self { serial, last, ..Self::default() };
        for (id, entry) in entries {
            state.claim_name(id, &entry.attributes)?;
            state.note_number(id);
            for member in &entry.members {
                state.member_of.entry(*member).or_default().insert(id);
            }
            state.entries.insert(id, entry);
        }
        Ok(state)
    }

    pub(super) fn serial(&self) -> u64 {
        self.serial
    }

    /// The highest number so far.
    pub(super) fn last(&self, kind: Kind) -> u32 {
        self.last.get(&kind).copied().unwrap_or_default()
    }

    pub(super) fn get(&self, id: Id) -> Option<&Entry> {
        self.entries.get(&id)
    }

    /// All resources of one type, in the order of their creation.
    pub(super) fn all(&self, kind: Kind) -> impl Iterator<Item = (Id, &Entry)> {
        let ends = Id { kind, number: 0 }..=Id { kind, number: Id::MAX_NUMBER };
        self.entries.range(ends).map(|(id, entry)| (*id, entry))
    }

    /// The resource with this unique name; `folded` is in lower case.
    pub(super) fn named(&self, kind: Kind, folded: &str) -> Option<Id> {
        self.names.get(&(kind, folded.to_owned())).copied()
    }

    /// The groups that name `id` as a member.
    pub(super) fn groups_of(&self, id: Id) -> impl Iterator<Item = Id> {
        self.member_of.get(&id).into_iter().flatten().copied()
    }

    /// Applies the change. An error means that the change does not follow from this state, which happens only with
    /// files that another program wrote. The state is useless then.
    pub(super) fn apply(&mut self, change: Change) -> Result<(), String> {
        let Change { serial, at, action } = change;
        if Some(serial) != self.serial.checked_add(1) {
            return Err(format!("change {serial} follows change {}", self.serial));
        }
        self.serial = serial;
        match action {
            Action::Put { id, attributes, add, remove } => self.put(id, at, attributes, add, remove),
            Action::Delete { id } => self.delete(id, at),
        }
    }

    fn put(
        &mut self,
        id: Id,
        at: Timestamp,
        attributes: Object,
        add: Vec<Id>,
        remove: Vec<Id>,
    ) -> Result<(), String> {
        self.release_name(id);
        self.claim_name(id, &attributes)?;
        self.note_number(id);
        let version = self.serial;
        let entry = self.entries.entry(id).or_insert_with(|| Entry {
            created: at,
            modified: at,
            version,
            attributes: Object::new(),
            members: BTreeSet::new(),
        });
        entry.modified = at;
        entry.version = version;
        entry.attributes = attributes;
        for member in remove {
            entry.members.remove(&member);
            if let Some(groups) = self.member_of.get_mut(&member) {
                groups.remove(&id);
            }
        }
        for member in add {
            entry.members.insert(member);
            self.member_of.entry(member).or_default().insert(id);
        }
        Ok(())
    }

    /// Also removes it from its groups, and as a manager, so that no reference leads to nothing.
    fn delete(&mut self, id: Id, at: Timestamp) -> Result<(), String> {
        self.release_name(id);
        let gone = self.entries.remove(&id).ok_or_else(|| format!("{id} is deleted, but was not there"))?;
        for member in gone.members {
            if let Some(groups) = self.member_of.get_mut(&member) {
                groups.remove(&id);
            }
        }
        let serial = self.serial;
        let touch = |entry: &mut Entry| {
            entry.modified = at;
            entry.version = serial;
        };
        for group in self.member_of.remove(&id).unwrap_or_default() {
            if let Some(group) = self.entries.get_mut(&group) {
                group.members.remove(&id);
                touch(group);
            }
        }
        let text = id.to_string();
        for entry in self.entries.values_mut() {
            if draft::manager(&entry.attributes) == Some(&text) {
                draft::remove_manager(&mut entry.attributes);
                touch(entry);
            }
        }
        Ok(())
    }

    fn claim_name(&mut self, id: Id, attributes: &Object) -> Result<(), String> {
        let unique = id.kind.unique_attr();
        let name = attributes.get(unique).and_then(Value::as_str).unwrap_or_default();
        match self.names.insert((id.kind, fold(name)), id) {
            None => Ok(()),
            Some(other) => Err(format!("{id} and {other} have the same {unique}, {name:?}")),
        }
    }

    fn release_name(&mut self, id: Id) {
        let Some(entry) = self.entries.get(&id) else {
            return;
        };
        let name = entry.attributes.get(id.kind.unique_attr()).and_then(Value::as_str).unwrap_or_default();
        self.names.remove(&(id.kind, fold(name)));
    }

    fn note_number(&mut self, id: Id) {
        let last = self.last.entry(id.kind).or_default();
        *last = (*last).max(id.number);
    }

    /// A member or manager that does not exist, if there is one.
    pub(super) fn dangling(&self) -> Option<String> {
        for (id, entry) in &self.entries {
            if let Some(member) = entry.members.iter().find(|member| !self.entries.contains_key(member)) {
                return Some(format!("{id} has the member {member}, which does not exist"));
            }
            if let Some(manager) = draft::manager(&entry.attributes)
                && !manager.parse().is_ok_and(|manager: Id| self.entries.contains_key(&manager))
            {
                return Some(format!("{id} has the manager {manager:?}, who does not exist"));
            }
        }
        None
    }
}
