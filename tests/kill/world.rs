//! An app, a repository and a ledger after one completed apply, and a large change that is committed but not applied.

use std::fmt;
use std::time::Duration;

use rolecall::ledger::{By, Store};
use rolecall::model::company::{LedgerSettings, LedgerStore};
use rolecall::model::hash::HashKey;
use rolecall::model::ledger::AppLedger;
use rolecall::model::span::Span;
use rolecall::model::time::Timestamp;

use crate::kill::company;
use crate::support::program::{Program, Repo};
use crate::support::proxy::Proxy;
use crate::support::servers::RealServer;

/// Long enough for a renewal on a busy machine.
const LEASE: Duration = Duration::from_secs(6);

/// The place of the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ledger {
    /// A branch of the bare remote.
    Git,
    /// A folder outside every clone.
    Path,
}

/// The differences between one kill loop and another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Setting {
    pub ledger: Ledger,
    /// Requests at the same time.
    pub width: usize,
}

impl Setting {
    /// The name of the kind of ledger.
    pub fn name(self) -> &'static str {
        match self.ledger {
            Ledger::Git => "git",
            Ledger::Path => "path",
        }
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name(), self.width)
    }
}

pub struct World {
    pub server: RealServer,
    pub proxy: Proxy,
    repo: Repo,
    settings: LedgerSettings,
}

impl World {
    /// Makes the world with this empty server.
    pub fn prepared(server: RealServer, setting: Setting) -> World {
        let proxy = Proxy::before(&server);
        let host = proxy.address().to_string();
        let repo = Repo::new();
        let store = match setting.ledger {
            Ledger::Git => LedgerStore::Git {
                reference: "refs/heads/rolecall/ledger".into(),
                remote: Some("origin".into()),
            },
            Ledger::Path => LedgerStore::Path(repo.world().join("ledger").to_string_lossy().as_ref().into()),
        };
        repo.remote();
        let by = By { author: "test", reason: "a new company", at: Timestamp::UNIX_EPOCH };
        let git = repo.path().join(".git");
        let id = Store::init(repo.path(), Some(&git), &store, None, &by).expect("a new ledger");
        let place = match &store {
            LedgerStore::Git { reference, .. } => format!("git: {{ref: {reference}, remote: origin}}"),
            LedgerStore::Path(folder) => format!("path: {folder}"),
        };
        let entry = format!("ledger: {{id: {id}, lease: {}s, {place}}}", LEASE.as_secs());
        let root = |later| company::root(&entry, &proxy.base_url(), &host, setting.width, later);
        repo.file(".gitignore", ".rolecall/\n")
            .file("rolecall.yaml", root(false))
            .file("access/founders.yaml", company::FOUNDERS)
            .file("access/groups.yaml", company::GROUPS)
            .commit("The founders")
            .push();
        let (root, token) = (root(true), server.token.clone());
        let world = World {
            server,
            proxy,
            settings: LedgerSettings { id, store, lease: LEASE, span: Span::default() },
            repo,
        };
        let first = world.program(&world.repo, &["apply", "--yes", "--wait"], &token);
        first.run().ends_with(0);
        world
            .repo
            .file("rolecall.yaml", root)
            .file("access/founders.yaml", company::FOUNDERS_LATER)
            .file("access/groups.yaml", company::GROUPS_LATER)
            .file("access/hired.yaml", company::hired())
            .commit("A year later")
            .push();
        world
    }

    /// The apply of the loop, in a new clone.
    pub fn apply(&self) -> Program {
        self.in_fresh_clone(&["apply", "--yes", "--wait"])
    }

    /// A plan whose status says whether there are changes, in a new clone.
    pub fn plan(&self) -> Program {
        self.in_fresh_clone(&["plan", "--detailed-exitcode"])
    }

    fn in_fresh_clone(&self, args: &[&str]) -> Program {
        self.program(&self.repo.fresh_clone(), args, &self.server.token)
    }

    fn program(&self, repo: &Repo, args: &[&str], token: &str) -> Program {
        repo.rolecall(args.iter().copied()).env("CHAT_TOKEN", token)
    }

    /// The commit that is applied.
    pub fn head(&self) -> String {
        self.repo.head()
    }

    /// The content of the ledger, and the key of its hashes.
    pub fn ledger(&self) -> (AppLedger, HashKey) {
        let git = self.repo.path().join(".git");
        let store = Store::open(self.repo.path(), Some(&git), &self.settings);
        let read = store.read().expect("the ledger can be read");
        let app = read.snapshot.apps.get("chat").cloned().unwrap_or_default();
        (app, read.snapshot.key)
    }
}
