//! What one app should look like.

use std::collections::BTreeMap;
use std::sync::Arc;

use rayon::prelude::*;
use roaring::RoaringBitmap;

use super::declared_holders::DeclaredHolders;
use super::horizon::{Edge, EdgeOf};
use super::life::{Life, life};
use super::membership::{Ends, Holders, Memberships};
use super::place::Place;
use super::programs::{CompiledMapping, Programs};
use super::standing::{OutReason, Standing};
use crate::catalog::Definition;
use crate::expr::{Facts, Program, Truth};
use crate::model::app::{ManualLink, RoleKind, Scope};
use crate::model::change::Object;
use crate::model::company::{Company, Status};
use crate::model::ledger::GroupKey;
use crate::model::member::{Member, Principal};
use crate::model::time::{Timestamp, Window};
use crate::model::{App, Diagnostic, GroupNo, Kind, RoleNo, Span, UserNo};

/// The desired state of one app.
pub struct DesiredApp<'c> {
    /// What was declared.
    pub company: &'c Company,
    /// The app.
    pub app: &'c App,
    /// Its connector.
    pub definition: &'c Definition,
    /// Its place in `Company::apps`.
    pub number: usize,
    /// The instant for which this is worked out.
    pub at: Timestamp,
    /// People who are to have an active account.
    pub active: RoaringBitmap,
    /// People who are to have a disabled account that keeps its grants.
    pub suspended: RoaringBitmap,
    /// People of whom nobody can say whether they are to have an account, with the reason; of suspended ones, their grants.
    pub unknown: BTreeMap<UserNo, String>,
    /// Holders of each role among the people above.
    pub roles: Vec<Holders>,
    /// Groups the app is to have.
    pub groups: Vec<DesiredGroup>,
    filter: Option<&'c Program>,
    /// The mapping of accounts; `None` if it did not compile.
    pub mapping: Option<&'c CompiledMapping>,
    /// The mapping writes roles.
    pub(super) writes_roles: bool,
    /// What is known of each attribute of that mapping, in its order.
    pub(super) places: Vec<Place>,
    /// The mapping of groups, if any are pushed.
    pub group_mapping: Option<&'c CompiledMapping>,
    /// For each person, when the last line ended that gave access here, by assignment or through a pushed group.
    pub ends: Ends,
    assigned: Holders,
    /// The people whom assignments name at any time: for each role, then for access without a role.
    lines: Vec<DeclaredHolders>,
    default_access: RoaringBitmap,
    /// Of each role, the people who are left out by hand (`links: {…: ignore}`) and would hold it, or might.
    left_out: Vec<RoaringBitmap>,
    filtered: RoaringBitmap,
    /// Groups that assignments or pushes lead to, nested ones included.
    reachable: RoaringBitmap,
}

/// A group the app is to have.
#[derive(Debug, Clone)]
pub struct DesiredGroup {
    /// `Object::Group` for a pushed group, `Object::Role` for a role that is a group.
    pub object: Object,
    /// The pushed group.
    pub group: Option<GroupNo>,
    /// The role.
    pub role: Option<RoleNo>,
    /// Name in the app, if it is fixed by the role.
    pub name: Option<Arc<str>>,
    /// Who should be a member.
    pub holders: Holders,
    /// A privileged role.
    pub privileged: bool,
    /// Where it is declared.
    pub span: Span,
}

impl DesiredGroup {
    /// Today's key, then the earlier ones (safety.md 3).
    pub fn keys(&self, desired: &DesiredApp) -> impl Iterator<Item = GroupKey> + use<> {
        let objects: Vec<Object> = match (self.group, self.role) {
            (Some(group), _) => {
                desired.company.groups[group.index()].ids().cloned().map(Object::Group).collect()
            }
            (None, Some(role)) => desired.app.roles[role.index()].ids().cloned().map(Object::Role).collect(),
            (None, None) => vec![self.object.clone()],
        };
        objects.into_iter().filter_map(|object| GroupKey::of(&object))
    }

    /// True if this key is today's or an earlier one.
    fn is_known_as(&self, desired: &DesiredApp, key: &GroupKey) -> bool {
        match (self.group, self.role, key) {
            (Some(group), _, GroupKey::Group(id)) => {
                desired.company.groups[group.index()].ids().any(|one| one == id)
            }
            (None, Some(role), GroupKey::Role(id)) => {
                desired.app.roles[role.index()].ids().any(|one| one == id)
            }
            (Some(_), _, GroupKey::Role(_)) | (None, Some(_), GroupKey::Group(_)) => false,
            (None, None, key) => GroupKey::of(&self.object).as_ref() == Some(key),
        }
    }
}

impl<'c> DesiredApp<'c> {
    /// Who is to be in a group or to hold a role, which the ledger may know by an earlier id; none if the files do not
    /// declare it for this app now.
    pub fn holders_of(&self, key: &GroupKey) -> Option<&Holders> {
        match key {
            GroupKey::Role(role) => self.roles.get(self.app.role_once(role)?.index()),
            GroupKey::Group(_) => {
                let mut groups = self.groups.iter();
                groups.find(|group| group.is_known_as(self, key)).map(|group| &group.holders)
            }
        }
    }

    /// Works out one app.
    pub fn resolve(
        company: &'c Company,
        programs: &'c Programs,
        groups: &Memberships,
        number: usize,
        app: &'c App,
        at: Timestamp,
    ) -> Self {
        let mut roles = vec![Holders::default(); app.roles.len()];
        let mut without_role = Holders::default();
        let mut lines = vec![DeclaredHolders::default(); app.roles.len() + 1];
        // Nobody is desired in an app that is being given up.
        let assignments = if app.removed.is_some() { &[] } else { &app.assignments[..] };
        for assignment in assignments {
            let holders = groups.expand(&assignment.members, at);
            let place = assignment.role.map_or(app.roles.len(), RoleNo::index);
            lines[place].merge(groups.lines(&assignment.members));
            let into = match assignment.role {
                Some(role) => &mut roles[role.index()],
                None => &mut without_role,
            };
            into.yes |= holders.yes;
            into.unknown |= holders.unknown;
            into.lapsed |= holders.lapsed;
        }
        roles.iter_mut().for_each(Holders::settle);
        let mut assigned = Holders::default();
        let counts = app.roles.is_empty() || app.provision_default_access;
        for holders in roles.iter().chain(counts.then_some(&without_role)) {
            assigned.yes |= &holders.yes;
            assigned.unknown |= &holders.unknown;
            assigned.lapsed |= &holders.lapsed;
        }
        assigned.settle();
        let definition = &*programs.definitions[number];
        let mapping = programs.users.get(&app.users.mapping);
        let place =
            |mapping: &CompiledMapping, path| Place::of(definition, Kind::User, path, &mapping.matching);
        let places = mapping.into_iter().flat_map(|mapping| {
            let paths = mapping.attributes.iter().map(|attribute| &attribute.path);
            paths.map(move |path| place(mapping, path))
        });
        let mut desired = Self {
            company,
            app,
            definition,
            number,
            at,
            active: RoaringBitmap::new(),
            suspended: RoaringBitmap::new(),
            unknown: BTreeMap::new(),
            roles,
            groups: Vec::new(),
            filter: programs.filters.get(number).and_then(Option::as_ref),
            mapping,
            writes_roles: mapping.is_some_and(CompiledMapping::writes_roles),
            places: places.collect(),
            group_mapping: programs.groups.get(&app.groups.mapping),
            ends: passed(groups, app, at),
            default_access: if counts { RoaringBitmap::new() } else { &without_role.yes - &assigned.yes },
            assigned,
            lines,
            left_out: Vec::new(),
            filtered: RoaringBitmap::new(),
            reachable: reachable(company, app),
        };
        desired.scope();
        desired.limit_roles();
        desired.groups = desired.wanted_groups(groups);
        desired
    }

    /// Sorts people into active, suspended, unknown and the rest.
    fn scope(&mut self) {
        let everybody =
            RoaringBitmap::from_sorted_iter(0..self.company.users.len() as u32).unwrap_or_default();
        let candidates = match self.app.users.scope {
            _ if self.app.removed.is_some() => RoaringBitmap::new(),
            Scope::All => everybody,
            Scope::Assigned => &self.assigned.yes | &self.assigned.unknown,
        };
        for number in candidates {
            let user = UserNo(number);
            let life = life(self.company, user, self.at);
            if !matches!(life, Life::Active | Life::Suspended) || self.ignored(user) {
                continue;
            }
            let truth =
                self.filter.map_or(Truth::True, |filter| filter.truth(&Facts::user(self.company, user)));
            match truth {
                Truth::False => _ = self.filtered.insert(number),
                Truth::Unknown(why) => {
                    _ = self.unknown.insert(user, format!("the app's filter is undecided: {why}"));
                }
                Truth::True
                    if self.app.users.scope == Scope::Assigned && !self.assigned.yes.contains(number) =>
                {
                    self.unknown.insert(user, "membership of an assigned group is undecided".to_owned());
                }
                Truth::True if life == Life::Suspended => _ = self.suspended.insert(number),
                Truth::True => _ = self.active.insert(number),
            }
        }
    }

    /// Roles count for people with an account only. The roles of undecided people are undecided.
    fn limit_roles(&mut self) {
        let with_account = &self.active | &self.suspended;
        let doubtful: RoaringBitmap = self.unknown.keys().map(|user| user.0).collect();
        let ignored = self.app.links.iter().filter(|(_, link)| matches!(link, ManualLink::Ignore { .. }));
        let ignored = ignored.filter_map(|(id, _)| self.company.user(id.as_str())).map(|user| user.0);
        let ignored: RoaringBitmap = ignored.collect();
        let left_out = self.roles.iter().map(|holders| &(&holders.yes | &holders.unknown) & &ignored);
        self.left_out = left_out.collect();
        for holders in &mut self.roles {
            holders.unknown |= &holders.yes & &doubtful;
            holders.yes &= &with_account;
            holders.unknown &= &(&with_account | &doubtful);
            holders.unknown -= &holders.yes;
        }
    }

    fn wanted_groups(&self, groups: &Memberships) -> Vec<DesiredGroup> {
        let with_account = &self.active | &self.suspended;
        let doubtful: RoaringBitmap = self.unknown.keys().map(|user| user.0).collect();
        let mut wanted = Vec::new();
        if self.app.removed.is_some() {
            return wanted;
        }
        for (group, span) in &self.app.groups.push {
            let all = groups.of(*group);
            let mut holders = all.clone();
            holders.yes &= &with_account;
            holders.unknown = (&all.unknown & &with_account) | (&(&all.yes | &all.unknown) & &doubtful);
            holders.unknown -= &holders.yes;
            let declared = &self.company.groups[group.index()];
            wanted.push(DesiredGroup {
                object: Object::Group(declared.id.clone()),
                group: Some(*group),
                role: None,
                name: None,
                holders,
                privileged: false,
                span: *span,
            });
        }
        for (number, role) in self.app.roles.iter().enumerate() {
            let RoleKind::Group(name) = &role.kind else {
                continue;
            };
            wanted.push(DesiredGroup {
                object: Object::Role(role.id.clone()),
                group: None,
                role: Some(RoleNo::from(number)),
                name: Some(name.clone()),
                holders: self.roles[number].clone(),
                privileged: role.privileged,
                span: role.span,
            });
        }
        wanted
    }

    fn ignored(&self, user: UserNo) -> bool {
        let id = &self.company.users[user.index()].id;
        matches!(self.app.links.get(id), Some(ManualLink::Ignore { .. }))
    }

    /// True for a person who is left out by hand, and who would hold this role, or might.
    pub fn is_left_out_of(&self, role: RoleNo, user: UserNo) -> bool {
        self.left_out.get(role.index()).is_some_and(|people| people.contains(user.0))
    }

    /// Where a person stands.
    pub fn standing(&self, user: UserNo) -> Standing {
        if self.ignored(user) {
            return Standing::Ignored;
        }
        match life(self.company, user, self.at) {
            Life::Left => return Standing::Out(OutReason::Left),
            Life::Ended => return Standing::Out(OutReason::Ended),
            _ if self.app.removed.is_some() => return Standing::Out(OutReason::AppGivenUp),
            Life::NotYet => return Standing::Out(OutReason::NotYet),
            // `suspended` is decided before any expression (safety.md 9); only what is granted waits for it.
            Life::Suspended if self.unknown.contains_key(&user) => return Standing::Suspended,
            Life::Active | Life::Suspended => {}
        }
        let number = user.0;
        if let Some(why) = self.unknown.get(&user) {
            Standing::Unknown(why.clone())
        } else if self.active.contains(number) {
            Standing::In
        } else if self.suspended.contains(number) {
            Standing::Suspended
        } else if self.filtered.contains(number) {
            Standing::Out(OutReason::Filtered)
        } else if self.assigned.lapsed.contains(number) {
            Standing::Out(OutReason::Lapsed)
        } else if self.default_access.contains(number) {
            Standing::Out(OutReason::NotEntitled)
        } else {
            Standing::Out(OutReason::NotAssigned)
        }
    }

    /// People who are skipped: they are assigned without a role, and this app gives no account for that.
    pub fn not_entitled(&self) -> impl Iterator<Item = UserNo> {
        self.default_access.iter().map(UserNo).filter(|user| !self.active.contains(user.0))
    }

    /// Roles of a person by precedence, then id: the order of the declared roles.
    pub fn roles_of(&self, user: UserNo) -> impl Iterator<Item = RoleNo> {
        let holds = move |number: &usize| self.roles[*number].yes.contains(user.0);
        (0..self.roles.len()).filter(holds).map(RoleNo::from)
    }

    /// The roles that assignments give a person at whatever time, `None` for access without a role, each with its
    /// windows. Only the repository changes this.
    pub fn declared(&self, user: UserNo) -> impl Iterator<Item = (Option<RoleNo>, Vec<Window>)> {
        let lines = self.lines.iter().enumerate();
        let declared = lines.map(move |(place, lines)| {
            let role = (place < self.app.roles.len()).then(|| RoleNo::from(place));
            (role, lines.windows(user))
        });
        declared.filter(|(_, windows)| !windows.is_empty())
    }

    /// When the lines of assignments that lead to a person end, in any order.
    pub fn ends_of_lines(&self, user: UserNo) -> impl Iterator<Item = Timestamp> {
        self.lines.iter().flat_map(move |lines| lines.ends(user))
    }

    /// The windows in which the declaration gives a person an active account, whatever the instant.
    ///
    /// # Errors
    /// It cannot be said; the text says why.
    pub fn access(&self, user: UserNo) -> Result<Vec<Window>, String> {
        if self.ignored(user) { Ok(Vec::new()) } else { self.access_but_for_ignore(user) }
    }

    /// True if the declaration gives a person no active account now, left out by hand or not.
    pub fn is_out_but_for_ignore(&self, user: UserNo) -> bool {
        self.access_but_for_ignore(user).is_ok_and(|all| !all.iter().any(|window| window.contains(self.at)))
    }

    fn access_but_for_ignore(&self, user: UserNo) -> Result<Vec<Window>, String> {
        let declared = &self.company.users[user.index()];
        if self.app.removed.is_some() || declared.status != Status::Active {
            return Ok(Vec::new());
        }
        match self.filter.map(|filter| filter.truth(&Facts::user(self.company, user))) {
            Some(Truth::False) => return Ok(Vec::new()),
            Some(Truth::Unknown(why)) => return Err(why),
            Some(Truth::True) | None => {}
        }
        if self.app.users.scope == Scope::All {
            return Ok(vec![declared.window]);
        }
        if self.assigned.unknown.contains(user.0) {
            return Err("membership of an assigned group is undecided".to_owned());
        }
        let windows = self.account_windows(user).map(|window| window.within(declared.window));
        Ok(windows.filter(|window| !window.is_empty()).collect())
    }

    /// The windows in which assignments give a person a role.
    pub fn windows(&self, user: UserNo, role: RoleNo) -> Vec<Window> {
        self.lines[role.index()].windows(user)
    }

    /// The windows in which assignments lead to an account of a person.
    pub fn account_windows(&self, user: UserNo) -> impl Iterator<Item = Window> {
        let counts = self.app.roles.is_empty() || self.app.provision_default_access;
        self.declared(user).filter(move |(role, _)| role.is_some() || counts).flat_map(|(_, windows)| windows)
    }

    /// True if it cannot be said whether the person holds some role.
    pub fn roles_undecided(&self, user: UserNo) -> bool {
        self.roles.iter().any(|holders| holders.unknown.contains(user.0))
    }

    /// True if a start or end may change who has what here.
    pub fn is_touched_by(&self, edge: &Edge) -> bool {
        match edge.of {
            EdgeOf::User(user) => {
                let all = self.app.users.scope == Scope::All;
                let holds = self.active.contains(user.0)
                    || self.suspended.contains(user.0)
                    || self.assigned.yes.contains(user.0);
                all || holds || self.leads_here(user, edge.at)
            }
            EdgeOf::App(app) => app == self.number,
            EdgeOf::Group(group) => self.reachable.contains(group.0),
        }
    }

    /// Of these, the edges that concern this app and came after `from`, until `to`.
    pub fn edges_between<'e>(
        &'e self,
        edges: &'e [Edge],
        from: Timestamp,
        to: Timestamp,
    ) -> impl Iterator<Item = &'e Edge> {
        let between = edges.iter().filter(move |edge| edge.at > from && edge.at <= to);
        between.filter(|edge| self.is_touched_by(edge))
    }

    /// True if assignments give a person access at some instant, whatever the person's own dates say.
    fn leads_here(&self, user: UserNo, at: Timestamp) -> bool {
        let counts = self.app.roles.is_empty() || self.app.provision_default_access;
        let leads = |(role, windows): (Option<RoleNo>, Vec<Window>)| {
            (role.is_some() || counts) && windows.iter().any(|window| window.contains(at))
        };
        let facts = || Facts::user(self.company, user);
        self.declared(user).any(leads)
            && self.filter.is_none_or(|filter| !matches!(filter.truth(&facts()), Truth::False))
    }

    /// People whose scope is undecided, and people whose attributes cannot be worked out.
    pub fn findings(&self) -> Vec<Diagnostic> {
        let finding = |user: UserNo, code, why: &str| {
            let hint = self.standing(user).until_decided();
            let user = &self.company.users[user.index()];
            Diagnostic::error(code, user.span, format!("{} in app {}: {why}", user.id, self.app.id))
                .of_subject()
                .with_hint(hint)
        };
        let unknown = self.unknown.iter().map(|(user, why)| finding(*user, "unknown-scope", why));
        let users: Vec<_> = self.active.iter().chain(&self.suspended).map(UserNo).collect();
        let errors = users.par_iter().filter_map(|user| Some((*user, self.attributes(*user).err()?)));
        let errors: Vec<_> = errors.collect();
        let errors = errors.iter().map(|(user, why)| finding(*user, "unmappable", why));
        unknown.chain(errors).collect()
    }
}

fn passed(groups: &Memberships, app: &App, at: Timestamp) -> Ends {
    let mut ends = Ends::new();
    let assigned = app.assignments.iter();
    let mut add = |user: &UserNo, end: &Timestamp| {
        let known = ends.entry(*user).or_insert(*end);
        *known = (*end).max(*known);
    };
    for found in assigned.map(|assignment| groups.ends(&assignment.members, at)) {
        found.iter().for_each(|(user, end)| add(user, end));
    }
    for (group, _) in &app.groups.push {
        groups.ends_of(*group).iter().for_each(|(user, end)| add(user, end));
    }
    ends
}

fn reachable(company: &Company, app: &App) -> RoaringBitmap {
    let groups = |members: &[Member]| {
        let inner = members.iter().filter_map(|member| match member.principal {
            Principal::Group(group) => Some(group),
            Principal::User(_) => None,
        });
        inner.collect::<Vec<_>>()
    };
    let mut found = RoaringBitmap::new();
    let mut open: Vec<GroupNo> = app.groups.push.iter().map(|(group, _)| *group).collect();
    open.extend(app.assignments.iter().flat_map(|assignment| groups(&assignment.members)));
    while let Some(group) = open.pop() {
        if found.insert(group.0) {
            open.extend(groups(&company.groups[group.index()].members));
        }
    }
    found
}
