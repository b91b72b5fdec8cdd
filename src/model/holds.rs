//! Changes that a guard held back: they stay held until they are allowed by name or the files take them back, whatever
//! later runs and commits count (safety.md 11).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::{ChangeKey, Facet, Object};
use super::guard::Guard;
use super::hash::HashKey;
use super::held_value::HeldValue;
use super::id::{AppId, UserId};
use super::rename::{self, Renames};
use super::value::Value;

/// A change that a guard held back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldKey {
    pub guard: Guard,
    pub object: Object,
    pub facet: Facet,
    /// What was to be written. None if the hold is of no value, or of every one: where the value has no hash, and in entries of
    /// older versions.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<HeldValue>,
}

/// A held change, with the commit at which the guard held it first; `None` for files that are in no commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    pub guard: Guard,
    pub object: Object,
    pub facet: Facet,
    /// As in [`HoldKey`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<HeldValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
}

/// All that guards held in an app.
pub type Holds = BTreeMap<HoldKey, Option<Arc<str>>>;

impl Hold {
    pub fn new(key: HoldKey, commit: Option<Arc<str>>) -> Self {
        let HoldKey { guard, object, facet, value } = key;
        Self { guard, object, facet, value, commit }
    }

    pub fn key(&self) -> HoldKey {
        HoldKey {
            guard: self.guard,
            object: self.object.clone(),
            facet: self.facet.clone(),
            value: self.value,
        }
    }
}

impl HoldKey {
    /// Whatever the change writes.
    pub fn new(guard: Guard, change: &ChangeKey) -> Self {
        Self { guard, object: change.object.clone(), facet: change.facet.clone(), value: None }
    }

    /// True if it holds a change that writes this: what is not known may be the value that was held.
    pub fn is_of(&self, written: Option<HeldValue>) -> bool {
        self.value.is_none() || written.is_none() || self.value == written
    }

    /// The change, in an app.
    pub fn change(&self, app: &AppId) -> ChangeKey {
        ChangeKey { app: app.clone(), object: self.object.clone(), facet: self.facet.clone() }
    }

    /// The same change under today's ids; nothing if none was renamed.
    fn today(&self, renames: &Renames<'_>) -> Option<Self> {
        let today = (renames.object(&self.object), renames.facet(&self.facet));
        let (object, facet) = rename::either((&self.object, &self.facet), today)?;
        Some(Self { guard: self.guard, object, facet, value: self.value })
    }

    /// True if it is about this person's account, role or membership.
    pub(crate) fn is_about(&self, user: &UserId) -> bool {
        matches!(&self.object, Object::User(id) if id == user)
            || matches!(&self.facet, Facet::Member(id) if id == user)
    }
}

/// Moves what is held to today's ids.
pub fn rename(holds: &mut Holds, renames: &Renames<'_>) {
    rename::keys(holds, |key| key.today(renames));
}

/// A value may be a reference to a person: it is held under today's id, too.
pub fn rename_references(holds: &mut Holds, renames: &Renames<'_>, hash: &HashKey) {
    let path = |key: &HoldKey| match &key.facet {
        Facet::Attribute(path) if key.value.is_some() => Some(path.clone()),
        _ => None,
    };
    let paths: BTreeSet<Arc<str>> = holds.keys().filter_map(path).collect();
    let of = |path: &Arc<str>, id: &UserId| HeldValue::of(hash, path, &Value::str(id.as_str()));
    let moves = paths.iter().flat_map(|path| {
        renames.users().map(move |(from, to)| ((path.clone(), of(path, from)), of(path, to)))
    });
    let moves: BTreeMap<(Arc<str>, HeldValue), HeldValue> = moves.collect();
    let today = |(key, commit): (&HoldKey, &Option<Arc<str>>)| {
        let value = *moves.get(&(path(key)?, key.value?))?;
        Some((HoldKey { value: Some(value), ..key.clone() }, commit.clone()))
    };
    let renamed: Vec<_> = holds.iter().filter_map(today).collect();
    for (key, commit) in renamed {
        holds.entry(key).or_insert(commit);
    }
}

/// Drops what is held of a person.
pub(super) fn forget(holds: &mut Holds, user: &UserId) {
    holds.retain(|key, _| !key.is_about(user));
}
