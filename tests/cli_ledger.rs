//! `rolecall ledger` and `rolecall log`: maintenance of a ledger on a branch of a bare remote, in a folder, and in the
//! sandbox.

mod care;
mod dates;
mod init;
mod log;
mod look;
mod rebuild;
mod rehome;

use std::path::PathBuf;

use crate::support::program::{Output, Program, Repo};
use rolecall::sandbox::{Sandbox, SandboxOptions};
use secrecy::ExposeSecret;
use tokio::runtime::Runtime;

/// Three people and an app, its url left open.
const TREE: &str = "\
# Ours.
version: 1   # of the language
secrets:
  WIKI_TOKEN: {app: wiki, host: 127.0.0.1}

users:
  ada: {name: {given: Ada, family: Lovelace}, email: ada@acme.example}
  bob: {name: {given: Bob, family: Byrne}, email: bob@acme.example}
  grace: {name: {given: Grace, family: Hopper}, email: grace@acme.example}
groups:
  staff:
    name: Staff
    members: [user:ada, user:bob, user:grace]

apps:
  wiki:
    connector: scim
    url: URL
    auth: {bearer: {env: WIKI_TOKEN}}
    roles:
      editor: {group: Editors, precedence: 10}
    groups: {push: [staff]}
    limits: {concurrency: 1}   # so that ids and results come in order
assignments:
  - app: wiki
    role: editor
    members: [group:staff]
";

/// A SCIM server that is no sandbox for the program: the program knows an address and a token, and uses the real
/// ledger.
struct Server {
    runtime: Runtime,
    sandbox: Option<Sandbox>,
    folder: PathBuf,
}

impl Server {
    fn start(folder: PathBuf) -> Server {
        let runtime = Runtime::new().unwrap();
        let sandbox = runtime.block_on(Sandbox::start(SandboxOptions::new(&folder))).unwrap();
        Server { runtime, sandbox: Some(sandbox), folder }
    }

    fn url(&self) -> String {
        self.sandbox.as_ref().unwrap().base_url().to_owned()
    }

    fn token(&self) -> String {
        self.sandbox.as_ref().unwrap().token().expose_secret().to_owned()
    }

    /// Stops the server, and starts another one with the same data at another address.
    fn moved(&mut self) {
        self.stop();
        *self = Server::start(self.folder.clone());
    }

    /// Stops the server, and starts an empty one at another address.
    fn emptied(&mut self) {
        self.stop();
        std::fs::remove_dir_all(&self.folder).unwrap();
        *self = Server::start(self.folder.clone());
    }

    fn stop(&mut self) {
        let sandbox = self.sandbox.take().unwrap();
        self.runtime.block_on(sandbox.stop()).unwrap();
    }

    /// One request to the app that the program does not see.
    fn send(&self, method: reqwest::Method, path: &str, body: serde_json::Value) -> serde_json::Value {
        rustls::crypto::ring::default_provider().install_default().ok();
        self.runtime.block_on(async {
            let request = reqwest::Client::new().request(method, format!("{}{path}", self.url()));
            let request = request.bearer_auth(self.token()).header("content-type", "application/scim+json");
            let answer = request.body(body.to_string()).send().await.unwrap();
            assert!(answer.status().is_success(), "{path}: {}", answer.status());
            let text = answer.text().await.unwrap();
            serde_json::from_str(&text).unwrap_or_default()
        })
    }

    /// The id of the account with this login.
    fn account(&self, name: &str) -> String {
        let all = self.send(reqwest::Method::GET, "/Users", serde_json::Value::Null);
        let found = all["Resources"].as_array().unwrap().iter().find(|user| user["userName"] == name);
        found.unwrap_or_else(|| panic!("{name} in {all}"))["id"].as_str().unwrap().to_owned()
    }
}

/// A repository with a remote, a ledger on a branch, and an app that was applied once.
struct World {
    repo: Repo,
    server: Server,
}

impl World {
    /// A world before the first apply, without a ledger.
    fn bare() -> World {
        let repo = Repo::new();
        let server = Server::start(repo.world().join("app"));
        let repo =
            repo.file("rolecall.yaml", TREE.replace("URL", &server.url())).file(".gitignore", ".rolecall/\n");
        World { repo: repo.commit("first").remote(), server }
    }

    fn new() -> World {
        let world = World::bare();
        world.run(&["ledger", "init"]).ends_with(0);
        world.publish("ledger");
        world.run(&["apply", "--yes"]).ends_with(0);
        world
    }

    fn rolecall(&self, args: &[&str]) -> Program {
        self.repo
            .rolecall(args.iter().copied())
            .env("WIKI_TOKEN", self.server.token())
            .env("USER", "grace")
            .env("HOSTNAME", "desk")
    }

    fn run(&self, args: &[&str]) -> Output {
        self.rolecall(args).run()
    }

    /// Commits and pushes the changes.
    fn publish(&self, message: &str) {
        self.repo.commit(message).push();
    }

    /// Writes the server's present address into rolecall.yaml.
    fn point(&self) {
        let text = self.repo.read("rolecall.yaml");
        let line = text.lines().find(|line| line.starts_with("    url: ")).unwrap();
        let text = text.replace(line, &format!("    url: {}", self.server.url()));
        self.repo.file("rolecall.yaml", text);
        self.publish("moved");
    }

    fn plan_is_empty(&self) {
        self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    }
}
