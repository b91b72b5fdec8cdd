//! Where the files come from: the working directory (`folder`), a commit (`revision`), or memory. The only place in this
//! room that does I/O.

pub(super) mod file;
mod folder;
mod revision;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use file::{Folder, RawFile, Revision, State, no_root};

use crate::git::GitError;
use crate::model::Diagnostic;

use super::include::{Include, ROOT_FILE};

/// A tree of configuration files that can be loaded.
#[derive(Debug)]
pub struct Source {
    place: Place,
}

#[derive(Debug)]
enum Place {
    Folder(Folder),
    Revision(Revision),
    Memory(BTreeMap<String, String>),
}

impl From<GitError> for Diagnostic {
    fn from(error: GitError) -> Self {
        let diagnostic = Diagnostic::error("git", None, error.message);
        match error.hint {
            Some(hint) => diagnostic.with_hint(hint),
            None => diagnostic.with_hint("`git status` and `git fsck` may say more"),
        }
    }
}

impl Source {
    /// The tree around `start`: its root is the nearest folder upwards with rolecall.yaml. With a revision it is read
    /// from git objects, else from the working directory.
    ///
    /// # Errors
    /// There is no rolecall.yaml, or git refuses.
    pub fn open(start: &Path, revision: Option<&str>) -> Result<Self, Box<Diagnostic>> {
        let place = match revision {
            None => Place::Folder(Folder::open(start)?),
            Some(revision) => Place::Revision(Revision::open(start, revision)?),
        };
        Ok(Self { place })
    }

    /// A tree that is in memory only; names are relative to the root.
    pub fn in_memory<N: Into<String>, T: Into<String>>(files: impl IntoIterator<Item = (N, T)>) -> Self {
        let files = files.into_iter().map(|(name, text)| (name.into(), text.into()));
        Self { place: Place::Memory(files.collect()) }
    }

    /// The folder with rolecall.yaml, if the files come from one.
    pub fn folder(&self) -> Option<&Path> {
        match &self.place {
            Place::Folder(folder) => Some(&folder.root),
            _ => None,
        }
    }

    /// Where the folder with rolecall.yaml lies, or would lie if the revision were checked out.
    pub fn root(&self) -> Option<PathBuf> {
        match &self.place {
            Place::Folder(folder) => Some(folder.root.clone()),
            Place::Revision(revision) => Some(revision.repo.workdir()?.join(&revision.prefix)),
            Place::Memory(_) => None,
        }
    }

    /// True if both are commits whose files are the same objects, by the `include:` of the first.
    pub(super) fn has_files_of(&self, other: &Self, include: &Include) -> bool {
        match (&self.place, &other.place) {
            (Place::Revision(one), Place::Revision(other)) => {
                revision::is_same(one, other, include).unwrap_or(false)
            }
            _ => false,
        }
    }

    /// The text of rolecall.yaml.
    pub(super) fn root_file(&self) -> Result<RawFile, Box<Diagnostic>> {
        match &self.place {
            Place::Folder(folder) => Ok(folder::read(folder, ROOT_FILE)),
            Place::Revision(revision) => revision::read(revision, ROOT_FILE),
            Place::Memory(files) => match files.get(ROOT_FILE) {
                Some(text) => Ok(RawFile { name: ROOT_FILE.to_owned(), text: text.clone(), problem: None }),
                None => Err(no_root("here")),
            },
        }
    }

    /// All files that belong to the tree, rolecall.yaml among them, sorted by name.
    pub(super) fn files(&self, include: &Include) -> Result<Vec<RawFile>, Box<Diagnostic>> {
        let mut files = match &self.place {
            Place::Folder(folder) => folder::files(folder, include)?,
            Place::Revision(revision) => revision::files(revision, include)?,
            Place::Memory(files) => files
                .iter()
                .filter(|(name, _)| include.matches(name))
                .map(|(name, text)| RawFile { name: name.clone(), text: text.clone(), problem: None })
                .collect(),
        };
        files.sort_by(|a, b| a.name.cmp(&b.name));
        files.dedup_by(|a, b| a.name == b.name);
        Ok(files)
    }

    /// Files of the tree that git has in a folder, or in the place of it or of a folder above it; sorted. Case does not
    /// count, because some file systems do not see it.
    ///
    /// # Errors
    /// git refuses.
    pub fn tracked_in(&self, folder: &str) -> Result<Vec<String>, Box<Diagnostic>> {
        let (prefix, tracked) = match &self.place {
            Place::Folder(Folder { repo: Some(repo), prefix, .. }) => (prefix, repo.tracked()),
            Place::Revision(Revision { repo, commit, prefix }) => {
                let whole = format!("{prefix}{folder}");
                let enter = |path: &str| is_in(path, &whole);
                let entries = repo.files(commit, enter);
                (prefix, entries.map(|entries| entries.into_iter().map(|entry| entry.path).collect()))
            }
            _ => return Ok(Vec::new()),
        };
        let tracked = tracked.map_err(|error| Box::new(Diagnostic::from(error)))?;
        let ours = tracked.iter().filter_map(|path| path.strip_prefix(prefix.as_str()));
        let mut found: Vec<_> = ours.filter(|name| is_in(name, folder)).map(str::to_owned).collect();
        found.sort();
        Ok(found)
    }

    /// What git says about the tree.
    pub(super) fn state(&self, include: &Include) -> Result<State, Box<Diagnostic>> {
        match &self.place {
            Place::Folder(folder) => folder::state(folder, include),
            Place::Revision(revision) => Ok(State {
                commit: Some(revision.commit.id.clone()),
                branch: revision.repo.head_branch(),
                changed: Vec::new(),
            }),
            Place::Memory(_) => Ok(State::default()),
        }
    }
}

/// True if one of the two paths leads through the other, or they are the same.
fn is_in(path: &str, folder: &str) -> bool {
    let mut parts = path.split('/').zip(folder.split('/'));
    parts.all(|(one, other)| one.eq_ignore_ascii_case(other))
}
