//! What the comparison found, before any guard has judged it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::notice::Notice;
use super::plan_type::Coming;
use super::work::Work;
use crate::model::change::Change;
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
    /// Managed members per group before the plan.
    pub per_group: BTreeMap<String, u64>,
    /// Active holders of each role in the app before the plan.
    pub holders: BTreeMap<String, std::collections::BTreeSet<UserId>>,
    /// A full apply has run to its end.
    pub completed: bool,
    /// Accounts seen in the app.
    pub seen: u64,
    /// Accounts that come back after they vanished.
    pub recreated: u64,
    /// Changes of login attributes.
    pub login_paths: Vec<Arc<str>>,
}
