//! The simulated app: its accounts and groups, and the effect of each op.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;

use rolecall::model::capabilities::MemberKey;
use rolecall::model::change::Object;
use rolecall::model::op::{Action, Op, OutcomeState, SideEffect};
use rolecall::model::remote::{Kind, ListRequest, Member, Members};
use rolecall::model::seen::{Activity, Seen, Unread};
use rolecall::model::time::Timestamp;
use rolecall::model::{Created, Path, Remote, RemoteId, Value};

#[derive(Clone, Debug, PartialEq)]
pub struct Account {
    pub active: bool,
    /// The assigned values, by path key.
    pub values: BTreeMap<Arc<str>, Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Team {
    pub values: BTreeMap<Arc<str>, Value>,
    /// The ids of accounts.
    pub members: BTreeSet<String>,
}

#[derive(Clone, Debug)]
pub struct App {
    pub accounts: BTreeMap<String, Account>,
    pub teams: BTreeMap<String, Team>,
    /// Attributes that it accepts and does not keep.
    pub dropped: BTreeSet<Arc<str>>,
    /// Attributes that it keeps in upper case.
    pub shouted: BTreeSet<Arc<str>>,
    /// Its answers show what it was sent, whatever it keeps.
    pub echoes: bool,
    /// Attributes of which a write loses what stands beside the wanted value.
    pub careless: BTreeSet<Arc<str>>,
    /// What it says yes to and does not do: `on`, `off`, `delete group`; for `delete account` it turns the account on.
    pub idle: BTreeSet<&'static str>,
    /// A look after such a write shows its connector that nothing was done, so that the write counts as refused.
    pub is_looked_at: bool,
    /// Accounts that its lists leave out, and that it shows when asked for them.
    pub hidden: BTreeSet<String>,
    /// Accounts with a room, which is a step of its own.
    pub rooms: BTreeSet<String>,
    /// A DELETE only makes an account inactive.
    pub keeps_deleted: bool,
    pub members_by: MemberKey,
    /// Accounts that it shows but refuses as members.
    pub ghosts: BTreeSet<String>,
    /// Accounts that it refuses to change.
    pub immovable: BTreeSet<String>,
    /// Values that it adds to no list.
    pub unknown_values: BTreeSet<String>,
    /// Logins that it refuses to create.
    pub refused: BTreeSet<String>,
    /// Logins that it refuses to create, in the words of an app that has no free seat.
    pub seatless: BTreeSet<String>,
    /// The most accounts that may be active at once.
    pub seats: Option<usize>,
    /// The time by its clock, if it shows when it created an account.
    pub clock: Option<Timestamp>,
    /// When it created the accounts that it was asked for.
    born: BTreeMap<String, Created>,
    next: u64,
    /// The ids of the next accounts and groups, if they were there before.
    again: VecDeque<String>,
}

/// How it refuses an account beyond its seats.
pub const NO_SEATS: &str = "403: no seats left";

type Answer = (OutcomeState, Option<Box<Remote>>);

impl App {
    pub fn new(members_by: MemberKey) -> Self {
        Self {
            accounts: BTreeMap::new(),
            teams: BTreeMap::new(),
            dropped: BTreeSet::new(),
            shouted: BTreeSet::new(),
            echoes: false,
            careless: BTreeSet::new(),
            idle: BTreeSet::new(),
            is_looked_at: false,
            hidden: BTreeSet::new(),
            rooms: BTreeSet::new(),
            keeps_deleted: false,
            members_by,
            ghosts: BTreeSet::new(),
            immovable: BTreeSet::new(),
            unknown_values: BTreeSet::new(),
            refused: BTreeSet::new(),
            seatless: BTreeSet::new(),
            seats: None,
            clock: None,
            born: BTreeMap::new(),
            next: 0,
            again: VecDeque::new(),
        }
    }

    /// Gives this id to the next account or group that has none yet.
    pub fn give_next(&mut self, id: &str) {
        self.again.push_back(id.to_owned());
    }

    /// An account that another hand makes.
    pub fn put(&mut self, id: &str, login: &str) {
        let values = BTreeMap::from([("username".into(), Value::str(login))]);
        self.accounts.insert(id.to_owned(), Account { active: true, values });
    }

    pub fn fresh(&mut self) -> String {
        if let Some(id) = self.again.pop_front() {
            return id;
        }
        self.next += 1;
        format!("id-{}", self.next)
    }

    pub fn text<'v>(values: &'v BTreeMap<Arc<str>, Value>, key: &str) -> Option<&'v str> {
        values.get(key).and_then(Value::as_str)
    }

    /// The account with this login; case does not count.
    pub fn named(&self, name: &str) -> Option<&String> {
        let is_it = |account: &&Account| {
            Self::text(&account.values, "username").is_some_and(|login| login.eq_ignore_ascii_case(name))
        };
        let found = self.accounts.iter().find(|(_, account)| is_it(account));
        found.map(|(id, _)| id)
    }

    /// The object as a listing shows it.
    pub fn remote(&self, want: &ListRequest, id: &str) -> Option<Remote> {
        let (values, active, members) = match want.kind {
            Kind::User => {
                let account = self.accounts.get(id)?;
                (&account.values, account.active, Members::Unread(Unread::NotAsked))
            }
            Kind::Group => {
                let team = self.teams.get(id)?;
                let members = team.members.iter().filter_map(|id| self.member_name(id));
                (
                    &team.values,
                    true,
                    Members::Shown(members.map(|name| Member { name, kind: None }).collect()),
                )
            }
        };
        let name = match want.kind {
            Kind::User => "username",
            Kind::Group => "displayname",
        };
        let text = |key: &str| Self::text(values, key).map(Arc::from);
        let value = |path: &Path| values.get(path.key()).cloned().unwrap_or_default().normalised();
        Some(Remote {
            created: self.born.get(id).copied(),
            id: id.parse().unwrap(),
            kind: want.kind,
            activity: if active { Activity::On } else { Activity::Off },
            our_id: text("externalid"),
            name: text(name),
            emails: text("username").into_iter().collect(),
            full_names: Vec::new(),
            holds: Seen::None,
            holds_in_part: false,
            unlisted: false,
            attributes: want.paths.iter().map(value).map(Seen::read).collect(),
            members,
            version: None,
        })
    }

    /// The name of a member: its id or its login.
    pub fn member_name(&self, id: &str) -> Option<Arc<str>> {
        match self.members_by {
            MemberKey::Id => Some(id.into()),
            MemberKey::Name => {
                let account = self.accounts.get(id)?;
                Self::text(&account.values, "username").map(Into::into)
            }
        }
    }

    pub fn member_id(&self, name: &str) -> Option<String> {
        if self.ghosts.contains(name) {
            return None;
        }
        match self.members_by {
            MemberKey::Id => self.accounts.contains_key(name).then(|| name.to_owned()),
            MemberKey::Name => self.named(name).cloned(),
        }
    }

    fn set(&mut self, kind: Kind, id: &str, set: &[(Path, Value)]) {
        let values = match kind {
            Kind::User => self.accounts.get_mut(id).map(|account| &mut account.values),
            Kind::Group => self.teams.get_mut(id).map(|team| &mut team.values),
        };
        let Some(values) = values else { return };
        for (path, value) in set {
            let key = path.key();
            if self.dropped.contains(key) {
                continue;
            }
            let value = match value {
                Value::Str(text) if self.shouted.contains(key) => Value::str(text.to_uppercase()),
                other => other.clone().normalised(),
            };
            if value.is_null() {
                values.remove(key);
            } else {
                values.insert(key.clone(), value);
            }
        }
    }

    /// True if no further account can be active.
    fn is_full(&self) -> bool {
        let active = self.accounts.values().filter(|account| account.active).count();
        self.seats.is_some_and(|seats| active >= seats)
    }

    /// Carries out an op.
    pub fn carry_out(&mut self, op: &Op, want: &ListRequest) -> Answer {
        match &op.action {
            Action::CreateUser { attributes } => {
                if let Some(other) = taken(self, None, attributes) {
                    return refused(format!("409: {other} has that userName"));
                }
                let login = attributes.iter().find(|(path, _)| &**path.key() == "username");
                let login = login.and_then(|(_, value)| value.as_str());
                if login.is_some_and(|login| self.refused.contains(login)) {
                    return refused("400: no".to_owned());
                }
                if self.is_full() || login.is_some_and(|login| self.seatless.contains(login)) {
                    return refused(NO_SEATS.to_owned());
                }
                let id = self.fresh();
                let account = Account { active: true, values: BTreeMap::new() };
                self.accounts.insert(id.clone(), account);
                self.born.extend(self.clock.and_then(Created::at).map(|created| (id.clone(), created)));
                self.set(Kind::User, &id, attributes);
                self.written(want, &id)
            }
            Action::UpdateUser { remote, set, lists, active, .. } => {
                let id = remote.as_str();
                let Some(before) = self.accounts.get(id).cloned() else {
                    return refused(format!("404: {id}"));
                };
                if self.immovable.contains(id) {
                    return refused("400: no".to_owned());
                }
                let mut added = lists.iter().flat_map(|list| &list.add);
                if added.any(|value| self.unknown_values.contains(&value.to_string())) {
                    return refused("400: no such value".to_owned());
                }
                if *active == Some(true) && !before.active && self.is_full() {
                    return refused(NO_SEATS.to_owned());
                }
                if let Some(other) = taken(self, Some(id), set) {
                    return refused(format!("409: {other} has that userName"));
                }
                self.set(Kind::User, id, set);
                for list in lists {
                    let actual = before.values.get(list.path.key()).cloned().unwrap_or_default();
                    let merged = list.over(&actual, |a, b| a == b);
                    self.set(Kind::User, id, &[(list.path.clone(), merged)]);
                }
                let is_idle =
                    active.is_some_and(|active| self.idle.contains(if active { "on" } else { "off" }));
                if is_idle && active.is_some_and(|active| active != before.active) {
                    return self.nothing_done(want, id);
                }
                if let (Some(active), Some(account)) = (active, self.accounts.get_mut(id)) {
                    account.active = *active;
                }
                // What is dropped was sent: only what is so already is not.
                let mut paths = set.iter().map(|(path, _)| path).chain(lists.iter().map(|list| &list.path));
                let is_sent = paths.any(|path| self.dropped.contains(path.key()));
                let already = !is_sent && self.accounts.get(id) == Some(&before);
                let (state, after) = self.written(want, id);
                (if already { OutcomeState::Already } else { state }, after)
            }
            Action::ContinueUser { remote, .. } => match self.accounts.contains_key(remote.as_str()) {
                true if self.rooms.insert(remote.to_string()) => (OutcomeState::Written, None),
                true => (OutcomeState::Already, None),
                false => refused(format!("404: {remote}")),
            },
            Action::DeleteUser { remote } => {
                let id = remote.as_str();
                if self.idle.contains("delete account") {
                    self.accounts.get_mut(id).expect("an account").active = true;
                    return self.nothing_done(want, id);
                }
                if self.keeps_deleted {
                    match self.accounts.get_mut(id) {
                        Some(account) => account.active = false,
                        None => return (OutcomeState::Already, None),
                    }
                } else {
                    self.remove_account(id);
                }
                (OutcomeState::Written, None)
            }
            Action::CreateGroup { attributes } => {
                let name = attributes.iter().find(|(path, _)| &**path.key() == "displayname");
                if name.and_then(|(_, value)| value.as_str()).is_some_and(|name| self.refused.contains(name))
                {
                    return refused("400: no".to_owned());
                }
                let id = self.fresh();
                let team = Team { values: BTreeMap::new(), members: BTreeSet::new() };
                self.teams.insert(id.clone(), team);
                self.set(Kind::Group, &id, attributes);
                self.written(want, &id)
            }
            Action::UpdateGroup { remote, set, .. } => {
                self.set(Kind::Group, remote.as_str(), set);
                self.written(want, remote.as_str())
            }
            Action::DeleteGroup { remote } => {
                if self.idle.contains("delete group") {
                    return self.nothing_done(want, remote.as_str());
                }
                self.teams.remove(remote.as_str());
                (OutcomeState::Written, None)
            }
            Action::Members { group, add, remove, .. } => self.members(op, want, group, add, remove),
        }
    }

    fn members(
        &mut self,
        op: &Op,
        want: &ListRequest,
        group: &RemoteId,
        add: &[Arc<str>],
        remove: &[Arc<str>],
    ) -> Answer {
        let divisible = op.changes.len() > 1;
        let Some(ids) = add.iter().map(|name| self.member_id(name)).collect::<Option<Vec<_>>>() else {
            let why = "400: one of these members does not exist".to_owned();
            return (OutcomeState::Refused { why, divisible }, None);
        };
        let gone: Vec<_> = remove.iter().filter_map(|name| self.member_id(name)).collect();
        let Some(team) = self.teams.get_mut(group.as_str()) else {
            let why = format!("404: {group}");
            return (OutcomeState::Refused { why, divisible }, None);
        };
        team.members.extend(ids);
        for id in gone {
            team.members.remove(&id);
        }
        self.written(want, group.as_str())
    }

    /// The answer to a write: what the app keeps, or what it was sent.
    pub fn answer(&self, op: &Op, want: &ListRequest, mut after: Box<Remote>) -> Box<Remote> {
        let sent: &[(Path, Value)] = match &op.action {
            Action::CreateUser { attributes } | Action::CreateGroup { attributes } => attributes,
            Action::UpdateUser { set, .. } | Action::UpdateGroup { set, .. } => set,
            _ => &[],
        };
        for (path, value) in sent.iter().filter(|_| self.echoes) {
            if let Some(place) = want.paths.iter().position(|column| column == path) {
                after.attributes[place] = Seen::read(value.clone().normalised());
            }
        }
        after
    }

    /// What a write loses beside the wanted values.
    pub fn side_effects(&self, op: &Op) -> Vec<SideEffect> {
        let set = match &op.action {
            Action::UpdateUser { set, .. } => set,
            Action::Members { .. } if self.careless.contains("members") => {
                let text = "members: 1 member beside the wanted ones vanished".into();
                return vec![SideEffect { attribute: "members".into(), text }];
            }
            _ => return Vec::new(),
        };
        let careless = set.iter().filter(|(path, _)| self.careless.contains(path.key()));
        let effect = |(path, _): &(Path, Value)| SideEffect {
            attribute: path.whole(),
            text: format!("{path}: 1 entry beside the wanted one vanished").into(),
        };
        careless.map(effect).collect()
    }

    pub fn remove_account(&mut self, id: &str) {
        self.accounts.remove(id);
        for team in self.teams.values_mut() {
            team.members.remove(id);
        }
    }

    /// The app says yes, and does nothing.
    fn nothing_done(&self, want: &ListRequest, id: &str) -> Answer {
        let (state, after) = self.written(want, id);
        match self.is_looked_at {
            true => (OutcomeState::Refused { why: "it is as before".to_owned(), divisible: false }, after),
            false => (state, after),
        }
    }

    fn written(&self, want: &ListRequest, id: &str) -> Answer {
        match self.remote(want, id) {
            Some(remote) => (OutcomeState::Written, Some(Box::new(remote))),
            None => refused(format!("404: {id}")),
        }
    }
}

fn refused(why: String) -> Answer {
    let divisible = false;
    (OutcomeState::Refused { why, divisible }, None)
}

/// The other account that has the login which is to be set.
fn taken(app: &App, id: Option<&str>, set: &[(Path, Value)]) -> Option<String> {
    let (_, value) = set.iter().find(|(path, _)| &**path.key() == "username")?;
    let other = app.named(value.as_str()?)?;
    (Some(other.as_str()) != id).then(|| other.clone())
}

/// The person of an op.
pub fn person(op: &Op) -> Option<String> {
    op.changes.iter().find_map(|key| match &key.object {
        Object::User(id) => Some(id.to_string()),
        _ => None,
    })
}
