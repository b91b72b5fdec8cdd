//! What is known while an app is being applied: the ledger as folded so far, who has which account, what was settled.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;

use super::carry::Done;
use super::holders::Holders;
use super::losses::Counts;
use super::outcome::{AppResult, ChangeResult};
use super::roles::RoleValues;
use super::{Apply, Job, losses, updates};
use crate::model::change::{Change, ChangeKey, Object, Phase};
use crate::model::event::Event;
use crate::model::ledger::{AppLedger, GroupKey, LedgerUpdate, Link, LinkState, Settled};
use crate::model::op::OutcomeState;
use crate::model::{RemoteId, UserId};
use crate::plan::{AppPlan, NoticeKind};

/// See above.
pub struct State<'p> {
    pub ledger: AppLedger,
    /// Role values as they are now, for people whose roles change.
    pub roles: HashMap<UserId, RoleValues>,
    /// Confirmed active holders of roles with `min_members`.
    pub holders: Holders,
    /// Names of accounts, where the app names members so.
    pub names: BTreeMap<UserId, Arc<str>>,
    pub not_kept: BTreeSet<(String, String)>,
    pub losses: Counts,
    plan: &'p AppPlan,
    people: HashMap<RemoteId, UserId>,
    /// Accounts that vanished and are created anew.
    replaced: HashSet<RemoteId>,
    later: Vec<&'p Change>,
    settled: HashMap<ChangeKey, OutcomeState>,
    recording: Option<String>,
    open: usize,
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
            not_kept: BTreeSet::new(),
            losses: Counts::default(),
            plan: job.plan,
            people: people.collect(),
            replaced: HashSet::new(),
            later: Vec::new(),
            settled: HashMap::new(),
            recording: None,
            open: 0,
        }
    }

    /// What the reading taught us goes into the ledger first. A moved endpoint counts as ours once every link has been
    /// proved there (safety.md 1).
    pub fn observe(&mut self, apply: &Apply<'_>) {
        let plan = apply.job.plan;
        let mut updates = plan.work.observed.clone();
        let unproved = plan.notices.iter().any(|notice| notice.kind == NoticeKind::LinkConflict);
        let moved = self.ledger.endpoint != plan.endpoint;
        if moved && (self.ledger.endpoint.is_empty() || !unproved) {
            updates.push(LedgerUpdate::Endpoint { endpoint: plan.endpoint.clone() });
        }
        if !updates.is_empty() {
            self.record(apply, &[], updates);
        }
        let replaced = |id: &UserId| Some(self.ledger.users.get(id)?.remote.clone());
        self.replaced = apply.index.created().filter_map(replaced).collect();
    }

    /// What can only be said once everything was tried.
    pub fn conclude(&mut self, apply: &Apply<'_>) {
        let updates = updates::from_the_end(apply, self);
        if !updates.is_empty() {
            self.record(apply, &[], updates);
        }
    }

    /// What is to be done in a phase: its own changes, and those that had to wait for the adds. Value grants that were
    /// written with a new account, and whatever else is settled, are not done again.
    pub fn due(&mut self, apply: &Apply<'p>, phase: Phase) -> Vec<&'p Change> {
        let own = apply.index.phase(phase).iter().copied();
        let waited = if phase.is_after_adds() { std::mem::take(&mut self.later) } else { Vec::new() };
        waited.into_iter().chain(own).filter(|change| !self.settled.contains_key(&change.key)).collect()
    }

    /// Tries a change again after the adds; in the last phase there is nothing to wait for.
    pub fn wait(&mut self, apply: &Apply<'_>, change: &'p Change, phase: Phase, why: String) {
        if phase.is_last() {
            self.leave(apply, [change], &why);
        } else {
            self.later.push(change);
        }
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

    /// Changes that need no request.
    pub fn settle_in_ledger(&mut self, apply: &Apply<'_>, changes: &[&Change]) {
        let updates = changes.iter().flat_map(|change| updates::of_ledger_only(apply, change));
        self.settle(apply, changes.iter().copied(), &OutcomeState::Written, updates.collect());
    }

    /// Changes that are not sent, for one reason.
    pub fn leave<'c>(&mut self, apply: &Apply<'_>, changes: impl IntoIterator<Item = &'c Change>, why: &str) {
        let why = why.to_owned();
        self.settle(apply, changes, &OutcomeState::NotSent { why }, Vec::new());
    }

    /// Changes that end alike, written down together.
    fn settle<'c>(
        &mut self,
        apply: &Apply<'_>,
        changes: impl IntoIterator<Item = &'c Change>,
        state: &OutcomeState,
        updates: Vec<LedgerUpdate>,
    ) {
        let keys: Vec<_> = changes.into_iter().map(|change| change.key.clone()).collect();
        if keys.is_empty() {
            return;
        }
        let settled = self.note(apply, &keys, state);
        self.record(apply, &settled, updates);
    }

    /// Writes down how ops ended: together, so that one sync to disk serves them all.
    pub fn take_down(&mut self, apply: &Apply<'_>, done: Vec<Done>) {
        let mut settled = Vec::new();
        let mut updates: Vec<_> = losses::count(apply, self, &done).into_iter().collect();
        for done in done {
            let state = &done.outcome.state;
            if matches!(state, OutcomeState::Unknown { .. } | OutcomeState::NotSent { .. }) {
                self.open += done.task.op.changes.len();
            }
            settled.extend(self.note(apply, &done.task.op.changes, state));
            for update in updates::from(apply, self, &done) {
                self.fold(update.clone());
                updates.push(update);
            }
        }
        self.keep(apply, &settled, &updates);
    }

    fn note(&mut self, apply: &Apply<'_>, keys: &[ChangeKey], state: &OutcomeState) -> Vec<Settled> {
        let detail: Option<Arc<str>> = match state {
            OutcomeState::Refused { why, .. }
            | OutcomeState::Unknown { why }
            | OutcomeState::NotSent { why } => Some(why.as_str().into()),
            OutcomeState::Written | OutcomeState::Already => None,
        };
        let outcome: Arc<str> = state.as_str().into();
        for key in keys {
            apply.job.events.emit(Event::Settled {
                key: key.clone(),
                outcome: state.as_str(),
                detail: detail.clone(),
            });
            self.holders.settled(key, state);
            self.settled.insert(key.clone(), state.clone());
        }
        let settled = |key: &ChangeKey| Settled { key: key.clone(), outcome: outcome.clone() };
        keys.iter().map(settled).collect()
    }

    fn record(&mut self, apply: &Apply<'_>, settled: &[Settled], updates: Vec<LedgerUpdate>) {
        self.keep(apply, settled, &updates);
        updates.into_iter().for_each(|update| self.fold(update));
    }

    /// On disk, or the run stops. What was sent before is still offered afterwards: it happened.
    fn keep(&mut self, apply: &Apply<'_>, settled: &[Settled], updates: &[LedgerUpdate]) {
        // The recorder syncs to disk; the runtime goes on elsewhere meanwhile.
        let recorded = tokio::task::block_in_place(|| apply.job.recorder.record(settled, updates));
        if let Err(why) = recorded {
            self.recording.get_or_insert(why);
            apply.job.stop.store(true, Ordering::SeqCst);
        }
    }

    fn fold(&mut self, update: LedgerUpdate) {
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

    /// The end: what was never begun is said and written down in one go, so that the next run need not ask about it.
    pub fn close(mut self, apply: &Apply<'_>) -> AppResult {
        let job = apply.job;
        let why = apply.stopped().unwrap_or_else(|| "what it depends on did not happen".to_owned());
        let left = job.plan.to_do().map(|change| &change.key);
        let left: Vec<_> = left.filter(|key| !self.settled.contains_key(*key)).cloned().collect();
        if !left.is_empty() {
            self.open += left.len();
            let settled = self.note(apply, &left, &OutcomeState::NotSent { why: why.clone() });
            if self.recording.is_none() {
                self.keep(apply, &settled, &[]);
            }
        }
        let result = |change: &Change| ChangeResult {
            key: change.key.clone(),
            state: match self.settled.get(&change.key) {
                Some(state) => state.clone(),
                None => OutcomeState::NotSent { why: why.clone() },
            },
        };
        AppResult {
            app: job.app.id.clone(),
            changes: job.plan.to_do().map(result).collect(),
            not_kept: self.not_kept.iter().cloned().collect(),
            recording: self.recording.clone(),
            halted: apply.halt.get().cloned(),
            open: self.open,
        }
    }
}
