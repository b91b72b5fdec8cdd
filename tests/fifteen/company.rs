//! A company whose app is 15Five, behind a proxy that records what is sent.

use serde_json::Value;

use crate::support::program::{Output, Repo};
use crate::support::proxy::{Proxy, Recorded};
use crate::support::servers::RealServer;

pub const ENTERPRISE: &str = "urn:ietf:params:scim:schemas:extension:enterprise:2.0:User";
pub const FIFTEEN: &str = "urn:ietf:params:scim:schemas:extension:15Five:2.0:User";

pub const PEOPLE: &str = r"users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example, title: Analyst, start: 2025-11-03}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example, title: Engineer, manager: ada}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example, title: Clerk, manager: bob}
  kim: {name: {given: Kim, family: Young}, email: kim@acme.example}
groups:
  engineering: {name: Engineering, members: [user:ada, user:bob]}
  everybody: {name: Everybody, members: [user:ada, user:bob, user:eve, user:kim]}
";

/// A server, a proxy before it, and a repository whose app it is.
pub struct Company {
    pub server: RealServer,
    pub proxy: Proxy,
    pub repo: Repo,
}

impl Company {
    pub fn new() -> Company {
        let server = RealServer::fifteen();
        let proxy = Proxy::before(&server);
        // With a slash at the end, as one page of 15Five shows it.
        let root = format!(
            r#"version: 1
secrets: {{FIFTEEN_TOKEN: {{app: perform, host: "{}"}}}}
apps:
  perform:
    connector: 15five
    url: {}/
    auth: {{bearer: {{env: FIFTEEN_TOKEN}}}}
    groups: {{push: [engineering]}}
    roles: {{user: {{}}}}
assignments: [{{app: perform, role: user, members: [group:everybody]}}]
"#,
            proxy.address(),
            proxy.base_url(),
        );
        let repo = Repo::new().file("rolecall.yaml", root).file("access/people.yaml", PEOPLE);
        repo.file(".gitignore", ".rolecall/\n").commit("A company").remote().push();
        repo.rolecall(["ledger", "init", "--path", &repo.world().join("ledger").to_string_lossy()])
            .run()
            .ends_with(0);
        repo.commit("Its ledger").push();
        Company { server, proxy, repo }
    }

    /// A company that was applied, and whose next plan is empty.
    pub fn applied() -> Company {
        let company = Company::new();
        company.apply();
        company.has_nothing_to_do();
        company
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.repo.rolecall(args.iter().copied()).env("FIFTEEN_TOKEN", &self.server.token).run()
    }

    pub fn apply(&self) -> Output {
        self.run(&["apply", "--yes"]).ends_with(0)
    }

    pub fn has_nothing_to_do(&self) {
        self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    }

    /// Changes a line of the people, and commits it.
    pub fn edit(&self, old: &str, new: &str) {
        self.repo.replace("access/people.yaml", old, new).commit("A change").push();
    }

    /// The account with this e-mail address.
    pub fn account(&self, person: &str) -> Value {
        let name = format!("{person}@acme.example");
        self.server.find_user(&name).unwrap_or_else(|| panic!("no account {name}"))
    }

    pub fn id(&self, person: &str) -> String {
        self.account(person)["id"].as_str().expect("an id").to_owned()
    }

    /// The writes that were sent after the first `before` ones.
    pub fn writes_after(&self, before: usize) -> Vec<Recorded> {
        self.proxy.writes().split_off(before)
    }
}

/// Method and kind of object of writes.
pub fn methods(writes: &[Recorded]) -> Vec<String> {
    let kind = |it: &Recorded| {
        let kind = if it.request.path().contains("/Groups") { "group" } else { "account" };
        format!("{} {kind}", it.request.method)
    };
    writes.iter().map(kind).collect()
}
