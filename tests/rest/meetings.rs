//! A company with meetings in BlueJeans, which the emulator plays.

use super::played::Meetings;
use crate::support::program::{Output, Repo};

pub const PEOPLE: &str = "users:
  ada: {name: {given: Ada, family: King}, email: ada@acme.example}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Clerk}
  eve: {name: {given: Eve, family: Hill}, email: eve@acme.example}
groups:
  all: {name: Everybody, members: [user:ada, user:bob, user:eve]}
";

/// Signing in with a username and password.
pub const PASSWORD: &str = "{password: {username: sandbox, password: {env: MEETINGS_SECRET}}}";
/// Signing in as an application.
pub const CLIENT: &str = "{client: {client_id: sandbox, client_secret: {env: MEETINGS_SECRET}}}";

pub struct Company {
    pub meetings: Meetings,
    pub repo: Repo,
}

impl Company {
    /// With rooms, and with accounts that leavers lose.
    pub fn new() -> Company {
        Company::with(PASSWORD, "settings: {room: true}\n    users: {deprovision: delete}")
    }

    /// After the first apply.
    pub fn applied() -> Company {
        let company = Company::new();
        company.run(&["apply", "--yes"]).ends_with(0);
        company
    }

    /// With this way to sign in, and these lines of the app.
    pub fn with(auth: &str, lines: &str) -> Company {
        Company::of(PEOPLE, auth, lines)
    }

    /// With these people, who are in the group `all`.
    pub fn of(people: &str, auth: &str, lines: &str) -> Company {
        let meetings = Meetings::start();
        let repo = Repo::new();
        let app = format!(
            "apps:
  meetings:
    connector: bluejeans
    url: {}
    auth: {auth}
    {lines}
    roles: {{user: {{}}}}
assignments:
  - {{app: meetings, role: user, members: [group:all]}}
",
            meetings.url()
        );
        let root = "version: 1\nsecrets:\n  MEETINGS_SECRET: {app: meetings, host: 127.0.0.1}\n";
        repo.file("rolecall.yaml", root)
            .file("access/people.yaml", people)
            .file("access/app.yaml", app)
            .file(".gitignore", ".rolecall\n");
        let company = Company { meetings, repo };
        company.run(&["ledger", "init", "--local"]).ends_with(0);
        company.repo.commit("A company");
        company
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.run_with(args, self.meetings.password())
    }

    pub fn run_with(&self, args: &[&str], secret: &str) -> Output {
        self.repo.rolecall(args.iter().copied()).env("MEETINGS_SECRET", secret).run()
    }

    /// Changes the people, and applies that.
    pub fn apply(&self, old: &str, new: &str) -> Output {
        self.repo.replace("access/people.yaml", old, new).commit("A change");
        self.run(&["apply", "--yes"])
    }

    /// Changes the app.
    pub fn change(&self, old: &str, new: &str) {
        self.repo.replace("access/app.yaml", old, new).commit("Another app");
    }

    pub fn nothing_is_left(&self) {
        self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    }

    /// So many requests made an account, until now.
    pub fn creates(&self) -> usize {
        self.meetings.sent("POST", "/users").len()
    }
}
