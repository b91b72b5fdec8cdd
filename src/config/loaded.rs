//! The outcome of loading.

use std::sync::Arc;

use crate::catalog::Catalog;
use crate::model::diagnostic::Diagnostics;
use crate::model::{Company, FileSet};

/// Everything that came out of a tree.
#[derive(Debug)]
pub struct Loaded {
    /// All files with their texts, built-in ones last; spans point into them.
    pub files: FileSet,
    /// The typed configuration. With errors it is partial: what was wrong is left out or empty, so that expressions can
    /// still be checked; nothing may be planned from it. `None` if nothing could be typed at all.
    pub company: Option<Company>,
    /// The connectors that the apps may name: those of this version and of the tree.
    pub catalog: Catalog,
    /// What was found.
    pub diagnostics: Diagnostics,
    /// What the tree was read from.
    pub inputs: Inputs,
}

/// What a tree was read from.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Inputs {
    /// BLAKE3 over names and contents of the files, in hexadecimal: the same for a clean working directory and for its
    /// commit.
    pub tree_hash: String,
    /// The commit that was read, or that the working directory stands on; `None` outside git and before the first one.
    pub commit: Option<String>,
    /// The present branch; `None` outside git and on a detached HEAD.
    pub branch: Option<String>,
    /// Some file of the tree differs from `commit` or is not in it, or there is no commit.
    pub dirty: bool,
    /// The files that differ, sorted.
    pub changed: Vec<String>,
    /// The files of the tree, sorted; built-in ones are not among them.
    pub files: Vec<Arc<str>>,
}

impl Inputs {
    /// The commit that holds what was read; `None` for a working tree with changes of its own.
    pub fn clean_commit(&self) -> Option<&str> {
        self.commit.as_deref().filter(|_| !self.dirty)
    }
}
