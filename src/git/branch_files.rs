//! The files of one commit of a [`super::branch`].

use std::cell::RefCell;
use std::collections::HashMap;
use std::path::Path;

use git2::{ErrorCode, FileMode, ObjectType, Oid, Repository};

use super::branch::{BranchError, failed};

/// The files of one commit.
pub struct Tree {
    repository: Repository,
    commit: Oid,
    tree: Oid,
    /// What [`Tree::ids`] has seen: a folder of thousands of files is parsed once, not once a file.
    seen: RefCell<HashMap<String, (Oid, i32)>>,
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
        Ok(Self {
            repository,
            commit,
            tree,
            seen: RefCell::default(),
        })
    }

    /// The commit.
    pub fn commit(&self) -> Oid {
        self.commit
    }

    /// The repository.
    pub fn repository(&self) -> &Repository {
        &self.repository
    }

    fn entry(&self, path: &str) -> Result<Option<(Oid, i32)>, BranchError> {
        if let Some(seen) = self.seen.borrow().get(path) {
            return Ok(Some(*seen));
        }
        let tree = self
            .repository
            .find_tree(self.tree)
            .map_err(failed("read a tree"))?;
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
        let Some((id, mode)) = self.entry(path)? else {
            return Ok(Found::Nothing);
        };
        if mode != i32::from(FileMode::Blob) && mode != i32::from(FileMode::BlobExecutable) {
            return Ok(Found::Other);
        }
        let read = || {
            let store = self.repository.odb()?;
            let (size, kind) = store.read_header(id)?;
            match (kind, size as u64 > most) {
                (ObjectType::Blob, false) => Ok(Found::File(store.read(id)?.data().to_vec())),
                (ObjectType::Blob, true) => Ok(Found::TooLarge(size as u64)),
                _ => Ok(Found::Other),
            }
        };
        read().map_err(failed(&format!("read {path}")))
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
        let tree = self
            .repository
            .find_tree(id)
            .map_err(failed(&format!("read {folder}")))?;
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
