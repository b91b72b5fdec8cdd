//! What the comparison found, before any guard has judged it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::notice::Notice;
use super::plan_type::Coming;
use super::source::Shrunk;
use super::work::Work;
use crate::model::change::{Change, ChangeKey};
use crate::model::time::Timestamp;
use crate::model::{AppId, UserId};

/// Changes of one app that nobody has judged. Cannot be applied, stored or shown.
#[derive(Debug, Clone)]
pub struct Draft {
    /// The app.
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
    /// What the guards count against.
    pub bases: Bases,
    /// When the declared end came that a change carries out.
    pub ends: BTreeMap<ChangeKey, Timestamp>,
    /// A source guard that stops the app whatever else is in the draft: short name and words.
    pub stopped: Option<(String, String)>,
}

/// What the guards count against (safety.md 11).
#[derive(Debug, Clone, Default)]
pub struct Bases {
    /// Linked active accounts in the ledger before the plan.
    pub accounts: u64,
    /// Managed memberships and grants in the ledger before the plan.
    pub memberships: u64,
    /// Value roles in the ledger before the plan.
    pub roles: u64,
    /// Links, tombstones excepted.
    pub links: u64,
    /// Managed members per group before the plan; of a group that is deleted, all members the app shows.
    pub per_group: BTreeMap<String, u64>,
    /// Active holders in the app, before the plan, of roles with `min_members` or in a conflict policy.
    pub holders: BTreeMap<String, BTreeSet<UserId>>,
    /// A full apply has run to its end.
    pub completed: bool,
    /// Accounts seen in the app.
    pub seen: u64,
    /// Attributes people sign in with or are found by.
    pub login_paths: Vec<Arc<str>>,
    /// People that are linked by this plan only: what changes about them is part of the adoption.
    pub adopted: BTreeSet<UserId>,
    /// What an interrupted run had set out to do and its guards had passed.
    pub begun: BTreeSet<ChangeKey>,
    /// Where fewer people are declared than at the last applied commit.
    pub source: Vec<Shrunk>,
}
