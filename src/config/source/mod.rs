//! Where the files come from: the working directory (`folder`), a commit (`revision`), or memory. The only place in this
//! room that does I/O.

mod folder;
mod revision;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::git::{Commit, GitError, Repo};
use crate::model::Diagnostic;

use super::include::{Include, ROOT_FILE};

/// Largest file taken in.
pub const MAX_FILE: u64 = 32 * 1024 * 1024;

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

/// The working directory.
#[derive(Debug)]
pub(super) struct Folder {
    /// The folder with rolecall.yaml.
    pub root: PathBuf,
    /// The repository it lies in.
    pub repo: Option<Repo>,
    /// The root's path from the repository's top, empty or ending with `/`.
    pub prefix: String,
}

/// A commit.
#[derive(Debug)]
pub(super) struct Revision {
    /// The repository.
    pub repo: Repo,
    /// The commit.
    pub commit: Commit,
    /// The root's path from the repository's top, empty or ending with `/`.
    pub prefix: String,
}

/// A file as it came, with what is wrong with it as a file.
#[derive(Debug, Clone, Default)]
pub(super) struct RawFile {
    /// Relative to the root, with `/`.
    pub name: String,
    /// Its text, as far as it is text.
    pub text: String,
    /// Why its text is not to be used.
    pub problem: Option<Problem>,
}

/// What is wrong with a file as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Problem {
    pub code: &'static str,
    pub message: String,
    pub hint: String,
    /// Byte offset.
    pub at: usize,
}

impl RawFile {
    pub(super) fn broken(name: &str, code: &'static str, message: String, hint: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: String::new(),
            problem: Some(Problem { code, message, hint: hint.to_owned(), at: 0 }),
        }
    }

    pub(super) fn too_large(name: &str, size: u64) -> Self {
        Self::broken(
            name,
            "file-size",
            format!("the file has {size} bytes; the most is {MAX_FILE}"),
            "split it: any section may be spread over several files",
        )
    }

    pub(super) fn of_bytes(name: &str, bytes: Vec<u8>) -> Self {
        let mut file = Self { name: name.to_owned(), ..Self::default() };
        match String::from_utf8(bytes) {
            Ok(text) => file.text = text,
            Err(error) => {
                file.problem = Some(Problem {
                    code: "file-encoding",
                    message: "the file is not UTF-8".into(),
                    hint: "save it as UTF-8, or leave it out of `include:` if it is not configuration".into(),
                    at: error.utf8_error().valid_up_to(),
                });
                file.text = String::from_utf8_lossy(error.as_bytes()).into_owned();
            }
        }
        file
    }
}

/// What git says about a tree.
#[derive(Debug, Clone, Default)]
pub(super) struct State {
    pub commit: Option<String>,
    pub branch: Option<String>,
    pub changed: Vec<String>,
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

/// The finding that there is no root.
pub(super) fn no_root(place: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("no-root", None, format!("there is no {ROOT_FILE} {place} or in any folder above"))
            .with_hint("`rolecall init` writes one; `-C DIR` looks for one elsewhere"),
    )
}
