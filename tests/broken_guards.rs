//! Guards that are broken on purpose, one after the other: each has a test that fails then.
//!
//! ```text
//! cargo test --test broken_guards -- --ignored --nocapture
//! ```
//!
//! `ROLECALL_GUARDS=11d,12a` breaks only the guards of these claims. It works on a copy of the sources below `target/`
//! and takes about half a minute a guard. The ordinary run checks only whether every break still fits the source and
//! belongs to a claim of docs/safety.md.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "broken_guards/table.rs"]
mod table;

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::time::{Duration, Instant};

use table::{BREAKS, Break};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

#[test]
fn every_break_fits_the_source() {
    for broken in BREAKS {
        let text = fs::read_to_string(root().join(broken.file)).unwrap_or_default();
        let places = places(&text, broken.was).len();
        assert_eq!(places, 1, "{}: `{}` is in it once", broken.file, broken.was);
        assert_ne!(broken.was, broken.becomes);
    }
}

#[test]
fn every_break_is_of_a_claim_whose_test_is_named() {
    let safety = fs::read_to_string(root().join("docs/safety.md")).expect("the claims");
    for broken in BREAKS {
        let claim = safety
            .split(&format!("**{}**", broken.claim))
            .nth(1)
            .and_then(|rest| rest.split("\n- **").next())
            .unwrap_or_else(|| panic!("there is no claim {}", broken.claim));
        let name = broken.test.rsplit("::").next().unwrap_or_default();
        assert!(claim.contains(&format!("::{name}`")), "claim {} does not name {name}", broken.claim);
    }
}

#[test]
#[ignore = "builds the program once for each guard: cargo test --test broken_guards -- --ignored --nocapture"]
fn each_broken_guard_turns_a_test_red() {
    let copy = Copied::new();
    let only = std::env::var("ROLECALL_GUARDS").ok();
    let wanted = |broken: &&Break| {
        let claims = only.as_deref();
        claims.is_none_or(|claims| claims.split(',').any(|claim| claim == broken.claim))
    };
    let breaks: Vec<&Break> = BREAKS.iter().filter(wanted).collect();
    assert!(!breaks.is_empty(), "no claim of ROLECALL_GUARDS has a guard");
    let mut tests: Vec<_> = breaks.iter().map(|broken| (broken.binary, broken.test)).collect();
    tests.sort_unstable();
    tests.dedup();
    for (binary, test) in tests {
        let output = copy.test(binary, test);
        assert!(output.status.success(), "{test} is green before:\n{}", text(&output));
        assert!(text(&output).contains(" 1 passed"), "{test} is one test:\n{}", text(&output));
    }
    let mut green = Vec::new();
    for broken in breaks {
        let started = Instant::now();
        let verdict = copy.broken(broken);
        println!(
            "{:<4} {:<5} {} ({}, {:.0?})",
            broken.claim,
            if verdict { "red" } else { "GREEN" },
            broken.what,
            broken.test,
            rounded(started.elapsed()),
        );
        if !verdict {
            green.push(broken.what);
        }
    }
    assert!(green.is_empty(), "broken, and no test noticed: {green:#?}");
}

/// The places of `wanted` in `text`; blanks and line breaks do not count, so that the formatter changes nothing.
fn places(text: &str, wanted: &str) -> Vec<Range<usize>> {
    let wanted: Vec<char> = wanted.chars().filter(|c| !c.is_whitespace()).collect();
    let dense: Vec<(usize, char)> = text.char_indices().filter(|(_, c)| !c.is_whitespace()).collect();
    let windows = dense.windows(wanted.len().max(1));
    let found = windows.filter(|window| window.iter().map(|(_, c)| c).eq(&wanted));
    let range = |window: &[(usize, char)]| match window {
        [first, .., last] => first.0..last.0 + last.1.len_utf8(),
        _ => 0..0,
    };
    found.map(range).collect()
}

fn rounded(time: Duration) -> Duration {
    Duration::from_secs(time.as_secs())
}

/// A copy of the sources with a target folder of its own.
struct Copied {
    folder: PathBuf,
    target: PathBuf,
}

impl Copied {
    fn new() -> Self {
        let base = Path::new(env!("CARGO_TARGET_TMPDIR")).join("broken-guards");
        let folder = base.join("tree");
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).expect("a folder for the copy");
        for name in [
            "Cargo.toml",
            "Cargo.lock",
            "src",
            "tests",
            "schemas",
            "examples",
            "docs",
            "benches",
            "README.md",
        ] {
            copy(&root().join(name), &folder.join(name));
        }
        Self { folder, target: base.join("target") }
    }

    /// True if the named test fails; a program that does not build proves nothing.
    fn broken(&self, broken: &Break) -> bool {
        let path = self.folder.join(broken.file);
        let good = fs::read_to_string(&path).expect("the source");
        let mut bad = good.clone();
        for place in places(&good, broken.was).into_iter().take(1) {
            bad.replace_range(place, broken.becomes);
        }
        fs::write(&path, bad).expect("the source can be broken");
        let output = self.test(broken.binary, broken.test);
        fs::write(&path, good).expect("the source can be mended");
        let said = text(&output);
        assert!(!said.contains("could not compile"), "{}:\n{said}", broken.what);
        !output.status.success() && said.contains("1 failed")
    }

    fn test(&self, binary: &str, test: &str) -> Output {
        let mut command = Command::new(env!("CARGO"));
        command.current_dir(&self.folder).env("CARGO_TARGET_DIR", &self.target);
        // Nobody looks at these builds with a debugger.
        command.env("CARGO_PROFILE_DEV_DEBUG", "0").env("CARGO_PROFILE_TEST_DEBUG", "0");
        command.args(["test", "--quiet"]);
        match binary {
            "lib" => command.arg("--lib"),
            name => command.args(["--test", name]),
        };
        command.args([test, "--", "--exact"]);
        command.output().expect("cargo runs")
    }
}

fn copy(from: &Path, to: &Path) {
    if from.is_dir() {
        fs::create_dir_all(to).expect("a folder");
        for entry in fs::read_dir(from).expect("the folder") {
            let entry = entry.expect("an entry");
            if entry.file_name() != ".rolecall" {
                copy(&entry.path(), &to.join(entry.file_name()));
            }
        }
    } else {
        fs::copy(from, to).expect("the file is copied");
    }
}

fn text(output: &Output) -> String {
    let said = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8_lossy(&said).into_owned()
}
