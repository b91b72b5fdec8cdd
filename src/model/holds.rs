//! Changes that a guard held back: they stay held until they are allowed by name or the files take them back, whatever
//! later runs and commits count (safety.md 11).

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use super::change::{ChangeKey, Facet, Object};
use super::guard::Guard;
use super::id::{AppId, UserId};
use super::rename::{self, Renames};

/// A change that a guard held back.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HoldKey {
    pub guard: Guard,
    pub object: Object,
    pub facet: Facet,
}

/// A held change, with the commit at which the guard held it first; `None` for files that are in no commit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Hold {
    pub guard: Guard,
    pub object: Object,
    pub facet: Facet,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<Arc<str>>,
}

/// All that guards held in an app.
pub type Holds = BTreeMap<HoldKey, Option<Arc<str>>>;

impl Hold {
    pub fn new(key: HoldKey, commit: Option<Arc<str>>) -> Self {
        let HoldKey { guard, object, facet } = key;
        Self { guard, object, facet, commit }
    }

    pub fn key(&self) -> HoldKey {
        HoldKey { guard: self.guard, object: self.object.clone(), facet: self.facet.clone() }
    }
}

impl HoldKey {
    pub fn new(guard: Guard, change: &ChangeKey) -> Self {
        Self { guard, object: change.object.clone(), facet: change.facet.clone() }
    }

    /// The change, in an app.
    pub fn change(&self, app: &AppId) -> ChangeKey {
        ChangeKey { app: app.clone(), object: self.object.clone(), facet: self.facet.clone() }
    }

    /// The same change under today's ids; nothing if none was renamed.
    fn today(&self, renames: &Renames<'_>) -> Option<Self> {
        let today = (renames.object(&self.object), renames.facet(&self.facet));
        let (object, facet) = rename::either((&self.object, &self.facet), today)?;
        Some(Self { guard: self.guard, object, facet })
    }

    /// True if it is about this person's account, role or membership.
    fn is_about(&self, user: &UserId) -> bool {
        matches!(&self.object, Object::User(id) if id == user)
            || matches!(&self.facet, Facet::Member(id) if id == user)
    }
}

/// Moves what is held to today's ids.
pub fn rename(holds: &mut Holds, renames: &Renames<'_>) {
    rename::keys(holds, |key| key.today(renames));
}

/// Drops what is held of a person.
pub(super) fn forget(holds: &mut Holds, user: &UserId) {
    holds.retain(|key, _| !key.is_about(user));
}
