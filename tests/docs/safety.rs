//! `docs/safety.md`: every rule has claims, every claim names tests that exist or says that it has none.

use std::collections::BTreeSet;

use super::{read, root};

const RULES: usize = 18;
/// The rule about seeing, which has a number of its own.
const SEEING: usize = 22;

struct Claim {
    label: String,
    tests: Vec<String>,
}

#[test]
fn every_named_test_exists() {
    let mut wrong = Vec::new();
    for claim in claims(&read("docs/safety.md")) {
        for test in &claim.tests {
            if let Err(why) = exists(test) {
                wrong.push(format!("{}: {test}: {why}", claim.label));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_has_claims_in_order() {
    let labels: Vec<String> = claims(&read("docs/safety.md")).into_iter().map(|claim| claim.label).collect();
    let unique: BTreeSet<&String> = labels.iter().collect();
    assert_eq!(unique.len(), labels.len(), "a label is there twice");
    let mut expected = Vec::new();
    for rule in (1..=RULES).chain([SEEING]) {
        let count = labels.iter().filter(|label| number(label) == Some(rule)).count();
        assert!(count > 0, "rule {rule} has no claim");
        let single = ('a'..='z').map(String::from);
        let letters = single.chain(('a'..='z').map(|letter| format!("a{letter}")));
        expected.extend(letters.take(count).map(|letters| format!("{rule}{letters}")));
    }
    let numbered: Vec<String> = labels.into_iter().filter(|label| number(label).is_some()).collect();
    assert_eq!(numbered, expected);
}

/// What has happened to others stands beside claims that there are, and tests that there are.
#[test]
fn what_has_happened_names_claims_and_tests() {
    let page = read("docs/what-has-happened.md");
    let labels: BTreeSet<String> =
        claims(&read("docs/safety.md")).into_iter().map(|claim| claim.label).collect();
    let rows = page.lines().filter(|line| line.starts_with("| ")).skip(1);
    let mut number = 0;
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split(" | ").map(str::trim).collect();
        let [_, named, test] = cells.as_slice() else { panic!("{row}: three cells") };
        let unknown: Vec<&str> = named.split(", ").filter(|label| !labels.contains(*label)).collect();
        assert!(unknown.is_empty(), "{row}: there is no claim {unknown:?}");
        assert_eq!(exists(test.trim_matches('`')), Ok(()), "{row}");
        number += 1;
    }
    assert!(number > 40, "only {number} rows");
}

/// `docs/status.md` names tests by file and name, or a file as a whole.
#[test]
fn the_status_page_names_what_exists() {
    let page = read("docs/status.md");
    let named = page.split('`').skip(1).step_by(2);
    let named = named.filter(|name| name.starts_with("tests/") || name.starts_with("src/"));
    let missing = |name: &str| match name.contains("::") {
        true => exists(name).err(),
        false => (!root().join(name).exists()).then(|| "there is no such file".to_owned()),
    };
    let wrong: Vec<String> = named.filter_map(|name| Some(format!("{name}: {}", missing(name)?))).collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_claim_names_a_test() {
    let claims = claims(&read("docs/safety.md"));
    let missing = claims.iter().filter(|claim| claim.tests.is_empty());
    let missing: Vec<_> = missing.map(|claim| claim.label.as_str()).collect();
    assert!(missing.is_empty(), "without a test: {}", missing.join(", "));
}

#[test]
fn a_planted_lie_is_found() {
    let page = "- **1a** Said.\n  test: `tests/docs/safety.rs::a_planted_lie_is_found`, `tests/docs.rs::nothing`\n\
                - **1b** Not yet.\n  test: missing\n";
    let claims = claims(page);
    assert_eq!((claims.len(), claims[1].tests.len()), (2, 0));
    assert!(exists(&claims[0].tests[0]).is_ok());
    assert!(exists(&claims[0].tests[1]).is_err());
    assert!(exists("tests/no_such_file.rs::nothing").is_err());
}

/// Reads claims: `- **1a** text … test: missing`, or with names in backticks, up to the next claim or heading.
fn claims(page: &str) -> Vec<Claim> {
    let mut found: Vec<Claim> = Vec::new();
    let mut blocks: Vec<String> = Vec::new();
    for line in page.lines() {
        if line.starts_with("- **") {
            blocks.push(line.to_owned());
        } else if let (Some(block), true) = (blocks.last_mut(), line.starts_with("  ")) {
            block.push('\n');
            block.push_str(line);
        }
    }
    for block in blocks {
        let label = block["- **".len()..].split("**").next().unwrap().to_owned();
        let Some((_, named)) = block.split_once("test: ") else {
            panic!("claim {label} names no test; write `test: missing` if there is none");
        };
        let tests: Vec<String> = named.split('`').skip(1).step_by(2).map(str::to_owned).collect();
        assert!(!tests.is_empty() || named.trim() == "missing", "claim {label}: {named:?} names no test");
        found.push(Claim { label, tests });
    }
    assert!(!found.is_empty(), "there are claims");
    found
}

/// Checks that a test exists, given as `path/to/file.rs::name_of_a_function`.
fn exists(test: &str) -> Result<(), String> {
    let (path, name) = test.split_once("::").ok_or("not written as file.rs::name")?;
    let text = std::fs::read_to_string(root().join(path)).map_err(|error| error.to_string())?;
    let head = format!("fn {name}(");
    let at = text.find(&head).ok_or("the file has no such function")?;
    let before: Vec<&str> = text[..at].lines().rev().take(6).collect();
    if before.iter().any(|line| line.contains("#[test]") || line.contains("::test")) {
        return Ok(());
    }
    Err("the function is not a test".to_owned())
}

fn number(label: &str) -> Option<usize> {
    label.trim_end_matches(|c: char| c.is_ascii_lowercase()).parse().ok()
}
