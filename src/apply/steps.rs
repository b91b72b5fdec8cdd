//! The steps of a phase: which ops follow each other, and which run side by side.

use std::collections::BTreeMap;

use super::members::Batch;
use super::run::Apply;
use super::state::State;
use super::task::{Lane, Obstacle, Step, Task};
use super::{account, groups, members, record, roles, updates};
use crate::model::app::RoleKind;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object, Phase};
use crate::model::ledger::GroupKey;
use crate::model::op::{Action, Op};
use crate::model::{RemoteId, RoleId, UserId};

/// Number of changes of the ledger alone that are written down at once.
const TOGETHER: usize = 200;

/// The steps of a phase. Changes that cannot or need not be sent are settled here.
pub(super) fn of<'p>(
    apply: &Apply<'p>,
    state: &mut State<'p>,
    phase: Phase,
    due: &[&'p Change],
) -> Vec<Step> {
    let mut builder = Builder {
        apply,
        phase,
        people: BTreeMap::new(),
        groups: BTreeMap::new(),
        news: Vec::new(),
        others: Vec::new(),
    };
    for run in due.chunk_by(|a, b| updates::is_ledger_only(a) == updates::is_ledger_only(b)) {
        if run.first().is_some_and(|change| updates::is_ledger_only(change)) {
            run.chunks(TOGETHER).for_each(|changes| record::in_ledger_only(apply, state, changes));
            continue;
        }
        for change in run {
            match builder.add(state, change) {
                Ok(()) => {}
                Err(Obstacle::Never(why)) => record::leave(apply, state, [*change], &why),
                Err(Obstacle::NotYet(why)) => record::wait(apply, state, change, phase, why),
            }
        }
    }
    builder.finish(state)
}

/// Leaves out each lane that takes a unique value, or a group's name, that another object should have freed and has not
/// (safety.md 3).
pub(super) fn ready(apply: &Apply<'_>, state: &mut State, step: Step) -> Step {
    let mut left = Vec::new();
    for lane in step {
        let Some(holder) = stuck_behind(apply, state, &lane) else {
            left.push(lane);
            continue;
        };
        let why = match holder {
            Object::User(id) => {
                format!("it takes a value that {id} still has: changing that account failed")
            }
            group => format!("it takes the name that {group} still has: renaming that group failed"),
        };
        for task in &lane {
            let changes = task.op.changes.iter().filter_map(|key| apply.index.get(key));
            // Only updates wait for values; changes of this person in other phases do not.
            let waits = |change: &&Change| change.phase == Phase::Update || frees(change);
            record::leave(apply, state, changes.filter(waits), &why);
        }
    }
    left
}

/// The object that should have freed what this lane takes, and has not.
fn stuck_behind<'a>(apply: &Apply<'a>, state: &State, lane: &Lane) -> Option<&'a Object> {
    let [task] = lane.as_slice() else { return None };
    let is_update = match &task.op.action {
        Action::UpdateUser { .. } => true,
        Action::UpdateGroup { set, .. } => {
            set.iter().any(|(path, _)| *path == apply.job.definition.groups.name)
        }
        _ => false,
    };
    let waits = &apply.job.plan.work.waits;
    let holders = waits.get(task.object()?).filter(|_| is_update)?;
    holders.iter().find(|holder| {
        let updates = match holder {
            Object::User(id) => apply.index.person(id).iter(),
            _ => apply.index.phase(Phase::Groups).iter(),
        };
        let updates = updates.filter(|change| change.key.object == **holder && frees(change));
        !state.are_done(updates.copied())
    })
}

/// An update that may free or take a unique value or a name.
fn frees(change: &Change) -> bool {
    let is_attribute = matches!(change.key.facet, Facet::Attribute(_));
    match change.key.object {
        Object::User(_) => change.phase == Phase::Update && is_attribute,
        _ => change.kind == ChangeKind::GroupRename,
    }
}

struct Builder<'b, 'p> {
    apply: &'b Apply<'p>,
    phase: Phase,
    people: BTreeMap<UserId, Vec<&'p Change>>,
    groups: BTreeMap<GroupKey, (RemoteId, Batch)>,
    news: Vec<Task>,
    others: Vec<Task>,
}

impl<'p> Builder<'_, 'p> {
    fn add(&mut self, state: &mut State, change: &'p Change) -> Result<(), Obstacle> {
        self.is_free(state, change)?;
        match (&change.key.object, &change.key.facet) {
            (Object::User(id), Facet::Role(role)) if self.is_group_role(state, role) => {
                self.member(state, change, &Object::Role(role.clone()), id)
            }
            (Object::User(id), Facet::FormerGroup(role)) => {
                self.member(state, change, &Object::Role(role.clone()), id)
            }
            (Object::User(id), _) => {
                state.holders.lose(change).map_err(|few| Obstacle::NotYet(few.to_string()))?;
                self.people.entry(id.clone()).or_default().push(change);
                Ok(())
            }
            (object, Facet::Member(id)) => self.member(state, change, object, id),
            (object, Facet::UnmanagedMember(remote)) => {
                let batch = self.batch(state, object)?;
                batch.remove.push((change.key.clone(), remote.clone()));
                Ok(())
            }
            (Object::Account(remote), _) => {
                let action = match change.kind {
                    ChangeKind::Delete => Action::DeleteUser { remote: remote.clone() },
                    _ => account::disable(remote.clone()),
                };
                let changes = vec![change.key.clone()];
                self.others.push(Task::plain(Op { changes, action }));
                Ok(())
            }
            (object, _) => {
                let task = groups::task(self.apply, state, change, object).map_err(Obstacle::Never)?;
                // An existing group gives a name away before a new group takes it.
                let is_new = change.kind == ChangeKind::GroupCreate;
                if is_new { &mut self.news } else { &mut self.others }.push(task);
                Ok(())
            }
        }
    }

    /// A grant is not sent if its counterpart should have been revoked before, and was not (safety.md 14).
    fn is_free(&self, state: &State, change: &Change) -> Result<(), Obstacle> {
        let work = &self.apply.job.plan.work;
        let needs = work.needs.get(&change.key).into_iter().flatten();
        let person = match &change.key.object {
            Object::User(id) => work.roles.get(id).filter(|roles| roles.single),
            _ => None,
        };
        // In an attribute with one value, the grant is the revocation.
        let replaces = |need: &Change| {
            person.is_some_and(|roles| {
                let grants = change.kind == ChangeKind::RoleGrant;
                grants && roles::value_of(roles, need).is_some() && roles::value_of(roles, change).is_some()
            })
        };
        // A change that is not to be done now does not happen.
        let is_open = |key: &ChangeKey| match self.apply.index.get(key) {
            Some(need) => !replaces(need) && !state.are_done([need]),
            None => true,
        };
        let Some(open) = needs.into_iter().find(|key| is_open(key)) else {
            return Ok(());
        };
        Err(Obstacle::Never(match (open.facet.role(), &open.object) {
            (Some(role), _) if change.kind == ChangeKind::RoleRevoke => {
                format!("it waits for the grant of {role}, which is not done")
            }
            (Some(role), _) => format!("it waits for the revocation of {role}, which is not done"),
            (None, group) => format!("it waits for the removal from {group}, which is not done"),
        }))
    }

    /// True for a role that is, or was, membership of a group.
    fn is_group_role(&self, state: &State, role: &RoleId) -> bool {
        let app = self.apply.job.app;
        match app.role(role.as_str()) {
            Some(number) => matches!(app.roles[number.index()].kind, RoleKind::Group(_)),
            None => state.group(&Object::Role(role.clone())).is_some(),
        }
    }

    fn batch(&mut self, state: &State, object: &Object) -> Result<&mut Batch, Obstacle> {
        let (key, group) =
            state.group(object).ok_or_else(|| Obstacle::Never(format!("{object} is not in the app")))?;
        Ok(&mut self.groups.entry(key).or_insert_with(|| (group, Batch::default())).1)
    }

    fn member(
        &mut self,
        state: &mut State,
        change: &Change,
        object: &Object,
        id: &UserId,
    ) -> Result<(), Obstacle> {
        let name = members::name(self.apply, state, id).map_err(Obstacle::Never)?;
        self.batch(state, object)?;
        state.holders.lose(change).map_err(|few| Obstacle::NotYet(few.to_string()))?;
        let entry = (change.key.clone(), name);
        let batch = self.batch(state, object)?;
        if change.kind.is_loss() {
            batch.remove.push(entry);
        } else {
            batch.add.push(entry);
        }
        Ok(())
    }

    /// The order of the steps: accounts by level, existing groups, new groups, then members. The batches of one group
    /// follow each other.
    fn finish(self, state: &mut State<'p>) -> Vec<Step> {
        let (apply, phase) = (self.apply, self.phase);
        let level = |object: &Object| apply.job.plan.work.levels.get(object).copied().unwrap_or(0);
        let mut levels: BTreeMap<u32, Step> = BTreeMap::new();
        for (id, changes) in self.people {
            let level = match phase {
                Phase::Update => level(&Object::User(id.clone())),
                _ => 0,
            };
            let is_step = |change: &&Change| change.kind == ChangeKind::Continue;
            let (later, changes): (Vec<_>, Vec<_>) = changes.into_iter().partition(is_step);
            let mut lane = Lane::new();
            if !changes.is_empty() {
                lane.extend(account::task(apply, state, phase, &id, &changes));
            }
            if !later.is_empty() {
                lane.extend(account::continued(apply, state, &id, later));
            }
            if !lane.is_empty() {
                levels.entry(level).or_default().push(lane);
            }
        }
        let side_by_side = |tasks: Vec<Task>| tasks.into_iter().map(|task| vec![task]).collect::<Step>();
        let size = apply.job.connector.capabilities().members_batch;
        let lanes = self.groups.into_iter();
        let members =
            lanes.map(|(key, (group, batch))| batch.tasks(&group, size, state.member_list_to_change(&key)));
        let members: Step = members.collect();
        // Disabling and deleting have no level, so they are one step.
        let mut others: BTreeMap<u32, Step> = BTreeMap::new();
        for task in self.others {
            let level = task.object().map_or(0, level);
            others.entry(level).or_default().push(vec![task]);
        }
        levels
            .into_values()
            .chain(others.into_values())
            .chain([side_by_side(self.news), members])
            .filter(|step| !step.is_empty())
            .collect()
    }
}
