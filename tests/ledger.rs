//! The ledger, on a branch and in a folder. It is a separate binary, because it sets environment variables for the git
//! that it runs.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod ledger_support;

mod ledger_bytes;
mod ledger_git;
mod ledger_git_clones;
mod ledger_git_faults;
mod ledger_holds;
mod ledger_hostile;
mod ledger_intents;
mod ledger_lost_apps;
mod ledger_path;
mod ledger_size;
mod ledger_values;
