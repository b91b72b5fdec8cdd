//! The app of these tests, behind a proxy that makes faults.

use std::sync::{Mutex, PoisonError, Weak};

use serde_json::Value;

use crate::faults::company::{self, FULL, Ledger};
use crate::support::program::{Output, Program, Repo};
use crate::support::proxy::Proxy;
use crate::support::proxy::then::Then;
use crate::support::proxy::when::When;
use crate::support::servers::RealServer;

/// The server process that all running tests share, each with its own tenant. It ends with the last test.
fn server() -> std::sync::Arc<RealServer> {
    static SHARED: Mutex<Weak<RealServer>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let server = std::sync::Arc::new(RealServer::scim2_server());
        *shared = std::sync::Arc::downgrade(&server);
        server
    })
}

/// A repository with its ledger and its only app, `chat`.
pub struct Chat {
    pub repo: Repo,
    pub server: RealServer,
    pub proxy: Proxy,
    // The process ends when the last value is dropped.
    _process: std::sync::Arc<RealServer>,
}

impl Chat {
    /// A repository of which nothing was applied yet.
    pub fn new(ledger: Ledger) -> Chat {
        let process = server();
        let server = process.fresh();
        let proxy = Proxy::before(&server);
        let repo = company::repository(&server, &proxy.base_url(), &FULL, ledger);
        let chat = Chat { repo, server, proxy, _process: process };
        // The secret is bound to the proxy instead of the server.
        let (bound, host) = (chat.server.address().to_string(), chat.proxy.address().to_string());
        chat.edit("rolecall.yaml", &bound, &host)
            // With a lease of two seconds, a request may last one second: too short on a busy machine.
            .edit("rolecall.yaml", "lease: 2s", "lease: 6s")
            .commit("Through the proxy");
        chat
    }

    /// A repository after one complete apply.
    pub fn converged(ledger: Ledger) -> Chat {
        let chat = Chat::new(ledger);
        chat.run(&["apply", "--yes"]).ends_with(0);
        chat
    }

    /// `rolecall ARGS` with the app's token.
    pub fn rolecall(&self, args: &[&str]) -> Program {
        company::rolecall(&self.repo, &self.server, args)
    }

    pub fn run(&self, args: &[&str]) -> Output {
        self.rolecall(args).run()
    }

    /// The output of `rolecall ARGS`, with a fixed address of the app.
    pub fn shown(&self, args: &[&str]) -> String {
        self.text_of(&self.run(args))
    }

    pub fn text_of(&self, output: &Output) -> String {
        let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let text = output.snapshot().replace(self.server.base_path(), "/chat/v2");
        let text = text.replace(&today, "[TODAY]");
        // The holder is user@host, and a lock names the process.
        let holder = regex::Regex::new(r"\bunknown@[\w.-]*\w").expect("a pattern");
        let process = regex::Regex::new(r"\(process \d+\)").expect("a pattern");
        let text = holder.replace_all(&text, "[HOLDER]");
        process.replace_all(&text, "(process [N])").into_owned()
    }

    /// The status, the end of an apply and stderr, without the plan before them.
    pub fn ending(&self, output: &Output) -> String {
        let text = self.text_of(output);
        let (status, said) = text.split_once("--- stdout\n").unwrap_or((&text, ""));
        let at = said.find("Applied plan").or_else(|| said.find("--- stderr"));
        format!("{status}{}", at.map_or("", |at| &said[at..]))
    }

    /// Runs `rolecall ARGS` in another clone of the same repository.
    pub fn run_in(&self, repo: &Repo, args: &[&str]) -> Output {
        company::rolecall(repo, &self.server, args).run()
    }

    /// Replaces all faults with this one.
    pub fn breaks(&self, when: When, then: Then) {
        self.proxy.heal();
        self.proxy.arm(when, then);
    }

    pub fn edit(&self, path: &str, old: &str, new: &str) -> &Chat {
        self.repo.replace(path, old, new);
        self
    }

    /// Adds a key to the app.
    pub fn app_key(&self, line: &str) -> &Chat {
        self.edit("rolecall.yaml", "    connector: scim\n", &format!("    connector: scim\n    {line}\n"))
    }

    /// Commits and pushes.
    pub fn commit(&self, message: &str) -> &Chat {
        self.repo.commit(message).push();
        self
    }

    /// The account as the app shows it.
    pub fn account(&self, user_name: &str) -> Value {
        self.server.find_user(user_name).unwrap_or_else(|| panic!("nobody is called {user_name}"))
    }

    pub fn id(&self, user_name: &str) -> String {
        text(&self.account(user_name)["id"])
    }

    /// The names of the members of a group in the app, sorted.
    pub fn members(&self, group: &str) -> Vec<String> {
        let everything = self.server.dump();
        let groups = everything["groups"].as_array().cloned().unwrap_or_default();
        let found = groups.iter().find(|it| it["displayName"] == group);
        let members = found.and_then(|group| group["members"].as_array().cloned()).unwrap_or_default();
        members.iter().map(|member| text(&member["value"]).replace("user:", "")).collect()
    }

    /// The number of write requests after the first `count` requests.
    pub fn writes_since(&self, count: usize) -> usize {
        let reads = ["GET", "HEAD"];
        let late = self.proxy.requests().split_off(count);
        late.iter().filter(|it| !reads.contains(&it.request.method.as_str())).count()
    }

    /// Checks that the next plan has no changes.
    #[track_caller]
    pub fn is_calm(&self) {
        self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
