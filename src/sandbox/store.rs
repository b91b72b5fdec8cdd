use std::{collections::BTreeSet, path::Path, time::Duration};

use axum::http::StatusCode;
use jiff::{Timestamp, Unit};
use serde_json::Value;

use super::SandboxError;
use super::disk::Disk;
use super::draft::{self, Draft, no_member};
use super::fault::{Fault, quote};
use super::files;
use super::filter::fold;
use super::id::Id;
use super::kind::Kind;
use super::state::{Action, Change, State};

/// The resources with the rules between them: names are unique, and references lead to a resource. A change counts once
/// it is on disk.
#[derive(Debug)]
pub(super) struct Store {
    state: State,
    /// `None` once the store is closed.
    files: Option<Disk>,
}

impl Store {
    pub(super) fn open(dir: &Path, patience: Duration) -> Result<Self, SandboxError> {
        let (files, state) = files::open(dir, patience)?;
        Ok(Self { state, files: Some(files) })
    }

    /// Merges the files and releases the folder. After it every request is refused with 503.
    pub(super) fn close(&mut self) -> Result<(), SandboxError> {
        match self.files.take() {
            Some(mut files) => files.merge(&self.state),
            None => Ok(()),
        }
    }

    pub(super) fn state(&self) -> Result<&State, Fault> {
        if self.files.is_some() { Ok(&self.state) } else { Err(stopping()) }
    }

    pub(super) fn create(&mut self, kind: Kind, draft: Draft) -> Result<Id, Fault> {
        let number = self.state.last(kind).saturating_add(1);
        if number > Id::MAX_NUMBER {
            return Err(Fault::internal(format!("there are no more ids for a {}", kind.name())));
        }
        let id = Id { kind, number };
        self.put(id, draft)?;
        Ok(id)
    }

    /// If nothing differs, it changes nothing, also not the version (RFC 7644 section 3.5.2.1).
    pub(super) fn update(&mut self, id: Id, draft: Draft) -> Result<(), Fault> {
        let same = self
            .state
            .get(id)
            .is_some_and(|entry| entry.attributes == draft.attributes && entry.members == draft.members);
        if same { Ok(()) } else { self.put(id, draft) }
    }

    pub(super) fn delete(&mut self, id: Id) -> Result<(), Fault> {
        self.commit(Action::Delete { id })
    }

    fn put(&mut self, id: Id, draft: Draft) -> Result<(), Fault> {
        self.check_name(id, &draft)?;
        self.check_references(id, &draft)?;
        let nobody = BTreeSet::new();
        let before = self.state.get(id).map_or(&nobody, |entry| &entry.members);
        let add = draft.members.difference(before).copied().collect();
        let remove = before.difference(&draft.members).copied().collect();
        self.commit(Action::Put { id, attributes: draft.attributes, add, remove })
    }

    fn check_name(&self, id: Id, draft: &Draft) -> Result<(), Fault> {
        let unique = id.kind.unique_attr();
        let name = draft.attributes.get(unique).and_then(Value::as_str).unwrap_or_default();
        match self.state.named(id.kind, &fold(name)) {
            Some(other) if other != id => {
                Err(Fault::uniqueness(format!("{unique} {} is taken by {other}", quote(name))))
            }
            _ => Ok(()),
        }
    }

    fn check_references(&self, id: Id, draft: &Draft) -> Result<(), Fault> {
        for member in &draft.members {
            if *member == id {
                return Err(Fault::value("a group cannot be its own member"));
            }
            if self.state.get(*member).is_none() {
                return Err(no_member(&member.to_string()));
            }
        }
        if let Some(manager) = draft::manager(&draft.attributes) {
            let there = |manager: Id| manager.kind == Kind::User && self.state.get(manager).is_some();
            if !manager.parse().is_ok_and(there) {
                return Err(Fault::value(format!("the manager {} does not exist", quote(manager))));
            }
        }
        Ok(())
    }

    fn commit(&mut self, action: Action) -> Result<(), Fault> {
        let files = self.files.as_mut().ok_or_else(stopping)?;
        let change = Change { serial: self.state.serial().saturating_add(1), at: now(), action };
        files
            .append(&change)
            .map_err(|error| Fault::internal(format!("the change could not be saved: {error}")))?;
        self.state.apply(change).map_err(Fault::internal)?;
        files.tidy(&self.state);
        Ok(())
    }
}

fn stopping() -> Fault {
    Fault::plain(StatusCode::SERVICE_UNAVAILABLE, "the sandbox is stopping")
}

/// The current time in milliseconds, because clients may not keep more digits.
fn now() -> Timestamp {
    let now = Timestamp::now();
    now.round(Unit::Millisecond).unwrap_or(now)
}
