//! What is known while an app is being applied: the ledger as folded so far, who has which account, what was settled.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::carry::Done;
use super::outcome::{AppResult, ChangeResult};
use super::{Job, learn};
use crate::model::change::{Change, ChangeKey, ChangeKind, Object};
use crate::model::event::Event;
use crate::model::ledger::{AppLedger, GroupKey, LedgerUpdate, Link, LinkState, Settled};
use crate::model::op::OutcomeState;
use crate::model::{RemoteId, RoleId, UserId, Value};

/// See above.
pub struct State {
    pub ledger: AppLedger,
    /// Role values as they are now, for people whose roles change.
    pub roles: BTreeMap<UserId, Vec<Value>>,
    /// Confirmed active holders of roles with `min_members`.
    pub holders: BTreeMap<String, BTreeSet<UserId>>,
    pub not_kept: BTreeSet<(String, String)>,
    settled: BTreeMap<ChangeKey, OutcomeState>,
    recording: Option<String>,
}

impl State {
    pub fn new(job: &Job) -> Self {
        let roles = job
            .plan
            .work
            .roles
            .iter()
            .map(|(id, work)| (id.clone(), work.actual.clone()))
            .collect();
        Self {
            ledger: job.ledger.clone(),
            roles,
            holders: job.plan.work.holders.clone(),
            not_kept: BTreeSet::new(),
            settled: BTreeMap::new(),
            recording: None,
        }
    }

    /// What the reading taught us goes into the ledger first.
    pub fn observe(&mut self, job: &Job) {
        let mut updates = job.plan.work.observed.clone();
        if self.ledger.endpoint != job.plan.endpoint {
            updates.push(LedgerUpdate::Endpoint {
                endpoint: job.plan.endpoint.clone(),
            });
        }
        if !updates.is_empty() {
            self.record(job, &[], updates);
        }
    }

    /// The account of a person, if there is a live one.
    pub fn account(&self, id: &UserId) -> Option<&RemoteId> {
        let link = self.ledger.users.get(id)?;
        (!matches!(link.state, LinkState::Gone { .. })).then_some(&link.remote)
    }

    /// The person an account belongs to.
    pub fn person(&self, remote: &str) -> Option<&UserId> {
        self.ledger
            .users
            .iter()
            .find(|(_, link)| link.remote.as_str() == remote)
            .map(|(id, _)| id)
    }

    pub fn link(&self, id: &UserId) -> Option<&Link> {
        self.ledger.users.get(id)
    }

    pub fn group(&self, object: &Object) -> Option<(GroupKey, RemoteId)> {
        let key = GroupKey::of(object)?;
        let remote = self.ledger.groups.get(&key)?.remote.clone();
        Some((key, remote))
    }

    /// True if it is known how the change ended.
    pub fn is_settled(&self, key: &ChangeKey) -> bool {
        self.settled.contains_key(key)
    }

    /// A change that needs no request, or that cannot be sent at all.
    pub fn settle(&mut self, job: &Job, change: &Change, state: OutcomeState, updates: Vec<LedgerUpdate>) {
        self.note(job, &[change.key.clone()], &state);
        let settled = settled(&[change.key.clone()], &state);
        self.record(job, &settled, updates);
    }

    /// Writes down how an op ended.
    pub fn take_down(&mut self, job: &Job, done: Done) {
        self.note(job, &done.keys, &done.outcome.state);
        let settled = settled(&done.keys, &done.outcome.state);
        let updates = learn::from(job, self, &done);
        self.record(job, &settled, updates);
    }

    fn note(&mut self, job: &Job, keys: &[ChangeKey], state: &OutcomeState) {
        for key in keys {
            let detail = match state {
                OutcomeState::Refused { why, .. }
                | OutcomeState::Unknown { why }
                | OutcomeState::NotSent { why } => Some(Arc::from(why.as_str())),
                OutcomeState::Written | OutcomeState::Already => None,
            };
            job.events.emit(Event::Settled {
                key: key.clone(),
                outcome: state.as_str(),
                detail,
            });
            self.settled.insert(key.clone(), state.clone());
        }
    }

    fn record(&mut self, job: &Job, settled: &[Settled], updates: Vec<LedgerUpdate>) {
        // The recorder syncs to disk; the runtime goes on elsewhere meanwhile.
        let recorded = tokio::task::block_in_place(|| job.recorder.record(settled, &updates));
        if let Err(why) = recorded {
            self.recording.get_or_insert(why);
            job.stop.store(true, std::sync::atomic::Ordering::SeqCst);
        }
        for update in updates {
            self.ledger.fold(update);
        }
    }

    /// True if the role is held by enough people without this one; marks the removal as expected to succeed.
    pub fn may_lose(&mut self, role: &RoleId, id: &UserId, least: u64) -> bool {
        super::holders::may_lose(&mut self.holders, role, id, least)
    }

    pub fn result(self, job: &Job) -> AppResult {
        let result = |change: &Change| ChangeResult {
            key: change.key.clone(),
            state: self
                .settled
                .get(&change.key)
                .cloned()
                .unwrap_or_else(|| OutcomeState::NotSent {
                    why: job
                        .stopped()
                        .unwrap_or_else(|| "what it depends on did not happen".to_owned()),
                }),
        };
        AppResult {
            app: job.app.id.clone(),
            changes: job.plan.to_do().map(result).collect(),
            not_kept: self.not_kept.iter().cloned().collect(),
            recording: self.recording.clone(),
        }
    }
}

fn settled(keys: &[ChangeKey], state: &OutcomeState) -> Vec<Settled> {
    keys.iter()
        .map(|key| Settled {
            key: key.clone(),
            outcome: state.as_str().into(),
        })
        .collect()
}

/// True for kinds that only the ledger keeps, unless the change also turns an account on.
pub fn is_ledger_only(change: &Change) -> bool {
    change.kind.is_ledger_only() && !(change.kind != ChangeKind::Forget && turns_on(change))
}

/// An adoption that turns the account on.
pub fn turns_on(change: &Change) -> bool {
    change.new.text.as_deref() == Some("active") && matches!(change.key.object, Object::User(_))
}
