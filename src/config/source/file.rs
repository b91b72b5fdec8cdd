//! A file as it came, the places it comes from, and what git says about them.

use std::path::PathBuf;

use crate::config::include::ROOT_FILE;
use crate::git::{Commit, Repo};
use crate::model::Diagnostic;

/// Largest file taken in.
pub(crate) const MAX_FILE: u64 = 32 * 1024 * 1024;

/// The working directory.
#[derive(Debug)]
pub(in crate::config) struct Folder {
    /// The folder with rolecall.yaml.
    pub root: PathBuf,
    /// The repository it lies in.
    pub repo: Option<Repo>,
    /// The root's path from the repository's top, empty or ending with `/`.
    pub prefix: String,
}

/// A commit.
#[derive(Debug)]
pub(in crate::config) struct Revision {
    /// The repository.
    pub repo: Repo,
    /// The commit.
    pub commit: Commit,
    /// The root's path from the repository's top, empty or ending with `/`.
    pub prefix: String,
}

/// A file as it came, with what is wrong with it as a file.
#[derive(Debug, Clone, Default)]
pub(in crate::config) struct RawFile {
    /// Relative to the root, with `/`.
    pub name: String,
    /// Its text, as far as it is text.
    pub text: String,
    /// Why its text is not to be used.
    pub problem: Option<Problem>,
}

/// What is wrong with a file as a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::config) struct Problem {
    pub code: &'static str,
    pub message: String,
    pub hint: String,
    /// Byte offset.
    pub at: usize,
}

impl RawFile {
    pub(in crate::config) fn broken(name: &str, code: &'static str, message: String, hint: &str) -> Self {
        Self {
            name: name.to_owned(),
            text: String::new(),
            problem: Some(Problem { code, message, hint: hint.to_owned(), at: 0 }),
        }
    }

    pub(in crate::config) fn too_large(name: &str, size: u64) -> Self {
        Self::broken(
            name,
            "file-size",
            format!("the file has {size} bytes; the most is {MAX_FILE}"),
            "split it: any section may be spread over several files",
        )
    }

    pub(in crate::config) fn of_bytes(name: &str, bytes: Vec<u8>) -> Self {
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
pub(in crate::config) struct State {
    pub commit: Option<String>,
    pub branch: Option<String>,
    pub changed: Vec<String>,
}

/// The finding that there is no root.
pub(in crate::config) fn no_root(place: &str) -> Box<Diagnostic> {
    Box::new(
        Diagnostic::error("no-root", None, format!("there is no {ROOT_FILE} {place} or in any folder above"))
            .with_hint("`rolecall init` writes one; `-C DIR` looks for one elsewhere"),
    )
}
