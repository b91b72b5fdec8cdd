//! rolecall: access as code. People, groups, roles and attribute mappings in git, planned and applied to every app.
//!
//! The rooms, from the ground up; each uses rooms below it only (`tests/architecture.rs`).

pub mod apply;
pub mod catalog;
pub mod cli;
pub mod config;
pub mod connector;
pub mod engine;
pub mod expr;
pub mod git;
pub mod ledger;
pub mod model;
pub mod plan;
pub mod render;
pub mod resolve;
pub mod sandbox;
