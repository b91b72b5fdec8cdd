//! Trees and files of a commit, read from git objects.

use std::path::Path;

use git2::{ObjectType, Oid, TreeWalkMode, TreeWalkResult};

use super::repo::{Commit, GitError, Repo};

/// What an entry of a tree is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryKind {
    /// A file.
    File,
    /// A symbolic link; its content is the target.
    Link,
}

/// A file or a link in a commit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Path from the repository's top, with `/`.
    pub path: String,
    /// File or link.
    pub kind: EntryKind,
    id: Oid,
}

impl Entry {
    /// True if both have the same content.
    pub fn has_content_of(&self, other: &Self) -> bool {
        (&self.path, self.kind, self.id) == (&other.path, other.kind, other.id)
    }
}

impl Repo {
    /// Files and links of a commit. `enter` decides by path which folders are looked into.
    ///
    /// # Errors
    /// The commit or a tree of it cannot be read.
    pub fn files(
        &self,
        commit: &Commit,
        mut enter: impl FnMut(&str) -> bool,
    ) -> Result<Vec<Entry>, GitError> {
        let tree = self.inner.find_commit(Oid::from_str(&commit.id)?)?.tree()?;
        let mut entries = Vec::new();
        tree.walk(TreeWalkMode::PreOrder, |folder, entry| {
            let path = format!("{folder}{}", String::from_utf8_lossy(entry.name_bytes()));
            match entry.kind() {
                Some(ObjectType::Tree) if !enter(&path) => TreeWalkResult::Skip,
                Some(ObjectType::Blob) => {
                    entries.push(Entry { kind: kind(entry.filemode()), path, id: entry.id() });
                    TreeWalkResult::Ok
                }
                _ => TreeWalkResult::Ok,
            }
        })?;
        Ok(entries)
    }

    /// One file or link of a commit; `None` if there is none at this path.
    ///
    /// # Errors
    /// The commit cannot be read.
    pub fn entry(&self, commit: &Commit, path: &str) -> Result<Option<Entry>, GitError> {
        let tree = self.inner.find_commit(Oid::from_str(&commit.id)?)?.tree()?;
        match tree.get_path(Path::new(path)) {
            Ok(entry) if entry.kind() == Some(ObjectType::Blob) => {
                Ok(Some(Entry { path: path.to_owned(), kind: kind(entry.filemode()), id: entry.id() }))
            }
            Ok(_) => Ok(None),
            Err(error) if error.code() == git2::ErrorCode::NotFound => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The size of a file in bytes, without reading it.
    ///
    /// # Errors
    /// The object cannot be found.
    pub fn size(&self, entry: &Entry) -> Result<usize, GitError> {
        Ok(self.inner.odb()?.read_header(entry.id)?.0)
    }

    /// The content of a file, or the target of a link.
    ///
    /// # Errors
    /// The object cannot be read.
    pub fn content(&self, entry: &Entry) -> Result<Vec<u8>, GitError> {
        Ok(self.inner.find_blob(entry.id)?.content().to_vec())
    }

    /// Paths in the index, from the repository's top.
    ///
    /// # Errors
    /// The index cannot be read.
    pub fn tracked(&self) -> Result<Vec<String>, GitError> {
        let index = self.inner.index()?;
        Ok(index.iter().map(|entry| String::from_utf8_lossy(&entry.path).into_owned()).collect())
    }
}

fn kind(mode: i32) -> EntryKind {
    if mode == 0o120_000 { EntryKind::Link } else { EntryKind::File }
}
