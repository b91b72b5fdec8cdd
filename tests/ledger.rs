//! The ledger, on a branch and in a folder. A binary of its own: it sets variables of its environment for the git it runs.

mod ledger_support;

mod ledger_bytes;
mod ledger_git;
mod ledger_git_clones;
mod ledger_git_faults;
mod ledger_hostile;
mod ledger_path;
mod ledger_size;
