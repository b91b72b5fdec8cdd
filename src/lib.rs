//! rolecall: access as code. People, groups, roles and attribute mappings in git, planned and applied to every app.
//!
//! The rooms, from the ground up; each uses rooms below it only (`tests/architecture.rs`).

pub mod model;

pub mod git;
pub mod ledger;
