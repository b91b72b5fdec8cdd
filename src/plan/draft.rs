//! The result of the comparison, before any guard has judged it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::notice::Notice;
use super::plan_type::Coming;
use super::shrunk::Shrunk;
use super::work::Work;
use crate::model::change::{Change, ChangeKey};
use crate::model::ledger::GroupKey;
use crate::model::time::Timestamp;
use crate::model::{AppId, RoleId, UserId};

/// Changes of one app that no guard has judged yet. They cannot be applied, stored or shown.
#[derive(Debug, Clone)]
pub struct Draft {
    pub app: AppId,
    /// Canonical endpoint.
    pub endpoint: Arc<str>,
    /// In any order.
    pub changes: Vec<Change>,
    /// In any order.
    pub notices: Vec<Notice>,
    /// Ends and starts in the next days.
    pub coming: Vec<Coming>,
    /// Names for ids.
    pub people: BTreeMap<UserId, String>,
    /// What apply needs besides the changes.
    pub work: Work,
    pub bases: Bases,
    /// The time of the declared end that a change carries out.
    pub ends: BTreeMap<ChangeKey, Timestamp>,
    /// The source guard that stops the whole app, if one does: short name and message.
    pub stopped: Option<(String, String)>,
}

/// The numbers before the plan, against which the guards count (safety.md 11).
#[derive(Debug, Clone, Default)]
pub struct Bases {
    /// Linked active accounts in the ledger before the plan.
    pub accounts: u64,
    /// Members of pushed groups in the ledger before the plan.
    pub memberships: u64,
    /// Managed grants in the ledger before the plan, of roles kept as values and as groups.
    pub roles: u64,
    /// Links, tombstones excepted.
    pub links: u64,
    /// Managed members per group before the plan; of a group that is deleted, all members the app shows.
    pub per_group: BTreeMap<GroupKey, u64>,
    /// Active holders in the app, before the plan, of roles with `min_members` or in a conflict policy.
    pub holders: BTreeMap<RoleId, BTreeSet<UserId>>,
    /// A full apply has run to its end.
    pub completed: bool,
    /// Accounts seen in the app.
    pub seen: u64,
    /// Attributes people sign in with or are found by.
    pub login_paths: Vec<Arc<str>>,
    /// People who get their link by this plan: their changes are part of the adoption.
    pub adopted: BTreeSet<UserId>,
    /// Changes that an interrupted run had begun, after its guards had passed them.
    pub begun: BTreeSet<ChangeKey>,
    /// Parts of the repository that declare fewer people than at the last applied commit.
    pub source: Vec<Shrunk>,
}
