//! Facts that apply needs besides the changes. They are never stored: for a plan that is read from a file they are
//! computed again.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::held::HeldWork;
use super::reading::protect::Unmet;
use crate::model::change::{ChangeKey, Facet, Object};
use crate::model::ledger::{GroupKey, GroupLink, LedgerUpdate, Link, Loss, PersonHashes};
use crate::model::op::MemberList;
use crate::model::time::Timestamp;
use crate::model::{Path, RoleId, UserId, Value, Want};

/// Facts for carrying out an app's changes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Work {
    /// Entries for accounts that are adopted, re-linked or claimed.
    pub links: BTreeMap<UserId, Link>,
    /// Entries for groups that are adopted.
    pub group_links: BTreeMap<GroupKey, GroupLink>,
    /// The first attributes of groups that are created.
    pub group_attributes: BTreeMap<GroupKey, Vec<(Path, Want)>>,
    /// What the reading showed of the lists of members, where it is not the whole list.
    pub member_lists: BTreeMap<GroupKey, MemberList>,
    /// What falls with an account, each with the loss of that account: it is not counted, and is held with it.
    pub falls: BTreeMap<ChangeKey, ChangeKey>,
    /// The losses of access that each change is counted as (safety.md 11).
    pub losses: BTreeMap<ChangeKey, Vec<Loss>>,
    /// The role values in the app, for all people whose roles change.
    pub roles: BTreeMap<UserId, RoleWork>,
    /// Who each declared person is that a change is about, for ledger entries (safety.md 1).
    pub persons: BTreeMap<UserId, PersonHashes>,
    /// The last passed `expires` of each person with an account that a change is about. It counts as over once the
    /// losses are done.
    pub lapses: BTreeMap<UserId, Timestamp>,
    /// Levels of updates that free and take unique values, or names of groups: lower ones first.
    pub levels: BTreeMap<Object, u32>,
    /// Changes that must not happen unless others do: a grant and the revocation that makes room for it, an account that
    /// is turned on and what is taken from it before.
    pub needs: BTreeMap<ChangeKey, BTreeSet<ChangeKey>>,
    /// Values that the ledger knows and the files do not, by the key under which they are taken away.
    pub former_values: BTreeMap<Facet, FormerHolders>,
    /// Active holders of roles with `min_members` or in a conflict policy before the plan.
    pub holders: BTreeMap<RoleId, BTreeSet<UserId>>,
    /// The objects that take a unique value, each with the accounts or groups that have to free it first.
    pub waits: BTreeMap<Object, Vec<Object>>,
    /// Account names, if the app names members by them.
    pub names: BTreeMap<UserId, Arc<str>>,
    /// Attributes whose values are not even hashed: sensitive ones, write-only ones, and `apply: create`.
    pub unhashed: BTreeSet<Arc<str>>,
    /// Attributes that tell accounts apart: a tombstone remembers these.
    pub identifying: BTreeSet<Arc<str>>,
    /// A link is not proved: a new endpoint is not accepted yet (safety.md 1).
    pub unproved: bool,
    /// The clock of this machine is in doubt: no instant of this run stands for an apply.
    pub clock_in_doubt: bool,
    /// A date came since the last completed apply: one that finds nothing to do is a completed apply all the same.
    pub has_date_gone_by: bool,
    /// Updates of the ledger from the reading that need no request.
    pub observed: Vec<LedgerUpdate>,
    /// Entries of `protect` from the defaults that are no account of this app.
    pub unmet_protect: Vec<Unmet>,
    /// The listing of accounts is short: one that it does not show may be there.
    pub has_short_accounts: bool,
    /// What guards held and hold; `None` for an app that is stopped, where nothing is learned of it.
    pub held: Option<HeldWork>,
}

/// Roles of one account, kept in one attribute.
#[derive(Debug, Clone, PartialEq)]
pub struct RoleWork {
    pub path: Path,
    /// It holds one value only.
    pub single: bool,
    /// What it has without any role.
    pub none: Value,
    /// The values in the app.
    pub actual: Vec<Value>,
    /// The value that a change gives or takes.
    pub values: BTreeMap<Facet, Value>,
}

/// A value that the ledger knows and the files do not, and who has it.
#[derive(Debug, Clone, PartialEq)]
pub struct FormerHolders {
    pub value: Arc<str>,
    pub people: Vec<UserId>,
}
