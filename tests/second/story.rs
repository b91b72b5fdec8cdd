//! A company with the invented app: it converges, reverts drift, disables leavers, and stops at a guard.

use std::sync::Arc;

use rolecall::catalog::{Catalog, scim};
use rolecall::connector::Registry;
use rolecall::engine::apply::{Report, carry_out};
use rolecall::engine::plan::{Planned, plan};
use rolecall::engine::which_commit::{check_commit, load};
use rolecall::engine::{ApplyOptions, Clock, Configuration, Engine, PlanOptions};
use rolecall::ledger::{By, Store};
use rolecall::model::Event;
use rolecall::model::change::Verdict;
use rolecall::model::company::LedgerStore;
use rolecall::model::event::EventSink;
use rolecall::model::time::Timestamp;

use super::connector::Opener;
use super::definition::{NAME, definition};
use super::server::Server;
use crate::support::program::Repo;

struct Quiet;

impl EventSink for Quiet {
    fn emit(&self, _: Event) {}
}

/// The app, the repository, and the random name of the attribute for the job title.
struct Company {
    server: Server,
    repo: Repo,
    drawn: String,
}

const PEOPLE: &str = r#"users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example, title: Analyst}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Engineer}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example, title: Engineer}
  kim: {name: {given: Kim, family: Young}, email: kim@acme.example, title: Seller}
  lee: {name: {given: Lee, family: Moss}, email: lee@acme.example, title: Seller}
groups:
  everybody: {name: Everybody, members: [user:ada, user:bob, user:eve, user:kim, user:lee]}
  sellers: {name: Sellers, rule: has(user.title) && user.title == "Seller"}
"#;

fn draw() -> String {
    let mut bytes = [0; 8];
    getrandom::fill(&mut bytes).expect("randomness");
    let letters = bytes.iter().map(|byte| char::from(b'a' + byte % 26));
    format!("x{}", letters.collect::<String>())
}

impl Company {
    fn new() -> Company {
        let drawn = draw();
        let server = Server::start(&drawn);
        let repo = Repo::new();
        let root = |ledger: &str| {
            format!(
                r"version: 1
{ledger}
apps:
  desk:
    connector: {NAME}
    url: {}
    roles: {{member: {{group: Members, precedence: 20}}, lead: {{group: Leads, precedence: 10, privileged: true}}}}
    groups: {{push: [sellers]}}
    guard: {{deprovision: 1}}
    limits: {{timeout: 1s}}
assignments:
  - {{app: desk, role: member, members: [group:everybody]}}
  - {{app: desk, role: lead, members: [user:ada]}}
",
                server.url
            )
        };
        repo.file("rolecall.yaml", root("")).file(".gitignore", ".rolecall/\n").file("people.yaml", PEOPLE);
        repo.file("rolecall.yaml", root("include: [\"*.yaml\"]"));
        repo.commit("A company").remote().push();
        let store = LedgerStore::Path(repo.world().join("ledger").to_string_lossy().as_ref().into());
        let by = By { author: "test", reason: "a new company", at: Timestamp::UNIX_EPOCH };
        let git = repo.path().join(".git");
        let id = Store::init(repo.path(), Some(&git), &store, None, &by).expect("a new ledger");
        let folder = repo.world().join("ledger");
        let ledger = format!(
            "include: [\"*.yaml\"]\nledger: {{id: {id}, lease: 10s, path: {}}}",
            folder.to_string_lossy()
        );
        repo.file("rolecall.yaml", root(&ledger)).commit("Its ledger").push();
        Company { server, repo, drawn }
    }

    fn engine(&self) -> Engine {
        let mut engine = Engine::new(self.repo.path(), Clock::machine(), Arc::new(Quiet)).expect("an engine");
        engine.catalog = Catalog::of([scim::definition(), definition(&self.drawn)]);
        engine.registry = Registry::built_in().with(NAME, Opener);
        engine
    }

    fn planned(&self, engine: &Engine, options: &ApplyOptions) -> (Configuration, Planned) {
        let config = load(engine, options).unwrap_or_else(|error| panic!("{error:#?}"));
        let mut planned = plan(engine, &config, &options.plan).unwrap_or_else(|error| panic!("{error:#?}"));
        check_commit(engine, &config, &mut planned, options);
        assert!(planned.findings.is_empty(), "{:#?}", planned.findings);
        (config, planned)
    }

    /// The changes of a plan; held ones are marked `held`.
    fn plan(&self) -> String {
        let (_, planned) = self.planned(&self.engine(), &ApplyOptions::default());
        let app = &planned.plan.apps[0];
        assert_eq!(app.status, rolecall::plan::AppStatus::Planned);
        let line = |change: &rolecall::model::Change| {
            let held = match &change.verdict {
                Verdict::Do => String::new(),
                Verdict::Held { by, .. } => format!("  held by {by}"),
            };
            let key = change.key.to_string().replace(&self.drawn, "DRAWN");
            format!("{} {key} ({}){held}\n", change.kind.as_str(), change.cause.as_str())
        };
        app.changes.iter().map(line).collect()
    }

    fn apply(&self) -> Report {
        let engine = self.engine();
        let options = ApplyOptions {
            plan: PlanOptions { write: true, ..PlanOptions::default() },
            unseen: true,
            ..ApplyOptions::default()
        };
        let (config, planned) = self.planned(&engine, &options);
        let report =
            carry_out(&engine, &config, &options, planned).unwrap_or_else(|error| panic!("{error:#?}"));
        assert!(report.trouble.is_empty() && report.moved.refused.is_empty());
        for result in &report.result.apps {
            assert_eq!(result.failed().count(), 0, "{result:#?}");
        }
        report
    }

    fn edit(&self, old: &str, new: &str) {
        self.repo.replace("people.yaml", old, new).commit("A change").push();
    }
}

#[test]
fn a_new_app_converges_and_the_second_plan_is_empty() {
    let company = Company::new();
    insta::assert_snapshot!("first_plan", company.plan());
    company.apply();
    assert_eq!(company.plan(), "");
    insta::assert_snapshot!("crews", company.server.crews());
    assert_eq!(company.server.of("ada@acme.example", &company.drawn), "Analyst");
    assert_eq!(company.server.of("ada@acme.example", "label"), "Ada Lovelace");
}

#[test]
fn drift_is_put_back_and_a_leaver_is_turned_off() {
    let company = Company::new();
    company.apply();
    company.server.set("bob@acme.example", &company.drawn, "Boss");
    company.edit("email: eve@acme.example,", "email: eve@acme.example, status: left,");
    insta::assert_snapshot!("drift_and_a_leaver", company.plan());
    company.server.data().writes.clear();
    company.apply();
    assert_eq!(company.server.of("bob@acme.example", &company.drawn), "Engineer");
    assert_eq!(company.server.of("eve@acme.example", "state"), "off");
    insta::assert_snapshot!("writes", company.server.data().writes.join("\n"));
    assert_eq!(company.plan(), "");
}

#[test]
fn a_guard_trips_and_holds() {
    let company = Company::new();
    company.apply();
    let members = "members: [user:ada, user:bob, user:eve, user:kim, user:lee]";
    company.edit(members, "members: [user:ada, user:bob]");
    let plan = company.plan();
    let held = plan
        .lines()
        .filter(|line| line.starts_with("disable") && line.ends_with("held by guard:deprovision"));
    assert_eq!(held.count(), 3, "{plan}");
    company.apply();
    for name in ["eve", "kim", "lee"] {
        assert_eq!(company.server.of(&format!("{name}@acme.example"), "state"), "on", "{name}");
    }
}

#[test]
fn a_renamed_login_is_followed_into_the_crews() {
    let company = Company::new();
    company.apply();
    company.edit("email: kim@acme.example", "email: kim.young@acme.example");
    insta::assert_snapshot!("renamed", company.plan());
    company.apply();
    assert_eq!(company.server.of("kim.young@acme.example", "label"), "Kim Young");
}

#[test]
fn a_mapping_may_not_say_who_is_active() {
    let company = Company::new();
    let mapping = "\nmappings:\n  own: {match: [login], attributes: {login: user.email, label: user.name.display, state: user.title}}\n";
    let people = company.repo.read("people.yaml");
    company.repo.file("people.yaml", people + mapping);
    company.repo.replace("rolecall.yaml", "groups: {push: [sellers]}", "users: {mapping: own}");
    let found = Configuration::load(company.repo.path(), None, &company.engine().catalog).err();
    let findings = found.expect("findings").findings;
    let codes: Vec<_> = findings.iter().map(|finding| (finding.code, finding.message.as_str())).collect();
    assert_eq!(codes, [("active-mapped", "`state` cannot be mapped")]);
}

#[test]
fn a_connector_without_a_sandbox_says_so() {
    let company = Company::new();
    let mut engine = company.engine();
    engine.sandbox = true;
    let config =
        Configuration::load(company.repo.path(), None, &engine.catalog).expect("a company").sandboxed();
    let planned =
        plan(&engine, &config, &PlanOptions::default()).unwrap_or_else(|error| panic!("{error:#?}"));
    let status = format!("{:?}", planned.plan.apps[0].status);
    assert!(status.contains("there is no sandbox for the connector roster"), "{status}");
}
