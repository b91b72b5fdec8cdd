//! `ledger unlink`: links that are wrong.

use std::fmt;
use std::sync::Mutex;

use super::Entry;
use crate::engine::books::BookError;
use crate::ledger::By;
use crate::model::change::Object;
use crate::model::ledger::{AppLedger, GroupKey};
use crate::model::{RemoteId, UserId};

/// Who or what has a link: a person, or a group of the app that rolecall manages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Linked {
    /// A person's account.
    User(UserId),
    /// A pushed group, or the group of a role.
    Group(GroupKey),
}

impl Linked {
    /// Reads `group:ID`, `role:ID`, `user:ID`, or the bare id of a person.
    pub fn read(text: &str) -> Self {
        let object = match text.split_once(':') {
            Some(("group", id)) => Object::Group(id.into()),
            Some(("role", id)) => Object::Role(id.into()),
            Some(("user", id)) => Object::User(id.into()),
            _ => Object::User(text.into()),
        };
        match (GroupKey::of(&object), object) {
            (Some(key), _) => Self::Group(key),
            (None, Object::User(id)) => Self::User(id),
            (None, _) => Self::User(text.into()),
        }
    }

    fn remove(&self, ledger: &mut AppLedger) -> Option<RemoteId> {
        match self {
            Self::User(id) => ledger.users.remove(id).map(|link| link.remote),
            Self::Group(key) => ledger.groups.remove(key).map(|link| link.remote),
        }
    }
}

impl fmt::Display for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "{id}"),
            Self::Group(key) => f.write_str(key.as_str()),
        }
    }
}

/// Drops these links, all or none; gives the accounts and groups.
///
/// # Errors
/// One of them has no link, a run holds the app, or the ledger cannot be written.
pub fn unlink(entry: &Entry<'_>, linked: &[Linked], by: &By<'_>) -> Result<Vec<RemoteId>, BookError> {
    let names: Vec<_> = linked.iter().map(ToString::to_string).collect();
    let what = format!("unlink {} from", names.join(", "));
    let dropped = Mutex::new(Vec::new());
    entry.ledger.store.edit(&entry.id, &what, by, &|ledger| {
        // A write may be tried several times.
        let mut remotes = Vec::new();
        for one in linked {
            let what = match one {
                Linked::User(_) => "account",
                Linked::Group(_) => "group",
            };
            let unknown = || format!("the ledger knows no {what} of '{one}' in app {}", entry.id);
            remotes.push(one.remove(ledger).ok_or_else(unknown)?);
        }
        if let Ok(mut dropped) = dropped.lock() {
            *dropped = remotes;
        }
        Ok(())
    })?;
    Ok(dropped.into_inner().unwrap_or_default())
}
