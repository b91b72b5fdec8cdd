//! The state of a story, and one run of the program in it: load, resolve, list, compare, judge, apply.

use std::collections::{BTreeMap, BTreeSet, VecDeque};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use rolecall::apply::{self, Job};
use rolecall::catalog::{Catalog, Definition, scim};
use rolecall::config::{self, Source};
use rolecall::connector::{Connector, pages};
use rolecall::model::change::ChangeKind;
use rolecall::model::event::Silent;
use rolecall::model::hash::HashKey;
use rolecall::model::instants;
use rolecall::model::ledger::{AppLedger, Applied, Intent, LedgerUpdate};
use rolecall::model::remote::{Kind, ListRequest};
use rolecall::model::result::AppResult;
use rolecall::model::time::Timestamp;
use rolecall::model::{App as AppDeclared, Diagnostics, FileSet, RemoteId, UserNo};
use rolecall::plan::{
    Allowance, Answers, AppPlan, AppStatus, Course, Differ, Draft, Ends, Input, Past, Question, Releases,
    guard,
};
use rolecall::resolve::{PastApp, Programs, Resolved};

use super::company::{Company, Day};
use super::ledger::{Ledger, Misfortune};
use super::target::{Faults, Target};

pub const ENDPOINT: &str = "sandbox:sim";

/// A company that can be written as the files of a repository.
pub trait Repository {
    fn files(&self) -> Vec<(String, String)>;
}

impl Repository for Company {
    fn files(&self) -> Vec<(String, String)> {
        Company::files(self)
    }
}

pub struct World<C = Company> {
    pub company: C,
    pub target: Target,
    pub ledger: Ledger,
    pub today: Day,
    /// The number of runs of the day.
    pub minute: i64,
    /// `--allow sim:side-effect=N`.
    pub side_effects_allowed: u64,
    pub key: HashKey,
    commits: BTreeMap<String, Commit>,
    /// The commits whose [`Commit::past`] is kept, newest last.
    recent: VecDeque<String>,
    runtime: tokio::runtime::Runtime,
}

/// What git knows of a commit.
struct Commit {
    /// Files with the same text share it.
    files: Vec<(String, Arc<str>)>,
    /// When it was first run.
    at: Timestamp,
    /// When it was last run: the same files are the same commit.
    last: Timestamp,
    /// What it says, if it is one of the last few.
    past: Option<Arc<PastApp>>,
}

/// So many commits are read once only.
const RECENT: usize = 4;

/// The faults and decisions of one run.
pub struct Luck {
    pub faults: Faults,
    pub ledger: Misfortune,
    /// Held changes are released: tripped guards are allowed, held accounts are turned on.
    pub decided: bool,
}

/// The result of one run.
pub struct Run {
    pub plan: AppPlan,
    pub id: String,
    /// The result of apply; none if the process died.
    pub result: Option<AppResult>,
    /// People whom the program reports as undecided.
    pub undecided: BTreeSet<String>,
    pub at: Timestamp,
}

impl<C: Repository> World<C> {
    pub fn new(company: C, target: Target) -> Self {
        let ledger = Ledger::new(target.dead.clone(), target.died.clone());
        Self {
            company,
            target,
            ledger,
            today: 0,
            minute: 0,
            side_effects_allowed: 0,
            key: HashKey::new([7; 32]),
            commits: BTreeMap::new(),
            recent: VecDeque::new(),
            runtime: tokio::runtime::Builder::new_multi_thread()
                .worker_threads(1)
                .build()
                .expect("a runtime"),
        }
    }

    /// The present instant: noon of the day, plus one minute for each run.
    pub fn now(&self) -> Timestamp {
        let first: Timestamp = "2026-06-01T12:00:00Z".parse().expect("an instant");
        first + jiff::SignedDuration::from_mins(i64::from(self.today) * 24 * 60 + self.minute)
    }

    pub fn run(&mut self, luck: Luck) -> Run {
        let run = self.try_run(luck);
        run.unwrap_or_else(|found| panic!("the story is not valid: {found:?}"))
    }

    /// The accounts that a plan made from this ledger would turn on now.
    pub fn would_turn_on(&mut self, ledger: &AppLedger) -> BTreeSet<RemoteId> {
        let commit = self.commit();
        let loaded = config::load(&Source::in_memory(self.company.files()), &catalog());
        let company = loaded.company.expect("a company");
        let (programs, _) = Programs::compile(&company, &catalog());
        let at = self.now() - self.target.clock().unwrap_or_default();
        let resolved = Resolved::new(&company, &programs, at);
        let (desired, nobody) = (&resolved.apps[0], Releases::default());
        let own = ["svc-rolecall".to_owned()];
        let mut differ = Differ::new(Input {
            resolved: &resolved,
            desired,
            files: &loaded.files,
            ledger,
            key: &self.key,
            capabilities: self.target.capabilities(),
            schemas: self.target.schemas(),
            endpoint: ENDPOINT,
            own: &own,
            enable: &nobody,
            recreate: &nobody,
            only: None,
            commit: Some(&commit),
            dirty: false,
            course: &Course::Onward,
            // A clock in doubt holds what a date decides for now, and is no decision about anybody.
            real_time: false,
        });
        let draft = self.read(&mut differ);
        let (limits, at) = (&desired.app.guard, resolved.at);
        let (recent, holds) = (&ledger.losses, &ledger.holds);
        let (earlier, applied) = (&ledger.earlier, ledger.applied_commit());
        let (past, given) = (&BTreeMap::new(), &ledger.given);
        let plan = guard::judge(
            draft,
            &guard::GuardInput {
                limits,
                recent,
                holds,
                key: &self.key,
                earlier,
                applied,
                line: &[],
                given,
                past,
                allowed: &[],
                at,
            },
        );
        turned_on(&plan)
    }

    /// Runs the program. Without a run, the files have these errors, and nothing was read or written.
    pub fn try_run(&mut self, luck: Luck) -> Result<Run, Diagnostics> {
        self.minute += 1;
        self.target.start(luck.faults);
        let now = self.now();
        self.target.app().clock.iter_mut().for_each(|clock| *clock = now);
        let commit = self.commit();
        let loaded = config::load(&Source::in_memory(self.company.files()), &catalog());
        let (Some(company), false) = (loaded.company, loaded.diagnostics.has_errors()) else {
            return Err(loaded.diagnostics);
        };
        let (programs, found) = Programs::compile(&company, &catalog());
        if found.has_errors() {
            return Err(found);
        }
        let at = self.now() - self.target.clock().unwrap_or_default();
        if luck.decided {
            // `ledger reclock`
            self.ledger.edit(|ledger| _ = instants::set_back(ledger, at));
        }
        let resolved = Resolved::new(&company, &programs, at);
        self.remember(&commit, &resolved, &loaded.files);
        let desired = &resolved.apps[0];
        let ledger = self.ledger.read();
        let users = company.users.iter().map(|user| user.id.clone()).collect();
        let everybody = Releases { users, ..Releases::default() };
        let nobody = Releases::default();
        let own = ["svc-rolecall".to_owned()];
        let input = Input {
            resolved: &resolved,
            desired,
            files: &loaded.files,
            ledger: &ledger,
            key: &self.key,
            capabilities: self.target.capabilities(),
            schemas: self.target.schemas(),
            endpoint: ENDPOINT,
            own: &own,
            enable: if luck.decided { &everybody } else { &nobody },
            recreate: if luck.decided { &everybody } else { &nobody },
            only: None,
            commit: Some(&commit),
            dirty: false,
            course: &Course::Onward,
            real_time: true,
        };
        let mut differ = Differ::new(input);
        let draft = self.read(&mut differ);
        let mut input = guard::GuardInput {
            limits: &desired.app.guard,
            recent: &ledger.losses,
            holds: &ledger.holds,
            key: &self.key,
            earlier: &ledger.earlier,
            applied: ledger.applied_commit(),
            line: &[],
            given: &ledger.given,
            past: &BTreeMap::new(),
            allowed: &[],
            at,
        };
        let commits = guard::commits(&draft, &input).into_iter();
        let past = commits.map(|commit| (commit.clone(), self.past(&commit))).collect();
        input.past = &past;
        let mut plan = guard::judge(draft.clone(), &input);
        let allowed: Vec<_> = plan
            .guards
            .iter()
            .filter(|report| luck.decided && report.tripped)
            .map(|report| Allowance { guard: report.guard, count: report.allow.unwrap_or(report.count) })
            .collect();
        if !allowed.is_empty() {
            input.allowed = &allowed;
            plan = guard::judge(draft, &input);
        }
        let id = rolecall::plan::id::of(&self.key, std::slice::from_ref(&plan));
        let unknown = desired.unknown.keys().map(|user| company.users[user.index()].id.to_string());
        let undecided = unknown.collect();
        self.ledger.begin(&plan, at, &commit, luck.ledger);
        let result = self.apply(desired.app, &plan, &differ, at, &commit);
        if let Some(result) = &result {
            let full = result.is_settled() && plan.status == AppStatus::Planned;
            let updates = finals(desired.app, &plan, result, &company, full, at, &commit);
            self.ledger.finish(updates, full, !result.is_recorded);
        }
        Ok(Run { plan, id, result, undecided, at })
    }

    fn read(&self, differ: &mut Differ) -> Draft {
        let (users, groups) = differ.requests();
        let mut ends = BTreeMap::new();
        for want in std::iter::once(&users).chain(&groups) {
            let (out, mut pages) = pages(1000);
            let walk = self.runtime.block_on(self.target.list(want, out));
            while let Ok(page) = pages.try_recv() {
                let page = self.target.decode(want, &page).expect("a page");
                let diff = differ.page(&page);
                differ.merge(diff);
            }
            ends.insert(want.kind, walk.expect("a listing"));
        }
        let ends = Ends {
            users: ends[&Kind::User].clone(),
            groups: ends.get(&Kind::Group).cloned(),
            clock: self.target.clock(),
        };
        let mut answers = Answers::default();
        loop {
            match differ.finish(&ends, &answers) {
                Ok(draft) => return draft,
                Err(needs) => {
                    assert!(!needs.questions.is_empty(), "nothing is needed");
                    for question in needs.questions {
                        match question {
                            Question::Object(kind, id) => {
                                let want = differ.request(kind);
                                let presence = self.runtime.block_on(self.target.get(&want, &id));
                                answers.add_object(kind, id, presence.expect("an answer"));
                            }
                            Question::Past(commit) => {
                                let past = self.past(&commit);
                                answers.add_past(commit, past);
                            }
                            Question::Order(first, second) => {
                                let is_after = first != second && self.is_after(&first, &second);
                                answers.add_order((first, second), is_after);
                            }
                            Question::Holders(kind, path, value) => {
                                let want = differ.request(kind);
                                let found = self.runtime.block_on(self.target.find(&want, &path, &value));
                                let found = found.map_err(|error| error.to_string().into());
                                answers.add_holders(kind, &path, value, found);
                            }
                        }
                    }
                }
            }
        }
    }

    /// The commit of today's files: the same files are the same commit.
    fn commit(&mut self) -> String {
        let files = self.company.files();
        let texts = files.iter().flat_map(|(name, text)| [name.as_str(), text.as_str()]);
        let commit = self.key.texts(texts).to_string();
        let now = self.now();
        if let Some(known) = self.commits.get_mut(&commit) {
            known.last = now;
        } else {
            let parent = self.recent.back().and_then(|parent| self.commits.get(parent));
            let known = parent.map_or(&[][..], |parent| &parent.files);
            let shared = |(name, text): (String, String)| {
                let same = known.iter().find(|known| known.0 == name && *known.1 == *text);
                let text = same.map_or_else(|| text.into(), |known| known.1.clone());
                (name, text)
            };
            let files = files.into_iter().map(shared).collect();
            self.commits.insert(commit.clone(), Commit { files, at: now, last: now, past: None });
        }
        commit
    }

    /// Keeps what a commit says, from its first run on.
    fn remember(&mut self, commit: &str, resolved: &Resolved<'_>, files: &FileSet) {
        if self.commits.get(commit).is_some_and(|known| known.at == resolved.at) {
            let past = Some(Arc::new(said(resolved, files)));
            self.recent.push_back(commit.to_owned());
            self.commits.entry(commit.to_owned()).and_modify(|known| known.past = past);
        }
        if self.recent.len() > RECENT
            && let Some(oldest) = self.recent.pop_front()
        {
            self.commits.entry(oldest).and_modify(|known| known.past = None);
        }
    }

    /// True if the second commit was run after the first one.
    fn is_after(&self, first: &str, second: &str) -> bool {
        let commits = self.commits.get(first).zip(self.commits.get(second));
        commits.is_some_and(|(first, second)| second.last > first.at)
    }

    fn past(&self, commit: &str) -> Past {
        let Some(Commit { files, at, past, .. }) = self.commits.get(commit) else {
            return Past::Unknown(format!("there is no commit {commit}").into());
        };
        if let Some(past) = past {
            return Past::Tree(past.clone());
        }
        let files = files.iter().map(|(name, text)| (name.as_str(), &**text));
        let loaded = config::load(&Source::in_memory(files), &catalog());
        let company = loaded.company.expect("a company");
        let (programs, _) = Programs::compile(&company, &catalog());
        let resolved = Resolved::new(&company, &programs, *at);
        Past::Tree(Arc::new(said(&resolved, &loaded.files)))
    }

    fn apply(
        &self,
        app: &AppDeclared,
        plan: &AppPlan,
        differ: &Differ,
        at: Timestamp,
        commit: &str,
    ) -> Option<AppResult> {
        let stop = AtomicBool::new(false);
        let request = |kind| -> ListRequest { differ.request(kind) };
        let ledger = self.ledger.read();
        let job = Job {
            app,
            definition: &scim::definition(),
            plan,
            connector: &self.target,
            users: request(Kind::User),
            groups: request(Kind::Group),
            ledger: &ledger,
            key: &self.key,
            recorder: &self.ledger,
            at,
            side_effects_allowed: self.side_effects_allowed,
            run: self.ledger.book().name(),
            commit: Some(commit.into()),
            events: &Silent,
            stop: &stop,
        };
        let result = self.runtime.block_on(async {
            tokio::select! {
                biased;
                () = self.target.died.notified() => None,
                result = apply::app(&job) => Some(result),
            }
        });
        // A process that died after its last write has no result either.
        result.filter(|_| !self.target.dead.load(std::sync::atomic::Ordering::SeqCst))
    }
}

/// The accounts that a plan turns on.
pub fn turned_on(plan: &AppPlan) -> BTreeSet<RemoteId> {
    let changes = plan.to_do().filter(|change| change.turns_on());
    changes.filter_map(|change| change.remote.clone()).collect()
}

/// What the files of a commit say.
fn said(resolved: &Resolved<'_>, files: &FileSet) -> PastApp {
    let file = |user: UserNo| {
        let declared = files.get(resolved.company.users[user.index()].span.file)?;
        Some(Arc::from(&*declared.name))
    };
    PastApp::of(resolved, &resolved.apps[0], file)
}

/// The mappings of an app that names none.
const DEFAULT_MAPPINGS: &str = "mappings:
  scim-users: {match: [userName], attributes: {userName: user.email}}
  scim-groups: {match: [externalId, displayName], attributes: {displayName: group.name, externalId: group.id}}
";

fn catalog() -> Catalog {
    Catalog::of([Definition { mappings: DEFAULT_MAPPINGS.into(), ..scim::definition() }])
}

/// What a run intends.
pub fn intents(plan: &AppPlan) -> Vec<Intent> {
    let intent = |change: &rolecall::model::Change| Intent {
        key: change.key.clone(),
        looked_up: change.kind == ChangeKind::Create,
    };
    plan.to_do().map(intent).collect()
}

/// The updates that the engine writes at the end of a run.
fn finals(
    app: &AppDeclared,
    plan: &AppPlan,
    result: &AppResult,
    company: &rolecall::model::Company,
    full: bool,
    at: Timestamp,
    commit: &str,
) -> Vec<LedgerUpdate> {
    let mut updates = Vec::new();
    if full {
        let value = |role: &rolecall::model::app::Role| Some((role.id.clone(), role.kind.value()?.clone()));
        updates.push(LedgerUpdate::Completed(at));
        let failed = result.failed().map(|change| &change.key);
        updates.extend(plan.value_roles(app.roles.iter().filter_map(value), failed));
        updates.push(LedgerUpdate::Applied(Applied {
            commit: Some(commit.into()),
            at,
            people: company.users.len() as u64,
            users_per_file: company.users_per_file.clone(),
        }));
    }
    updates
}
