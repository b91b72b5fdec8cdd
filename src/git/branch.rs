//! A branch used as a store: read at its newest commit, written by compare-and-swap. With a remote, the remote's branch
//! is the truth and the swap is a push; without one, the local ref is.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use git2::{ErrorCode, FileMode, Oid, Repository, Signature};

use super::branch_error::{BranchError, failed};
use super::branch_files::Tree;
use super::program::{self, ProgramError};
use super::repo::is_ref_name;

/// The id of a commit.
pub type CommitId = Oid;

/// How a swap ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Swap {
    /// The branch is, or was for a moment, at our commit.
    Done,
    /// Another push came first; nothing of ours was written.
    Lost,
}

/// A branch, in a remote or in this clone only.
#[derive(Debug, Clone)]
pub struct Branch {
    repository: PathBuf,
    reference: Arc<str>,
    remote: Option<Arc<str>>,
    timeout: Duration,
}

impl Branch {
    /// `repository` is the git directory, `reference` a full name. Nothing is read yet. `timeout` is for each call of the
    /// git program.
    pub fn new(repository: &Path, reference: &str, remote: Option<&str>, timeout: Duration) -> Self {
        Self {
            repository: repository.to_owned(),
            reference: reference.into(),
            remote: remote.map(Arc::from),
            timeout,
        }
    }

    /// Full ref name.
    pub fn reference(&self) -> &Arc<str> {
        &self.reference
    }

    /// Remote name.
    pub fn remote(&self) -> Option<&Arc<str>> {
        self.remote.as_ref()
    }

    /// `remote 'NAME'` or `this clone`, for messages.
    pub fn place(&self) -> String {
        match &self.remote {
            Some(remote) => format!("remote '{remote}'"),
            None => "this clone".to_owned(),
        }
    }

    fn open(&self) -> Result<Repository, BranchError> {
        Repository::open(&self.repository).map_err(failed("open the repository"))
    }

    /// Names come from a file that anybody may have changed: they must be names, not options or addresses of their own.
    fn check(&self) -> Result<(), BranchError> {
        let reference = &*self.reference;
        if !is_ref_name(reference) {
            let why =
                format!("'{reference}' is not the full name of a ref, such as refs/heads/rolecall/ledger");
            return Err(BranchError::Name { why });
        }
        match &self.remote {
            Some(remote) if remote.starts_with('-') || self.open()?.find_remote(remote).is_err() => {
                let why = format!("this clone has no remote named '{remote}'");
                Err(BranchError::Name { why })
            }
            _ => Ok(()),
        }
    }

    /// The files of a commit that was fetched or made here.
    ///
    /// # Errors
    /// If it is not in this clone.
    pub fn files(&self, commit: CommitId) -> Result<Tree, BranchError> {
        Tree::open(self.open()?, commit)
    }

    /// The newest commit, fetched from the remote if there is one.
    ///
    /// # Errors
    /// [`BranchError::Absent`] if the remote answers and has no such branch; [`BranchError::Fetch`] if it does not answer.
    pub fn fetch(&self) -> Result<Oid, BranchError> {
        self.check()?;
        let Some(remote) = &self.remote else {
            return self.resolve(&self.reference);
        };
        let tracking = self.tracking(remote);
        let refspec = format!("+{}:{tracking}", self.reference);
        let args = [
            "fetch",
            "--quiet",
            "--no-tags",
            "--no-write-fetch-head",
            "--no-recurse-submodules",
            "--no-auto-maintenance",
            "--no-prune",
            "--no-filter",
            "--",
            remote,
            &refspec,
        ];
        let mut result = program::run(&self.repository, &args, self.timeout);
        for _ in 0..3 {
            // Another process of this clone is fetching the same branch.
            if !matches!(&result, Err(ProgramError::Failed { said, .. }) if said.contains("cannot lock ref"))
            {
                break;
            }
            std::thread::sleep(Duration::from_millis(200));
            result = program::run(&self.repository, &args, self.timeout);
        }
        match result {
            Ok(_) => self.resolve(&tracking),
            Err(source) => Err(match self.is_absent(remote) {
                true => self.absent(),
                false => BranchError::Fetch { remote: remote.clone(), source },
            }),
        }
    }

    /// True only if the remote answers, and answers that it has no such branch.
    fn is_absent(&self, remote: &str) -> bool {
        let args = ["ls-remote", "--quiet", "--", remote, &self.reference];
        program::run(&self.repository, &args, self.timeout).is_ok_and(|out| out.trim().is_empty())
    }

    fn absent(&self) -> BranchError {
        BranchError::Absent { reference: self.reference.clone(), place: self.place() }
    }

    /// Where the fetched commit is remembered: not among the user's own remote-tracking branches.
    fn tracking(&self, remote: &str) -> String {
        let name = self.reference.strip_prefix("refs/").unwrap_or(&self.reference);
        format!("refs/rolecall/{remote}/{name}")
    }

    fn resolve(&self, reference: &str) -> Result<Oid, BranchError> {
        match self.open()?.refname_to_id(reference) {
            Ok(id) => Ok(id),
            Err(error) if error.code() == ErrorCode::NotFound => Err(self.absent()),
            Err(error) => Err(failed("read the branch")(error)),
        }
    }

    /// Makes a commit on top of `parent` with some files changed (`None` removes one), and gives its id. It is in no
    /// branch yet.
    ///
    /// # Errors
    /// If the repository cannot be written.
    pub fn commit(
        &self,
        parent: Option<Oid>,
        edits: &BTreeMap<String, Option<Vec<u8>>>,
        message: &str,
        seconds: i64,
    ) -> Result<Oid, BranchError> {
        let repository = self.open()?;
        let make = || {
            let parent = parent.map(|parent| repository.find_commit(parent)).transpose()?;
            let base = match &parent {
                Some(parent) => parent.tree()?,
                None => repository.find_tree(repository.treebuilder(None)?.write()?)?,
            };
            let mut update = git2::build::TreeUpdateBuilder::new();
            for (path, content) in edits {
                match content {
                    Some(bytes) => _ = update.upsert(path.as_str(), repository.blob(bytes)?, FileMode::Blob),
                    None => _ = update.remove(path.as_str()),
                }
            }
            let tree = repository.find_tree(update.create_updated(&repository, &base)?)?;
            let who = signature(&repository, seconds)?;
            let parents: Vec<_> = parent.iter().collect();
            repository.commit(None, &who, &who, message, &tree, &parents)
        };
        make().map_err(failed("write a commit"))
    }

    /// Moves the branch from `expected` (`None`: it must not exist) to `commit`, if nobody else moved it meanwhile.
    ///
    /// # Errors
    /// If the remote refuses, or cannot be asked afterwards whether it took it: then it may have.
    pub fn swap(&self, expected: Option<Oid>, commit: Oid) -> Result<Swap, BranchError> {
        self.check()?;
        match &self.remote {
            Some(remote) => self.push(remote, expected, commit),
            None => self.swap_local(expected, commit),
        }
    }

    fn push(&self, remote: &Arc<str>, expected: Option<Oid>, commit: Oid) -> Result<Swap, BranchError> {
        let lease = expected.map(|id| id.to_string()).unwrap_or_default();
        let lease = format!("--force-with-lease={}:{lease}", self.reference);
        let refspec = format!("{commit}:{}", self.reference);
        let args = [
            "push",
            "--quiet",
            "--no-follow-tags",
            "--recurse-submodules=no",
            &lease,
            "--",
            remote,
            &refspec,
        ];
        let Err(source) = program::run(&self.repository, &args, self.timeout) else {
            return Ok(Swap::Done);
        };
        // The answer may have been lost on the way, so the branch itself is asked what happened.
        let refused = |source| BranchError::Push { remote: remote.clone(), source };
        match self.fetch() {
            Ok(now) if self.contains(now, commit)? => Ok(Swap::Done),
            Ok(now) if Some(now) != expected => Ok(Swap::Lost),
            // Another push is under way on the server.
            Ok(_) if source.to_string().contains("lock") => Ok(Swap::Lost),
            Err(BranchError::Absent { .. }) if expected.is_some() => Ok(Swap::Lost),
            Ok(_) | Err(_) => Err(refused(source)),
        }
    }

    fn swap_local(&self, expected: Option<Oid>, commit: Oid) -> Result<Swap, BranchError> {
        let repository = self.open()?;
        let why = "rolecall: ledger";
        let moved = match expected {
            Some(expected) => repository.reference_matching(&self.reference, commit, true, expected, why),
            None => repository.reference(&self.reference, commit, false, why),
        };
        match moved {
            Ok(_) => Ok(Swap::Done),
            Err(error)
                if matches!(error.code(), ErrorCode::Modified | ErrorCode::Exists | ErrorCode::NotFound) =>
            {
                Ok(Swap::Lost)
            }
            Err(error) if error.code() == ErrorCode::Locked => Ok(Swap::Lost),
            Err(error) => Err(failed("move the branch")(error)),
        }
    }

    fn contains(&self, head: Oid, commit: Oid) -> Result<bool, BranchError> {
        let repository = self.open()?;
        let descends = repository.graph_descendant_of(head, commit);
        Ok(head == commit || descends.map_err(failed("compare commits"))?)
    }
}

fn signature(repository: &Repository, seconds: i64) -> Result<Signature<'static>, git2::Error> {
    let configured = repository.signature().ok();
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    let (name, email) = match &configured {
        Some(who) => (text(who.name_bytes()), text(who.email_bytes())),
        None => ("rolecall".to_owned(), "rolecall@localhost".to_owned()),
    };
    Signature::new(&name, &email, &git2::Time::new(seconds, 0))
}

/// Fetches a source branch and gives its newest commit: the remote's if `remote` is given, else the local branch's.
///
/// # Errors
/// Told apart: the remote does not answer, or has no such branch.
pub fn newest(
    repository: &Path,
    branch: &str,
    remote: Option<&str>,
    timeout: Duration,
) -> Result<String, BranchError> {
    let reference = format!("refs/heads/{branch}");
    let commit = Branch::new(repository, &reference, remote, timeout).fetch()?;
    Ok(commit.to_string())
}
