//! A company with a community in Jive, which the emulator plays.

use super::played::Played;
use crate::support::program::{Output, Repo};

pub const PEOPLE: &str = "users:
  ada: {name: {given: Ada, family: King}, email: ada@acme.example}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Clerk, manager: ada}
  eve: {name: {given: Eve, family: Hill}, email: eve@acme.example, manager: ada}
groups:
  all: {name: Everybody, members: [user:ada, user:bob, user:eve]}
";

pub struct Company {
    pub jive: Played,
    pub repo: Repo,
}

impl Company {
    pub fn new() -> Company {
        Company::of(PEOPLE)
    }

    pub fn of(people: &str) -> Company {
        let jive = Played::start();
        let url = jive.url().to_owned();
        Company::at(jive, &url, people, "[all]")
    }

    /// At this address, with these groups.
    pub fn at(jive: Played, url: &str, people: &str, groups: &str) -> Company {
        let repo = Repo::new();
        let app = format!(
            "apps:
  jive:
    connector: jive
    url: {url}
    auth: {{basic: {{username: sandbox, password: {{env: JIVE_PASSWORD}}}}}}
    roles: {{user: {{}}}}
    groups: {{push: {groups}}}
assignments:
  - {{app: jive, role: user, members: [group:all]}}
"
        );
        repo.file("rolecall.yaml", "version: 1\nsecrets:\n  JIVE_PASSWORD: {app: jive, host: 127.0.0.1}\n")
            .file("access/people.yaml", people)
            .file("access/app.yaml", app)
            .file(".gitignore", ".rolecall\n");
        let company = Company { jive, repo };
        company.run(&["ledger", "init", "--local"]).ends_with(0);
        company.repo.commit("A company");
        company
    }

    /// After the first apply.
    pub fn applied() -> Company {
        let company = Company::new();
        company.run(&["apply", "--yes"]).ends_with(0);
        company
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, self.jive.password())
    }

    pub fn run_with(&self, args: &[&str], password: &str) -> Output {
        self.repo.rolecall(args.iter().copied()).env("JIVE_PASSWORD", password).run()
    }

    /// Changes the people, and applies that.
    pub fn apply(&self, old: &str, new: &str) -> Output {
        self.repo.replace("access/people.yaml", old, new).commit("A change");
        self.run(&["apply", "--yes"])
    }

    pub fn nothing_is_left(&self) {
        self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    }
}

/// All that a run printed.
pub fn told(output: &Output) -> String {
    format!("{}{}", output.stdout, output.stderr)
}
