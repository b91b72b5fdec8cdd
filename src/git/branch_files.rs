//! The files of one commit of a [`super::branch`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use git2::{ErrorCode, FileMode, ObjectType, Oid, Repository};
use rayon::prelude::*;

use super::ancestry::{self, Ancestry};
use super::branch_error::{BranchError, failed};

/// Files that one thread reads at a time.
const PART: usize = 256;

/// The files of one commit.
pub struct Tree {
    repository: Repository,
    commit: Oid,
    tree: Oid,
    /// What [`Tree::ids`] has seen: a folder of thousands of files is parsed once, not once a file.
    seen: RefCell<HashMap<String, (Oid, i32)>>,
}

/// One commit of a log.
#[derive(Debug, Clone)]
pub struct Logged {
    /// Its id.
    pub commit: Oid,
    /// When, in seconds since 1970.
    pub seconds: i64,
    /// Its message, as far as it is text.
    pub message: String,
}

/// What lies at a path.
#[derive(Debug)]
pub enum Found {
    /// Nothing.
    Nothing,
    /// A file.
    File(Vec<u8>),
    /// A file larger than asked for; its size in bytes.
    TooLarge(u64),
    /// A folder, a symbolic link or a submodule.
    Other,
}

impl Tree {
    /// The files of a commit.
    ///
    /// # Errors
    /// If it is not there.
    pub fn open(repository: Repository, commit: Oid) -> Result<Self, BranchError> {
        let tree = repository.find_commit(commit).and_then(|commit| commit.tree());
        let tree = tree.map_err(failed(&format!("read commit {commit}")))?.id();
        Ok(Self { repository, commit, tree, seen: RefCell::default() })
    }

    /// The commit.
    pub fn commit(&self) -> Oid {
        self.commit
    }

    /// Whether another commit (full id) is an ancestor of this one, or this one.
    ///
    /// # Errors
    /// As [`ancestry::between`].
    pub fn contains(&self, commit: &str) -> Result<Ancestry, BranchError> {
        ancestry::between(&self.repository, commit, &self.commit.to_string())
    }

    /// The last commits up to this one, newest first, along first parents.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn log(&self, most: usize) -> Result<Vec<Logged>, BranchError> {
        let walk = || {
            let mut walk = self.repository.revwalk()?;
            walk.simplify_first_parent()?;
            walk.push(self.commit)?;
            let log = walk.take(most).map(|id| {
                let commit = self.repository.find_commit(id?)?;
                Ok(Logged {
                    commit: commit.id(),
                    seconds: commit.time().seconds(),
                    message: String::from_utf8_lossy(commit.message_bytes()).into_owned(),
                })
            });
            log.collect::<Result<Vec<_>, git2::Error>>()
        };
        walk().map_err(failed("walk the history"))
    }

    fn entry(&self, path: &str) -> Result<Option<(Oid, i32)>, BranchError> {
        if let Some(seen) = self.seen.borrow().get(path) {
            return Ok(Some(*seen));
        }
        let tree = self.repository.find_tree(self.tree).map_err(failed("read a tree"))?;
        match tree.get_path(Path::new(path)) {
            Ok(entry) => Ok(Some((entry.id(), entry.filemode()))),
            Err(error) if error.code() == ErrorCode::NotFound => Ok(None),
            Err(error) => Err(failed(&format!("read {path}"))(error)),
        }
    }

    /// Reads a file of at most `most` bytes.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn read(&self, path: &str, most: u64) -> Result<Found, BranchError> {
        match self.entry(path)? {
            Some((id, mode)) => content(&self.repository, path, id, mode, most),
            None => Ok(Found::Nothing),
        }
    }

    /// Reads many files, on all cores.
    ///
    /// # Errors
    /// As [`Tree::read`].
    pub fn read_many(&self, paths: &[String], most: u64) -> Result<Vec<Found>, BranchError> {
        let entries = paths.iter().map(|path| Ok((path, self.entry(path)?)));
        let entries = entries.collect::<Result<Vec<_>, BranchError>>()?;
        let folder = self.repository.path().to_owned();
        let read = |part: &[(&String, Option<(Oid, i32)>)]| {
            // A repository belongs to one thread.
            let repository = Repository::open(&folder).map_err(failed("open the repository"))?;
            let read = part.iter().map(|(path, entry)| match entry {
                Some((id, mode)) => content(&repository, path, *id, *mode, most),
                None => Ok(Found::Nothing),
            });
            read.collect::<Result<Vec<_>, _>>()
        };
        let parts = entries.par_chunks(PART).map(read).collect::<Result<Vec<_>, _>>()?;
        Ok(parts.into_iter().flatten().collect())
    }

    /// Names of what lies in a folder, folders with a `/` at the end; empty if it is not there.
    ///
    /// # Errors
    /// If the repository cannot be read.
    pub fn list(&self, folder: &str) -> Result<Vec<String>, BranchError> {
        Ok(self.ids(folder)?.into_iter().map(|(name, _)| name).collect())
    }

    /// As [`Tree::list`], with the ids of what lies there: equal ids, equal content.
    ///
    /// # Errors
    /// As [`Tree::list`].
    pub fn ids(&self, folder: &str) -> Result<Vec<(String, Oid)>, BranchError> {
        let Some((id, mode)) = self.entry(folder)? else {
            return Ok(Vec::new());
        };
        if mode != i32::from(FileMode::Tree) {
            return Ok(Vec::new());
        }
        let tree = self.repository.find_tree(id).map_err(failed(&format!("read {folder}")))?;
        let mut seen = self.seen.borrow_mut();
        let names = tree.iter().map(|entry| {
            let mut name = String::from_utf8_lossy(entry.name_bytes()).into_owned();
            seen.insert(format!("{folder}/{name}"), (entry.id(), entry.filemode()));
            if entry.filemode() == i32::from(FileMode::Tree) {
                name.push('/');
            }
            (name, entry.id())
        });
        Ok(names.collect())
    }
}

fn content(repository: &Repository, path: &str, id: Oid, mode: i32, most: u64) -> Result<Found, BranchError> {
    if mode != i32::from(FileMode::Blob) && mode != i32::from(FileMode::BlobExecutable) {
        return Ok(Found::Other);
    }
    let read = || {
        let store = repository.odb()?;
        let (size, kind) = store.read_header(id)?;
        match (kind, size as u64 > most) {
            (ObjectType::Blob, false) => Ok(Found::File(store.read(id)?.data().to_vec())),
            (ObjectType::Blob, true) => Ok(Found::TooLarge(size as u64)),
            _ => Ok(Found::Other),
        }
    };
    read().map_err(failed(&format!("read {path}")))
}
