//! The state of an app while it is being applied: the ledger as folded so far, who has which account, what was settled.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::sync::Arc;

use super::losses::Counts;
use super::run::{Apply, Job};
use super::task::RoleValues;
use crate::model::change::{Change, ChangeKey, Object, Phase};
use crate::model::ledger::{AppLedger, GroupKey, LedgerUpdate, Link, LinkState};
use crate::model::op::OutcomeState;
use crate::model::result::NotKept;
use crate::model::{RemoteId, UserId};
use crate::plan::AppPlan;
use crate::plan::guard::Holders;

pub struct State<'p> {
    pub ledger: AppLedger,
    /// Role values as they are now, for people whose roles change.
    pub roles: HashMap<UserId, RoleValues>,
    /// Confirmed active holders of roles with `min_members`.
    pub holders: Holders,
    /// Names of accounts, where the app names members so.
    pub names: BTreeMap<UserId, Arc<str>>,
    /// By the id of the person or the key of the group, and by attribute.
    pub not_kept: BTreeMap<(String, String), NotKept>,
    pub losses: Counts,
    /// Changes that wait for the adds.
    pub later: Vec<&'p Change>,
    pub settled: HashMap<ChangeKey, OutcomeState>,
    /// Why results could not be written down.
    pub unrecorded: Option<String>,
    /// Changes that were not tried, or to which no answer came.
    pub open: usize,
    plan: &'p AppPlan,
    people: HashMap<RemoteId, UserId>,
    /// Accounts that vanished and are created anew.
    replaced: HashSet<RemoteId>,
}

impl<'p> State<'p> {
    pub fn new(job: &Job<'p>) -> Self {
        let work = &job.plan.work;
        let linked = job.ledger.users.iter().chain(&work.links);
        let people = linked.map(|(id, link)| (link.remote.clone(), id.clone()));
        let held =
            |(id, work): (&UserId, &crate::plan::RoleWork)| (id.clone(), RoleValues::new(&work.actual));
        Self {
            ledger: job.ledger.clone(),
            roles: work.roles.iter().map(held).collect(),
            holders: Holders::new(&job.app.guard.min_members, &work.holders),
            names: work.names.clone(),
            not_kept: BTreeMap::new(),
            losses: Counts::default(),
            later: Vec::new(),
            settled: HashMap::new(),
            unrecorded: None,
            open: 0,
            plan: job.plan,
            people: people.collect(),
            replaced: HashSet::new(),
        }
    }

    /// Accounts that the ledger knows of people who get a new one have vanished.
    pub fn find_replaced<'i>(&mut self, created: impl Iterator<Item = &'i UserId>) {
        let replaced = |id: &UserId| Some(self.ledger.users.get(id)?.remote.clone());
        self.replaced = created.filter_map(replaced).collect();
    }

    /// The changes that are to be done in a phase: its own, and those that had to wait for the adds. A change that is
    /// settled already, such as a value grant that was written with a new account, is not done again.
    pub fn due(&mut self, apply: &Apply<'p>, phase: Phase) -> Vec<&'p Change> {
        let own = apply.index.phase(phase).iter().copied();
        let waited = if phase.is_after_adds() { std::mem::take(&mut self.later) } else { Vec::new() };
        waited.into_iter().chain(own).filter(|change| !self.settled.contains_key(&change.key)).collect()
    }

    /// The account of a person, if there is a live one. One that is to be created anew is not there before it is.
    pub fn account(&self, id: &UserId) -> Option<&RemoteId> {
        let link = self.ledger.users.get(id)?;
        let is_gone = matches!(link.state, LinkState::Gone { .. });
        (!is_gone && !self.replaced.contains(&link.remote)).then_some(&link.remote)
    }

    /// The account a reference to a person is written with: linked, or taken over by this plan.
    pub fn reference(&self, id: &UserId) -> Option<&RemoteId> {
        let planned = || self.plan.work.links.get(id).map(|link| &link.remote);
        self.account(id).or_else(planned)
    }

    /// The person an account belongs to, or will once this plan has taken it over.
    pub fn person(&self, remote: &str) -> Option<&UserId> {
        self.people.get(remote)
    }

    pub fn link(&self, id: &UserId) -> Option<&Link> {
        self.ledger.users.get(id)
    }

    pub fn group(&self, object: &Object) -> Option<(GroupKey, RemoteId)> {
        let key = GroupKey::of(object)?;
        let remote = self.ledger.groups.get(&key)?.remote.clone();
        Some((key, remote))
    }

    /// True if all these changes are settled and done.
    pub fn are_done<'c>(&self, changes: impl IntoIterator<Item = &'c Change>) -> bool {
        changes.into_iter().all(|change| self.settled.get(&change.key).is_some_and(OutcomeState::is_done))
    }

    /// Takes a step of the ledger in.
    pub fn fold(&mut self, update: LedgerUpdate) {
        match &update {
            LedgerUpdate::PutUser { id, link } => {
                self.people.insert(link.remote.clone(), id.clone());
            }
            LedgerUpdate::MoveUser { from, to } => {
                if let Some(link) = self.ledger.users.get(from) {
                    self.people.insert(link.remote.clone(), to.clone());
                }
            }
            _ => {}
        }
        self.ledger.fold(update);
    }
}
