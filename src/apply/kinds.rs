//! What one write of a kind does to an app tells what the others of that kind would do (safety.md 8): they are held, or sent
//! without what the app does not keep.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use super::index::Index;
use super::job::Job;
use super::life::{self, After};
use super::task::{Lane, LeftOut, RoleValues, Task};
use super::write_kind::{Operation, WriteKind, role_path};
use crate::catalog::{self, Meaning};
use crate::model::change::{Change, ChangeKey, Facet, Object, Phase};
use crate::model::op::{Action, Op, Outcome, SideEffect};
use crate::model::remote::Presence;
use crate::model::result::HELD_BY_SIDE_EFFECT;
use crate::model::seen::Seen;
use crate::model::{Kind, Path, Remote, Value};

/// More writes of one kind than this begin with one that is sent alone.
const MANY: usize = 20;

/// After so many writes of one kind that may have happened and could not be read, the others are sent without a comparison.
const UNREAD: u32 = 3;

/// What this run knows of kinds of writes.
#[derive(Default)]
pub(super) struct Kinds(Mutex<Known>);

#[derive(Default)]
struct Known {
    /// Kinds with a side effect: why the rest of them is held.
    ended: BTreeMap<WriteKind, String>,
    /// Attributes, by their keys, that a write does not change in this app.
    not_kept: BTreeSet<(Kind, Arc<str>)>,
    /// Kinds of which one write was compared.
    compared: BTreeSet<WriteKind>,
    /// Writes of each kind that were sent alone, may have happened, and could not be read.
    unread: BTreeMap<WriteKind, u32>,
    /// Changes of each kind that the app took.
    written: BTreeMap<WriteKind, u64>,
}

/// A task without what is not to be sent, and what that is.
pub(super) struct Cut {
    /// What is left to send.
    pub rest: Option<Task>,
    /// What is not sent, each with the reason.
    pub held: Vec<(Task, String)>,
}

impl Kinds {
    fn known(&self) -> MutexGuard<'_, Known> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Takes out of a task what is not to be sent in this run any more.
    pub(super) fn cut(&self, job: &Job<'_>, index: &Index<'_>, task: Task) -> Cut {
        let known = self.known();
        if known.ended.is_empty() && known.not_kept.is_empty() {
            return Cut { rest: Some(task), held: Vec::new() };
        }
        let Cut { rest, mut held } = known.without_life(index, task);
        let Some(task) = rest else { return Cut { rest, held } };
        let cut = known.without_attributes(job, index, task);
        held.extend(cut.held);
        Cut { rest: cut.rest, held }
    }

    /// Learns from the object as a look shows it after a write that turned an account on or off, or deleted something; `None` if the
    /// look showed nothing.
    pub(super) fn compare_life(&self, task: &Task, shown: Option<&Presence>) {
        let Some(kind) = WriteKind::of_life(&task.op) else { return };
        let mut known = self.known();
        match life::after(kind.operation, shown) {
            After::AsWanted => _ = known.compared.insert(kind),
            After::Unread => *known.unread.entry(kind).or_default() += 1,
            After::Other(what) => {
                let who = task.object().map(Object::name).unwrap_or_default();
                let why = format!("not sent, because {who} {what}; the next run tries one of them again");
                known.ended.entry(kind).or_insert(why);
            }
        }
    }

    /// Counts the changes of a task that the app took. What it refused is still to be written, by this run or the next.
    pub(super) fn count(&self, job: &Job<'_>, index: &Index<'_>, task: &Task) {
        let mut known = self.known();
        let changes = task.op.changes.iter().filter_map(|key| index.get(key));
        for kind in changes.filter_map(|change| WriteKind::of_change(job, change)) {
            *known.written.entry(kind).or_default() += 1;
        }
    }

    /// Learns from what a write did beside what was wanted: that kind ends here, unless `--allow` lets the rest pass.
    pub(super) fn learn(&self, job: &Job<'_>, task: &Task, effects: &[SideEffect]) {
        let Some(operation) = Operation::of(&task.op) else { return };
        for effect in effects {
            let kind = WriteKind { operation, attribute: effect.attribute.clone() };
            let of_kind = |change: &&Change| WriteKind::of_change(job, change).as_ref() == Some(&kind);
            let all = job.plan.to_do().filter(of_kind).count() as u64;
            let mut known = self.known();
            let written = known.written.get(&kind).copied().unwrap_or_default();
            let rest = all.saturating_sub(written);
            if rest > job.side_effects_allowed {
                let who = task.object().map(Object::name).unwrap_or_default();
                let why = format!(
                    "{HELD_BY_SIDE_EFFECT}, because of what such a write did to {who}: {}; `--allow {}:side-effect={rest}` sends \
                     the rest",
                    effect.text, job.app.id
                );
                known.ended.entry(kind).or_insert(why);
            }
        }
    }

    /// Learns which attributes the app does not keep, from a write after which the object was read.
    pub(super) fn compare(&self, job: &Job<'_>, task: &Task, outcome: &Outcome) {
        self.known().compared.extend(WriteKind::of_attributes(&task.op));
        let (kind, request, values) = match &task.op.action {
            Action::CreateUser { attributes } => (Kind::User, &job.users, attributes),
            Action::UpdateUser { set, .. } => (Kind::User, &job.users, set),
            Action::CreateGroup { attributes } => (Kind::Group, &job.groups, attributes),
            Action::UpdateGroup { set, .. } => (Kind::Group, &job.groups, set),
            Action::ContinueUser { .. }
            | Action::DeleteUser { .. }
            | Action::DeleteGroup { .. }
            | Action::Members { .. } => return,
        };
        let mut known = self.known();
        let sets = values.iter().filter(|(_, value)| !value.is_null());
        let sets = sets.map(|(path, value)| (path, std::slice::from_ref(value)));
        let lists = match &task.op.action {
            Action::UpdateUser { lists, .. } => lists.as_slice(),
            _ => &[],
        };
        let added = lists.iter().map(|list| (&list.path, list.add.as_slice()));
        for (path, wanted) in sets.chain(added).filter(|(path, _)| may_be_left_out(job, kind, path)) {
            let place = request.paths.iter().position(|column| column == path);
            let of_path = |seen: &Remote| place.and_then(|place| seen.attributes.get(place).cloned());
            let before = outcome.before.as_deref().and_then(of_path);
            let schema = job.definition.schema(kind).attribute(path);
            let is_there = |shown: &Value, wanted: &Value| match shown {
                Value::List(held) if !matches!(wanted, Value::List(_)) => {
                    held.iter().any(|held| catalog::same(schema.as_ref(), wanted, held))
                }
                shown => catalog::same(schema.as_ref(), wanted, shown),
            };
            let is_lost = match outcome.after.remote().and_then(of_path) {
                Some(Seen::None) => !wanted.is_empty(),
                Some(Seen::Is(shown)) => {
                    !wanted.iter().all(|wanted| is_there(&shown, wanted)) && before == Some(Seen::Is(shown))
                }
                Some(Seen::Unread(_)) | None => false,
            };
            if is_lost {
                known.not_kept.insert((kind, path.key().clone()));
            }
        }
    }

    /// Counts a write that was sent alone, may have happened, and could not be read.
    pub(super) fn count_unread(&self, kinds: impl IntoIterator<Item = WriteKind>) {
        let mut known = self.known();
        for kind in kinds {
            *known.unread.entry(kind).or_default() += 1;
        }
    }

    /// The kinds with many writes in a step.
    pub(super) fn many(step: &[Lane]) -> BTreeSet<WriteKind> {
        let mut number: BTreeMap<WriteKind, usize> = BTreeMap::new();
        for task in step.iter().flatten() {
            let writes =
                if matches!(task.op.action, Action::Members { .. }) { task.op.changes.len() } else { 1 };
            WriteKind::of_op(&task.op)
                .into_iter()
                .for_each(|kind| *number.entry(kind).or_default() += writes);
        }
        number.into_iter().filter(|(_, number)| *number > MANY).map(|(kind, _)| kind).collect()
    }

    /// The lanes of a step whose first op is sent alone and compared, before the others: one of each of these kinds. Kinds of
    /// which no more is to be compared are taken out of `kinds`.
    pub(super) fn alone(&self, step: &[Lane], kinds: &mut BTreeSet<WriteKind>) -> Vec<usize> {
        let known = self.known();
        kinds.retain(|kind| known.is_open(kind));
        let mut open = kinds.clone();
        let mut alone = Vec::new();
        for (place, lane) in step.iter().enumerate() {
            if open.is_empty() {
                break;
            }
            // Only batches of members follow each other in a lane.
            let of_lane = lane.first().map(|task| WriteKind::of_op(&task.op)).unwrap_or_default();
            let number = open.len();
            open.retain(|kind| !of_lane.contains(kind));
            if open.len() < number {
                alone.push(place);
            }
        }
        kinds.retain(|kind| !open.contains(kind));
        alone
    }
}

impl Known {
    /// A task without a change of a life that is held. Declared leaving waits for nothing (safety.md 14).
    fn without_life(&self, index: &Index<'_>, mut task: Task) -> Cut {
        let why = WriteKind::of_life(&task.op).and_then(|kind| self.ended.get(&kind));
        let is_held = |key: &ChangeKey| {
            let is_leaving = index.get(key).is_some_and(|change| change.phase == Phase::Leave);
            key.facet == Facet::Life && !is_leaving
        };
        let (Some(why), true) = (why, task.op.changes.iter().any(is_held)) else {
            return Cut { rest: Some(task), held: Vec::new() };
        };
        let (lives, others): (Vec<_>, Vec<_>) = task.op.changes.into_iter().partition(is_held);
        let held = Task::plain(Op { changes: lives, action: task.op.action.clone() });
        task.op.changes = others;
        if let Action::UpdateUser { active, .. } = &mut task.op.action {
            *active = None;
        }
        let rest = (!task.op.changes.is_empty()).then_some(task);
        Cut { rest, held: vec![(held, why.clone())] }
    }

    fn without_attributes(&self, job: &Job<'_>, index: &Index<'_>, task: Task) -> Cut {
        match &task.op.action {
            Action::CreateUser { .. } => self.without_values(job, index, Kind::User, task),
            Action::CreateGroup { .. } => self.without_values(job, index, Kind::Group, task),
            Action::UpdateUser { .. } => self.without_sets(job, index, Kind::User, task),
            Action::UpdateGroup { .. } => self.without_sets(job, index, Kind::Group, task),
            Action::Members { .. } => self.without_members(index, task),
            Action::ContinueUser { .. } | Action::DeleteUser { .. } | Action::DeleteGroup { .. } => {
                Cut { rest: Some(task), held: Vec::new() }
            }
        }
    }

    /// True if a write of this kind is still to be compared.
    fn is_open(&self, kind: &WriteKind) -> bool {
        let is_unread = self.unread.get(kind).is_some_and(|number| *number >= UNREAD);
        !is_unread && !self.compared.contains(kind) && !self.ended.contains_key(kind)
    }

    fn is_lost(&self, kind: Kind, path: &Path) -> bool {
        self.not_kept.contains(&(kind, path.key().clone()))
    }

    /// A new object without the values that the app does not keep. Roles among them are not given.
    fn without_values(&self, job: &Job<'_>, index: &Index<'_>, kind: Kind, mut task: Task) -> Cut {
        let is_lost = |path: &Path| self.is_lost(kind, path);
        let lost_role = |key: &ChangeKey| role_path(job, index.get(key)?).filter(|path| is_lost(path));
        let mut held = Vec::new();
        if let Some(path) = task.op.changes.iter().find_map(lost_role) {
            let why = not_kept(kind, path);
            let (roles, rest) = task.op.changes.into_iter().partition(|key| lost_role(key).is_some());
            task.op.changes = rest;
            task.roles = task.roles.map(|_| RoleValues::new(&[]));
            held.push((Task::plain(Op { changes: roles, action: task.op.action.clone() }), why));
        }
        if let Action::CreateUser { attributes } | Action::CreateGroup { attributes } = &mut task.op.action {
            attributes.retain(|(path, _)| !is_lost(path));
        }
        let (left_out, wanted) = task.wanted.into_iter().partition(|(path, _)| is_lost(path));
        Cut { rest: Some(Task { wanted, left_out, ..task }), held }
    }

    /// An update without the attributes that are held, or that the app does not keep.
    fn without_sets(&self, job: &Job<'_>, index: &Index<'_>, kind: Kind, mut task: Task) -> Cut {
        let operation = match kind {
            Kind::User => Operation::UpdateUser,
            Kind::Group => Operation::UpdateGroup,
        };
        let why = |path: &Path| {
            let ended = self.ended.get(&WriteKind { operation, attribute: path.whole() }).cloned();
            let lost = || self.is_lost(kind, path).then(|| not_kept(kind, path));
            ended.map(|why| (why, false)).or_else(|| Some((lost()?, true)))
        };
        let mut paths: Vec<Path> = Vec::new();
        match &task.op.action {
            Action::UpdateUser { set, lists, .. } => {
                paths.extend(set.iter().map(|(path, _)| path.clone()));
                paths.extend(lists.iter().map(|list| list.path.clone()));
            }
            Action::UpdateGroup { set, .. } => paths.extend(set.iter().map(|(path, _)| path.clone())),
            _ => {}
        }
        let mut held = Vec::new();
        for path in paths {
            let Some((why, is_lost)) = why(&path) else { continue };
            let is_of = |key: &&ChangeKey| match &key.facet {
                Facet::Attribute(of) => of == path.key(),
                Facet::Role(_) | Facet::FormerRole(_) => {
                    index.get(key).and_then(|change| role_path(job, change)) == Some(&path)
                }
                Facet::Life | Facet::Member(_) | Facet::UnmanagedMember(_) | Facet::FormerGroup(_) => false,
            };
            let keys: Vec<ChangeKey> = task.op.changes.iter().filter(is_of).cloned().collect();
            // Declared leaving waits for nothing.
            let is_declared =
                |key: &ChangeKey| index.get(key).is_some_and(|change| change.cause.is_declared());
            if keys.is_empty() || keys.iter().any(is_declared) {
                continue;
            }
            let is_role = keys.iter().any(|key| key.facet.role().is_some());
            task.op.changes.retain(|key| !keys.contains(key));
            let (of_path, wanted) = task.wanted.into_iter().partition(|(of, _)| *of == path);
            task.wanted = wanted;
            match &mut task.op.action {
                Action::UpdateUser { set, lists, .. } => {
                    set.retain(|(of, _)| *of != path);
                    lists.retain(|list| list.path != path);
                }
                Action::UpdateGroup { set, .. } => set.retain(|(of, _)| *of != path),
                _ => {}
            }
            if is_role {
                task.roles = None;
            }
            let left_out: LeftOut = if is_lost { of_path } else { Vec::new() };
            let op = Op { changes: keys, action: task.op.action.clone() };
            held.push((Task { left_out, ..Task::plain(op) }, why));
        }
        let rest = (!task.op.changes.is_empty()).then_some(task);
        Cut { rest, held }
    }

    /// A batch of members without those that are held.
    fn without_members(&self, index: &Index<'_>, task: Task) -> Cut {
        let Action::Members { group, add, remove, list } = &task.op.action else {
            return Cut { rest: Some(task), held: Vec::new() };
        };
        let why = |operation| self.ended.get(&WriteKind { operation, attribute: "members".into() });
        let (adding, removing) = (why(Operation::AddMembers), why(Operation::RemoveMembers));
        if adding.is_none() && removing.is_none() || task.op.changes.len() != add.len() + remove.len() {
            return Cut { rest: Some(task), held: Vec::new() };
        }
        let mut rest = (Vec::new(), Vec::new(), Vec::new());
        let mut held: BTreeMap<&String, Vec<ChangeKey>> = BTreeMap::new();
        for (place, key) in task.op.changes.iter().enumerate() {
            let why = if place < add.len() { adding } else { removing };
            let is_declared = index.get(key).is_some_and(|change| change.cause.is_declared());
            match why.filter(|_| !is_declared) {
                Some(why) => held.entry(why).or_default().push(key.clone()),
                None => {
                    rest.0.push(key.clone());
                    match place.checked_sub(add.len()) {
                        None => rest.1.extend(add.get(place).cloned()),
                        Some(place) => rest.2.extend(remove.get(place).cloned()),
                    }
                }
            }
        }
        let of = |changes, add, remove| {
            let action = Action::Members { group: group.clone(), add, remove, list: *list };
            Task::plain(Op { changes, action })
        };
        let held =
            held.into_iter().map(|(why, keys)| (of(keys, Vec::new(), Vec::new()), why.clone())).collect();
        let (changes, add, remove) = rest;
        Cut { rest: (!changes.is_empty()).then(|| of(changes, add, remove)), held }
    }
}

/// True for an attribute of which the ledger can remember that it was not sent, and without which an object can exist.
fn may_be_left_out(job: &Job<'_>, kind: Kind, path: &Path) -> bool {
    let schema = job.definition.schema(kind);
    let is_required = schema.attribute(path).is_some_and(|attribute| attribute.required);
    schema.meaning(path) == Meaning::Plain && !is_required && !job.plan.work.unhashed.contains(path.key())
}

fn not_kept(kind: Kind, path: &Path) -> String {
    let other = match kind {
        Kind::User => "account",
        Kind::Group => "group",
    };
    format!("the app does not keep {path}: another {other} showed it")
}
