//! What apply needs besides the changes. Never stored: a plan read from a file has none and is recomputed.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::change::{ChangeKey, Object};
use crate::model::hash::ShortHash;
use crate::model::ledger::{GroupKey, GroupLink, LedgerUpdate, Link};
use crate::model::time::Timestamp;
use crate::model::{Path, RoleId, UserId, Value, Want};

/// Facts for carrying out an app's changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Work {
    /// Entries for accounts that are adopted, re-linked or claimed.
    pub links: BTreeMap<UserId, Link>,
    /// Entries for groups that are adopted.
    pub group_links: BTreeMap<GroupKey, GroupLink>,
    /// What groups that are created start with.
    pub group_attributes: BTreeMap<GroupKey, Vec<(Path, Want)>>,
    /// How many members groups have that are deleted, unmanaged ones included.
    pub deleted: BTreeMap<GroupKey, u64>,
    /// Role values that are there, for everybody whose roles change.
    pub roles: BTreeMap<UserId, RoleWork>,
    /// Hash of status, start, end and grants of everybody declared that a change speaks of (safety.md 13).
    pub lives: BTreeMap<UserId, ShortHash>,
    /// The last `expires` that has passed of people with an account whom a change speaks of: it counts as over once
    /// their losses are done.
    pub lapses: BTreeMap<UserId, Timestamp>,
    /// Levels of updates that free and take unique values, or names of groups: lower ones first.
    pub levels: BTreeMap<Object, u32>,
    /// Changes that must not happen unless others do: a grant and the revocation that makes room for it, an account that
    /// is turned on and what is taken from it before.
    pub needs: BTreeMap<ChangeKey, BTreeSet<ChangeKey>>,
    /// Active holders of roles with `min_members` or in a conflict policy before the plan.
    pub holders: BTreeMap<String, BTreeSet<UserId>>,
    /// Who takes a unique value, and whose accounts, or which groups, have to free it first.
    pub waits: BTreeMap<Object, Vec<Object>>,
    /// Names of accounts, where the app names members so.
    pub names: BTreeMap<UserId, Arc<str>>,
    /// Attributes whose values are not even hashed: sensitive ones, write-only ones, and `apply: create`.
    pub unhashed: BTreeSet<Arc<str>>,
    /// What the reading taught us that needs no request.
    pub observed: Vec<LedgerUpdate>,
}

/// Roles of one account, kept in one attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleWork {
    /// The attribute.
    pub path: Path,
    /// It holds one value only.
    pub single: bool,
    /// The values that are there.
    pub actual: Vec<Value>,
    /// Values of the declared roles.
    pub values: BTreeMap<RoleId, Value>,
}
