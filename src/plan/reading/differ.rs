//! The comparison itself: pages in, [`Draft`](crate::plan::Draft) out.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::{Arc, OnceLock};

use super::answers::Answers;
use super::identity::Unproved;
use super::input::Input;
use super::links::{LinkNo, Links};
use super::matching::MatchIndex;
use super::namesakes::{Namesake, Namesakes};
use super::own_attributes::Refinement;
use super::protect::Protection;
use super::rows::{GroupRow, LinkedRow, MemberRef, PageDiff, RowMembers, UnlinkedRow};
use super::shown_facts::ShownFacts;
use super::taken::{Taken, Wanters};
use crate::catalog::Meaning;
use crate::model::app::{App, ManualLink, OwnAccount};
use crate::model::capabilities::MemberKey;
use crate::model::folded::folded;
use crate::model::ledger::{GroupKey, GroupLink};
use crate::model::remote::{Kind, ListRequest};
use crate::model::{Created, Path, RemoteId, UserId, UserNo, Value, Want};
use crate::plan::clock::Doubt;
use crate::plan::compare::Comparison;
use crate::plan::releases::Released;
use crate::plan::role_values::{RoleSource, RoleTables};
use crate::resolve::{DesiredApp, DesiredAttribute, PastApp};

/// A comparison under way.
pub struct Differ<'a> {
    pub(in crate::plan) input: Input<'a>,
    pub(in crate::plan) links: Links<'a>,
    /// Made when the first account without a link needs it.
    index: OnceLock<MatchIndex>,
    /// The same for the first account whose values may be another person's.
    wanters: OnceLock<Wanters>,
    /// The same for accounts that may be a person's without matching.
    namesakes: OnceLock<Namesakes<'a>>,
    pub(in crate::plan) protection: Protection,
    /// Accounts named below `links:`, for people of whom no other account was seen.
    pub(in crate::plan) manual: HashMap<RemoteId, UserId>,
    /// Accounts named there for people who have another one: these lines have no effect, and hide nothing (safety.md 2).
    pub(in crate::plan) idle: BTreeMap<RemoteId, UserId>,
    /// Groups named below `links:`.
    pub(in crate::plan) manual_groups: HashMap<RemoteId, GroupKey>,
    /// The app has another endpoint than in the ledger: every link has to be proved again.
    pub(in crate::plan) has_new_endpoint: bool,
    pub(in crate::plan) maps_our_id: bool,
    pub(in crate::plan) members_by_name: bool,
    /// Accounts of nobody are compared with what git says of former people.
    pub(in crate::plan) compares_former: bool,
    /// Links whose account is not proved to be the person's own.
    pub(in crate::plan) unproved: BTreeMap<LinkNo, Unproved>,
    /// Managed groups by their ids in the app.
    pub(in crate::plan) group_links: HashMap<RemoteId, &'a GroupLink>,
    pub(in crate::plan) groups: Vec<WantedGroup>,
    /// Folded names of the desired groups.
    names: HashSet<String>,
    /// Our ids of the desired groups.
    our_ids: HashSet<Arc<str>>,
    /// The values of roles. Made when the first account with roles is compared.
    pub(in crate::plan) role_tables: OnceLock<RoleTables>,
    /// What the app says of the attributes of the mapping, in its order. Made when the first account is compared.
    refinements: OnceLock<Vec<Refinement>>,
    pub(in crate::plan) user_paths: Arc<[Path]>,
    group_paths: Arc<[Path]>,
    pub(in crate::plan) seen: Seen,
    pub(in crate::plan) short: Short,
    /// What contradicts the clock of this machine.
    pub(in crate::plan) doubt: Option<Doubt>,
    /// Vanished accounts that would stop the app, and whose number was given (safety.md 1).
    pub(in crate::plan) reset: Released,
}

/// Why a listing did not show everything.
#[derive(Default)]
pub(in crate::plan) struct Short {
    pub users: Option<Arc<str>>,
    pub groups: Option<Arc<str>>,
    /// Objects that no page showed, and an answer did.
    pub late: BTreeSet<(Kind, RemoteId)>,
}

/// A desired group with its attributes.
pub(in crate::plan) struct WantedGroup {
    /// Place in `DesiredApp::groups`.
    pub place: usize,
    pub attributes: Result<Vec<DesiredAttribute>, String>,
    /// Name, folded.
    pub name: Option<String>,
    /// Our id, if the app is given one that no other desired group has.
    pub our_id: Option<Arc<str>>,
}

impl WantedGroup {
    pub(in crate::plan) fn has_name_of(&self, row: &GroupRow) -> bool {
        self.name.is_some() && self.name == row.name.as_ref().map(|name| folded(name))
    }

    pub(in crate::plan) fn has_our_id_of(&self, row: &GroupRow) -> bool {
        self.our_id.is_some() && self.our_id == row.our_id
    }

    /// True if a group of the app may be this one.
    pub(in crate::plan) fn may_be(&self, row: &GroupRow) -> bool {
        self.has_name_of(row) || self.has_our_id_of(row)
    }

    /// The values by which it is found in the app.
    pub(in crate::plan) fn identifying(&self) -> impl Iterator<Item = (Path, Value)> {
        let attributes = self.attributes.iter().flatten();
        attributes.filter_map(|attribute| match (&attribute.want, attribute.meaning) {
            (Want::Is(value), Meaning::Name) => Some((attribute.path.clone(), value.clone())),
            (Want::Is(value), Meaning::OurId) if self.our_id.is_some() => {
                Some((attribute.path.clone(), value.clone()))
            }
            _ => None,
        })
    }
}

/// The findings of all pages so far.
#[derive(Default)]
pub(in crate::plan) struct Seen {
    /// By [`LinkNo`].
    pub linked: Vec<Option<LinkedRow>>,
    pub unlinked: BTreeMap<RemoteId, UnlinkedRow>,
    pub groups: BTreeMap<RemoteId, GroupRow>,
    pub accounts: u64,
    /// The number of linked accounts that have a value, by column.
    pub values: Vec<u64>,
    /// Creation times of linked accounts that the ledger does not remember.
    pub created: BTreeMap<LinkNo, Created>,
    /// Values that an account has and another person is to have, by that person.
    pub taken: BTreeMap<UserNo, Vec<Taken>>,
    /// Accounts that show what a person without an account is called, by that person.
    pub namesakes: BTreeMap<UserNo, Vec<Namesake>>,
    /// Remote ids by folded name, where members are named so.
    pub by_name: HashMap<String, RemoteId>,
    /// What the listings as a whole show.
    pub shown: ShownFacts,
}

impl<'a> Differ<'a> {
    /// Prepares the tables that pages are judged with.
    pub fn new(input: Input<'a>) -> Self {
        let app = input.desired.app;
        let user_paths: Arc<[Path]> = match input.desired.mapping {
            Some(mapping) => mapping.attributes.iter().map(|attribute| attribute.path.clone()).collect(),
            None => Arc::new([]),
        };
        let mut groups: Vec<_> =
            (0..input.desired.groups.len()).map(|place| wanted_group(&input, place)).collect();
        refuse_shared_names(input.desired, &mut groups);
        forget_shared_ids(&mut groups);
        let mut group_paths: Vec<Path> = Vec::new();
        for attribute in groups.iter().flat_map(|group| group.attributes.iter().flatten()) {
            if !group_paths.contains(&attribute.path) {
                group_paths.push(attribute.path.clone());
            }
        }
        let manual = app.links.iter().filter_map(|(user, link)| match link {
            ManualLink::To { remote, .. } => Some((remote.clone(), user.clone())),
            ManualLink::Ignore { .. } => None,
        });
        Self {
            links: Links::new(input.resolved.company, &app.id, input.ledger),
            index: OnceLock::new(),
            wanters: OnceLock::new(),
            namesakes: OnceLock::new(),
            protection: Protection::new(&app.protect, &own_names(app, input.own)),
            manual: manual.collect(),
            idle: BTreeMap::new(),
            manual_groups: app
                .group_links
                .iter()
                .map(|(key, (remote, _))| (remote.clone(), key.clone()))
                .collect(),
            has_new_endpoint: !input.ledger.endpoint.is_empty() && &*input.ledger.endpoint != input.endpoint,
            maps_our_id: input
                .desired
                .definition
                .users
                .our_id
                .as_ref()
                .is_some_and(|place| user_paths.contains(place)),
            unproved: BTreeMap::new(),
            compares_former: input.compares_former(),
            members_by_name: input.capabilities.members_by == MemberKey::Name,
            group_links: input.ledger.groups.values().map(|link| (link.remote.clone(), link)).collect(),
            names: groups.iter().filter_map(|group| group.name.clone()).collect(),
            our_ids: groups.iter().filter_map(|group| group.our_id.clone()).collect(),
            groups,
            role_tables: OnceLock::new(),
            refinements: OnceLock::new(),
            user_paths,
            group_paths: group_paths.into(),
            seen: Seen { linked: input.ledger.users.values().map(|_| None).collect(), ..Seen::default() },
            short: Short::default(),
            doubt: None,
            reset: Released::new(),
            input,
        }
    }

    /// What accounts are compared with.
    pub(in crate::plan) fn comparison(&self) -> Comparison<'_> {
        let Input { desired, ledger, key, .. } = self.input;
        Comparison { key, roles: RoleSource { desired, ledger, tables: &self.role_tables } }
    }

    /// The listings of accounts and of groups; no listing of groups if none are desired or managed. Until an apply has run to
    /// its end, thousands of accounts may be bound at once: their listing shows what they can do (safety.md 2).
    pub fn requests(&self) -> (ListRequest, Option<ListRequest>) {
        let groups = self.needs_groups().then(|| self.request(Kind::Group));
        // The rows of an app with a document show power anyhow.
        let holds = self.lists_holdings() || self.input.desired.definition.document.is_some();
        (ListRequest { holds, ..self.request(Kind::User) }, groups)
    }

    /// True if the listing of accounts is to show what they can do.
    pub(in crate::plan) fn lists_holdings(&self) -> bool {
        self.input.ledger.completed.is_none()
    }

    /// True if groups are desired or managed, and the app can show them.
    pub(in crate::plan) fn needs_groups(&self) -> bool {
        let concerned = !self.groups.is_empty() || !self.input.ledger.groups.is_empty();
        concerned && self.input.capabilities.groups
    }

    /// The request that a single object of this kind is read with.
    pub fn request(&self, kind: Kind) -> ListRequest {
        match kind {
            Kind::User => ListRequest {
                kind,
                paths: self.user_paths.clone(),
                members: false,
                holds: false,
                roles: self.input.desired.role_path().cloned(),
            },
            Kind::Group => {
                let paths = self.group_paths.clone();
                ListRequest { kind, paths, members: true, holds: false, roles: None }
            }
        }
    }

    /// The last applied commit, if the files of today are not those of that commit.
    pub(in crate::plan) fn applied_commit(&self) -> Option<&'a Arc<str>> {
        self.input.applied_before()
    }

    /// What git says of the last applied commit, if it says something else than the files of today.
    pub(in crate::plan) fn applied_tree<'s>(&self, answers: &'s Answers) -> Option<&'s PastApp> {
        answers.tree(self.applied_commit()?)
    }

    /// True if the files are exactly those of this commit.
    pub(in crate::plan) fn is_today(&self, commit: &str) -> bool {
        self.input.is_today(commit)
    }

    /// Adds the findings of a page.
    pub fn merge(&mut self, diff: PageDiff) {
        self.seen.accounts += (diff.linked.len() + diff.unlinked.len()) as u64;
        self.seen.values.resize(self.user_paths.len(), 0);
        self.seen.values.iter_mut().zip(diff.values).for_each(|(sum, more)| *sum += more);
        self.seen.shown.add_attributes(&diff.shows);
        for (id, name, shows_members) in diff.all_groups {
            self.seen.shown.add_group(id, name, shows_members);
        }
        for row in diff.linked {
            self.seen.shown.add_account(&row.activity);
            if let (true, Some(name)) = (self.members_by_name, &row.name) {
                let remote = self.links.row(row.link).link.remote.clone();
                self.seen.name(name, remote);
            }
            let place = row.link.index();
            self.seen.linked[place] = Some(row);
        }
        for row in diff.unlinked {
            self.seen.shown.add_account(&row.activity);
            if let (true, Some(name)) = (self.members_by_name, &row.name) {
                self.seen.name(name, row.remote.clone());
            }
            self.seen.unlinked.insert(row.remote.clone(), row);
        }
        self.seen.created.extend(diff.created);
        for taken in diff.taken {
            let of_user = self.seen.taken.entry(taken.user).or_default();
            of_user.push(taken);
            of_user.sort();
        }
        for namesake in diff.namesakes {
            let of_user = self.seen.namesakes.entry(namesake.user).or_default();
            of_user.push(namesake);
            of_user.sort();
        }
        self.seen.shown.roles |= diff.shows_roles;
        let groups = diff.groups.into_iter().map(|row| (row.remote.clone(), row));
        self.seen.groups.extend(groups);
    }

    /// Tombstones whose id another account has: its memberships are no longer theirs.
    pub(in crate::plan) fn give_on(&mut self) {
        let given = self.links.give_on(|remote| self.seen.unlinked.contains_key(remote));
        if given.is_empty() {
            return;
        }
        let links = &self.links;
        let members = self.seen.groups.values_mut().filter_map(|row| match &mut row.members {
            RowMembers::Shown(members) | RowMembers::Mixed(members) => Some(members),
            RowMembers::Unread(_) => None,
        });
        for member in members.flatten() {
            if let MemberRef::Linked(link) = member
                && given.contains(link)
            {
                *member = MemberRef::Other(links.row(*link).link.remote.as_str().into());
            }
        }
    }

    /// The attributes of a person's account, as the app lets them be.
    ///
    /// # Errors
    /// Why the mapping cannot be evaluated for this person.
    pub(in crate::plan) fn attributes(&self, user: UserNo) -> Result<Vec<DesiredAttribute>, String> {
        let own = &self.input.schemas.users;
        let attributes = self.input.desired.attributes(user)?;
        let said = self
            .refinements
            .get_or_init(|| attributes.iter().map(|attribute| Refinement::of(own, attribute)).collect());
        let refined = attributes.into_iter().zip(said).map(|(attribute, said)| said.applied_to(attribute));
        Ok(refined.collect())
    }

    /// The people who are to have an account, by the values that tell accounts apart.
    pub(in crate::plan) fn wanters(&self) -> &Wanters {
        self.wanters.get_or_init(|| Wanters::new(self.input.desired, &self.user_paths))
    }

    /// The people who are to have an account, by what they are called.
    pub(in crate::plan) fn namesakes(&self) -> &Namesakes<'a> {
        let completed = self.input.ledger.completed.is_some();
        self.namesakes.get_or_init(|| Namesakes::new(self.input.desired, completed))
    }

    /// The people by their matching values.
    pub(in crate::plan) fn index(&self) -> &MatchIndex {
        self.index.get_or_init(|| MatchIndex::new(self.input.desired, &self.user_paths))
    }

    /// The place of a path among the values of an account.
    pub(in crate::plan) fn column(&self, path: &Path) -> Option<usize> {
        self.user_paths.iter().position(|column| column == path)
    }

    /// True if a group of the app is linked, named below `links:`, or has the name or our id of a desired group.
    pub(in crate::plan) fn concerns_group(
        &self,
        remote: &RemoteId,
        name: Option<&Arc<str>>,
        our_id: Option<&Arc<str>>,
    ) -> bool {
        self.group_links.contains_key(remote)
            || self.manual_groups.contains_key(remote)
            || name.is_some_and(|name| self.names.contains(&folded(name)))
            || our_id.is_some_and(|our_id| self.our_ids.contains(our_id))
    }

    /// The place of a path among the values of a group.
    pub(in crate::plan) fn group_column(&self, path: &Path) -> Option<usize> {
        self.group_paths.iter().position(|column| column == path)
    }
}

/// The names of the connection's own account: as the app tells, and as the files say.
fn own_names(app: &App, told: &[String]) -> Vec<String> {
    let said = app.auth.as_ref().and_then(|auth| auth.account.as_ref());
    let said = match said {
        Some(OwnAccount::Named(names)) => &names[..],
        Some(OwnAccount::None) | None => &[],
    };
    told.iter().cloned().chain(said.iter().map(ToString::to_string)).collect()
}

impl Seen {
    /// A linked account, if a page showed it.
    pub(crate) fn link(&self, link: LinkNo) -> Option<&LinkedRow> {
        self.linked.get(link.index())?.as_ref()
    }

    /// Two accounts of one name cannot be told apart by it: the same one is taken whatever the order of the pages.
    fn name(&mut self, name: &str, remote: RemoteId) {
        let known = self.by_name.entry(folded(name)).or_insert_with(|| remote.clone());
        if remote < *known {
            *known = remote;
        }
    }
}

/// Refuses names that several sources share: a group of the app has one source (safety.md 4).
fn refuse_shared_names(desired: &DesiredApp, groups: &mut [WantedGroup]) {
    let mut first: HashMap<String, usize> = HashMap::new();
    for place in 0..groups.len() {
        let Some(name) = groups[place].name.clone() else {
            continue;
        };
        let Some(other) = first.insert(name.clone(), place) else {
            continue;
        };
        for one in [place, other] {
            let duplicate = if one == place { other } else { place };
            let duplicate = &desired.groups[groups[duplicate].place].object;
            groups[one].attributes =
                Err(format!("{duplicate} would be the same group \"{name}\" of the app"));
        }
    }
}

/// An id of ours that several groups give the app tells none of them.
fn forget_shared_ids(groups: &mut [WantedGroup]) {
    let mut number: HashMap<Arc<str>, usize> = HashMap::new();
    for our_id in groups.iter().filter_map(|group| group.our_id.clone()) {
        *number.entry(our_id).or_default() += 1;
    }
    for group in groups {
        group.our_id = group.our_id.take().filter(|our_id| number.get(our_id) == Some(&1));
    }
}

fn wanted_group(input: &Input<'_>, place: usize) -> WantedGroup {
    let attributes = input.desired.group_attributes(&input.desired.groups[place]);
    let own = &input.schemas.groups;
    let refined = |attribute| Refinement::of(own, &attribute).applied_to(attribute);
    let attributes = attributes.map(|attributes| attributes.into_iter().map(refined).collect::<Vec<_>>());
    // Attributes that cannot be worked out have neither.
    let text_of = |meaning| attributes.iter().flatten().find_map(|attribute| attribute.text_of(meaning));
    let name = text_of(Meaning::Name).map(|name| folded(name));
    let our_id = text_of(Meaning::OurId).cloned();
    WantedGroup { place, attributes, name, our_id }
}
