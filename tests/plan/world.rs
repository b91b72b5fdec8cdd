//! A repository, an app and a ledger in short notation.
//!
//! * People: `.person("ada", "title: Analyst")`; each has a name and an e-mail, the rest is YAML.
//! * The app is called `hr`: `.app("deprovision: …")` adds lines of YAML to it, `.yaml(…)` a whole file.
//! * Accounts and groups: `.account("1 userName=ada@x externalId=ada inactive")`, `.group("g1 Platform: 1 2")`.
//! * Ledger: `.link("ada 1")`, `.group_link("group:platform g1: ada bob")`, `.completed()`.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use rolecall::catalog::{OwnSchemas, scim};
use rolecall::model::change::{ChangeKey, Facet};
use rolecall::model::ledger::{AppLedger, Applied, Attempt, Intent, OpenIntent};
use rolecall::model::time::Timestamp;
use rolecall::model::{AppId, Capabilities, Guard, Kind, UserId};
use rolecall::plan::{Allowance, Releases};

use super::notation::{self, Thing};

pub const ENDPOINT: &str = "https://hr.example/scim";

/// The part of rolecall.yaml that all these tests share.
const ROOT: &str = "
version: 1
secrets: {HR: {app: hr, host: hr.example}}
attributes:
  type: {type: string}
  band: {type: string, sensitive: true}
defaults: {apps: {users: {mapping: accounts}, groups: {mapping: groups}}}
mappings:
  accounts:
    match: [externalId, userName]
    attributes: {userName: user.email, externalId: user.id, title: user.title}
  groups: {match: [displayName], attributes: {displayName: group.name}}
";

/// Everything a plan is made from.
#[derive(Clone)]
pub struct World {
    root: String,
    people: BTreeMap<String, String>,
    files: BTreeMap<String, String>,
    app: Vec<String>,
    pub things: BTreeMap<String, Thing>,
    pub ledger: AppLedger,
    /// Ledgers of other apps, which are not read.
    pub elsewhere: BTreeMap<AppId, AppLedger>,
    pub at: Timestamp,
    /// The instant comes from the machine's clock.
    pub real_time: bool,
    /// How far the app's clock is ahead.
    pub app_clock: Option<jiff::SignedDuration>,
    pub endpoint: Arc<str>,
    pub capabilities: Capabilities,
    /// What the app says of its own attributes.
    pub schemas: OwnSchemas,
    pub enable: Releases,
    pub recreate: Releases,
    pub only: Option<BTreeSet<UserId>>,
    pub own: Vec<String>,
    /// `auth.account`.
    account: Option<String>,
    pub allowed: Vec<Allowance>,
    pub unreachable: BTreeSet<String>,
    /// Objects that exist but are missing in listings.
    pub unlisted: BTreeMap<String, Thing>,
    pub short: Option<&'static str>,
    pub short_groups: Option<&'static str>,
    /// The list of this kind is answered as if it did not exist.
    pub not_found: Option<Kind>,
    /// The commit of today's files.
    pub now: String,
    /// What git says of other commits.
    pub commits: BTreeMap<String, World>,
    /// Commits that git cannot read.
    pub unreadable: BTreeSet<String>,
    /// The files as they are at the last applied commit, if today's go back to an earlier one.
    pub later: Option<Box<World>>,
    /// Commits of the branch since the last apply, before today's.
    pub line: Vec<Arc<str>>,
}

/// An empty repository with the app `hr`, an empty app, an empty ledger.
pub fn world() -> World {
    World {
        root: ROOT.to_owned(),
        people: BTreeMap::new(),
        files: BTreeMap::new(),
        app: Vec::new(),
        things: BTreeMap::new(),
        ledger: AppLedger { endpoint: ENDPOINT.into(), ..AppLedger::default() },
        elsewhere: BTreeMap::new(),
        at: time("2026-06-15"),
        real_time: true,
        app_clock: None,
        endpoint: ENDPOINT.into(),
        capabilities: scim::definition().capabilities,
        schemas: OwnSchemas::default(),
        enable: Releases::default(),
        recreate: Releases::default(),
        only: None,
        own: vec!["svc-rolecall".to_owned()],
        account: None,
        allowed: Vec::new(),
        unreachable: BTreeSet::new(),
        unlisted: BTreeMap::new(),
        short: None,
        short_groups: None,
        not_found: None,
        now: "c0ffee".to_owned(),
        commits: BTreeMap::new(),
        unreadable: BTreeSet::new(),
        later: None,
        line: Vec::new(),
    }
}

/// The instant, or midnight UTC of a day.
pub fn time(text: &str) -> Timestamp {
    let text = if text.contains('T') { text.to_owned() } else { format!("{text}T00:00:00Z") };
    text.parse().unwrap_or_else(|error| panic!("{text}: {error}"))
}

impl World {
    /// Declares people with name and e-mail only.
    pub fn people(mut self, ids: &[&str]) -> Self {
        for id in ids {
            self = self.person(id, "");
        }
        self
    }

    /// Declares a person, or replaces the declaration. `more` is YAML in flow style, without braces.
    pub fn person(mut self, id: &str, more: &str) -> Self {
        let email = if more.contains("email:") { String::new() } else { format!(", email: {id}@x.example") };
        let more = if more.is_empty() { String::new() } else { format!(", {more}") };
        let line = format!("  {id}: {{name: {{given: {id}, family: Test}}{email}{more}}}\n");
        self.people.insert(id.to_owned(), line);
        self
    }

    /// Removes a person from the repository.
    pub fn without(mut self, id: &str) -> Self {
        self.people.remove(id);
        self
    }

    /// Adds a line to the app `hr`.
    pub fn app(mut self, line: &str) -> Self {
        self.app.push(format!("    {line}\n"));
        self
    }

    /// Adds a line to the app; it replaces a line with the same key.
    pub fn app_once(mut self, line: &str) -> Self {
        let key = line.split(':').next().unwrap_or_default().to_owned();
        self.app.retain(|known| known.trim().split(':').next() != Some(&key));
        self.app(line)
    }

    /// Adds a line to what all apps share.
    pub fn defaults(mut self, line: &str) -> Self {
        self.root = self.root.replace("defaults: {apps: {", &format!("defaults: {{apps: {{{line}, "));
        self
    }

    /// Removes a line from the app.
    pub fn without_app(mut self, line: &str) -> Self {
        let before = self.app.len();
        self.app.retain(|known| known.trim() != line);
        assert!(self.app.len() < before, "no line {line}");
        self
    }

    /// Assigns the app, with or without a role: `assign("admin", "user:ada, group:platform")`.
    pub fn assign(self, role: &str, members: &str) -> Self {
        let role = if role.is_empty() { String::new() } else { format!("role: {role}, ") };
        let name = format!("access/assign-{}.yaml", self.files.len());
        self.yaml(&name, &format!("assignments: [{{app: hr, {role}members: [{members}]}}]"))
    }

    /// Adds or replaces a file.
    pub fn yaml(mut self, name: &str, text: &str) -> Self {
        self.files.insert(name.to_owned(), text.to_owned());
        self
    }

    /// Removes a file.
    pub fn drop_yaml(mut self, name: &str) -> Self {
        self.files.remove(name);
        self
    }

    /// Sets the time zone in which days are whole.
    pub fn timezone(mut self, zone: &str) -> Self {
        self.root = self
            .root
            .lines()
            .filter(|line| !line.starts_with("timezone:"))
            .map(|line| format!("{line}\n"))
            .collect();
        self.root.push_str(&format!("timezone: {zone}\n"));
        self
    }

    /// Replaces the mapping of accounts.
    pub fn mapping(mut self, yaml: &str) -> Self {
        let head = self.root.find("  accounts:").unwrap_or_default();
        let tail = self.root.find("  groups: {match").unwrap_or_default();
        self.root.replace_range(head..tail, &format!("  accounts: {yaml}\n"));
        self
    }

    /// Adds an account: `1 userName=ada@x externalId=ada title="Senior Analyst" roles=[A,B] inactive`; `active:left-out` and
    /// `active:odd` do not say whether it is active, and `title=?` stands there in a form that is not understood.
    /// `holds="role ADMIN"` is what the account shows that it can do; `-` is left out. `listed=` what the first listing shows of that, and
    /// `partly=` the same if the listing leaves something out.
    pub fn account(mut self, line: &str) -> Self {
        let (id, thing) = notation::account(line);
        self.things.insert(id, thing);
        self
    }

    /// Adds an account as rolecall creates it, and its link.
    pub fn has(self, id: &str, remote: &str) -> Self {
        self.account(&format!("{remote} userName={id}@x.example externalId={id}"))
            .link(&format!("{id} {remote}"))
    }

    /// Adds a group: `g1 Platform: 1 2`. With `?` its members are never shown, with `listed:left-out` or `listed:odd` not in
    /// listings, with `members:left-out` or `members:odd` nowhere.
    pub fn group(mut self, line: &str) -> Self {
        let (id, thing) = notation::group(line);
        self.things.insert(id, thing);
        self
    }

    /// Removes an account or group from the app.
    pub fn gone(mut self, remote: &str) -> Self {
        self.things.remove(remote);
        self
    }

    /// The app does not say whether this object exists.
    pub fn unclear(self, remote: &str) -> Self {
        self.silent(remote).gone(remote)
    }

    /// The app does not answer what this object is like; a listing shows it all the same.
    pub fn silent(mut self, remote: &str) -> Self {
        self.unreachable.insert(remote.to_owned());
        self
    }

    /// Adds a link: `ada 1 adopted disabled=2026-01-01 roles=[admin] title=Analyst`. `title` was asked for and kept.
    pub fn link(mut self, line: &str) -> Self {
        let (id, link) = notation::link(line);
        self.ledger.users.insert(id, link);
        self
    }

    /// Adds a link in another app: `elsewhere("pay", "ada 1 roles=[payer]")`.
    pub fn elsewhere(mut self, app: &str, line: &str) -> Self {
        let (id, link) = notation::link(line);
        let ledger = self.elsewhere.entry(app.parse().unwrap()).or_default();
        ledger.users.insert(id, link);
        self
    }

    /// Adds a managed group: `group:platform g1: ada bob +carol`; `+` marks members whom rolecall added.
    pub fn group_link(mut self, line: &str) -> Self {
        let (key, link) = notation::group_link(line);
        self.ledger.groups.insert(key, link);
        self
    }

    /// Adds value roles that were managed before: `admin=ADMIN`.
    pub fn managed(mut self, line: &str) -> Self {
        for (role, value) in notation::pairs(line) {
            self.ledger.roles.insert(role.parse().unwrap(), value.into());
        }
        self
    }

    /// A full apply of this app has run to its end, long ago.
    pub fn completed(mut self) -> Self {
        self.ledger.completed = Some(time("2026-01-01"));
        self
    }

    /// The number of people in the last applied commit, and in its files: `120 access/a.yaml=100 access/b.yaml=20`.
    pub fn applied_people(mut self, line: &str) -> Self {
        let (people, files) = line.split_once(' ').unwrap_or((line, ""));
        self.ledger.applied = Some(Applied {
            commit: Some("c0ffee".into()),
            at: time("2026-06-14"),
            people: people.parse().unwrap(),
            users_per_file: notation::pairs(files)
                .into_iter()
                .map(|(file, count)| (file.into(), count.parse().unwrap()))
                .collect(),
        });
        self
    }

    /// Says whose account the credential is.
    pub fn auth(mut self, account: &str) -> Self {
        self.account = Some(account.to_owned());
        self
    }

    /// The files as they were at the last applied commit.
    pub fn before(mut self, then: World) -> Self {
        let commit = "before".to_owned();
        let applied = self.ledger.applied.get_or_insert_with(|| Applied {
            commit: None,
            at: time("2026-06-14"),
            people: then.people.len() as u64,
            users_per_file: BTreeMap::new(),
        });
        applied.commit = Some(commit.as_str().into());
        self.commits.insert(commit, then);
        self
    }

    /// What git says of a commit.
    pub fn commit(mut self, commit: &str, then: World) -> Self {
        self.commits.insert(commit.to_owned(), then);
        self
    }

    /// History has lost this commit, or the clone is too shallow.
    pub fn unreadable(mut self, commit: &str) -> Self {
        self.unreadable.insert(commit.to_owned());
        self
    }

    /// The files stand in a commit that is not applied; what is written next is the commit `next`.
    pub fn committed(mut self, next: &str) -> Self {
        let mut then = self.clone();
        then.commits.clear();
        self.line.push(self.now.as_str().into());
        self.commits.insert(std::mem::replace(&mut self.now, next.to_owned()), then);
        self
    }

    /// Another commit was applied last, and today's files go back to an earlier one.
    pub fn goes_back_from(mut self, later: World) -> Self {
        self.later = Some(Box::new(later));
        self
    }

    /// An earlier run intended to create an account, after a look-up had found none.
    pub fn intent(mut self, id: &str) -> Self {
        self.ledger.intents.push(OpenIntent {
            run: "r0".into(),
            key: notation::life_key(id),
            looked_up: true,
            attempts: Vec::new(),
        });
        self
    }

    /// An earlier run intended to change the life of an account, at a commit.
    pub fn attempted(mut self, id: &str, at: &str, commit: &str) -> Self {
        let attempt = Attempt { at: time(at), commit: Some(commit.into()) };
        let intent = Intent { key: notation::life_key(id), looked_up: false };
        let known = self.ledger.intents.iter().position(|open| open.key == intent.key);
        let before = known.map(|place| self.ledger.intents.remove(place));
        self.ledger.intents.push(OpenIntent::new("r0".into(), &intent, &attempt, before.as_ref()));
        self
    }

    /// An earlier run set out to change who has a role, at a commit.
    pub fn attempted_role(mut self, id: &str, role: &str, at: &str, commit: &str) -> Self {
        let attempt = Attempt { at: time(at), commit: Some(commit.into()) };
        let key = ChangeKey { facet: Facet::Role(role.parse().unwrap()), ..notation::life_key(id) };
        let intent = Intent { key, looked_up: false };
        let known = self.ledger.intents.iter().position(|open| open.key == intent.key);
        let before = known.map(|place| self.ledger.intents.remove(place));
        self.ledger.intents.push(OpenIntent::new("r0".into(), &intent, &attempt, before.as_ref()));
        self
    }

    /// A run that was interrupted set out to give a role.
    pub fn granted(mut self, id: &str, role: &str) -> Self {
        let key = ChangeKey { facet: Facet::Role(role.parse().unwrap()), ..notation::life_key(id) };
        let open = OpenIntent { run: "r0".into(), key, looked_up: false, attempts: Vec::new() };
        self.ledger.intents.push(open);
        self
    }

    pub fn at(mut self, text: &str) -> Self {
        self.at = time(text);
        self
    }

    pub fn enable(mut self, id: &str) -> Self {
        self.enable.users.insert(id.parse().unwrap());
        self
    }

    /// `--enable hr=N`.
    pub fn enable_all(mut self, number: u64) -> Self {
        self.enable.apps.insert("hr".into(), number);
        self
    }

    pub fn recreate(mut self, id: &str) -> Self {
        self.recreate.users.insert(id.parse().unwrap());
        self
    }

    /// `--recreate hr=N`.
    pub fn recreate_all(mut self, number: u64) -> Self {
        self.recreate.apps.insert("hr".into(), number);
        self
    }

    pub fn only(mut self, id: &str) -> Self {
        self.only.get_or_insert_default().insert(id.parse().unwrap());
        self
    }

    pub fn allow(mut self, guard: &str, count: u64) -> Self {
        let guard = Guard::named(guard).expect("a guard");
        self.allowed.push(Allowance { guard, count });
        self
    }

    pub fn cannot(mut self, change: impl Fn(&mut Capabilities)) -> Self {
        change(&mut self.capabilities);
        self
    }

    /// The files as the loader reads them.
    pub fn sources(&self) -> Vec<(String, String)> {
        let account = self.account.as_ref().map(|name| format!(", account: {name}")).unwrap_or_default();
        let app = format!(
            "apps:\n  hr:\n    connector: scim\n    url: {}\n    auth: {{bearer: {{env: HR}}{account}}}\n{}",
            self.endpoint,
            self.app.concat()
        );
        let mut files =
            vec![("rolecall.yaml".to_owned(), self.root.clone()), ("access/hr.yaml".to_owned(), app)];
        if !self.people.is_empty() {
            let people: String = self.people.values().map(String::as_str).collect();
            files.push(("access/people.yaml".to_owned(), format!("users:\n{people}")));
        }
        files.extend(self.files.clone());
        files
    }
}
