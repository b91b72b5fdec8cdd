//! Power: what a privileged role gives (safety.md 10). Whoever comes to have it gains a privileged role, in whatever way.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::app::{App, RoleKind};
use crate::model::change::Facet;
use crate::model::folded::{folded, folded_value};
use crate::model::ledger::GroupKey;
use crate::model::remote::{Held, HeldKind, Presence};
use crate::model::seen::Seen;
use crate::model::{Kind, Path, RemoteId, RoleId, Value, Want};
use crate::plan::reading::answers::Answers;
use crate::plan::reading::differ::Differ;
use crate::plan::reading::rows::{MemberRef, RowMembers};
use crate::resolve::PastApp;

/// What gives power in an app, now or at the last applied commit.
pub(crate) struct Power {
    /// The roles: privileged ones, and those that the app stores as it stores a privileged one.
    pub roles: BTreeSet<RoleId>,
    /// Roles that gave power before this plan and whose value or group of today is none of another such role; where nothing older
    /// is known, those that are privileged today.
    before: BTreeSet<RoleId>,
    /// Values of these roles, folded.
    values: BTreeSet<String>,
    /// Names of groups of these roles, folded.
    names: BTreeSet<String>,
    /// Values that the connector marks as power, folded, by the attribute as a whole.
    marked: BTreeMap<Arc<str>, BTreeSet<String>>,
    /// These values as an account that was looked at shows them: a flag by the name of its attribute.
    shown: BTreeSet<String>,
    /// Attributes as a whole in which such a value gives power.
    attributes: BTreeSet<Arc<str>>,
    /// Groups of the app that give power before this plan: those of the roles, and groups inside them.
    groups: BTreeSet<RemoteId>,
}

impl Power {
    pub(super) fn of(differ: &Differ, answers: &Answers) -> Self {
        let app = differ.input.desired.app;
        let past = past(differ, answers);
        let before = || past.into_iter().flat_map(|past: &PastApp| &past.roles);
        let kinds: Vec<&RoleKind> = app
            .roles
            .iter()
            .filter(|role| role.privileged)
            .map(|role| &role.kind)
            .chain(before().filter(|(_, role)| role.privileged).map(|(_, role)| &role.kind))
            .collect();
        let is_power = |kind: &RoleKind| kinds.iter().any(|power| is_same(power, kind));
        let now = app.roles.iter().filter(|role| is_power(&role.kind)).map(|role| &role.id);
        // A role that was renamed is one role.
        let then = before().filter(|(_, role)| is_power(&role.kind)).map(|(id, _)| app.todays_role(id));
        let then: Vec<&RoleId> = then.collect();
        let known: BTreeSet<&RoleId> = match past {
            Some(_) => then.iter().copied().collect(),
            None => now.clone().collect(),
        };
        let privileged = app.roles.iter().filter(|role| role.privileged).map(|role| &role.id);
        let before: BTreeSet<RoleId> = match past {
            Some(past) => unchanged(app, past).cloned().collect(),
            None => privileged.cloned().collect(),
        };
        let names = kinds.iter().filter_map(|kind| match kind {
            RoleKind::Group(name) => Some(folded(name)),
            RoleKind::Value(_) | RoleKind::Id(_) => None,
        });
        let names: BTreeSet<String> = names.collect();
        Self {
            groups: groups(differ, answers, &known, &names),
            roles: now.chain(then).cloned().collect(),
            values: kinds.iter().filter_map(|kind| kind.value()).map(|value| folded(value)).collect(),
            before,
            names,
            marked: marked(differ),
            shown: shown(differ),
            attributes: attributes(differ, past),
        }
    }

    /// True for a role that gave power before this plan: whoever had it then gains nothing by its value or group of today.
    pub(crate) fn gives_no_more(&self, facet: &Facet) -> bool {
        facet.role().is_some_and(|role| self.before.contains(role))
    }

    /// The power that a person comes to have by the value of an attribute, which was another one before: each value with its
    /// attribute as if it were a role.
    pub(crate) fn given(&self, path: &Path, want: &Want, actual: Option<&Seen<Value>>) -> BTreeSet<RoleId> {
        let had = actual.and_then(Seen::shown).map(|had| self.by_value(path, had)).unwrap_or_default();
        &self.wanted(path, want) - &had
    }

    /// The power that a person has by the value of an attribute, and that another value takes away.
    pub(crate) fn taken(&self, path: &Path, want: &Want, actual: &Seen<Value>) -> BTreeSet<RoleId> {
        let had = actual.shown().map(|had| self.by_value(path, had)).unwrap_or_default();
        match want {
            Want::Is(_) | Want::Clear => &had - &self.wanted(path, want),
            Want::Keep | Want::Ref(_) => BTreeSet::new(),
        }
    }

    /// The power that an attribute is to give by its value.
    pub(super) fn wanted(&self, path: &Path, want: &Want) -> BTreeSet<RoleId> {
        match want {
            Want::Is(value) => self.by_value(path, value),
            Want::Clear | Want::Keep | Want::Ref(_) => BTreeSet::new(),
        }
    }

    fn by_value(&self, path: &Path, value: &Value) -> BTreeSet<RoleId> {
        let whole = path.whole();
        let is_power = |item: &String| {
            (self.values.contains(item) && self.attributes.contains(&whole))
                || self.marked.get(&whole).is_some_and(|marked| marked.contains(item))
        };
        let all = items(value).into_iter().filter(is_power);
        all.map(|item| RoleId::of_value(format!("{path}={item}"))).collect()
    }

    /// True if this, on an account, is power. `name_of` is the name of a group, by its id.
    pub(super) fn is_held(&self, held: &Held, name_of: impl Fn(&str) -> Option<Arc<str>>) -> bool {
        match held.what {
            HeldKind::Role | HeldKind::Entitlement => {
                let name = folded(&held.name);
                self.values.contains(&name) || self.shown.contains(&name)
            }
            HeldKind::Group => {
                let id = held.id.as_ref().unwrap_or(&held.name);
                self.is_name(&held.name)
                    || name_of(id).is_some_and(|name| self.is_name(&name))
                    || id.parse().is_ok_and(|id| self.is_group(&id))
            }
        }
    }

    /// True if a value of an attribute that keeps roles is power.
    pub(crate) fn is_value(&self, value: &Value) -> bool {
        let is_marked = |item| self.marked.values().any(|marked| marked.contains(item));
        items(value).iter().any(|item| self.values.contains(item) || is_marked(item))
    }

    /// True for the name of a group that gives power.
    pub(crate) fn is_name(&self, name: &str) -> bool {
        self.names.contains(&folded(name))
    }

    /// True for a group of the app that gives power before this plan.
    pub(crate) fn is_group(&self, remote: &RemoteId) -> bool {
        self.groups.contains(remote)
    }
}

/// Roles, by today's ids, that gave power at the last applied commit, and that are not stored today as another one of them was.
fn unchanged<'r>(app: &'r App, past: &'r PastApp) -> impl Iterator<Item = &'r RoleId> {
    let privileged: Vec<&RoleKind> =
        past.roles.values().filter(|role| role.privileged).map(|role| &role.kind).collect();
    let is_power = |kind: &RoleKind| privileged.iter().any(|power| is_same(power, kind));
    let then = past.roles.iter().filter(|(_, role)| is_power(&role.kind));
    let then: Vec<(&RoleId, &RoleKind)> = then.map(|(id, role)| (app.todays_role(id), &role.kind)).collect();
    let all = then.clone();
    let is_anothers = move |id: &RoleId, before: &RoleKind| {
        let today = app.role(id.as_str()).map(|number| &app.roles[number.index()].kind);
        let was = |kind: &RoleKind| all.iter().any(|(other, then)| *other != id && is_same(then, kind));
        today.is_some_and(|today| !is_same(before, today) && was(today))
    };
    then.into_iter().filter(move |(id, before)| !is_anothers(id, before)).map(|(id, _)| id)
}

/// What the last applied commit says of the app, if its files are not today's.
pub(super) fn past<'s>(differ: &Differ, answers: &'s Answers) -> Option<&'s PastApp> {
    differ.input.ledger.applied_commit().and_then(|commit| answers.tree(commit))
}

/// True if the app stores both in the same way.
fn is_same(one: &RoleKind, other: &RoleKind) -> bool {
    match (one, other) {
        (RoleKind::Group(one), RoleKind::Group(other)) => folded(one) == folded(other),
        _ => one.value().zip(other.value()).is_some_and(|(one, other)| folded(one) == folded(other)),
    }
}

fn items(value: &Value) -> BTreeSet<String> {
    match value {
        Value::List(items) => items.iter().filter_map(folded_value).collect(),
        single => folded_value(single).into_iter().collect(),
    }
}

fn marked(differ: &Differ) -> BTreeMap<Arc<str>, BTreeSet<String>> {
    let marked = differ.input.desired.definition.power.iter();
    marked.map(|(path, values)| (path.whole(), values.iter().filter_map(folded_value).collect())).collect()
}

fn shown(differ: &Differ) -> BTreeSet<String> {
    let marked = differ.input.desired.definition.power.iter();
    let name = |path: &Path, value: &Value| match value {
        Value::Bool(_) => Some(folded(path.as_str())),
        value => folded_value(value),
    };
    marked.flat_map(|(path, values)| values.iter().filter_map(|value| name(path, value))).collect()
}

/// Attributes that give access by what they are, and those in which roles stand, now or at the last applied commit.
fn attributes(differ: &Differ, past: Option<&PastApp>) -> BTreeSet<Arc<str>> {
    let desired = differ.input.desired;
    let known = desired.definition.users.access.iter();
    let then = past.into_iter().flat_map(|past| &past.role_paths);
    let all = known.chain(then).map(Path::whole);
    all.chain(desired.role_paths().map(Path::whole)).collect()
}

/// The groups of these roles and with these names, and the groups inside them.
fn groups(
    differ: &Differ,
    answers: &Answers,
    roles: &BTreeSet<&RoleId>,
    names: &BTreeSet<String>,
) -> BTreeSet<RemoteId> {
    let linked = differ.input.ledger.groups.iter().filter(|(key, _)| match key {
        GroupKey::Role(role) => roles.contains(differ.input.desired.app.todays_role(role)),
        GroupKey::Group(_) => false,
    });
    let named = differ.seen.groups.values();
    let named = named.filter(|row| row.name.as_ref().is_some_and(|name| names.contains(&folded(name))));
    let mut open: Vec<RemoteId> =
        linked.map(|(_, link)| &link.remote).chain(named.map(|row| &row.remote)).cloned().collect();
    let mut found = BTreeSet::new();
    while let Some(group) = open.pop() {
        if found.insert(group.clone()) {
            open.extend(inside(differ, answers, &group));
        }
    }
    found
}

/// The groups inside a group, as far as the app shows them.
fn inside(differ: &Differ, answers: &Answers, group: &RemoteId) -> Vec<RemoteId> {
    let is_group = |id: &&Arc<str>| differ.seen.shown.group(id).is_some();
    let row = differ.seen.groups.get(group).map(|row| &row.members);
    let listed = row.and_then(RowMembers::everybody).into_iter().flatten();
    let listed = listed.filter_map(|member| match member {
        MemberRef::Group(id) => Some(id),
        MemberRef::Other(id) => Some(id).filter(is_group),
        MemberRef::Linked(_) => None,
    });
    let asked = match answers.get(Kind::Group, group) {
        Some(Presence::Here(remote)) => remote.members.everybody(),
        Some(Presence::Gone(_) | Presence::Unknown { .. }) | None => None,
    };
    let asked = asked.into_iter().flatten();
    let asked = asked.filter(|member| member.kind == Some(Kind::Group) || is_group(&&member.name));
    let asked = asked.map(|member| &member.name);
    listed.chain(asked).filter_map(|id| id.parse().ok()).collect()
}
