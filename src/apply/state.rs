//! The state of an app during its apply: the ledger with all updates so far, the accounts of people, the settled
//! changes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::job::Job;
use super::run::Apply;
use super::task::RoleValues;
use crate::model::change::{Change, ChangeKey, Object, Phase};
use crate::model::ledger::{AppLedger, GroupKey, LedgerUpdate, Link};
use crate::model::op::{MemberList, OutcomeState};
use crate::model::result::{NotKept, SideEffect};
use crate::model::{RemoteId, UserId};
use crate::plan::AppPlan;
use crate::plan::guard::Holders;

pub(super) struct State<'p> {
    pub ledger: AppLedger,
    /// Role values as they are now, for people whose roles change.
    pub roles: HashMap<UserId, RoleValues>,
    /// Confirmed active holders of roles with `min_members`.
    pub holders: Holders,
    /// Account names, if the app names members by them.
    pub names: BTreeMap<UserId, Arc<str>>,
    /// By the id of the person or the key of the group, and by attribute.
    pub not_kept: BTreeMap<(String, String), NotKept>,
    /// What writes did beside what was wanted.
    pub side_effects: Vec<SideEffect>,
    /// Changes that wait for the adds.
    pub later: Vec<&'p Change>,
    /// Some changes wait for a free seat, so that no other one is given up yet.
    pub waits: bool,
    /// Groups without members, in which nothing was written yet.
    member_lists: BTreeMap<GroupKey, MemberList>,
    pub settled: HashMap<ChangeKey, OutcomeState>,
    /// Why results could not be written down, if so.
    pub unrecorded: Option<String>,
    /// The number of changes that were not tried, or have no known result.
    pub open: usize,
    plan: &'p AppPlan,
    people: HashMap<RemoteId, UserId>,
    /// Deleted accounts, by the id that they had.
    tombstones: HashMap<RemoteId, UserId>,
    /// Accounts that vanished and are created anew.
    replaced: HashSet<RemoteId>,
}

impl<'p> State<'p> {
    pub(super) fn new(job: &Job<'p>) -> Self {
        let work = &job.plan.work;
        let linked = job.ledger.users.iter().chain(&work.links);
        let people = linked.map(|(id, link)| (link.remote.clone(), id.clone()));
        let tombstones = job.ledger.users.iter().filter(|(_, link)| link.state.is_gone());
        let held =
            |(id, work): (&UserId, &crate::plan::RoleWork)| (id.clone(), RoleValues::new(&work.actual));
        Self {
            ledger: job.ledger.clone(),
            roles: work.roles.iter().map(held).collect(),
            holders: Holders::new(&job.app.guard.min_members, &work.holders),
            names: work.names.clone(),
            not_kept: BTreeMap::new(),
            side_effects: Vec::new(),
            later: Vec::new(),
            waits: false,
            member_lists: work.member_lists.clone(),
            settled: HashMap::new(),
            unrecorded: None,
            open: 0,
            plan: job.plan,
            people: people.collect(),
            tombstones: tombstones.map(|(id, link)| (link.remote.clone(), id.clone())).collect(),
            replaced: HashSet::new(),
        }
    }

    /// Finds the accounts that have vanished: the ledger has them for people who get a new one.
    pub(super) fn find_replaced<'i>(&mut self, created: impl Iterator<Item = &'i UserId>) {
        let replaced = |id: &UserId| Some(self.ledger.users.get(id)?.remote.clone());
        self.replaced = created.filter_map(replaced).collect();
    }

    /// The changes of a phase: its own, and those that had to wait for the adds. A change that is settled already is
    /// left out, such as a grant of a value that was written with a new account.
    pub(super) fn due(&mut self, apply: &Apply<'p>, phase: Phase) -> Vec<&'p Change> {
        let own = apply.index.phase(phase).iter().copied();
        let waited = if phase.is_after_adds() { std::mem::take(&mut self.later) } else { Vec::new() };
        waited.into_iter().chain(own).filter(|change| !self.settled.contains_key(&change.key)).collect()
    }

    /// The account of a person, if it exists. An account that replaces a vanished one exists once it is created.
    pub(super) fn account(&self, id: &UserId) -> Option<&RemoteId> {
        let link = self.ledger.users.get(id)?;
        let is_gone = link.state.is_gone();
        (!is_gone && !self.replaced.contains(&link.remote)).then_some(&link.remote)
    }

    /// The account that stands for a person in a reference or a group: linked, or taken over by this plan.
    pub(super) fn reference(&self, id: &UserId) -> Option<&RemoteId> {
        let planned = || self.plan.work.links.get(id).map(|link| &link.remote);
        self.account(id).or_else(planned)
    }

    /// The person of an account: linked, or taken over by this plan.
    pub(super) fn person(&self, remote: &str) -> Option<&UserId> {
        self.people.get(remote)
    }

    /// The person who had an account with this id until it was deleted.
    pub(super) fn tombstone(&self, remote: &RemoteId) -> Option<&UserId> {
        self.tombstones.get(remote).filter(|id| {
            let link = self.ledger.users.get(*id);
            link.is_some_and(|link| link.state.is_gone() && link.remote == *remote)
        })
    }

    pub(super) fn link(&self, id: &UserId) -> Option<&Link> {
        self.ledger.users.get(id)
    }

    pub(super) fn group(&self, object: &Object) -> Option<(GroupKey, RemoteId)> {
        let key = GroupKey::of(object)?;
        let remote = self.ledger.groups.get(&key)?.remote.clone();
        Some((key, remote))
    }

    /// What is known of the list of a group's members.
    pub(super) fn member_list(&self, key: &GroupKey) -> MemberList {
        self.member_lists.get(key).copied().unwrap_or_default()
    }

    /// The same for a group whose members are about to change.
    pub(super) fn member_list_to_change(&mut self, key: &GroupKey) -> MemberList {
        let list = self.member_list(key);
        self.member_lists.insert(key.clone(), list.after_a_change());
        list
    }

    /// A group that was created has no members.
    pub(super) fn created_group(&mut self, key: GroupKey) {
        self.member_lists.insert(key, MemberList::Empty);
    }

    /// True if all these changes are settled and done.
    pub(super) fn are_done<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> bool {
        changes.into_iter().all(|change| self.settled.get(&change.key).is_some_and(OutcomeState::is_done))
    }

    /// Adds an update of the ledger.
    pub(super) fn fold(&mut self, update: LedgerUpdate) {
        match &update {
            LedgerUpdate::PutUser { id, link } => {
                if link.state.is_gone() {
                    self.tombstones.insert(link.remote.clone(), id.clone());
                }
                self.people.insert(link.remote.clone(), id.clone());
            }
            LedgerUpdate::MoveUser { from, to } => {
                if let Some(link) = self.ledger.users.get(from) {
                    if link.state.is_gone() {
                        self.tombstones.insert(link.remote.clone(), to.clone());
                    }
                    self.people.insert(link.remote.clone(), to.clone());
                }
            }
            _ => {}
        }
        self.ledger.fold(update);
    }
}
