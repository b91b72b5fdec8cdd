//! Circles of files: files of which each one needs the others, so that none of them can be read alone.
//!
//! A path leads to the file in which a thing stands, also if another file exports it. A folder's file that only exports
//! what stands in the files below it needs none of them.

use std::collections::{BTreeMap, BTreeSet};

use super::paths::{self, Used};
use super::{protocol, shape, strip};

/// Circles that stay: their files, and the reason.
const EXCEPT: [(&[&str], &str); 0] = [];

/// Every circle that is no exception, and every exception that is no circle.
pub fn mistakes(sources: &[(String, String)]) -> Vec<String> {
    let found = all(sources);
    let is_exception = |circle: &&Circle| EXCEPT.iter().any(|(files, _)| circle.files == *files);
    let is_circle = |files: &[&str]| found.iter().any(|circle| circle.files == files);
    let circles = found.iter().filter(|circle| !is_exception(circle));
    let circles = circles.map(|circle| format!("a circle of files:\n{}", circle.places.join("\n")));
    let outdated = EXCEPT.iter().filter(|(files, _)| !is_circle(files));
    circles.chain(outdated.map(|(files, _)| format!("no circle any more: {}", files.join(", ")))).collect()
}

/// Files that need each other, and the places where they do.
struct Circle {
    files: Vec<String>,
    /// `src/a.rs:3: \`super::b::B\` stands in src/b.rs`
    places: Vec<String>,
}

fn all(sources: &[(String, String)]) -> Vec<Circle> {
    let house = House::of(sources);
    let edges = house.edges();
    let reached: BTreeMap<&str, BTreeSet<&str>> =
        edges.keys().map(|module| (*module, reached(module, &edges))).collect();
    let mut circles: BTreeSet<Vec<&str>> = BTreeSet::new();
    for (module, there) in &reached {
        let needs_it = |other: &&str| reached.get(other).is_some_and(|there| there.contains(module));
        let circle: Vec<&str> = there.iter().copied().filter(needs_it).collect();
        if circle.len() > 1 {
            circles.insert(circle);
        }
    }
    circles.into_iter().map(|circle| house.told(&circle, &edges)).collect()
}

/// All modules that a module needs, directly or not.
fn reached<'h>(module: &'h str, edges: &Edges<'h>) -> BTreeSet<&'h str> {
    let mut found = BTreeSet::new();
    let mut open = vec![module];
    while let Some(module) = open.pop() {
        let next = edges.get(module).into_iter().flat_map(BTreeMap::keys).copied();
        open.extend(next.filter(|to| found.insert(*to)));
    }
    found
}

/// What each module needs, and the first place where it does.
type Edges<'h> = BTreeMap<&'h str, BTreeMap<&'h str, &'h Used>>;

/// All files, by the module that each is: `crate::plan::guard`.
struct House {
    files: BTreeMap<String, File>,
}

struct File {
    path: String,
    /// What `use` lines bring in: the path by name.
    names: BTreeMap<String, String>,
    uses: Vec<(Used, IsExport)>,
    /// The paths in the rest of the code.
    paths: Vec<Used>,
}

/// `pub use`, `pub(super) use` and the like.
type IsExport = bool;

impl House {
    fn of(sources: &[(String, String)]) -> Self {
        let files = sources.iter().filter_map(|(path, text)| Some((module(path)?, File::read(path, text))));
        Self { files: files.collect() }
    }

    fn edges(&self) -> Edges<'_> {
        let mut found = Edges::new();
        for (from, file) in &self.files {
            let needs = found.entry(from).or_default();
            for (used, is_export) in &file.uses {
                let to = self.target(from, &used.text);
                let is_below = |to: &str| to.starts_with(&format!("{from}::"));
                if let Some(to) = to.filter(|to| to != from && !(*is_export && is_below(to))) {
                    needs.entry(to).or_insert(used);
                }
            }
            for used in &file.paths {
                if let Some(to) = self.target(from, &used.text).filter(|to| to != from) {
                    needs.entry(to).or_insert(used);
                }
            }
        }
        found
    }

    /// The module in which the thing stands that a path names; `None` outside of the crate. A path that names a module
    /// leads nowhere yet: what is used of the module has a path of its own.
    fn target(&self, from: &str, path: &str) -> Option<&str> {
        let (mut at, mut path) = (from.to_owned(), path.to_owned());
        // What is imported may be imported there too; a dozen in a row is a mistake of this test.
        for _ in 0..12 {
            match self.step(&at, &path)? {
                Step::Stands(module) => {
                    return self.files.get_key_value(&module).map(|(key, _)| key.as_str());
                }
                Step::Imported(module, rest) => (at, path) = (module, rest),
            }
        }
        panic!("{from}: `{path}` leads nowhere");
    }

    /// Follows a path down the modules, up to the first name that is none.
    fn step(&self, from: &str, path: &str) -> Option<Step> {
        let mut at = from.to_owned();
        let parts: Vec<&str> = path.split("::").collect();
        for (place, part) in parts.iter().enumerate() {
            let below = format!("{at}::{part}");
            match *part {
                "crate" if place == 0 => at = "crate".to_owned(),
                "self" => {}
                "super" => at = at.rsplit_once("::")?.0.to_owned(),
                "*" => return Some(Step::Stands(at)),
                _ if self.files.contains_key(&below) => at = below,
                name => {
                    let imported = self.files.get(&at)?.names.get(name).filter(|path| *path != name);
                    let Some(imported) = imported else {
                        return (place > 0).then_some(Step::Stands(at));
                    };
                    let rest: String = parts[place + 1..].iter().map(|part| format!("::{part}")).collect();
                    return Some(Step::Imported(at, format!("{imported}{rest}")));
                }
            }
        }
        None
    }

    fn told(&self, circle: &[&str], edges: &Edges<'_>) -> Circle {
        let path = |module: &str| self.files[module].path.clone();
        let mut places = Vec::new();
        for from in circle {
            let needs = edges[from].iter().filter(|(to, _)| circle.contains(to));
            places.extend(needs.map(|(to, used)| {
                format!("{}:{}: `{}` stands in {}", path(from), used.line, used.text, path(to))
            }));
        }
        Circle { files: circle.iter().map(|module| path(module)).collect(), places }
    }
}

enum Step {
    /// The thing stands in this module.
    Stands(String),
    /// This module imports it: go on from there with this path.
    Imported(String, String),
}

impl File {
    fn read(path: &str, text: &str) -> Self {
        let code = strip::strip(protocol::without_tests(text));
        let (mut names, mut uses, mut rest) = (BTreeMap::new(), Vec::new(), String::new());
        let mut end = 0;
        while let Some((start, is_export)) = next_use(&code, end) {
            rest.push_str(&code[end..start]);
            end = code[start..].find(';').map_or(code.len(), |length| start + length);
            let line = code[..start].matches('\n').count();
            for used in paths::in_code(&code[start + "use ".len()..end]) {
                let path = used.text.trim_end_matches("::self").to_owned();
                let name = path.rsplit("::").next().unwrap_or_default().to_owned();
                names.insert(name, path);
                uses.push((Used { line: used.line + line, ..used }, is_export));
            }
            // Lines keep their numbers.
            rest.extend(code[start..end].chars().filter(|c| *c == '\n'));
        }
        rest.push_str(&code[end..]);
        Self { path: path.to_owned(), names, uses, paths: paths::in_code(&without_members(&rest)) }
    }
}

/// The place of the next `use` that stands first on its line, and whether it exports.
fn next_use(code: &str, from: usize) -> Option<(usize, IsExport)> {
    let mut start = from;
    for line in code[from..].split_inclusive('\n') {
        let item = line.trim_start();
        let exported = item.strip_prefix("pub").and_then(|rest| {
            let rest = if rest.starts_with('(') { &rest[rest.find(')')? + 1..] } else { rest };
            rest.strip_prefix(' ')
        });
        let rest = exported.unwrap_or(item);
        if rest.starts_with("use ") {
            return Some((start + line.len() - rest.len(), exported.is_some()));
        }
        start += line.len();
    }
    None
}

/// Blanks the names of functions where they are declared, and the names of fields and methods: they are no paths.
fn without_members(code: &str) -> String {
    let mut out = String::with_capacity(code.len());
    for piece in code.split_inclusive(|c: char| !shape::is_part_of_name(c)) {
        let word = piece.trim_end_matches(|c: char| !shape::is_part_of_name(c));
        let before = out.trim_end();
        let is_declared = before
            .strip_suffix("fn")
            .is_some_and(|before| !before.ends_with(shape::is_part_of_name) && before.len() + 2 < out.len());
        let is_member = before.ends_with('.') && !before.ends_with("..");
        if !word.is_empty() && (is_declared || is_member) {
            out.extend(word.chars().map(|_| ' '));
            out.push_str(&piece[word.len()..]);
        } else {
            out.push_str(piece);
        }
    }
    out
}

/// `src/plan/guard/mod.rs` and `src/plan/guard.rs` are `crate::plan::guard`.
fn module(path: &str) -> Option<String> {
    let inside = path.strip_prefix("src/")?.strip_suffix(".rs")?;
    let inside = inside.strip_suffix("/mod").unwrap_or(inside);
    match inside {
        "main" => None,
        "lib" => Some("crate".to_owned()),
        inside => Some(format!("crate::{}", inside.replace('/', "::"))),
    }
}

#[cfg(test)]
mod planted {
    use super::*;

    /// The crate and a room stand around the files.
    fn found(files: &[(&str, &str)]) -> Vec<Circle> {
        let around = [("src/lib.rs", ""), ("src/room/mod.rs", "")];
        let around = around.iter().filter(|(path, _)| files.iter().all(|(other, _)| other != path));
        let together =
            files.iter().chain(around).map(|(path, text)| ((*path).to_owned(), (*text).to_owned()));
        all(&together.collect::<Vec<_>>())
    }

    fn circles(files: &[(&str, &str)]) -> Vec<Vec<String>> {
        found(files).into_iter().map(|circle| circle.files).collect()
    }

    #[test]
    fn two_files_that_name_each_other_are_a_circle() {
        let a = ("src/room/a.rs", "use super::b::B;\npub struct A(B);");
        assert_eq!(circles(&[a, ("src/room/b.rs", "fn f() -> crate::room::a::A {}")]).len(), 1);
        assert!(circles(&[a, ("src/room/b.rs", "// super::a::A\npub struct B;")]).is_empty());
        let found = found(&[a, ("src/room/b.rs", "use super::a::A;")]);
        let told = [
            "src/room/a.rs:1: `super::b::B` stands in src/room/b.rs",
            "src/room/b.rs:1: `super::a::A` stands in src/room/a.rs",
        ];
        assert_eq!(found[0].places, told);
    }

    #[test]
    fn longer_circles_are_one_circle() {
        let files = [
            ("src/a.rs", "use crate::b::B;"),
            ("src/b.rs", "use crate::{c::C, d::D};"),
            ("src/c.rs", "use super::a;\nfn f() { a::g() }"),
            ("src/d.rs", "pub struct D;"),
        ];
        assert_eq!(circles(&files), [["src/a.rs", "src/b.rs", "src/c.rs"]]);
    }

    #[test]
    fn a_folder_and_a_file_in_it_are_a_circle_if_both_need_each_other() {
        let child = ("src/room/a.rs", "use super::Shared;\npub fn f(_: Shared) {}\npub struct A;");
        let with = |folder| circles(&[("src/room/mod.rs", folder), child]).len();
        assert_eq!(with("mod a;\npub struct Shared;\nfn g() { a::f() }"), 1);
        assert_eq!(with("mod a;\npub use a::A;\npub struct Shared(A);"), 1, "an export that is used");
        assert_eq!(with("mod a;\npub use a::A;\npub struct Shared;"), 0, "an export alone");
        assert_eq!(with("mod a;\npub use a::f;\npub struct Shared;\nfn g(s: S) { s.f() }\nfn f() {}"), 0);
    }

    #[test]
    fn an_export_leads_to_the_file_where_the_thing_stands() {
        let folder = ("src/room/mod.rs", "mod a;\nmod b;\npub use a::A;\npub use b::*;");
        let a = ("src/room/a.rs", "use super::b::B;\npub struct A(B);");
        assert_eq!(
            circles(&[folder, a, ("src/room/b.rs", "use super::A;")]),
            [["src/room/a.rs", "src/room/b.rs"]]
        );
        assert_eq!(circles(&[folder, a, ("src/room/b.rs", "use crate::room::A;")]).len(), 1);
        assert!(circles(&[folder, a, ("src/room/b.rs", "pub struct B;")]).is_empty());
    }

    #[test]
    fn tests_may_name_what_they_test() {
        let a = ("src/a.rs", "use crate::b::B;\npub struct A(B);");
        let b = ("src/b.rs", "pub struct B;\n\n#[cfg(test)]\nmod tests {\n    use crate::a::A;\n}");
        assert!(circles(&[a, b]).is_empty());
    }
}
