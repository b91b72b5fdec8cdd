//! Every file that `docs/one-record.md` and CONTRIBUTING.md name exists and declares the names that they give.

use std::path::Path;
use std::sync::LazyLock;

use regex::Regex;

use super::{read, root};

/// The pages that name files.
const PAGES: [&str; 2] = ["docs/one-record.md", "CONTRIBUTING.md"];

/// `` `Name` in `src/room/file.rs` ``, where a name may be several: `` `One`, `Two` in … ``.
static DECLARED: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"((?:`[A-Za-z_:!]+`(?:, | and )?)+) in `((?:src|tests)/[\w/.-]+)`").expect("a pattern")
});
/// The path of a file or folder of the repository.
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new(r"`((?:src|tests|docs|schemas|examples|benches|\.ci)/[\w/.-]*)`").expect("a pattern")
});

#[test]
fn the_pages_through_the_code_name_what_is_there() {
    let wrong: Vec<String> = PAGES
        .iter()
        .flat_map(|page| wrong(&read(page)).into_iter().map(move |why| format!("{page}: {why}")))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_planted_name_is_found() {
    assert_eq!(wrong("`src/lib.rs` and `read` in `tests/docs.rs`"), Vec::<String>::new());
    assert_eq!(wrong("`src/nothing.rs`"), ["src/nothing.rs: there is no such file"]);
    assert_eq!(wrong("`root`, `Nobody` in `tests/docs.rs`"), ["tests/docs.rs: nothing is called Nobody"]);
}

fn wrong(page: &str) -> Vec<String> {
    let page = page.split_whitespace().collect::<Vec<_>>().join(" ");
    let places = PLACE.captures_iter(&page).map(|found| found[1].to_owned());
    let missing = places.filter(|place| !root().join(place).exists());
    let mut wrong: Vec<String> = missing.map(|place| format!("{place}: there is no such file")).collect();
    for found in DECLARED.captures_iter(&page) {
        let names = found[1].split('`').filter(|name| name.chars().any(char::is_alphanumeric));
        let names = names.filter(|name| !["and", ","].contains(&name.trim()));
        for name in names.filter(|name| !declares(&found[2], name.trim_end_matches('!'))) {
            wrong.push(format!("{}: nothing is called {name}", &found[2]));
        }
    }
    wrong
}

/// True if the file, or a file of the folder, declares a type, function, constant or field with the last part of this name.
fn declares(place: &str, name: &str) -> bool {
    let name = name.rsplit("::").next().unwrap_or(name);
    let pattern =
        format!(r"\b(?:struct|enum|trait|type|fn|const|static|mod|macro_rules!)\s+{name}\b|\b{name}: ");
    let pattern = Regex::new(&pattern).expect("a name is a pattern");
    texts(&root().join(place)).iter().any(|text| pattern.is_match(text))
}

fn texts(place: &Path) -> Vec<String> {
    if place.is_file() {
        return std::fs::read_to_string(place).into_iter().collect();
    }
    let entries = std::fs::read_dir(place).into_iter().flatten().flatten();
    entries.flat_map(|entry| texts(&entry.path())).collect()
}
