//! The company's one app, behind a proxy that breaks what it is told to.

use std::sync::{Mutex, PoisonError, Weak};

use serde_json::Value;

use crate::faults::company::{self, FULL, Ledger};
use crate::support::program::{Output, Program, Repo};
use crate::support::proxy::Proxy;
use crate::support::proxy::then::Then;
use crate::support::proxy::when::When;
use crate::support::servers::RealServer;

/// A tenant of one server process that all tests at a time share; it ends with the last of them.
fn server() -> std::sync::Arc<RealServer> {
    static SHARED: Mutex<Weak<RealServer>> = Mutex::new(Weak::new());
    let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
    shared.upgrade().unwrap_or_else(|| {
        let server = std::sync::Arc::new(RealServer::scim2_server());
        *shared = std::sync::Arc::downgrade(&server);
        server
    })
}

/// A repository, its ledger, and `chat`, the only app in it.
pub struct Chat {
    pub repo: Repo,
    pub server: RealServer,
    pub proxy: Proxy,
    // Held for its end.
    _process: std::sync::Arc<RealServer>,
}

impl Chat {
    /// Nothing applied yet.
    pub fn new(ledger: Ledger) -> Chat {
        let process = server();
        let server = process.fresh();
        let proxy = Proxy::before(&server);
        let repo = company::repository(&server, &proxy.base_url(), &FULL, ledger);
        let chat = Chat { repo, server, proxy, _process: process };
        // The secret goes to the proxy instead of the server.
        let (bound, host) = (chat.server.address().to_string(), chat.proxy.address().to_string());
        chat.edit("rolecall.yaml", &bound, &host)
            // Two seconds are too short for a request of one on a machine that does other things.
            .edit("rolecall.yaml", "lease: 2s", "lease: 6s")
            .commit("Through the proxy");
        chat
    }

    /// After one complete apply.
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

    /// `rolecall ARGS`, and what it said; the address of the app is always the same in it.
    pub fn shown(&self, args: &[&str]) -> String {
        self.text_of(&self.run(args))
    }

    pub fn text_of(&self, output: &Output) -> String {
        let today = jiff::Timestamp::now().strftime("%Y-%m-%d").to_string();
        let text = output.snapshot().replace(self.server.base_path(), "/chat/v2");
        let text = text.replace(&today, "[TODAY]");
        // Who applies is user@host, and a lock names the process.
        let holder = regex::Regex::new(r"\bunknown@[\w.-]*\w").expect("a pattern");
        let process = regex::Regex::new(r"\(process \d+\)").expect("a pattern");
        let text = holder.replace_all(&text, "[HOLDER]");
        process.replace_all(&text, "(process [N])").into_owned()
    }

    /// Status, how an apply ended, and what went to stderr; not the plan in front of it.
    pub fn ending(&self, output: &Output) -> String {
        let text = self.text_of(output);
        let (status, said) = text.split_once("--- stdout\n").unwrap_or((&text, ""));
        let at = said.find("Applied plan").or_else(|| said.find("--- stderr"));
        format!("{status}{}", at.map_or("", |at| &said[at..]))
    }

    /// In another clone of the same repository.
    pub fn run_in(&self, repo: &Repo, args: &[&str]) -> Output {
        company::rolecall(repo, &self.server, args).run()
    }

    /// Only this is broken from now on.
    pub fn breaks(&self, when: When, then: Then) {
        self.proxy.heal();
        self.proxy.arm(when, then);
    }

    pub fn edit(&self, path: &str, old: &str, new: &str) -> &Chat {
        self.repo.replace(path, old, new);
        self
    }

    /// One more key below the app.
    pub fn app_key(&self, line: &str) -> &Chat {
        self.edit("rolecall.yaml", "    connector: scim\n", &format!("    connector: scim\n    {line}\n"))
    }

    /// Commits and pushes.
    pub fn commit(&self, message: &str) -> &Chat {
        self.repo.commit(message).push();
        self
    }

    /// As it is in the app.
    pub fn account(&self, user_name: &str) -> Value {
        self.server.find_user(user_name).unwrap_or_else(|| panic!("nobody is called {user_name}"))
    }

    pub fn id(&self, user_name: &str) -> String {
        text(&self.account(user_name)["id"])
    }

    /// Names of the members of a group in the app, sorted.
    pub fn members(&self, group: &str) -> Vec<String> {
        let everything = self.server.dump();
        let groups = everything["groups"].as_array().cloned().unwrap_or_default();
        let found = groups.iter().find(|it| it["displayName"] == group);
        let members = found.and_then(|group| group["members"].as_array().cloned()).unwrap_or_default();
        members.iter().map(|member| text(&member["value"]).replace("user:", "")).collect()
    }

    /// Requests that are not reading, since this many had come by.
    pub fn writes_since(&self, count: usize) -> usize {
        let reads = ["GET", "HEAD"];
        let late = self.proxy.requests().split_off(count);
        late.iter().filter(|it| !reads.contains(&it.request.method.as_str())).count()
    }

    /// The next plan has nothing to do.
    #[track_caller]
    pub fn is_calm(&self) {
        self.run(&["plan", "--detailed-exitcode"]).ends_with(0);
    }
}

pub fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
