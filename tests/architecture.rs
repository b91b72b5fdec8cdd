//! The house rules: the rooms that each room may use, the names that pure rooms may not use, circles of files, the length
//! of a file, the number of files with methods of one type, and the things that a function of `plan` may change.
//!
//! The source is read as text, because the compiler sees one crate and would allow everything.

#![allow(unreachable_pub, clippy::unwrap_used, clippy::print_stdout, clippy::print_stderr)]

#[path = "architecture/circles.rs"]
mod circles;
#[path = "architecture/paths.rs"]
mod paths;
#[path = "architecture/protocol.rs"]
mod protocol;
#[path = "architecture/shape.rs"]
mod shape;
#[path = "architecture/strip.rs"]
mod strip;
#[path = "architecture/unread.rs"]
mod unread;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A room and the rooms that it may use, from the top down: a room uses rooms below it, never above.
const ROOMS: [(&str, &[&str]); 14] = [
    ("cli", EVERYTHING_BELOW),
    ("engine", EVERYTHING_BELOW),
    ("sandbox", &["model"]),
    ("apply", &["connector", "plan", "catalog", "model"]),
    ("connector", &["catalog", "model"]),
    ("ledger", &["git", "model"]),
    ("render", &["plan", "model"]),
    ("plan", &["resolve", "catalog", "model"]),
    ("resolve", &["catalog", "expr", "model"]),
    ("config", &["git", "catalog", "model"]),
    ("catalog", &["model"]),
    ("expr", &["model"]),
    ("git", &["model"]),
    ("model", &[]),
];

/// The shell: it knows everything, and nothing knows it.
const EVERYTHING_BELOW: &[&str] = &["*"];

/// Rooms whose result depends on their arguments alone.
const PURE: [&str; 5] = ["model", "resolve", "plan", "catalog", "expr"];

/// Names that a pure room may not use: network, disk, environment, randomness, threads of its own, and the clock.
const IMPURE: [&str; 14] = [
    "tokio",
    "reqwest",
    "axum",
    "git2",
    "getrandom",
    "tempfile",
    "std::fs",
    "std::env",
    "std::net",
    "std::process",
    "std::thread",
    "std::time::Instant",
    "std::time::SystemTime",
    "std::time::UNIX_EPOCH",
];

/// Ways to read the clock that are called on a type: `Timestamp::now()`, `Zoned::now()`, `Instant::now()`.
const CLOCK: [&str; 3] = ["now", "elapsed", "system"];

/// A file past 300 lines is a question, past 500 it needs an answer: [`REASON`] among its first lines.
const LONGEST: usize = 500;

/// The beginning of the reason in a long file.
const REASON: &str = "//! Long because ";

/// The largest number of files with methods of one type.
const FILES_OF_A_TYPE: usize = 3;

#[test]
fn rooms_use_rooms_below_them_only() {
    let found: Vec<String> =
        sources("src").iter().flat_map(|(path, text)| forbidden_edges(path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn no_files_need_each_other() {
    let found = circles::mistakes(&sources("src"));
    assert!(found.is_empty(), "{}", found.join("\n\n"));
}

#[test]
fn pure_rooms_stay_pure() {
    let found: Vec<String> = sources("src").iter().flat_map(|(path, text)| impurities(path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn files_are_short_or_say_why_not() {
    let mut found = Vec::new();
    for folder in ["src", "tests", "benches"] {
        found.extend(sources(folder).iter().filter_map(|(path, text)| too_long(path, text)));
    }
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_methods_of_a_type_stand_in_few_files() {
    let found = scattered(&sources("src"));
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn a_function_of_plan_changes_one_thing() {
    let found: Vec<String> = of_plan().iter().flat_map(|(path, text)| several_changed(path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn nothing_in_plan_reads_back_what_was_put_on_the_list_of_changes() {
    let found: Vec<String> = of_plan().iter().flat_map(|(path, text)| looking_back(path, text)).collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

#[test]
fn the_table_is_a_house() {
    for (number, (room, uses)) in ROOMS.iter().enumerate() {
        let below: BTreeSet<&str> = ROOMS[number + 1..].iter().map(|(room, _)| *room).collect();
        for used in uses.iter().filter(|used| **used != "*") {
            assert!(below.contains(used), "{room} uses {used}, which is not below it");
            let mixed = PURE.contains(room) && !PURE.contains(used);
            assert!(!mixed, "{room} is pure and uses {used}, which is not");
        }
    }
    let sources = sources("src");
    let there: BTreeSet<&str> = sources.iter().filter_map(|(path, _)| room_of(path)).collect();
    let named: BTreeSet<&str> = ROOMS.iter().map(|(room, _)| *room).collect();
    assert_eq!(named, there, "the rooms of the table, and those in src");
}

fn of_plan() -> Vec<(String, String)> {
    sources("src/plan")
}

/// A file that is too long and gives no reason.
fn too_long(path: &str, text: &str) -> Option<String> {
    let lines = text.lines().count();
    let has_reason = text.lines().take(20).any(|line| line.starts_with(REASON) && line.len() > REASON.len());
    (lines > LONGEST && !has_reason).then(|| {
        format!("{path} has {lines} lines; split it by meaning, or say in its first lines: `{REASON}…`")
    })
}

/// Types of a room whose methods stand in too many of its files.
fn scattered(sources: &[(String, String)]) -> Vec<String> {
    let mut files: BTreeMap<(&str, String), BTreeSet<&str>> = BTreeMap::new();
    for (path, text) in sources {
        for (_, name) in shape::inherent_impls(&strip::strip(text)) {
            let room = room_of(path).unwrap_or_default();
            files.entry((room, name)).or_default().insert(path);
        }
    }
    let many = files.into_iter().filter(|(_, files)| files.len() > FILES_OF_A_TYPE);
    let told = many.map(|((room, name), files)| {
        let files: Vec<&str> = files.into_iter().collect();
        format!("{room}: methods of `{name}` stand in {} files: {}", files.len(), files.join(", "))
    });
    told.collect()
}

/// Functions that take more than one thing to change.
fn several_changed(path: &str, text: &str) -> Vec<String> {
    let found = shape::several_to_change(&strip::strip(text));
    let told = found.iter().map(|(line, name)| format!("{path}:{line}: `{name}` takes two things to change"));
    told.collect()
}

/// Places that read back, or take back, what was put on a list of changes.
fn looking_back(path: &str, text: &str) -> Vec<String> {
    let found = shape::looks_back(&strip::strip(text));
    found.iter().map(|line| format!("{path}:{line}: looks back at a list of changes")).collect()
}

#[test]
fn the_middle_knows_no_protocol() {
    let found: Vec<String> = sources("src")
        .iter()
        .filter(|(path, _)| room_of(path).is_some_and(|room| protocol::MIDDLE.contains(&room)))
        .flat_map(|(path, text)| protocol::names(path, text))
        .collect();
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// An app is a document, and no code is about one (the sandbox plays some of them).
#[test]
fn no_code_names_an_app() {
    let names = ["jive", "bluejeans", "keystone", "keycloak"];
    let sources = sources("src");
    let outside = sources.iter().filter(|(path, _)| !path.starts_with("src/sandbox/"));
    let found: Vec<_> = outside
        .filter(|(_, text)| names.iter().any(|name| text.to_lowercase().contains(name)))
        .map(|(path, _)| path)
        .collect();
    assert!(found.is_empty(), "{found:?}");
}

/// Every edge of a file that the table does not have.
fn forbidden_edges(path: &str, text: &str) -> Vec<String> {
    let code = strip::strip(text);
    if path == "src/main.rs" {
        let others = paths::in_code(&code);
        let others = others.iter().filter(|used| used.text.starts_with("rolecall::"));
        let wrong = others.filter(|used| !used.starts_with("rolecall::cli"));
        return wrong.map(|used| edge(path, used, "the program uses cli only")).collect();
    }
    let Some(room) = room_of(path) else {
        return Vec::new();
    };
    let Some(number) = ROOMS.iter().position(|(name, _)| *name == room) else {
        return Vec::new();
    };
    let allowed = |used: &str| match ROOMS[number].1 {
        ["*"] => ROOMS[number + 1..].iter().any(|(name, _)| *name == used),
        uses => uses.contains(&used),
    };
    let mut found = Vec::new();
    for used in paths::in_code(&code) {
        let Some(target) = target(path, &used) else {
            continue;
        };
        let is_room = ROOMS.iter().any(|(name, _)| *name == target);
        if is_room && target != room && !allowed(&target) {
            found.push(edge(path, &used, &format!("{room} may not use {target}")));
        }
    }
    found
}

fn edge(path: &str, used: &paths::Used, why: &str) -> String {
    format!("{path}:{}: `{}`: {why}", used.line, used.text)
}

/// The room a path leads to, if it leads to the top of the crate.
fn target(path: &str, used: &paths::Used) -> Option<String> {
    let mut parts = used.text.split("::").peekable();
    match *parts.peek()? {
        "crate" | "rolecall" => _ = parts.next(),
        "super" => {
            let mut up = 0;
            while parts.next_if_eq(&"super").is_some() {
                up += 1;
            }
            if up < depth(path) {
                return None;
            }
        }
        _ => return None,
    }
    parts.next().map(str::to_owned)
}

/// How many `super` lead from a file to the top of the crate.
fn depth(path: &str) -> usize {
    let parts = path.trim_end_matches("/mod.rs").trim_end_matches(".rs");
    parts.split('/').count() - 1
}

/// What a file of a pure room names that it may not.
fn impurities(path: &str, text: &str) -> Vec<String> {
    let Some(room) = room_of(path).filter(|room| PURE.contains(room)) else {
        return Vec::new();
    };
    let mut found = Vec::new();
    for used in paths::in_code(&strip::strip(text)) {
        let glob = used.text.strip_suffix('*').filter(|parent| parent.starts_with("std::"));
        let impure = IMPURE
            .iter()
            .any(|name| used.starts_with(name) || glob.is_some_and(|parent| name.starts_with(parent)));
        let clock = used.text.rsplit("::").next().is_some_and(|last| CLOCK.contains(&last));
        if impure || (clock && used.text.contains("::")) {
            found.push(edge(path, &used, &format!("{room} is pure")));
        }
    }
    found
}

/// `src/plan/guard/mod.rs` and `src/plan.rs` stand in `plan`.
fn room_of(path: &str) -> Option<&str> {
    let inside = path.strip_prefix("src/")?;
    match inside.split_once('/') {
        Some((room, _)) => Some(room),
        None => inside.strip_suffix(".rs").filter(|name| !["lib", "main"].contains(name)),
    }
}

#[test]
fn what_was_read_is_not_taken_for_none() {
    let sources = sources("src");
    let texts = sources.iter().map(|(path, text)| (path.as_str(), text.as_str()));
    let found = unread::unexplained(texts);
    assert!(found.is_empty(), "{}", found.join("\n"));
}

/// Rust files below a folder: path relative to the repository, text.
fn sources(folder: &str) -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open = vec![root.join(folder)];
    while let Some(folder) = open.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            continue;
        };
        let paths: Vec<PathBuf> = entries.map(|entry| entry.unwrap().path()).collect();
        for path in paths {
            if path.is_dir() {
                open.push(path);
            } else if path.extension().is_some_and(|end| end == "rs") {
                let name = path.strip_prefix(root).unwrap().to_string_lossy().replace('\\', "/");
                found.push((name, fs::read_to_string(&path).unwrap()));
            }
        }
    }
    found.sort();
    found
}

mod planted {
    use super::*;

    fn edges(path: &str, text: &str) -> usize {
        forbidden_edges(path, text).len()
    }

    #[test]
    fn a_planted_edge_is_found() {
        assert_eq!(edges("src/plan/a.rs", "use crate::ledger::Ledger;"), 1);
        assert_eq!(edges("src/plan/a.rs", "use crate::{model::{App, User}, ledger, config::load};"), 2);
        assert_eq!(edges("src/plan/a.rs", "fn f() { crate::engine::plan() }"), 1);
        assert_eq!(edges("src/plan.rs", "use super::engine;"), 1);
        assert_eq!(edges("src/plan/mod.rs", "use super::engine;"), 1);
        assert_eq!(edges("src/plan/guard/a.rs", "use super::super::super::cli::run;"), 1);
        assert_eq!(edges("src/apply/a.rs", "use\n    crate::\n    ledger;"), 1);
        assert_eq!(edges("src/main.rs", "fn main() { rolecall::engine::run() }"), 1);
        assert_eq!(edges("src/engine/a.rs", "use crate::cli::Args;"), 1);
        let found = forbidden_edges("src/model/a.rs", "//\nuse crate::plan::Plan;");
        assert_eq!(found, ["src/model/a.rs:2: `crate::plan::Plan`: model may not use plan"]);
    }

    #[test]
    fn what_is_allowed_is_not_found() {
        assert_eq!(edges("src/plan/a.rs", "use crate::plan::Plan; use crate::resolve::why;"), 0);
        assert_eq!(edges("src/plan/a.rs", "use super::ledger;"), 0);
        assert_eq!(edges("src/plan/a.rs", "// crate::ledger\n/* crate::ledger */ /// crate::ledger"), 0);
        assert_eq!(edges("src/plan/a.rs", r##"const A: &str = r#"crate::ledger"#;"##), 0);
        assert_eq!(edges("src/plan/a.rs", r#"const A: (char, &str) = ('"', "crate::ledger");"#), 0);
        assert_eq!(edges("src/engine/a.rs", "use crate::ledger::Ledger;"), 0);
        assert_eq!(edges("src/main.rs", "fn main() { rolecall::cli::main() }"), 0);
    }

    #[test]
    fn a_planted_impurity_is_found() {
        let count = |text| impurities("src/resolve/a.rs", text).len();
        assert_eq!(count("use std::fs;"), 1);
        assert_eq!(count("use std::{collections::BTreeMap, env, net::IpAddr};"), 2);
        assert_eq!(count("fn f() { std::fs::read(\"x\") }"), 1);
        assert_eq!(count("async fn f() { tokio::spawn(g()) }"), 1);
        assert_eq!(count("let at = Timestamp::now();"), 1);
        assert_eq!(count("let at = jiff::Zoned::now();"), 1);
        assert_eq!(count("use std::time::{Duration, Instant};"), 1);
        assert_eq!(count("let zone = TimeZone::system();"), 1);
        assert_eq!(count("use std::time::*;"), 1);
        assert_eq!(count("use std::time::Duration; // std::fs\nlet now = 1; let fs = now;"), 0);
        assert!(impurities("src/engine/a.rs", "use std::fs;").is_empty());
    }

    #[test]
    fn a_long_file_is_found_unless_it_says_why() {
        let long = "fn f() {}\n".repeat(LONGEST + 1);
        assert!(too_long("src/plan/a.rs", &long).is_some());
        assert!(too_long("src/plan/a.rs", &format!("//! Long because\n{long}")).is_some(), "no reason");
        assert!(too_long("src/plan/a.rs", &format!("{long}//! Long because of it.\n")).is_some(), "too late");
        assert!(
            too_long("src/plan/a.rs", &format!("//! A.\n//! Long because it is one table.\n{long}"))
                .is_none()
        );
        assert!(too_long("src/plan/a.rs", "fn f() {}\n").is_none());
    }

    #[test]
    fn scattered_methods_are_found() {
        let heads = [
            "impl Big {}",
            "impl<'a> Big<'a> {}",
            "impl<T: Fn() -> u8> super::Big<T> {}",
            "mod a {\n    impl Big {}\n}",
        ];
        let sources = sources_of(heads.iter().copied().enumerate());
        assert_eq!(scattered(&sources).len(), 1, "{:?}", scattered(&sources));
        assert!(scattered(&sources[1..]).is_empty(), "three are allowed");
        let others = [
            "impl Big {}",
            "impl Clone for Big {}",
            "impl<'a> From<Big<'a>> for u8 {}",
            "// impl Big {}\nfn f(_: impl Big) -> impl Big {}",
            "impl Small {}",
        ];
        let others = sources_of(others.iter().copied().enumerate());
        assert!(scattered(&others).is_empty());
    }

    fn sources_of<'t>(texts: impl Iterator<Item = (usize, &'t str)>) -> Vec<(String, String)> {
        texts.map(|(number, text)| (format!("src/plan/{number}.rs"), text.to_owned())).collect()
    }

    #[test]
    fn a_function_that_changes_two_things_is_found() {
        let count = |text| several_changed("src/plan/a.rs", text).len();
        assert_eq!(count("fn f(&mut self, out: &mut Vec<u8>) {}"), 1);
        assert_eq!(count("pub fn f<'a, F: Fn(u8) -> u8>(\n    a: &'a mut A,\n    b: (&mut B, u8),\n) {}"), 1);
        assert_eq!(count("fn f(&'a mut self, mut a: A) {}\nfn g(&mut self) { let h = &mut 1; }"), 0);
        assert_eq!(count("fn f(a: &A, b: &mut B) -> &mut C {}\n// fn f(a: &mut A, b: &mut B)"), 0);
    }

    #[test]
    fn a_look_back_is_found() {
        let count = |text| looking_back("src/plan/a.rs", text).len();
        assert_eq!(count("let last = self.changes.last();"), 1);
        assert_eq!(count("decided\n    .changes\n    .last_mut()"), 1);
        assert_eq!(count("changes.pop(); changes.truncate(before);"), 2);
        assert_eq!(count("for change in &mut self.changes[before..] {}"), 1);
        assert_eq!(count("changes[place].verdict = held; let one = &changes[index(a)];"), 0);
        assert_eq!(count("changes.iter().last_of(); ready.pop(); others.last();"), 0);
    }
}
