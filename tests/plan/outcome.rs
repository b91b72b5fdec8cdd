//! Makes a plan from a [`World`] as the engine does, and writes it as text for comparison.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::sync::Arc;

use rolecall::catalog::{self, Catalog, Definition, scim};
use rolecall::config::{self, Source};
use rolecall::model::change::Verdict;
use rolecall::model::diagnostic::Severity;
use rolecall::model::ledger::AppLedger;
use rolecall::model::remote::{Complete, GoneProof, Page, Presence, Walk};
use rolecall::model::{
    AppId, Company, Diagnostic, Diagnostics, FileSet, Kind, Path, Remote, RemoteId, UserNo, Value,
};
use rolecall::plan;
use rolecall::plan::guard::{self, GuardInput};
use rolecall::plan::{
    Answers, AppPlan, AppStatus, Course, Differ, Draft, Ends, FORMAT, Input, Inputs, Past, Plan, Question,
};
use rolecall::render::{self, Style};
use rolecall::resolve::{PastApp, Programs, Resolved};

use super::notation::{Thing, key};
use super::world::World;
use crate::support::commands;

/// The mapping that comes with the program, here.
const STANDARD: &str = "mappings:
  standard: {match: [userName], attributes: {userName: user.email, title: user.title, displayName: user.name.display}}
";

/// The pages of a listing: their size and order.
#[derive(Debug, Clone, Copy)]
pub struct Paging {
    pub size: usize,
    pub order: u64,
}

impl Default for Paging {
    fn default() -> Self {
        Self { size: 100, order: 0 }
    }
}

/// A plan with the data that its text needs.
pub struct Outcome {
    pub plan: Plan,
    /// The objects that were looked up one by one.
    pub asked: Vec<String>,
}

/// The repository, loaded and compiled. Findings of the loader fail the test.
pub struct Compiled {
    pub files: FileSet,
    pub company: Company,
    pub programs: Programs,
}

impl World {
    pub fn compile(&self) -> Compiled {
        let (compiled, found) = self.try_compile();
        assert!(!found.has_errors(), "{found:#?}");
        compiled
    }

    /// The findings about expressions, in the form of [`World::findings`].
    pub fn mistakes(&self) -> String {
        let (compiled, found) = self.try_compile();
        lines(&compiled.files, found)
    }

    fn try_compile(&self) -> (Compiled, Diagnostics) {
        let catalog = Catalog::of([Definition {
            settings_schema: r#"{"type": "object"}"#.into(),
            mappings: STANDARD.into(),
            user_mapping: "accounts".into(),
            group_mapping: "groups".into(),
            ..scim::definition()
        }]);
        let loaded = config::load(&Source::in_memory(self.sources()), &catalog);
        let errors: Vec<_> =
            loaded.diagnostics.iter().filter(|found| found.severity == Severity::Error).collect();
        assert!(errors.is_empty(), "{errors:#?}");
        let company = loaded.company.expect("a company");
        let (programs, found) = Programs::compile(&company, &catalog);
        let compiled = Compiled { files: loaded.files, company, programs };
        (compiled, found)
    }

    /// The findings of `validate` besides those of the loader: code, class, place, message.
    pub fn findings(&self) -> String {
        let compiled = self.compile();
        let resolved = Resolved::new(&compiled.company, &compiled.programs, self.at);
        lines(&compiled.files, rolecall::resolve::findings(&resolved))
    }

    pub fn plan(&self) -> Outcome {
        self.plan_paged(Paging::default())
    }

    pub fn plan_paged(&self, paging: Paging) -> Outcome {
        let compiled = self.compile();
        let resolved = Resolved::new(&compiled.company, &compiled.programs, self.at);
        let desired = resolved.app(&"hr".into()).expect("the app");
        let key = key();
        let course = self.later.as_ref().map_or(Course::Onward, |later| {
            Course::Back(match self.unreadable.contains("later") {
                true => Past::Unknown("commit later is not in this clone".into()),
                false => later.said(&"hr".into(), None),
            })
        });
        let mut differ = Differ::new(Input {
            resolved: &resolved,
            desired,
            files: &compiled.files,
            ledger: &self.ledger,
            key: &key,
            capabilities: &self.capabilities,
            schemas: &self.schemas,
            endpoint: &self.endpoint,
            own: &self.own,
            enable: &self.enable,
            recreate: &self.recreate,
            only: self.only.as_ref(),
            commit: Some(&self.now),
            dirty: false,
            course: &course,
            real_time: self.real_time,
        });
        let mut asked = Vec::new();
        let draft = self.drive(&mut differ, paging, &mut asked);
        let now = Arc::from(self.now.as_str());
        let line: Vec<Arc<str>> = self.line.iter().cloned().chain([now]).collect();
        let input = GuardInput {
            limits: &desired.app.guard,
            recent: &self.ledger.losses,
            holds: &self.ledger.holds,
            key: &key,
            earlier: &self.ledger.earlier,
            applied: self.ledger.applied_commit(),
            line: &line,
            given: &self.ledger.given,
            past: &BTreeMap::new(),
            allowed: &self.allowed,
            at: self.at,
        };
        let commits = guard::commits(&draft, &input).into_iter();
        let past = commits.map(|commit| (commit.clone(), self.past(&commit))).collect();
        let input = GuardInput { past: &past, ..input };
        let app = guard::judge(draft, &input);
        let mut apps = vec![app];
        let elsewhere = |id: &AppId| self.elsewhere.get(id);
        plan::conflicts::hold(&resolved, &mut apps, elsewhere, |app, commit| self.past_of(app, commit));
        plan::protect_in_all::hold(&compiled.company, &mut apps);
        let inputs = Inputs {
            tool: "test".into(),
            tree: "tree".into(),
            commit: Some("c0ffee".into()),
            dirty: false,
            at: self.at,
            rehearsal: false,
            valid_until: resolved.valid_until(),
            partial: self.only.is_some(),
            ledger: "test".into(),
            ledger_versions: Default::default(),
            people: compiled.company.users.len() as u64,
        };
        let id = rolecall::plan::id::of(&key, &apps);
        let plan = Plan { format: FORMAT, id, inputs, apps };
        assert_eq!(commands::refused(&render::text(&plan, &Style::PLAIN)), [""; 0], "commands that fail");
        Outcome { plan, asked }
    }

    /// Works as the engine does: gives the pages, then answers look-ups until there is a draft.
    fn drive(&self, differ: &mut Differ, paging: Paging, asked: &mut Vec<String>) -> Draft {
        let mut ends =
            Ends { users: Walk::Complete(Complete::of_rows(0)), groups: None, clock: self.app_clock };
        let (users, groups) = differ.requests();
        for request in std::iter::once(users).chain(groups) {
            let rows = self.things.iter().filter(|(_, thing)| thing.kind == request.kind);
            let rows: Vec<Remote> = rows.map(|(id, thing)| thing.listed(id, &request)).collect();
            let walk = match self.short {
                Some(why) if request.kind == Kind::User => Walk::Incomplete { why: why.into() },
                _ if request.kind == Kind::Group && self.short_groups.is_some() => {
                    Walk::Incomplete { why: self.short_groups.unwrap_or_default().into() }
                }
                _ if self.not_found == Some(request.kind) => {
                    Walk::Complete(Complete::empty_unless_known("the list was answered 404"))
                }
                _ => Walk::Complete(Complete::of_rows(rows.len() as u64)),
            };
            match request.kind {
                Kind::User => ends.users = walk,
                Kind::Group => ends.groups = Some(walk),
            }
            let mut pages: Vec<Page> =
                rows.chunks(paging.size).map(|rows| Page { rows: rows.to_vec() }).collect();
            shuffle(&mut pages, paging.order);
            let said: Vec<_> = pages.iter().map(|page| differ.page(page)).collect();
            said.into_iter().for_each(|page| differ.merge(page));
        }
        let mut answers = Answers::default();
        loop {
            match differ.finish(&ends, &answers) {
                Ok(draft) => return draft,
                Err(needs) => {
                    assert!(!needs.questions.is_empty(), "nothing is needed");
                    for question in needs.questions {
                        match question {
                            Question::Object(kind, id) => {
                                asked.push(id.to_string());
                                let presence = self.presence(differ, kind, &id);
                                answers.add_object(kind, id, presence);
                            }
                            Question::Past(commit) => {
                                let past = self.past(&commit);
                                answers.add_past(commit, past);
                            }
                            Question::Order(first, second) => {
                                let is_after = self.place(&first) < self.place(&second);
                                answers.add_order((first, second), is_after);
                            }
                            Question::Holders(kind, path, value) => {
                                asked.push(format!("{path}={value}"));
                                let holders = self.holders(differ, kind, &path, &value);
                                answers.add_holders(kind, &path, value, Ok(holders));
                            }
                        }
                    }
                }
            }
        }
    }

    /// Today's files, and in them everybody whom the ledger knows.
    fn then(&self, left: bool) -> World {
        let compiled = self.compile().company;
        let known = self.ledger.users.keys().filter(|id| left || compiled.user(id.as_str()).is_none());
        let earlier = compiled.users.iter().flat_map(|user| &user.previously);
        let earlier: Vec<_> = earlier.map(ToString::to_string).collect();
        let declared = known.filter(|id| !earlier.contains(&id.to_string()));
        let status = if left { "status: left" } else { "" };
        declared.fold(self.clone(), |world, id| world.person(id.as_str(), status))
    }

    /// What a commit says: the world that was given for it; else today's, and in it everybody whom the ledger knows. At
    /// `left` everybody has left.
    fn past(&self, commit: &str) -> Past {
        self.past_of(&"hr".into(), commit)
    }

    /// The place of a commit in the history: those that applies made have numbers. Entries name today's commit, if they name no other
    /// one, and were there before a disabling.
    fn place(&self, commit: &str) -> usize {
        let number = commit.strip_prefix('c').and_then(|number| number.parse().ok());
        match commit {
            "left" => usize::MAX,
            _ if *commit == *self.now => usize::MAX - 1,
            _ => number.unwrap_or_default(),
        }
    }

    fn past_of(&self, app: &AppId, commit: &str) -> Past {
        if self.unreadable.contains(commit) {
            return Past::Unknown(format!("commit {commit} is not part of {}", self.now).into());
        }
        let then = self.commits.get(commit).cloned().unwrap_or_else(|| self.then(commit == "left"));
        then.said(app, Some(&self.ledger).filter(|_| !self.commits.contains_key(commit)))
    }

    /// What these files say, as a commit; with the groups that a ledger knows.
    fn said(&self, app: &AppId, known: Option<&AppLedger>) -> Past {
        let Compiled { company, programs, files } = self.compile();
        let resolved = Resolved::new(&company, &programs, self.at);
        let file = |user: UserNo| Some(Arc::from(&*files.get(company.users[user.index()].span.file)?.name));
        let mut past = match resolved.app(app) {
            Some(app) => PastApp::of(&resolved, app, file),
            None => PastApp::without_app(&company, file),
        };
        past.groups.extend(known.into_iter().flat_map(|ledger| ledger.groups.keys().cloned()));
        Past::Tree(Arc::new(past))
    }

    fn holders(&self, differ: &Differ, kind: Kind, path: &Path, value: &Value) -> Vec<Remote> {
        let things = self.things.iter().chain(&self.unlisted);
        let has = |thing: &Thing| {
            let schema = scim::definition().schema(kind).attribute(path);
            let held = thing.values.get(&**path.key());
            held.is_some_and(|held| catalog::matches(schema.as_ref(), value, held))
        };
        let found = things.filter(|(_, thing)| thing.kind == kind && has(thing));
        found.map(|(id, thing)| thing.read(id, &differ.request(kind))).collect()
    }

    fn presence(&self, differ: &Differ, kind: Kind, id: &RemoteId) -> Presence {
        if self.unreachable.contains(id.as_str()) {
            return Presence::Unknown { why: "an HTML page came instead of JSON".into() };
        }
        match self.things.get(id.as_str()).or_else(|| self.unlisted.get(id.as_str())) {
            Some(thing) => Presence::Here(Box::new(thing.read(id.as_str(), &differ.request(kind)))),
            None => Presence::Gone(GoneProof::answered_for(id.clone())),
        }
    }
}

fn lines(files: &FileSet, found: Diagnostics) -> String {
    let line = |found: Diagnostic| {
        let place = found.span.and_then(|span| files.place(span));
        let place = place.map(|place| format!("{}:{} ", place.file, place.line)).unwrap_or_default();
        let hints: String = found.hints.iter().map(|hint| format!("\n  hint: {hint}")).collect();
        format!("{:?} {place}{}: {}{hints}\n", found.class, found.code, found.message)
    };
    found.sorted().into_iter().map(line).collect()
}

/// Shuffles items by a seed; 0 keeps their order.
fn shuffle<T>(items: &mut [T], seed: u64) {
    let mut state = seed;
    for index in (1..items.len()).rev().filter(|_| seed > 0) {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        items.swap(index, (state >> 33) as usize % (index + 1));
    }
}

impl Outcome {
    pub fn app(&self) -> &AppPlan {
        &self.plan.apps[0]
    }

    /// The text of the plan for people.
    pub fn text(&self) -> String {
        let mut text = render::text(&self.plan, &Style::PLAIN);
        text = text.replace(&self.plan.id, "ID");
        text.lines().map(|line| format!("{}\n", line.trim_end())).collect()
    }

    /// One line for each change in the order of phases, then notices, tripped guards and a stop.
    pub fn short(&self) -> String {
        let app = self.app();
        let mut out = String::new();
        if let AppStatus::Stopped { by, why } = &app.status {
            let _ = writeln!(out, "STOPPED by {by}: {why}");
        }
        let mut changes: Vec<_> = app.changes.iter().collect();
        changes.sort_by_key(|change| change.phase);
        for change in changes {
            let key = change.key.to_string();
            let _ = write!(
                out,
                "{} {} {}",
                change.phase.number(),
                change.kind.as_str(),
                key.trim_start_matches("hr/")
            );
            match (&change.old.text, &change.new.text) {
                (None, None) => {}
                (old, new) => {
                    let text = |text: &Option<String>| text.clone().unwrap_or_else(|| "nothing".to_owned());
                    let _ = write!(out, ": {} -> {}", text(old), text(new));
                }
            }
            let _ = write!(out, " ({})", change.cause.as_str());
            if change.privileged {
                out.push_str(" privileged");
            }
            match &change.verdict {
                Verdict::Do => out.push('\n'),
                Verdict::Held { by, .. } => _ = writeln!(out, " HELD by {by}"),
            }
        }
        for notice in &app.notices {
            let subject = notice.subject.as_ref().map(|subject| format!(" {subject}")).unwrap_or_default();
            let _ = writeln!(out, "! {}{subject}: {}", notice.kind.heading(), notice.text);
        }
        for guard in app.guards.iter().filter(|guard| guard.tripped || guard.allowed) {
            let word = if guard.tripped { "TRIPPED" } else { "allowed" };
            let _ = writeln!(out, "{word} {}", guard.sentence());
        }
        out
    }

    /// What the guards counted, and what `--allow` would have to say.
    pub fn guards(&self) -> String {
        let mut out = String::new();
        for guard in &self.app().guards {
            let word = match (guard.tripped, guard.allowed) {
                (true, _) => "TRIPPED",
                (false, true) => "allowed",
                (false, false) => "ok",
            };
            let allow = guard.allow.map(|number| format!(" [--allow {number}]")).unwrap_or_default();
            let _ = writeln!(out, "{word} {}{allow}", guard.sentence());
        }
        out
    }

    /// The reasons of a change, one fact a line, and the reason why it is held.
    pub fn why(&self, key: &str) -> String {
        let key = format!("hr/{key}");
        let found = self.app().changes.iter().find(|change| change.key.to_string() == key);
        let change = found.unwrap_or_else(|| panic!("no change {key} in\n{}", self.short()));
        let mut out = String::new();
        for reason in &change.reasons {
            let place = reason.place.as_ref().map(|place| format!(" {}:{}", place.file, place.line));
            let _ = writeln!(out, "{}{}", reason.fact, place.unwrap_or_default());
        }
        if let Verdict::Held { why, .. } = &change.verdict {
            let _ = writeln!(out, "held: {why}");
        }
        out
    }

    /// The notices of this kind, each in a line.
    pub fn notices(&self, heading: &str) -> String {
        let notices = self.app().notices.iter().filter(|notice| notice.kind.heading() == heading);
        notices.map(|notice| format!("{}\n", notice.text)).collect()
    }

    /// The hint of a notice of this kind.
    pub fn hints(&self, heading: &str) -> String {
        let notices = self.app().notices.iter().filter(|notice| notice.kind.heading() == heading);
        notices.filter_map(|notice| notice.hint.as_ref()).map(|hint| format!("{hint}\n")).collect()
    }
}
