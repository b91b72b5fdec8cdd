//! Which commit may be applied (safety.md 8): one of `branch`, and never one that does not contain what was applied last.

use std::path::Path;
use std::time::Duration;

use super::books::{BookError, Books};
use crate::git::Repo;
use crate::git::ancestry::{self, Ancestry};
use crate::model::App;
use crate::model::company::{LedgerStore, Settings};

/// Longest wait for the remote.
const FETCH_TIMEOUT: Duration = Duration::from_secs(60);

/// The commit to apply: `asked`, or HEAD.
///
/// # Errors
/// There is no repository or no such commit, or the commit is not in the freshly fetched `branch`.
pub fn choose(root: &Path, settings: &Settings, asked: Option<&str>) -> Result<String, BookError> {
    let repo = repository(root)?;
    let commit = match asked {
        Some(revision) => {
            repo.resolve(revision).map_err(|error| failed(&error.message, error.hint.as_deref()))?
        }
        None => {
            repo.head().map_err(|error| failed(&error.message, error.hint.as_deref()))?.ok_or_else(|| {
                failed("there is no commit yet", Some("`apply` works from commits: commit the files first"))
            })?
        }
    };
    let remote = remote(&repo, settings)?;
    let newest = ancestry::newest(&repo.git_directory(), &settings.branch, remote.as_deref(), FETCH_TIMEOUT);
    let newest = newest.map_err(|error| {
        let place = remote.as_deref().map(|remote| format!("{remote}/")).unwrap_or_default();
        failed(
            &format!("cannot find the newest commit of {place}{}: {error}", settings.branch),
            Some("`apply` accepts commits of `branch` only: push it, or correct `branch:` in rolecall.yaml"),
        )
    })?;
    match contains(&repo, &commit.id, &newest)? {
        Ancestry::Yes => Ok(commit.id),
        Ancestry::No => {
            let place = remote.as_deref().map(|remote| format!("{remote}/")).unwrap_or_default();
            Err(refused(
                format!("commit {:.12} is not in {place}{}", commit.id, settings.branch),
                "merge and push it first; `apply` accepts commits of `branch` only",
            ))
        }
        Ancestry::Undecidable { why } => Err(refused(why, "fetch the whole history")),
    }
}

/// Refuses a commit that does not contain what was applied last, unless going back to it was asked for by name.
///
/// # Errors
/// It does not, or this clone cannot tell.
pub fn descends(
    root: &Path,
    books: &Books,
    app: &App,
    commit: &str,
    rollback: Option<&str>,
) -> Result<(), BookError> {
    let ledger = books.app(app);
    let applied = ledger.applied.as_ref().and_then(|applied| applied.commit.clone());
    // A run that wrote only a part of a newer commit, or was killed, counts as well.
    let Some(last) = ledger.begun.clone().or(applied) else {
        return Ok(());
    };
    let repo = repository(root)?;
    if let Some(rollback) = rollback {
        let named = repo.resolve(rollback).map_err(|error| failed(&error.message, error.hint.as_deref()))?;
        if named.id == commit {
            return Ok(());
        }
    }
    match contains(&repo, &last, commit)? {
        Ancestry::Yes => Ok(()),
        Ancestry::No => Err(refused(
            format!(
                "app {}: commit {commit:.12} does not contain {last:.12}, which was applied last",
                app.id
            ),
            "apply a newer commit; `--rollback-to COMMIT` goes back on purpose, and the plan shows which grants that brings back",
        )),
        Ancestry::Undecidable { why } => {
            Err(refused(format!("app {}: {why}", app.id), "fetch the whole history"))
        }
    }
}

/// True if both say the same about which commits are accepted.
pub fn accepts_alike(one: &Settings, other: &Settings) -> bool {
    let remote = |settings: &Settings| match settings.ledger.as_ref().map(|ledger| &ledger.store) {
        Some(LedgerStore::Git { remote, .. }) => remote.clone(),
        _ => None,
    };
    one.branch == other.branch && remote(one) == remote(other)
}

fn repository(root: &Path) -> Result<Repo, BookError> {
    let repo = Repo::discover(root).map_err(|error| failed(&error.message, error.hint.as_deref()))?;
    repo.ok_or_else(|| {
        failed(
            "the files are in no git repository",
            Some("`apply` works from commits: `git init`, commit, and push to where the others are"),
        )
    })
}

/// The remote that holds `branch`: the ledger's, else the one that git pulls the branch from, else `origin` or the only
/// one. `None` if there is no remote at all: a commit that was pushed nowhere is not accepted where it could have been.
fn remote(repo: &Repo, settings: &Settings) -> Result<Option<String>, BookError> {
    if let Some(LedgerStore::Git { remote: Some(remote), .. }) =
        settings.ledger.as_ref().map(|ledger| &ledger.store)
    {
        return Ok(Some(remote.to_string()));
    }
    if let Some(remote) = repo.upstream(&settings.branch) {
        return Ok(Some(remote));
    }
    let remotes = repo.remotes();
    match &remotes[..] {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several if several.iter().any(|name| name == "origin") => Ok(Some("origin".to_owned())),
        several => Err(failed(
            &format!(
                "cannot tell which of the remotes {} holds branch {}",
                several.join(", "),
                settings.branch
            ),
            Some("`git branch --set-upstream-to=REMOTE/BRANCH` says so"),
        )),
    }
}

fn contains(repo: &Repo, ancestor: &str, descendant: &str) -> Result<Ancestry, BookError> {
    ancestry::is_ancestor_or_equal(&repo.git_directory(), ancestor, descendant)
        .map_err(|error| failed(&error.to_string(), None))
}

fn failed(message: &str, hint: Option<&str>) -> BookError {
    BookError {
        message: message.to_owned(),
        hint: hint.unwrap_or("`git fsck` may say more").to_owned(),
        refused: false,
    }
}

fn refused(message: String, hint: &str) -> BookError {
    BookError { message, hint: hint.to_owned(), refused: true }
}
