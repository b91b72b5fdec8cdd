//! git, read side: finding a repository, naming a revision, listing a tree, reading files from objects, and whether
//! files differ from the last commit. Refs, blame, fetch and push come beside it.

pub mod repo;
pub mod tree;

pub use repo::{Commit, GitError, Repo};
pub use tree::{Entry, EntryKind};
