//! A repository and its revisions.

use std::path::{Path, PathBuf};

use git2::{ErrorCode, Repository, Status, StatusOptions, StatusShow};

use crate::model::time::Timestamp;

/// What git refused, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GitError {
    /// What happened.
    pub message: String,
    /// What to do.
    pub hint: Option<String>,
}

impl std::fmt::Display for GitError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for GitError {}

impl From<git2::Error> for GitError {
    fn from(error: git2::Error) -> Self {
        Self { message: format!("git: {}", error.message()), hint: None }
    }
}

/// True for the full name of a ref, such as `refs/heads/main`.
pub fn is_ref_name(name: &str) -> bool {
    name.starts_with("refs/") && git2::Reference::is_valid_name(name)
}

/// A commit, by its full id.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Commit {
    /// 40 or 64 hexadecimal digits.
    pub id: String,
}

/// A repository, opened for reading.
pub struct Repo {
    pub(super) inner: Repository,
}

impl std::fmt::Debug for Repo {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Repo({})", self.inner.path().display())
    }
}

impl Repo {
    /// The repository that `folder` lies in; `None` if it lies in none.
    ///
    /// # Errors
    /// A repository is there and cannot be used: damaged, or owned by another user.
    pub fn discover(folder: &Path) -> Result<Option<Self>, GitError> {
        match Repository::discover(folder) {
            Ok(inner) => Ok(Some(Self { inner })),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) if error.code() == ErrorCode::Owner => Err(GitError {
                message: format!("the repository at {} belongs to another user", folder.display()),
                hint: Some(format!(
                    "if you trust it: `git config --global --add safe.directory {}`",
                    folder.display()
                )),
            }),
            Err(error) => Err(error.into()),
        }
    }

    /// The `.git` folder that all working trees of a clone share.
    pub fn git_directory(&self) -> PathBuf {
        self.inner.commondir().to_owned()
    }

    /// The names of all remotes, sorted.
    pub fn remotes(&self) -> Vec<String> {
        let Ok(names) = self.inner.remotes() else {
            return Vec::new();
        };
        let mut names: Vec<_> = names.iter().flatten().flatten().map(str::to_owned).collect();
        names.sort();
        names
    }

    /// Where a remote is.
    pub fn remote_url(&self, name: &str) -> Option<String> {
        let remote = self.inner.find_remote(name).ok()?;
        remote.url().ok().map(str::to_owned)
    }

    /// The remote that a local branch is pulled from, if git was told.
    pub fn upstream(&self, branch: &str) -> Option<String> {
        let name = self.inner.branch_upstream_remote(&format!("refs/heads/{branch}")).ok()?;
        // `.` is this repository itself.
        let name = name.as_str().ok().filter(|name| *name != ".")?;
        Some(name.to_owned())
    }

    /// The folder with the files; `None` for a bare repository.
    pub fn workdir(&self) -> Option<PathBuf> {
        let path = self.inner.workdir()?;
        Some(path.canonicalize().unwrap_or_else(|_| path.to_owned()))
    }

    /// The last commit of the present branch; `None` before the first one.
    ///
    /// # Errors
    /// HEAD cannot be read.
    pub fn head(&self) -> Result<Option<Commit>, GitError> {
        match self.inner.head() {
            Ok(head) => Ok(Some(Commit { id: head.peel_to_commit()?.id().to_string() })),
            Err(error) if matches!(error.code(), ErrorCode::UnbornBranch | ErrorCode::NotFound) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The present branch; `None` if HEAD is detached.
    pub fn head_branch(&self) -> Option<String> {
        let head = self.inner.find_reference("HEAD").ok()?;
        let target = head.symbolic_target().ok()??.to_owned();
        target.strip_prefix("refs/heads/").map(str::to_owned)
    }

    /// The commit that a revision names: a branch, a tag, an id or part of one, `HEAD~2`.
    ///
    /// # Errors
    /// There is no such revision, or it is not a commit.
    pub fn resolve(&self, revision: &str) -> Result<Commit, GitError> {
        let commit =
            self.inner.revparse_single(revision).and_then(|object| object.peel_to_commit()).map_err(
                |error| GitError {
                    message: format!("there is no commit `{revision}`: {}", error.message()),
                    hint: Some(if self.inner.is_shallow() {
                        "this clone is shallow: `git fetch --unshallow` brings the rest".into()
                    } else {
                        "name a branch, a tag or a commit; `git fetch` brings new ones".into()
                    }),
                },
            )?;
        Ok(Commit { id: commit.id().to_string() })
    }

    /// When a commit was made, by the clock of its committer.
    ///
    /// # Errors
    /// It cannot be found.
    pub fn time_of(&self, commit: &str) -> Result<Timestamp, GitError> {
        let commit = self.inner.find_commit(git2::Oid::from_str(commit)?)?;
        let seconds = commit.time().seconds();
        Timestamp::from_second(seconds)
            .map_err(|error| GitError { message: format!("git: {error}"), hint: None })
    }

    /// True if git ignores a path, relative to the working directory, and does not track it.
    pub fn ignores(&self, path: &str) -> bool {
        self.inner.is_path_ignored(path).unwrap_or(false) && !self.tracks(path)
    }

    fn tracks(&self, path: &str) -> bool {
        self.inner.index().is_ok_and(|index| index.get_path(Path::new(path), 0).is_some())
    }

    /// Files below the given folders that differ from the last commit, untracked ones among them; relative to the
    /// working directory. An empty list of folders means everything.
    ///
    /// # Errors
    /// The index or the working directory cannot be read, or a folder holds NUL, at which git2 panics.
    pub fn changed(&self, folders: &[String]) -> Result<Vec<String>, GitError> {
        if folders.iter().any(|folder| folder.contains('\0')) {
            return Err(GitError {
                message: "git knows no folder with NUL in its name".to_owned(),
                hint: None,
            });
        }
        let mut options = StatusOptions::new();
        options
            .show(StatusShow::IndexAndWorkdir)
            .include_untracked(true)
            .recurse_untracked_dirs(true)
            .include_ignored(false)
            .exclude_submodules(true)
            .disable_pathspec_match(true);
        for folder in folders {
            options.pathspec(folder.as_str());
        }
        let statuses = self.inner.statuses(Some(&mut options))?;
        Ok(statuses
            .iter()
            .filter(|entry| !matches!(entry.status(), Status::CURRENT | Status::IGNORED))
            .map(|entry| String::from_utf8_lossy(entry.path_bytes()).into_owned())
            .collect())
    }
}
