//! An app, a repository and a ledger after one completed apply, and a large change that is committed but not applied.

use std::fmt;
use std::time::Duration;

use rolecall::ledger::{By, Store};
use rolecall::model::company::{LedgerSettings, LedgerStore};
use rolecall::model::hash::HashKey;
use rolecall::model::ledger::AppLedger;
use rolecall::model::span::Span;
use rolecall::model::time::Timestamp;

use crate::kill::app::{App, Place};
use crate::support::program::{Program, Repo};
use crate::support::proxy::Proxy;

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
    /// [`App::PREFIX`].
    pub app: &'static str,
    pub ledger: Ledger,
    /// Requests at the same time.
    pub width: usize,
}

impl Setting {
    /// The name of the app and of the kind of ledger.
    pub fn name(self) -> String {
        let ledger = match self.ledger {
            Ledger::Git => "git",
            Ledger::Path => "path",
        };
        format!("{}{ledger}", self.app)
    }
}

impl fmt::Display for Setting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.name(), self.width)
    }
}

pub struct World<A> {
    pub app: A,
    pub proxy: Proxy,
    repo: Repo,
    settings: LedgerSettings,
}

impl<A: App> World<A> {
    /// Makes the world with this empty app.
    pub fn prepared(app: A, setting: Setting) -> World<A> {
        let proxy = app.behind();
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
        let (url, width) = (proxy.base_url(), setting.width);
        let place = Place { ledger: &entry, url: &url, host: &host, width };
        let (before, later) = (app.files(&place, false), app.files(&place, true));
        let commit = |files: Vec<(&str, String)>, message: &str| {
            for (path, text) in files {
                repo.file(path, text);
            }
            repo.commit(message).push();
        };
        repo.file(".gitignore", ".rolecall/\n");
        commit(before, "The founders");
        let settings = LedgerSettings { id, store, lease: LEASE, span: Span::default() };
        let world = World { app, proxy, settings, repo: repo.clone() };
        world.program(&world.repo, &["apply", "--yes", "--wait"]).run().ends_with(0);
        commit(later, "A year later");
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
        self.program(&self.repo.fresh_clone(), args)
    }

    fn program(&self, repo: &Repo, args: &[&str]) -> Program {
        repo.rolecall(args.iter().copied()).env(A::SECRET, self.app.secret())
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
        let app = read.snapshot.apps.get(A::ID).cloned().unwrap_or_default();
        (app, read.snapshot.key)
    }
}
