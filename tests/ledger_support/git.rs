//! Real repositories: a bare remote in a temporary folder and clones of it, out of reach of the developer's own
//! configuration.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::{Arc, Once};

use rolecall::ledger::Store;
use rolecall::model::company::{LedgerSettings, LedgerStore};

use super::{by, settings};

pub const REF: &str = "refs/heads/rolecall/ledger";

pub struct GitWorld {
    pub folder: tempfile::TempDir,
    pub id: Arc<str>,
}

pub fn hermetic() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        for (name, value) in [
            ("GIT_CONFIG_GLOBAL", "/dev/null"),
            ("GIT_CONFIG_NOSYSTEM", "1"),
            ("HOME", "/nonexistent"),
            ("XDG_CONFIG_HOME", "/nonexistent"),
            ("GIT_AUTHOR_NAME", "test"),
            ("GIT_AUTHOR_EMAIL", "test@test.example"),
            ("GIT_COMMITTER_NAME", "test"),
            ("GIT_COMMITTER_EMAIL", "test@test.example"),
        ] {
            // SAFETY: every test calls this first, so no other code of these tests reads the environment yet.
            unsafe { std::env::set_var(name, value) };
        }
    });
}

pub fn git(folder: &Path, args: &[&str]) -> String {
    let out = Command::new("git").arg("-C").arg(folder).args(args).output().unwrap();
    let text = String::from_utf8_lossy(&out.stdout).into_owned();
    assert!(out.status.success(), "git {args:?}: {text} {}", String::from_utf8_lossy(&out.stderr));
    text.trim().to_owned()
}

pub fn git_store(remote: Option<&str>) -> LedgerStore {
    LedgerStore::Git { reference: REF.into(), remote: remote.map(Arc::from) }
}

impl GitWorld {
    /// A bare remote with a ledger, made from the clone `a`.
    pub fn new() -> Self {
        let mut world = Self::bare();
        let a = world.clone_named("a");
        world.id = Store::init(&a, Some(&a.join(".git")), &git_store(Some("origin")), None, &by()).unwrap();
        world
    }

    /// A bare remote without a ledger.
    pub fn bare() -> Self {
        hermetic();
        let folder = tempfile::tempdir().unwrap();
        git2::Repository::init_bare(folder.path().join("remote.git")).unwrap();
        Self { folder, id: "".into() }
    }

    pub fn remote(&self) -> PathBuf {
        self.folder.path().join("remote.git")
    }

    pub fn clone_named(&self, name: &str) -> PathBuf {
        let folder = self.folder.path().join(name);
        let repository = git2::Repository::init(&folder).unwrap();
        repository.remote("origin", self.remote().to_str().unwrap()).unwrap();
        folder
    }

    pub fn settings(&self) -> LedgerSettings {
        settings(&self.id, git_store(Some("origin")))
    }

    /// The ledger in the clone `name`, which is made if it does not exist.
    pub fn store(&self, name: &str) -> Store {
        let folder = match self.folder.path().join(name) {
            there if there.exists() => there,
            _ => self.clone_named(name),
        };
        Store::open(&folder, Some(&folder.join(".git")), &self.settings())
    }

    pub fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    pub fn head(&self) -> String {
        git(&self.remote(), &["rev-parse", REF])
    }
}
