//! The temporary folder that everything of one test lives in, and the environment its programs see:
//!
//! - `PATH` as it is; `LANG=C.UTF-8`, `TZ=UTC`; nothing else inherited
//! - `HOME`, `XDG_CONFIG_HOME`, `TMPDIR` inside the folder
//! - git without the machine's and the person's configuration, with a fixed identity, never asking anything

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{LazyLock, Mutex, PoisonError};

use rolecall::git::version::{self, GitVersion, OLDEST};
use tempfile::TempDir;

pub struct World {
    // The folder is removed when this value is dropped.
    _folder: TempDir,
    root: PathBuf,
    counter: AtomicUsize,
    repositories: Mutex<Vec<PathBuf>>,
}

impl World {
    pub fn new() -> World {
        supported_git();
        let folder = tempfile::tempdir().expect("a temporary folder");
        // The path without symlinks, as programs print it.
        let root = folder.path().canonicalize().expect("the temporary folder exists");
        for name in ["home", "tmp", "output"] {
            fs::create_dir(root.join(name)).expect("a folder in the temporary folder");
        }
        World { _folder: folder, root, counter: AtomicUsize::new(0), repositories: Mutex::default() }
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// 1, 2, 3, …
    pub fn next(&self) -> usize {
        self.counter.fetch_add(1, Ordering::Relaxed) + 1
    }

    /// Files for stdout and stderr of the next program.
    pub fn output_files(&self) -> (PathBuf, PathBuf) {
        let file = self.root.join("output").join(self.next().to_string());
        (file.with_extension("out"), file.with_extension("err"))
    }

    pub fn add_repository(&self, path: &Path) {
        self.repositories.lock().unwrap_or_else(PoisonError::into_inner).push(path.to_path_buf());
    }

    pub fn repositories(&self) -> Vec<PathBuf> {
        self.repositories.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn furnish(&self, command: &mut Command) {
        let home = self.root.join("home");
        command.env_clear();
        for kept in ["PATH", "LD_LIBRARY_PATH", "LLVM_PROFILE_FILE"] {
            if let Some(value) = std::env::var_os(kept) {
                command.env(kept, value);
            }
        }
        command.env("LANG", "C.UTF-8").env("TZ", "UTC");
        command.env("HOME", &home).env("XDG_CONFIG_HOME", home.join(".config"));
        command.env("TMPDIR", self.root.join("tmp"));
        command.env("GIT_CONFIG_GLOBAL", "/dev/null").env("GIT_CONFIG_NOSYSTEM", "1");
        command.env("GIT_CEILING_DIRECTORIES", &self.root).env("GIT_TERMINAL_PROMPT", "0");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "Grace Hopper");
            command.env(format!("GIT_{who}_EMAIL"), "grace@acme.example");
        }
    }
}

/// Checks the version of git: with an older one than the README asks for, many tests would fail without a clear reason.
fn supported_git() {
    static INSTALLED: LazyLock<Result<GitVersion, String>> = LazyLock::new(version::installed);
    let found = INSTALLED.as_ref().unwrap_or_else(|error| panic!("{error}"));
    assert!(*found >= OLDEST, "the tests need git {OLDEST} or newer, and this is {found}");
}
