//! What another commit says about an app: "git says" (safety.md). It is plain data, so that the tree behind it can be
//! dropped.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::desired::DesiredApp;
use super::own_lines::{own_life, own_lines};
use super::resolved::Resolved;
use crate::catalog::Meaning;
use crate::model::app::RoleKind;
use crate::model::company::{Company, Status, User, UserDates};
use crate::model::folded::{folded, folded_value};
use crate::model::ledger::GroupKey;
use crate::model::time::{Timestamp, Window};
use crate::model::{Path, RoleId, RoleNo, UserId, UserNo, Value, Want};

/// What one commit says about an app: what a plan asks about it, and no more, because a plan may hold several commits of
/// a hundred thousand people.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PastApp {
    /// The matching and unique attributes of that commit's mapping: [`PastPerson::values`] has one value for each.
    pub paths: Vec<Path>,
    /// Everybody it declares, by id.
    people: Vec<PastPerson>,
    /// The groups of the app, under the id of that commit and earlier ones.
    pub groups: BTreeSet<GroupKey>,
    /// The names that the mapping gives them, folded, under the same ids.
    pub group_names: BTreeMap<GroupKey, String>,
    /// Who is in each of them, and holds each role; bits are places in `people`.
    holders: BTreeMap<GroupKey, RoaringBitmap>,
    /// The roles of the app.
    pub roles: BTreeMap<RoleId, PastRole>,
    /// The attributes in which that commit's mapping keeps roles.
    pub role_paths: Vec<Path>,
}

/// What one commit says about a person.
#[derive(Debug, Clone, PartialEq)]
pub struct PastPerson {
    pub id: UserId,
    /// Given name, family name and address, folded.
    pub names: [Option<Arc<str>>; 3],
    /// The person's manager.
    pub manager: Option<UserId>,
    /// What the mapping gives in the place of our id.
    pub our_id: Option<Arc<str>>,
    /// In the order of [`PastApp::paths`], as the mapping gives them.
    pub values: Box<[Option<Value>]>,
    pub status: Status,
    /// `start` and `end` as written.
    pub dates: UserDates,
    /// When `end` comes.
    pub end: Option<Timestamp>,
    /// When the declaration gives an active account; `None` if it cannot be said.
    access: Option<Box<[Window]>>,
    /// The ends that stand there: `end`, and `expires` of the lines that lead to the person.
    pub ends: Box<[Timestamp]>,
    /// The file that declares the person.
    pub file: Option<Arc<str>>,
}

/// What one commit says about a role.
#[derive(Debug, Clone, PartialEq)]
pub struct PastRole {
    pub privileged: bool,
    /// The value or the group of the app that it stands for.
    pub kind: RoleKind,
    /// For a privileged role: the lines of each person that lead to it, as one text.
    pub lines: BTreeMap<UserId, String>,
}

impl PastApp {
    /// Of an app as it is desired at a commit. `file` names the file of a person.
    pub fn of(
        resolved: &Resolved,
        desired: &DesiredApp,
        file: impl Fn(UserNo) -> Option<Arc<str>> + Sync,
    ) -> Self {
        let paths: Vec<Path> = desired.identifying_paths().into_iter().cloned().collect();
        let users = 0..desired.company.users.len();
        let person = |number: usize| {
            let user = UserNo::from(number);
            PastPerson { file: file(user), ..PastPerson::of(resolved, desired, user, &paths) }
        };
        let people = users.into_par_iter().map(person).collect();
        let groups = desired.groups.iter().flat_map(|group| group.keys(desired));
        let group_names = desired.groups.iter().flat_map(|group| {
            let name = desired.group_name(group).map(|name| folded(&name));
            group.keys(desired).filter_map(move |key| Some((key, name.clone()?)))
        });
        let group_names = group_names.collect();
        let in_groups = desired
            .groups
            .iter()
            .flat_map(|group| group.keys(desired).map(|key| (key, group.holders.yes.clone())));
        let roles = desired.app.roles.iter().zip(&desired.roles);
        let of_roles = roles.map(|(role, holders)| (GroupKey::Role(role.id.clone()), holders.yes.clone()));
        let holders = in_groups.chain(of_roles).collect();
        let roles = desired.app.roles.iter().zip(&desired.roles).enumerate();
        let roles = roles.map(|(number, (role, holders))| {
            let (privileged, kind) = (role.privileged, role.kind.clone());
            let own = holders.yes.iter().filter(|_| privileged).map(|user| {
                let id = desired.company.users[user as usize].id.clone();
                (id, own_lines(desired, UserNo(user), RoleNo::from(number)))
            });
            (role.id.clone(), PastRole { privileged, kind, lines: own.collect() })
        });
        let role_paths = desired.role_paths().cloned().collect();
        Self {
            people,
            groups: groups.collect(),
            group_names,
            holders,
            roles: roles.collect(),
            role_paths,
            paths,
        }
    }

    /// Of a commit that does not declare the app: its people, none of whom has an account.
    pub fn without_app(company: &Company, file: impl Fn(UserNo) -> Option<Arc<str>>) -> Self {
        let person = |(number, declared): (usize, &User)| PastPerson {
            id: declared.id.clone(),
            names: names_of(declared),
            manager: manager_of(company, declared),
            our_id: None,
            values: Box::default(),
            status: declared.status,
            dates: declared.dates,
            end: declared.window.end,
            access: Some(Box::default()),
            ends: declared.window.end.into_iter().collect(),
            file: file(UserNo::from(number)),
        };
        Self { people: company.users.iter().enumerate().map(person).collect(), ..Self::default() }
    }

    /// The people who are in a group or hold a role; `None` if the commit knows no group or role of this id.
    pub fn holders<'p>(&'p self, group: &GroupKey) -> Option<impl Iterator<Item = &'p UserId> + use<'p>> {
        let places = self.holders.get(group)?;
        Some(places.iter().filter_map(|place| Some(&self.people.get(place as usize)?.id)))
    }

    /// True if a person is in a group or holds a role.
    pub fn is_holder(&self, group: &GroupKey, id: &UserId) -> bool {
        self.holders(group).is_some_and(|mut holders| holders.any(|holder| holder == id))
    }

    /// The declared person with this id.
    pub fn person(&self, id: &UserId) -> Option<&PastPerson> {
        let place = self.people.binary_search_by(|person| person.id.cmp(id)).ok()?;
        self.people.get(place)
    }

    /// Everybody, by id.
    pub fn people(&self) -> &[PastPerson] {
        &self.people
    }
}

impl PastPerson {
    fn of(resolved: &Resolved, desired: &DesiredApp, user: UserNo, paths: &[Path]) -> Self {
        let declared = &desired.company.users[user.index()];
        let attributes = desired.attributes(user).unwrap_or_default();
        let value = |path: &Path| {
            let attribute = attributes.iter().find(|attribute| attribute.path == *path)?;
            match &attribute.want {
                Want::Is(value) if !value.is_null() => Some(value.clone()),
                _ => None,
            }
        };
        let our_id = attributes.iter().find(|attribute| attribute.meaning == Meaning::OurId);
        Self {
            id: declared.id.clone(),
            names: names_of(declared),
            manager: manager_of(desired.company, declared),
            our_id: our_id.and_then(|attribute| value(&attribute.path)?.as_str().map(Arc::from)),
            values: paths.iter().map(value).collect(),
            status: declared.status,
            dates: declared.dates,
            end: declared.window.end,
            access: desired.access(user).ok().map(Vec::into_boxed_slice),
            ends: ends_of(resolved, desired, user).into(),
            file: None,
        }
    }

    /// True if the commit gives the person an active account at this instant; `None` if it cannot be said. An `end` is decided before
    /// any expression (safety.md 9).
    pub fn is_in(&self, at: Timestamp) -> Option<bool> {
        if self.end.is_some_and(|end| end <= at) {
            return Some(false);
        }
        self.access.as_ref().map(|windows| windows.iter().any(|window| window.contains(at)))
    }

    /// Status, start and end as written.
    pub fn life(&self) -> String {
        own_life(self.status, &self.dates)
    }

    /// The values as they are compared: folded.
    pub fn folded_values(&self) -> impl Iterator<Item = Option<String>> {
        self.values.iter().map(|value| folded_value(value.as_ref()?))
    }
}

/// The ends that stand in the files for a person of an app: `end`, and `expires` of the lines that lead to the person.
pub fn ends_of(resolved: &Resolved, desired: &DesiredApp, user: UserNo) -> Vec<Timestamp> {
    let own = desired.company.users[user.index()].window.end;
    let pushed = desired.app.groups.push.iter();
    let pushed = pushed.flat_map(|(group, _)| resolved.groups.lines_of(*group).ends(user));
    let mut ends: Vec<Timestamp> = own.into_iter().chain(desired.ends_of_lines(user)).chain(pushed).collect();
    ends.sort_unstable();
    ends.dedup();
    ends
}

/// Given name, family name and address of a person, folded: what says that an id means the same person (safety.md 1).
pub fn names_of(user: &User) -> [Option<Arc<str>>; 3] {
    [user.name.given(), user.name.family(), Some(&user.email)]
        .map(|text| text.map(|text| folded(text).into()).filter(|text: &Arc<str>| !text.is_empty()))
}

fn manager_of(company: &Company, user: &User) -> Option<UserId> {
    user.manager.map(|manager| company.users[manager.index()].id.clone())
}
