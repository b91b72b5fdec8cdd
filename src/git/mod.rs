//! Git: revisions, trees, blame, refs by git2; fetch and push by the `git` program.

pub mod ancestry;
pub mod branch;
pub mod branch_files;
pub mod program;
