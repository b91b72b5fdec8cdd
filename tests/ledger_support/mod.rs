//! Helpers that the tests of the ledger share.
#![allow(dead_code)]

pub mod git;

use rolecall::model::op::OutcomeKind;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use rolecall::ledger::{BeginRequest, By, LedgerError, Run, Store};
use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::company::{LedgerSettings, LedgerStore};
use rolecall::model::ledger::{AppLedger, Hashes, Intent, LedgerUpdate, Link, OpenIntent, Origin, Settled};
use rolecall::model::span::Span;
use rolecall::model::time::Timestamp;

pub const NOW: &str = "2026-11-20T10:00:00Z";

pub fn now() -> Timestamp {
    NOW.parse().unwrap()
}

pub fn by() -> By<'static> {
    By { author: "grace", reason: "a test", at: now() }
}

pub fn settings(id: &str, store: LedgerStore) -> LedgerSettings {
    LedgerSettings { id: id.into(), store, lease: Duration::from_secs(120), span: Span::default() }
}

/// A ledger in a folder, with a git directory beside it for the high-water mark.
pub struct PathWorld {
    pub folder: tempfile::TempDir,
    pub id: Arc<str>,
}

impl PathWorld {
    pub fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let id =
            Store::init(folder.path(), Some(&folder.path().join("git")), &path_store(), None, &by()).unwrap();
        Self { folder, id }
    }

    pub fn store(&self) -> Store {
        let git = self.folder.path().join("git");
        Store::open(self.folder.path(), Some(&git), &settings(&self.id, path_store()))
    }

    pub fn at(&self, path: &str) -> PathBuf {
        self.folder.path().join("ledger").join(path)
    }

    pub fn write(&self, path: &str, text: &str) {
        std::fs::write(self.at(path), text).unwrap();
    }

    pub fn text(&self, path: &str) -> String {
        std::fs::read_to_string(self.at(path)).unwrap()
    }
}

pub fn path_store() -> LedgerStore {
    LedgerStore::Path("ledger".into())
}

pub fn life(app: &str, user: &str) -> ChangeKey {
    ChangeKey { app: app.parse().unwrap(), object: Object::User(user.parse().unwrap()), facet: Facet::Life }
}

pub fn member(app: &str, group: &str, user: &str) -> ChangeKey {
    let object = Object::Group(group.parse().unwrap());
    ChangeKey { app: app.parse().unwrap(), object, facet: Facet::Member(user.parse().unwrap()) }
}

/// What is open in an app, whichever run it was.
pub fn intents_of(app: &AppLedger) -> Vec<Intent> {
    app.intents.iter().map(OpenIntent::intent).collect()
}

pub fn intent(app: &str, user: &str) -> Intent {
    Intent { key: life(app, user), looked_up: true }
}

pub fn settled(app: &str, user: &str, outcome: OutcomeKind) -> Settled {
    Settled { key: life(app, user), outcome }
}

pub fn link(remote: &str) -> Link {
    Link {
        commit: Some("c0ffee".into()),
        roles: ["admin".into()].into(),
        values: rolecall::model::AttributeHashes::distinct(vec![(
            "userName".into(),
            Hashes {
                asked: "0123456789abcdef".to_owned().try_into().unwrap(),
                kept: "0123456789abcdef".to_owned().try_into().unwrap(),
                at: now(),
                proof: rolecall::model::ledger::Proof::Read,
            },
        )])
        .unwrap(),
        ..Link::new(remote.parse().unwrap(), Origin::Created)
    }
}

pub fn put(user: &str, remote: &str) -> LedgerUpdate {
    LedgerUpdate::PutUser { id: user.parse().unwrap(), link: link(remote) }
}

pub fn request(results: &Path, run: &str, app: &str, users: &[&str]) -> BeginRequest {
    BeginRequest {
        held: BTreeMap::new(),
        run: run.into(),
        holder: "grace@host".into(),
        plan: "p1".into(),
        commit: None,
        apps: vec![(app.parse().unwrap(), users.iter().map(|user| intent(app, user)).collect())],
        losses: Default::default(),
        values: Default::default(),
        lease: Duration::from_secs(120),
        wait: None,
        now: now(),
        results: results.join(format!("runs/{run}.jsonl")),
    }
}

pub fn begin(
    store: &Store,
    results: &Path,
    run: &str,
    app: &str,
    users: &[&str],
) -> Result<Run, LedgerError> {
    store.begin(request(results, run, app, users), &mut |_| true)
}

/// Unlinks a person by hand.
pub fn unlink(store: &Store, app: &str, user: &str) -> Result<(), LedgerError> {
    let what = format!("unlink {user} from");
    store.edit(&app.parse().unwrap(), &what, &by(), &|ledger| {
        let found = ledger.users.remove(user);
        found.map(|_| ()).ok_or_else(|| format!("the ledger knows no account of '{user}'"))
    })
}

/// Checks that the result is an error whose message and hint contain these words.
pub fn refused<T>(result: Result<T, LedgerError>, words: &[&str]) -> LedgerError {
    let Err(error) = result else { panic!("expected an error with {words:?}") };
    let text = format!("{error}\nhint: {}", error.hint());
    println!("error: {text}\n");
    for word in words {
        assert!(text.contains(word), "expected '{word}' in:\n{text}");
    }
    error
}
