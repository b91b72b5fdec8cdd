//! The result of the comparison, before any guard has judged it.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::notice::Notice;
use super::plan_type::Coming;
use super::shrunk::Shrunk;
use super::widened::Widening;
use super::work::Work;
use crate::model::change::{Change, ChangeKey, Object};
use crate::model::holds::HoldKey;
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
    /// People who are typed as left or suspended, whose link is verified: a stopped app still takes their access.
    pub proved_leavers: BTreeSet<UserId>,
    /// The source guard that stops the whole app, if one does: short name and message.
    pub stopped: Option<(String, String)>,
}

impl Draft {
    /// True for a change that no guard of the source stops (safety.md 1, 12).
    pub fn goes_on(&self, change: &Change) -> bool {
        let is_proved = change.key.person().is_some_and(|id| self.proved_leavers.contains(id));
        change.is_typed_leaving() && is_proved
    }
}

/// The numbers before the plan and before the losses of the last 24 hours, against which the guards count (safety.md
/// 11). Those that only losses need are there if there are losses.
#[derive(Debug, Clone, Default)]
pub struct Bases {
    /// Linked active accounts.
    pub accounts: u64,
    /// Links, tombstones excepted.
    pub links: u64,
    /// People in any managed group.
    pub members: u64,
    /// People with any managed role, kept as a value or as a group.
    pub grantees: u64,
    /// Linked accounts that have a value there, by the key of the attribute.
    pub values: BTreeMap<Arc<str>, u64>,
    /// Managed members of the groups and holders of the roles that somebody leaves; of a group that is deleted, all
    /// members that the app shows.
    pub per_group: BTreeMap<GroupKey, u64>,
    /// Of these, the groups and roles that the files do not declare for the app any more.
    pub given_up: BTreeSet<GroupKey>,
    /// The members of each group that is deleted.
    pub deleted: BTreeMap<GroupKey, BTreeSet<Object>>,
    /// The people who lose what a group gives, because the group inside it that they are in is taken out.
    pub inside: BTreeMap<ChangeKey, BTreeSet<Object>>,
    /// Losses of accounts that were adopted at the first apply for people who were out by then, and deletions of groups with
    /// members who were found in them.
    pub takeovers: BTreeSet<ChangeKey>,
    /// People who lose an account that rolecall had turned off before.
    pub off: BTreeSet<UserId>,
    /// People whose accounts are turned on again by an edit of the files, if they are several.
    pub turned_on: BTreeSet<UserId>,
    /// Losses by a date that was over when it was written.
    pub typed: BTreeSet<ChangeKey>,
    /// Of what guards held in earlier runs: what the files have taken back, or what is done.
    pub taken_back: BTreeSet<HoldKey>,
    /// Removals by which nothing more is lost than a run gave in the last days. The guards find them.
    pub undone: BTreeSet<ChangeKey>,
    /// Earlier ids of people, groups and roles, which the ledger may still know, by today's id.
    pub renamed: BTreeMap<Object, Vec<Object>>,
    /// The commit that typed each leaver as out, where git says so. The guards find it.
    pub typed_by: BTreeMap<ChangeKey, Arc<str>>,
    /// The commit of the files.
    pub commit: Option<Arc<str>>,
    /// Roles that give power.
    pub power: BTreeSet<RoleId>,
    /// Power by the value of an attribute that this plan takes from somebody, each value with its attribute as if it were a role.
    pub power_values: BTreeSet<RoleId>,
    /// The changes that take it.
    pub power_taken: BTreeMap<ChangeKey, BTreeSet<RoleId>>,
    /// The changes that give power in this way.
    pub power_given: BTreeMap<ChangeKey, BTreeSet<RoleId>>,
    /// The people who gain power by a change that is not about one person.
    pub gaining: BTreeMap<ChangeKey, BTreeSet<Object>>,
    /// People declared now.
    pub people: u64,
    /// Active holders in the app, before the plan, of roles with `min_members`, in a conflict policy, or of power.
    pub holders: BTreeMap<RoleId, BTreeSet<UserId>>,
    /// People who are given a role and whose account is off before this plan.
    pub grantees_off: BTreeSet<UserId>,
    /// A full apply has run to its end.
    pub completed: bool,
    /// Accounts seen in the app.
    pub seen: u64,
    /// Attributes people sign in with or are found by.
    pub login_paths: Vec<Arc<str>>,
    /// Of these, those in which upper and lower case are the same.
    pub folded_paths: Vec<Arc<str>>,
    /// People who get their link by this plan: their changes are part of the adoption.
    pub adopted: BTreeSet<UserId>,
    /// People who are to get an account and may have one, with the account that looks like theirs.
    pub unmatched: BTreeMap<UserId, Option<String>>,
    /// Active accounts with an address in a domain of the tree, if fewer than half of them belong to somebody before the first
    /// completed apply; else none.
    pub in_domain: u64,
    /// Changes that an interrupted run had begun, after its guards had passed them.
    pub begun: BTreeSet<ChangeKey>,
    /// People whose account is made again because their exact number was given.
    pub released: BTreeSet<UserId>,
    /// Parts of the repository that lost people with an account since the last applied commit.
    pub source: Vec<Shrunk>,
    /// The groups and roles that many people enter, as they were before.
    pub widening: BTreeMap<GroupKey, Widening>,
}

impl Bases {
    /// A person under today's id and the earlier ones.
    pub fn ids_of<'b>(&'b self, id: &'b UserId) -> Vec<&'b UserId> {
        let earlier = self.renamed.get(&Object::User(id.clone())).into_iter().flatten();
        let earlier = earlier.filter_map(|earlier| match earlier {
            Object::User(id) => Some(id),
            Object::Group(_) | Object::Role(_) | Object::Account(_) => None,
        });
        std::iter::once(id).chain(earlier).collect()
    }

    /// A group or role under today's id and the earlier ones.
    pub fn keys_of(&self, group: &GroupKey) -> Vec<GroupKey> {
        let earlier = self.renamed.get(&group.object()).into_iter().flatten();
        std::iter::once(group.clone()).chain(earlier.filter_map(GroupKey::of)).collect()
    }
}
