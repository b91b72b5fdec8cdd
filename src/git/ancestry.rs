//! Is this commit contained in that one? The answer of a shallow clone may be that it cannot know (safety.md 8).

use std::path::Path;

use git2::{ErrorCode, Oid, Repository};

use super::branch_error::{BranchError, failed};

/// Whether a commit is an ancestor of another, or that one itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ancestry {
    /// It is.
    Yes,
    /// It is not.
    No,
    /// The clone is shallow and ends before the question is decided.
    Undecidable {
        /// What is missing, in words.
        why: String,
    },
}

/// True ancestry, or equality, of two commits (full ids).
///
/// # Errors
/// If `descendant` is not in the repository, or the repository cannot be read.
pub fn is_ancestor_or_equal(
    repository: &Path,
    ancestor: &str,
    descendant: &str,
) -> Result<Ancestry, BranchError> {
    let repository = Repository::open(repository).map_err(failed("open the repository"))?;
    between(&repository, ancestor, descendant)
}

/// As [`is_ancestor_or_equal`], in a repository that is open.
///
/// # Errors
/// As [`is_ancestor_or_equal`].
pub fn between(repository: &Repository, ancestor: &str, descendant: &str) -> Result<Ancestry, BranchError> {
    let parse = |text: &str| Oid::from_str(text).map_err(failed(&format!("read commit id '{text}'")));
    let (ancestor, descendant) = (parse(ancestor)?, parse(descendant)?);
    repository.find_commit(descendant).map_err(failed(&format!("find commit {descendant}")))?;
    if ancestor == descendant {
        return Ok(Ancestry::Yes);
    }
    let missing = match repository.find_commit(ancestor) {
        Ok(_) => false,
        Err(error) if error.code() == ErrorCode::NotFound => true,
        Err(error) => return Err(failed(&format!("find commit {ancestor}"))(error)),
    };
    if !missing {
        let descends = repository.graph_descendant_of(descendant, ancestor);
        if descends.map_err(failed("compare commits"))? {
            return Ok(Ancestry::Yes);
        }
    }
    match cut_off(repository, descendant)? {
        false => Ok(Ancestry::No),
        true => Ok(Ancestry::Undecidable {
            why: format!(
                "this clone is shallow and its history of {descendant:.12} ends before {ancestor:.12}; \
                 fetch the whole history (git fetch --unshallow, or fetch-depth: 0 in CI)"
            ),
        }),
    }
}

/// The commits of a branch after `after`, up to `until`: first parents only, so that a merge is one; the oldest first. Of more
/// than `most`, the newest.
///
/// # Errors
/// If one of them is not in the repository, or the repository cannot be read.
pub fn first_parents(
    repository: &Path,
    after: &str,
    until: &str,
    most: usize,
) -> Result<Vec<String>, BranchError> {
    let repository = Repository::open(repository).map_err(failed("open the repository"))?;
    let walk = || {
        let mut walk = repository.revwalk()?;
        walk.simplify_first_parent()?;
        walk.push(Oid::from_str(until)?)?;
        walk.hide(Oid::from_str(after)?)?;
        let mut line =
            walk.take(most).map(|id| Ok(id?.to_string())).collect::<Result<Vec<_>, git2::Error>>()?;
        line.reverse();
        Ok(line)
    };
    walk().map_err(failed("walk the history"))
}

/// True if the history of a commit reaches a place where this clone was cut off.
fn cut_off(repository: &Repository, from: Oid) -> Result<bool, BranchError> {
    if !repository.is_shallow() {
        return Ok(false);
    }
    let text = std::fs::read_to_string(repository.commondir().join("shallow")).map_err(|error| {
        BranchError::Repository {
            what: "read where the shallow clone ends".to_owned(),
            why: error.to_string(),
        }
    })?;
    let ends: std::collections::HashSet<Oid> =
        text.lines().filter_map(|line| Oid::from_str(line).ok()).collect();
    let walk = || {
        let mut walk = repository.revwalk()?;
        walk.push(from)?;
        for commit in walk {
            if ends.contains(&commit?) {
                return Ok(true);
            }
        }
        Ok(false)
    };
    walk().map_err(failed("walk the history"))
}
