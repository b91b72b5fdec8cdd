//! Ops from the changes of one phase: attributes and life cycle of one account together, members of a group in batches.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::Job;
use super::state::{State, is_ledger_only, turns_on};
use crate::model::app::RoleKind;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object};
use crate::model::ledger::{GroupKey, LedgerUpdate};
use crate::model::op::{Action, Op, OutcomeState};
use crate::model::{Path, RemoteId, RoleId, UserId, Value, Want};

/// An op, and the wishes behind its values: a reference is remembered as our id, not as the app's.
#[derive(Debug, Clone)]
pub struct Task {
    /// The call.
    pub op: Op,
    /// Attribute and what it was asked to be.
    pub wishes: Vec<(Path, Want)>,
}

/// Lanes that may run side by side; steps follow each other.
pub type Step = Vec<Vec<Task>>;

/// The steps of a phase. What cannot or need not be sent is settled here.
pub fn steps(job: &Job, state: &mut State, phase: u8, due: &[&Change]) -> Vec<Step> {
    let mut builder = Builder {
        job,
        users: BTreeMap::new(),
        groups: BTreeMap::new(),
        others: Vec::new(),
    };
    for change in due {
        if is_ledger_only(change) {
            ledger_only(job, state, change);
        } else if let Err(why) = builder.add(state, change) {
            state.settle(job, change, OutcomeState::NotSent { why }, Vec::new());
        }
    }
    builder.finish(state, phase)
}

/// Adoptions and the like: the ledger is all that changes.
fn ledger_only(job: &Job, state: &mut State, change: &Change) {
    let mut updates = Vec::new();
    match (&change.key.object, change.kind) {
        (Object::User(id), ChangeKind::Adopt | ChangeKind::Relink) => {
            if let Some(link) = job.plan.work.links.get(id) {
                updates.push(LedgerUpdate::PutUser {
                    id: id.clone(),
                    link: link.clone(),
                });
            }
        }
        (Object::User(id), ChangeKind::Forget) => updates.push(LedgerUpdate::ForgetUser { id: id.clone() }),
        (object, kind) => {
            if let Some(key) = GroupKey::of(object) {
                let found = job.plan.work.group_links.get(&key);
                match (kind, found) {
                    (ChangeKind::Adopt, Some(link)) => updates.push(LedgerUpdate::PutGroup {
                        key,
                        link: link.clone(),
                    }),
                    (ChangeKind::Forget, _) => updates.push(LedgerUpdate::ForgetGroup { key }),
                    _ => {}
                }
            }
        }
    }
    // What was seen of a group before it had an entry counts from now on.
    let late = updates
        .iter()
        .any(|update| matches!(update, LedgerUpdate::PutGroup { .. }));
    if let (true, Some(key)) = (late, GroupKey::of(&change.key.object)) {
        let seen = job
            .plan
            .work
            .observed
            .iter()
            .filter(|update| matches!(update, LedgerUpdate::Members { key: of, .. } if *of == key));
        updates.extend(seen.cloned());
    }
    state.settle(job, change, OutcomeState::Written, updates);
}

#[derive(Default)]
struct UserCase<'c> {
    changes: Vec<&'c Change>,
}

#[derive(Default)]
struct Batch {
    add: Vec<(ChangeKey, Arc<str>)>,
    remove: Vec<(ChangeKey, Arc<str>)>,
}

struct Builder<'j, 'c> {
    job: &'j Job<'j>,
    users: BTreeMap<UserId, UserCase<'c>>,
    groups: BTreeMap<GroupKey, (RemoteId, Batch)>,
    others: Vec<Task>,
}

impl<'c> Builder<'_, 'c> {
    /// Takes a change in. The error says why it cannot be sent.
    fn add(&mut self, state: &mut State, change: &'c Change) -> Result<(), String> {
        match (&change.key.object, &change.key.facet) {
            (Object::User(id), Facet::Role(role)) if self.is_group_role(role) => {
                let object = Object::Role(role.clone());
                self.member(state, change, &object, id)
            }
            (Object::User(id), _) => {
                self.keeps_enough(state, change, id)?;
                self.users.entry(id.clone()).or_default().changes.push(change);
                Ok(())
            }
            (object, Facet::Member(id)) => self.member(state, change, &object.clone(), id),
            (object, Facet::Stranger(remote)) => {
                let (key, group) = state
                    .group(object)
                    .ok_or_else(|| format!("{object} is not in the app"))?;
                let batch = &mut self
                    .groups
                    .entry(key)
                    .or_insert_with(|| (group, Batch::default()))
                    .1;
                batch.remove.push((change.key.clone(), remote.as_str().into()));
                Ok(())
            }
            (Object::Account(remote), _) => {
                let action = match change.kind {
                    ChangeKind::Delete => Action::DeleteUser {
                        remote: remote.clone(),
                    },
                    _ => update(remote.clone(), Vec::new(), Some(false)),
                };
                self.other(change, action);
                Ok(())
            }
            (object, _) => self.group_change(state, change, object),
        }
    }

    fn is_group_role(&self, role: &RoleId) -> bool {
        let declared = self
            .job
            .app
            .role(role.as_str())
            .map(|role| &self.job.app.roles[role.index()].kind);
        match declared {
            Some(kind) => matches!(kind, RoleKind::Group(_)),
            None => GroupKey::of(&Object::Role(role.clone()))
                .is_some_and(|key| self.job.ledger.groups.contains_key(&key)),
        }
    }

    fn member(
        &mut self,
        state: &mut State,
        change: &Change,
        object: &Object,
        id: &UserId,
    ) -> Result<(), String> {
        let adds = matches!(change.kind, ChangeKind::MemberAdd | ChangeKind::RoleGrant);
        let (key, group) = state
            .group(object)
            .ok_or_else(|| format!("{object} could not be created in the app"))?;
        let account = state
            .account(id)
            .cloned()
            .ok_or_else(|| format!("{id} has no account in the app"))?;
        if !adds {
            self.keeps_enough(state, change, id)?;
        }
        let name: Arc<str> = account.as_str().into();
        let batch = &mut self
            .groups
            .entry(key)
            .or_insert_with(|| (group, Batch::default()))
            .1;
        let list = if adds { &mut batch.add } else { &mut batch.remove };
        list.push((change.key.clone(), name));
        Ok(())
    }

    /// `min_members`: with confirmed holders only.
    fn keeps_enough(&self, state: &mut State, change: &Change, id: &UserId) -> Result<(), String> {
        let all_roles = matches!(change.kind, ChangeKind::Disable | ChangeKind::Delete);
        for (role, least) in &self.job.app.guard.min_members {
            let concerned = all_roles || matches!(&change.key.facet, Facet::Role(revoked) if revoked == role);
            let least = if change.cause.is_declared() {
                1.min(*least)
            } else {
                *least
            };
            if concerned && change.kind.is_loss() && !state.may_lose(role, id, least) {
                return Err(format!(
                    "{id} is among the last active holders of role {role}; at least {least} have to remain"
                ));
            }
        }
        Ok(())
    }

    fn group_change(&mut self, state: &State, change: &Change, object: &Object) -> Result<(), String> {
        let key = GroupKey::of(object).ok_or_else(|| format!("{object} is no group"))?;
        if change.kind == ChangeKind::GroupCreate {
            let wishes = self
                .job
                .plan
                .work
                .group_attributes
                .get(&key)
                .cloned()
                .unwrap_or_default();
            let attributes = values(state, &wishes);
            self.others.push(Task {
                op: Op {
                    changes: vec![change.key.clone()],
                    action: Action::CreateGroup { attributes },
                },
                wishes,
            });
            return Ok(());
        }
        let (_, remote) = state
            .group(object)
            .ok_or_else(|| format!("{object} is not in the app"))?;
        match change.kind {
            ChangeKind::GroupDelete => self.other(change, Action::DeleteGroup { remote }),
            _ => {
                let wishes: Vec<_> = change.want.iter().cloned().collect();
                let set = values(state, &wishes);
                let action = Action::UpdateGroup {
                    remote,
                    version: None,
                    set,
                };
                self.others.push(Task {
                    op: Op {
                        changes: vec![change.key.clone()],
                        action,
                    },
                    wishes,
                });
            }
        }
        Ok(())
    }

    fn other(&mut self, change: &Change, action: Action) {
        self.others.push(Task {
            op: Op {
                changes: vec![change.key.clone()],
                action,
            },
            wishes: Vec::new(),
        });
    }

    /// Accounts by level, then groups; members of one group after each other.
    fn finish(self, state: &mut State, phase: u8) -> Vec<Step> {
        let Self {
            job,
            users,
            groups,
            others,
        } = self;
        let mut levels: BTreeMap<u32, Step> = BTreeMap::new();
        for (id, case) in users {
            let level = if phase == 3 {
                job.plan.work.levels.get(&id).copied().unwrap_or(0)
            } else {
                0
            };
            if let Some(task) = account(job, state, phase, &id, &case.changes) {
                levels.entry(level).or_default().push(vec![task]);
            }
        }
        let mut steps: Vec<Step> = levels.into_values().collect();
        if !others.is_empty() {
            steps.push(others.into_iter().map(|task| vec![task]).collect());
        }
        let size = job.connector.capabilities().members_batch.max(1) as usize;
        let lanes: Step = groups
            .into_values()
            .map(|(group, batch)| member_tasks(&group, batch, size))
            .collect();
        if !lanes.is_empty() {
            steps.push(lanes);
        }
        steps
    }
}

fn member_tasks(group: &RemoteId, batch: Batch, size: usize) -> Vec<Task> {
    let task = |add: &[(ChangeKey, Arc<str>)], remove: &[(ChangeKey, Arc<str>)]| {
        let names = |list: &[(ChangeKey, Arc<str>)]| list.iter().map(|(_, name)| name.clone()).collect();
        Task {
            op: Op {
                changes: add.iter().chain(remove).map(|(key, _)| key.clone()).collect(),
                action: Action::Members {
                    group: group.clone(),
                    add: names(add),
                    remove: names(remove),
                },
            },
            wishes: Vec::new(),
        }
    };
    let adds = batch.add.chunks(size).map(|chunk| task(chunk, &[]));
    adds.chain(batch.remove.chunks(size).map(|chunk| task(&[], chunk)))
        .collect()
}

/// All changes of one account in one phase, as one op.
fn account(job: &Job, state: &mut State, phase: u8, id: &UserId, changes: &[&Change]) -> Option<Task> {
    let keys: Vec<_> = changes.iter().map(|change| change.key.clone()).collect();
    if let Some(create) = changes.iter().find(|change| change.kind == ChangeKind::Create) {
        return Some(create_account(job, state, id, create));
    }
    // Value grants of an account created in this run were written with it.
    let Some(remote) = state
        .account(id)
        .cloned()
        .or_else(|| changes.iter().find_map(|change| change.remote.clone()))
    else {
        for change in changes {
            let why = format!("{id} has no account in the app");
            state.settle(job, change, OutcomeState::NotSent { why }, Vec::new());
        }
        return None;
    };
    if changes.iter().any(|change| change.kind == ChangeKind::Delete) {
        return Some(Task {
            op: Op {
                changes: keys,
                action: Action::DeleteUser { remote },
            },
            wishes: Vec::new(),
        });
    }
    let mut active = None;
    let mut wishes: Vec<(Path, Want)> = Vec::new();
    let mut kept: Vec<ChangeKey> = Vec::new();
    let mut roles: Vec<&Change> = Vec::new();
    for change in changes {
        match change.kind {
            ChangeKind::Disable => active = Some(false),
            ChangeKind::Enable => active = Some(true),
            ChangeKind::Adopt | ChangeKind::Relink if turns_on(change) => active = Some(true),
            ChangeKind::RoleGrant | ChangeKind::RoleRevoke => {
                roles.push(change);
                continue;
            }
            _ => wishes.extend(change.want.clone()),
        }
        kept.push(change.key.clone());
    }
    wishes.retain(|(path, want)| {
        // A reference to somebody without an account yet cannot be written now.
        let there = !matches!(want, Want::Ref(to) if state.account(to).is_none());
        if !there {
            kept.retain(|key| !matches!(&key.facet, Facet::Attribute(of) if of == path.key()));
        }
        there
    });
    for change in changes
        .iter()
        .filter(|change| matches!(change.key.facet, Facet::Attribute(_)) && !kept.contains(&change.key))
    {
        let why = "the account it refers to is not there".to_owned();
        state.settle(job, change, OutcomeState::NotSent { why }, Vec::new());
    }
    let mut set = values(state, &wishes);
    if let Some((path, value)) = role_values(job, state, phase, id, &roles, &mut kept) {
        set.push((path, value));
    }
    if kept.is_empty() {
        return None;
    }
    Some(Task {
        op: Op {
            changes: kept,
            action: update(remote, set, active),
        },
        wishes,
    })
}

fn create_account(job: &Job, state: &State, id: &UserId, create: &Change) -> Task {
    let wishes: Vec<_> = create
        .sets
        .iter()
        .filter_map(|setting| setting.want.clone())
        .collect();
    let mut attributes = values(state, &wishes);
    let mut keys = vec![create.key.clone()];
    if let Some(work) = job.plan.work.roles.get(id) {
        let granted = job
            .plan
            .to_do()
            .filter(|change| change.kind == ChangeKind::RoleGrant && change.key.object == create.key.object);
        let mut values = Vec::new();
        for change in granted {
            let Facet::Role(role) = &change.key.facet else {
                continue;
            };
            if let Some(value) = work.values.get(role) {
                values.push(value.clone());
                keys.push(change.key.clone());
            }
        }
        match (work.single, values.len()) {
            (_, 0) => {}
            (true, _) => attributes.extend(values.into_iter().next().map(|value| (work.path.clone(), value))),
            (false, _) => attributes.push((work.path.clone(), Value::List(values))),
        }
    }
    Task {
        op: Op {
            changes: keys,
            action: Action::CreateUser { attributes },
        },
        wishes,
    }
}

/// The whole attribute that stores roles, after the grants and revocations of this phase.
fn role_values(
    job: &Job,
    state: &mut State,
    phase: u8,
    id: &UserId,
    roles: &[&Change],
    kept: &mut Vec<ChangeKey>,
) -> Option<(Path, Value)> {
    let work = job.plan.work.roles.get(id)?;
    let mut now = state.roles.get(id).cloned().unwrap_or_default();
    let before = now.clone();
    for change in roles {
        let Facet::Role(role) = &change.key.facet else {
            continue;
        };
        let Some(value) = work.values.get(role) else {
            let why = format!("role {role} has no value");
            state.settle(job, change, OutcomeState::NotSent { why }, Vec::new());
            continue;
        };
        match change.kind {
            ChangeKind::RoleGrant if work.single => {
                // One attribute, one value: the grant is the revocation of what is there.
                let replaced = before.iter().find(|old| *old != value);
                let revocation = replaced.and_then(|old| revocation_of(job, id, work, old));
                if replaced.is_some() && revocation.is_none() {
                    let why =
                        "the app keeps one role only, and the role it would replace is not to be revoked now"
                            .to_owned();
                    state.settle(job, change, OutcomeState::NotSent { why }, Vec::new());
                    continue;
                }
                now = vec![value.clone()];
                kept.extend(revocation.filter(|key| !kept.contains(key)).cloned());
            }
            ChangeKind::RoleGrant => now.extend((!now.contains(value)).then(|| value.clone())),
            _ if work.single && phase > 7 && !before.contains(value) => continue,
            _ => now.retain(|old| old != value),
        }
        kept.push(change.key.clone());
    }
    if now == before {
        return None;
    }
    state.roles.insert(id.clone(), now.clone());
    let value = match (work.single, now.len()) {
        (_, 0) => Value::Null,
        (true, _) => now.into_iter().next().unwrap_or_default(),
        (false, _) => Value::List(now),
    };
    Some((work.path.clone(), value))
}

/// The planned revocation of the role with this value.
fn revocation_of<'j>(
    job: &'j Job,
    id: &UserId,
    work: &crate::plan::RoleWork,
    value: &Value,
) -> Option<&'j ChangeKey> {
    let role = work
        .values
        .iter()
        .find(|(_, known)| *known == value)
        .map(|(role, _)| role)?;
    job.plan
        .to_do()
        .filter(|change| change.kind == ChangeKind::RoleRevoke)
        .find(|change| {
            change.key.object == Object::User(id.clone()) && change.key.facet == Facet::Role(role.clone())
        })
        .map(|change| &change.key)
}

/// Wishes as values, references settled.
fn values(state: &State, wishes: &[(Path, Want)]) -> Vec<(Path, Value)> {
    wishes
        .iter()
        .filter_map(|(path, want)| {
            let value = match want {
                Want::Is(value) => value.clone(),
                Want::Ref(to) => Value::str(state.account(to)?.as_str()),
                Want::Clear => Value::Null,
                Want::Keep => return None,
            };
            Some((path.clone(), value))
        })
        .collect()
}

fn update(remote: RemoteId, set: Vec<(Path, Value)>, active: Option<bool>) -> Action {
    Action::UpdateUser {
        remote,
        version: None,
        set,
        active,
    }
}
