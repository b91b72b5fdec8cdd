//! The state of an app during its apply: the ledger with all updates so far, the accounts of people, the settled
//! changes.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::job::Job;
use super::run::Apply;
use super::task::RoleValues;
use crate::model::change::{Change, ChangeKey, Object, Phase};
use crate::model::ledger::{AppLedger, GroupKey, GroupLink, LedgerUpdate, Link};
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
    /// Accounts that are gone, by the id that they had: deleted ones, and those of `replaced`.
    gone: HashMap<RemoteId, UserId>,
    /// People whose account vanished, until they have the new one of this plan.
    replaced: HashSet<UserId>,
    /// The same for groups, by the id that they had.
    replaced_groups: BTreeMap<RemoteId, GroupKey>,
    /// Entries of what vanished, which the ledger had to drop because the app gave the id again.
    dropped: Dropped,
}

impl<'p> State<'p> {
    pub(super) fn new(job: &Job<'p>) -> Self {
        let work = &job.plan.work;
        let linked = job.ledger.users.iter().chain(&work.links);
        let people = linked.map(|(id, link)| (link.remote.clone(), id.clone()));
        let gone = job.ledger.users.iter().filter(|(_, link)| link.state.is_gone());
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
            gone: gone.map(|(id, link)| (link.remote.clone(), id.clone())).collect(),
            replaced: HashSet::new(),
            replaced_groups: BTreeMap::new(),
            dropped: Dropped::default(),
        }
    }

    /// Finds the accounts and groups that have vanished: the ledger has them, and the plan makes new ones.
    pub(super) fn find_replaced<'i>(
        &mut self,
        created: impl Iterator<Item = &'i UserId>,
        groups: impl Iterator<Item = GroupKey>,
    ) {
        // So has an account in whose place the plan takes another one over.
        let other = |(id, link): &(&UserId, &Link)| {
            let known = self.ledger.users.get(*id);
            known.is_some_and(|known| !known.state.is_gone() && known.remote != link.remote)
        };
        let adopted = self.plan.work.links.iter().filter(other).map(|(id, _)| id.clone());
        let replaced: Vec<UserId> = created.cloned().chain(adopted).collect();
        for id in replaced {
            if let Some(link) = self.ledger.users.get(&id) {
                self.gone.insert(link.remote.clone(), id.clone());
                self.replaced.insert(id);
            }
        }
        let known = groups.filter_map(|key| Some((self.ledger.groups.get(&key)?.remote.clone(), key)));
        self.replaced_groups = known.collect();
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
        (!link.state.is_gone() && !self.replaced.contains(id)).then_some(&link.remote)
    }

    /// The account that stands for a person in a reference or a group: linked, or taken over by this plan.
    pub(super) fn reference(&self, id: &UserId) -> Option<&RemoteId> {
        let planned = || self.plan.work.links.get(id).map(|link| &link.remote);
        // Until then nothing is done with the account that it replaces, nor instead with one that may be refused.
        let planned = || planned().filter(|_| !self.replaced.contains(id));
        self.account(id).or_else(planned)
    }

    /// The person of an account: linked, or taken over by this plan.
    pub(super) fn person(&self, remote: &str) -> Option<&UserId> {
        self.people.get(remote)
    }

    /// The person who had an account with this id until it was deleted.
    pub(super) fn tombstone(&self, remote: &RemoteId) -> Option<&UserId> {
        self.former_owner(remote).filter(|id| self.link(id).is_some_and(|link| link.state.is_gone()))
    }

    /// The person who had an account with this id until it was deleted, or until it vanished and this plan made another one.
    pub(super) fn former_owner(&self, remote: &RemoteId) -> Option<&UserId> {
        self.gone.get(remote).filter(|id| {
            let link = self.link(id).filter(|link| link.remote == *remote);
            link.is_some_and(|link| link.state.is_gone() || self.replaced.contains(*id))
        })
    }

    /// The same for a group.
    pub(super) fn former_group(&self, remote: &RemoteId) -> Option<&GroupKey> {
        let key = self.replaced_groups.get(remote)?;
        let is_its = self.ledger.groups.get(key).is_some_and(|link| link.remote == *remote);
        is_its.then_some(key)
    }

    /// True if the account of a person has vanished, and the new one is not there yet.
    pub(super) fn is_replaced(&self, id: &UserId) -> bool {
        self.replaced.contains(id)
    }

    /// A new account is there. Gives what the ledger remembered of the vanished one.
    pub(super) fn made_account(&mut self, id: &UserId) -> Option<Link> {
        self.replaced.remove(id);
        self.dropped.users.remove(id).or_else(|| self.link(id).cloned()).filter(|link| !link.state.is_gone())
    }

    /// A new group is there, without members. Gives what the ledger remembered of the vanished one.
    pub(super) fn made_group(&mut self, key: &GroupKey) -> Option<GroupLink> {
        self.member_lists.insert(key.clone(), MemberList::Empty);
        self.replaced_groups.retain(|_, vanished| vanished != key);
        self.dropped.groups.remove(key).or_else(|| self.ledger.groups.get(key).cloned())
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

    /// True if all these changes are settled and done.
    pub(super) fn are_done<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> bool {
        changes.into_iter().all(|change| self.settled.get(&change.key).is_some_and(OutcomeState::is_done))
    }

    /// Adds an update of the ledger.
    pub(super) fn fold(&mut self, update: LedgerUpdate) {
        match &update {
            LedgerUpdate::PutUser { id, link } => {
                self.belongs(id.clone(), link.remote.clone(), link.state.is_gone());
                if self.plan.work.links.get(id).is_some_and(|planned| planned.remote == link.remote) {
                    self.replaced.remove(id);
                }
            }
            LedgerUpdate::MoveUser { from, to } => {
                if let Some(link) = self.ledger.users.get(from) {
                    self.belongs(to.clone(), link.remote.clone(), link.state.is_gone());
                }
            }
            LedgerUpdate::ForgetUser(id) if self.replaced.contains(id) => {
                self.dropped.users.extend(self.link(id).map(|link| (id.clone(), link.clone())));
            }
            LedgerUpdate::ForgetGroup(key) => {
                self.dropped
                    .groups
                    .extend(self.ledger.groups.get(key).map(|link| (key.clone(), link.clone())));
            }
            _ => {}
        }
        self.ledger.fold(update);
    }

    fn belongs(&mut self, id: UserId, remote: RemoteId, is_gone: bool) {
        if is_gone {
            self.gone.insert(remote.clone(), id.clone());
        }
        self.people.insert(remote, id);
    }
}

/// What the ledger had to drop during this run.
#[derive(Default)]
struct Dropped {
    users: BTreeMap<UserId, Link>,
    groups: BTreeMap<GroupKey, GroupLink>,
}
