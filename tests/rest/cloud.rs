//! A company with an OpenStack Keystone, behind a proxy that counts and disturbs.

use crate::support::program::{Output, Repo};
use crate::support::proxy::Proxy;
use crate::support::servers::RealServer;

/// What the first administrator of the server signs in with.
pub const PASSWORD: &str = "only for tests";

const PEOPLE: &str = "users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example}
  bob: {name: {given: Bob, family: Stone}, email: bob@acme.example}
  eve: {name: {given: Eve, family: Adams}, email: eve@acme.example}
groups:
  eng: {name: Engineering, members: [user:ada, user:bob, user:eve]}
";

pub struct Cloud {
    pub repo: Repo,
    pub proxy: Proxy,
    pub server: RealServer,
}

impl Cloud {
    /// With everybody in it: applied once.
    pub fn applied() -> Cloud {
        let cloud = Cloud::new();
        cloud.run(&["apply", "--yes"]).ends_with(0);
        cloud
    }

    pub fn new() -> Cloud {
        Cloud::of(PEOPLE)
    }

    /// With these people, who are in the group `eng`.
    pub fn of(people: &str) -> Cloud {
        let server = RealServer::keystone();
        let proxy = Proxy::before(&server);
        let repo = Repo::new();
        let app = format!(
            "apps:
  cloud:
    connector: keystone
    url: {}
    auth: {{password: {{username: admin, user_domain: Default, password: {{env: CLOUD_PASSWORD}}}}}}
    roles: {{user: {{}}}}
    groups: {{push: [eng]}}
assignments:
  - {{app: cloud, role: user, members: [group:eng]}}
",
            proxy.base_url()
        );
        repo.file("rolecall.yaml", "version: 1\nsecrets:\n  CLOUD_PASSWORD: {app: cloud, host: 127.0.0.1}\n");
        repo.file("access/people.yaml", people)
            .file("access/cloud.yaml", app)
            .file(".gitignore", ".rolecall\n");
        let cloud = Cloud { repo, proxy, server };
        cloud.run(&["ledger", "init", "--local"]).ends_with(0);
        cloud.repo.commit("A company");
        cloud
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.repo.rolecall(args.iter().copied()).env("CLOUD_PASSWORD", PASSWORD).run()
    }

    /// Changes a line about people, commits and applies.
    pub fn apply(&self, old: &str, new: &str) -> Output {
        self.repo.replace("access/people.yaml", old, new).commit("A change");
        self.run(&["apply", "--yes"])
    }

    /// A request of the administrator to the server itself.
    pub fn ask(&self, method: &str, path: &str, body: Option<&serde_json::Value>) -> serde_json::Value {
        use crate::support::wire::{self, Request};
        let sign_in = serde_json::json!({"auth": {
            "identity": {"methods": ["password"], "password": {"user": {
                "name": "admin", "domain": {"name": "Default"}, "password": PASSWORD}}},
            "scope": {"system": {"all": true}}}});
        let send = |mut request: Request, body: Option<&serde_json::Value>| {
            request.headers.set("Host", self.server.address());
            if let Some(body) = body {
                request.headers.set("Content-Type", "application/json");
                request.body = body.to_string().into_bytes();
            }
            wire::exchange(self.server.address(), &request).expect("an answer")
        };
        let signed = send(Request::new("POST", "/v3/auth/tokens"), Some(&sign_in));
        let token = signed.headers.get("X-Subject-Token").expect("a token").to_owned();
        let mut request = Request::new(method, &format!("/v3{path}"));
        request.headers.set("X-Auth-Token", token);
        let answer = send(request, body);
        assert!(answer.status < 300, "{method} {path}: {}", String::from_utf8_lossy(&answer.body));
        serde_json::from_slice(&answer.body).unwrap_or_default()
    }

    /// Accounts as `name on` or `name off`, in order, without the administrator.
    pub fn accounts(&self) -> Vec<String> {
        let users = self.ask("GET", "/users", None);
        let users = users["users"].as_array().expect("users").iter();
        let told = |user: &serde_json::Value| {
            let name = user["name"].as_str().expect("a name");
            format!("{name} {}", if user["enabled"] == true { "on" } else { "off" })
        };
        let mut all: Vec<_> = users.map(told).filter(|told| !told.starts_with("admin ")).collect();
        all.sort();
        all
    }

    /// The id of the account with this login.
    pub fn id_of(&self, name: &str) -> String {
        let users = self.ask("GET", "/users", None);
        let user = users["users"].as_array().expect("users").iter().find(|user| user["name"] == name);
        user.and_then(|user| user["id"].as_str()).expect("an account").to_owned()
    }

    /// The names of the members of the only group.
    pub fn members(&self) -> (String, Vec<String>) {
        let groups = self.ask("GET", "/groups", None);
        let group = &groups["groups"][0];
        let members =
            self.ask("GET", &format!("/groups/{}/users", group["id"].as_str().expect("an id")), None);
        let names = members["users"].as_array().expect("users").iter();
        let mut names: Vec<_> = names.map(|user| user["name"].as_str().expect("a name").to_owned()).collect();
        names.sort();
        (group["name"].as_str().expect("a name").to_owned(), names)
    }
}
