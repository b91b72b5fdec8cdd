//! All tests that run the program or call the library, in one binary: it is linked once, and its tests share the machine.
//!
//! `cargo test --test all plan::` runs those of one file.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

mod support;

mod cli_apply;
mod cli_held;
mod cli_init;
mod cli_ledger;
mod cli_options;
mod cli_policy;
mod cli_show;
mod cli_validate;
mod config_bad;
mod config_diagnostics;
mod config_example;
mod config_large;
mod config_schema;
mod config_source;
mod config_yaml;
mod connector;
mod docs;
mod documents;
mod examples;
mod expr;
mod faults;
mod fifteen;
mod guide;
mod invisible;
mod kill;
mod plan;
mod resolve;
mod rest;
mod sandbox;
mod second;
mod servers;
mod simulation;
mod spine;
mod year;
