//! A tree of files as a git repository with a ledger, and the program in it.

use std::path::{Path, PathBuf};
use std::process::Command;

use rolecall::ledger::{By, Store};
use rolecall::model::company::LedgerStore;

use super::company::Company;
use super::measure::{self, Run};

/// The program that is measured.
pub const PROGRAM: &str = env!("CARGO_BIN_EXE_rolecall");

/// What the program finds where an app names a secret.
pub const SECRET: &str = "only for benches";

/// A folder for a tree of this company.
pub fn folder(name: &str, company: &Company) -> PathBuf {
    Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("bench-{name}-{}", company.people.len()))
}

/// Runs the program there.
pub fn rolecall(tree: &Path, args: &[&str]) -> Run {
    let mut command = Command::new(PROGRAM);
    command.arg("-C").arg(tree).args(args).env("NO_COLOR", "1").env("BENCH_SECRET", SECRET);
    measure::run(&mut command, &tree.with_extension("out"))
}

/// The first apply links every account to its person and writes nothing to the app.
pub fn adopt_everybody(tree: &Path) {
    git(tree, &["init", "--quiet", "--initial-branch=main"]);
    std::fs::write(tree.join(".gitignore"), ".rolecall/\n").expect("a file");
    let place = LedgerStore::Path(".rolecall/ledger".into());
    let by = By { author: "bench <bench@acme.example>", reason: "a new ledger", at: jiff::Timestamp::now() };
    let id = Store::init(tree, Some(&tree.join(".git")), &place, None, &by).expect("a new ledger");
    let settings = std::fs::read_to_string(tree.join("rolecall.yaml")).expect("the settings");
    let ledger = format!("{settings}ledger: {{id: {id}, path: .rolecall/ledger}}\n");
    std::fs::write(tree.join("rolecall.yaml"), ledger).expect("the settings can be written");
    commit(tree);
    let run = rolecall(tree, &["apply", "--yes"]);
    assert_eq!(run.status, Some(0), "everybody is adopted\n{}\n{}", run.stdout, run.stderr);
}

/// Commits all files.
pub fn commit(tree: &Path) {
    git(tree, &["add", "--all"]);
    git(tree, &["commit", "--quiet", "--allow-empty", "--message", "company"]);
}

fn git(tree: &Path, args: &[&str]) {
    let name = ["-c", "user.name=bench", "-c", "user.email=bench@acme.example"];
    let status = Command::new("git").current_dir(tree).args(name).args(args).status();
    assert!(status.is_ok_and(|status| status.success()), "git {args:?}");
}
