//! git: by git2 for everything local, by the `git` program for fetch and push, which has people's credentials.
//!
//! * [`repo`], [`tree`]: finding a repository, naming a revision, reading files from objects, what differs from the commit
//! * [`ancestry`]: is this commit contained in that one?
//! * [`branch`], [`program`]: a branch that is written by compare-and-swap, here or at a remote
//! * [`version`]: which git program is there
//! * [`protection`]: can that branch be thrown away there?

pub mod ancestry;
pub mod branch;
pub mod branch_error;
pub mod branch_files;
pub mod program;
pub mod protection;
pub mod repo;
pub mod tree;
pub mod version;

pub use repo::{Commit, GitError, Repo, is_ref_name};
pub use tree::{Entry, EntryKind};
