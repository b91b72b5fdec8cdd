//! The documentation says what the program does: references are generated, and the named tests and files exist.
//!
//! `UPDATE_DOCS=1 cargo test --test all docs::` rewrites the generated pages.

mod cli;
mod commands;
mod configuration;
mod guards;
mod links;
mod record;
mod reference;
mod safety;
mod schema;

use std::fs;
use std::path::{Path, PathBuf};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).to_path_buf()
}

fn read(path: &str) -> String {
    fs::read_to_string(root().join(path)).unwrap_or_else(|error| panic!("{path}: {error}"))
}

/// Compares a generated page with the existing one, or writes it.
fn generated(path: &str, page: &str) {
    if std::env::var_os("UPDATE_DOCS").is_some() {
        fs::write(root().join(path), page).unwrap_or_else(|error| panic!("{path}: {error}"));
    }
    let there = fs::read_to_string(root().join(path)).unwrap_or_default();
    if there == page {
        return;
    }
    let line = there.lines().zip(page.lines()).take_while(|(old, new)| old == new).count();
    panic!(
        "{path} is not up to date from line {} on:\n  there: {}\n  now:   {}\nrun: UPDATE_DOCS=1 cargo test --test all docs::",
        line + 1,
        there.lines().nth(line).unwrap_or("(nothing)"),
        page.lines().nth(line).unwrap_or("(nothing)"),
    );
}
