//! Finds names of one protocol in code that serves all protocols. Such code asks the catalog what an attribute means.

use super::strip;

/// The rooms between the files and the connectors.
pub const MIDDLE: [&str; 6] = ["plan", "resolve", "apply", "engine", "config", "render"];

/// Names of attributes, in lower case and without underscores.
const ATTRIBUTES: [&str; 3] = ["displayname", "externalid", "username"];

/// Allowed uses of such a name: the file, the name, and its meaning there.
const OTHERS: [(&str, &str, &str); 2] = [
    ("src/config/typed/auth.rs", "username", "the user of HTTP Basic (RFC 7617)"),
    ("src/engine/runs.rs", "username", "a variable of the environment"),
];

/// Files for tests only, and files that write the first repository of a user.
const EXCEPT: [&str; 3] = ["src/engine/init/", "src/render/tests/", "src/render/sample.rs"];

/// Every name of a protocol in a file of the rooms in [`MIDDLE`].
pub fn names(path: &str, text: &str) -> Vec<String> {
    if EXCEPT.iter().any(|except| path.starts_with(except)) {
        return Vec::new();
    }
    let text = without_tests(text);
    let mut found = Vec::new();
    for (number, line) in (1..).zip(text.lines()) {
        if line.to_lowercase().contains("scim") {
            found.push(format!("{path}:{number}: SCIM: the middle knows no protocol"));
        }
    }
    for (number, line) in (1..).zip(strip::strip_comments(text).lines()) {
        for name in ATTRIBUTES.iter().filter(|name| folded(line).contains(*name)) {
            if !OTHERS.iter().any(|(file, other, _)| path == *file && other == name) {
                found.push(format!("{path}:{number}: {name}: ask the catalog what an attribute means"));
            }
        }
        if line.contains(r#""active""#) && is_about_attributes(line) {
            found.push(format!("{path}:{number}: \"active\" as an attribute: ask the catalog"));
        }
    }
    found
}

/// The line in lower case and without underscores, so that `externalId`, `external_id` and `EXTERNAL_ID` are one name.
fn folded(line: &str) -> String {
    line.chars().filter(|c| *c != '_').flat_map(char::to_lowercase).collect()
}

/// True if `active` is an attribute here, and not the status of a person or the state of a link.
fn is_about_attributes(line: &str) -> bool {
    ["path", "Path", "key()", "attribute", "schema"].iter().any(|word| line.contains(word))
}

/// The text without its tests, which stand at the end of a file.
pub fn without_tests(text: &str) -> &str {
    text.find("#[cfg(test)]\nmod tests {").map_or(text, |at| &text[..at])
}

#[test]
fn planted_names_are_found() {
    let count = |text: &str| names("src/plan/a.rs", text).len();
    assert_eq!(count(r#"if &**path.key() == "displayname" {}"#), 1);
    assert_eq!(count(r#"let a = Path::top("externalId"); let b = row.external_id;"#), 1);
    assert_eq!(count("match key { MemberKey::UserName => {} }\nlet maps_external_id = 1;"), 2);
    assert_eq!(count(r#"Path::parse("active")"#), 1);
    assert_eq!(count("// as SCIM says\nlet is_scim = true;"), 2);
    assert_eq!(names("src/config/typed/auth.rs", r#"reader.get("username")"#).len(), 0);
}

#[test]
fn other_words_are_not_found() {
    let count = |text: &str| names("src/plan/a.rs", text).len();
    assert_eq!(count(r#"let shown = Some("active".to_owned());"#), 0);
    assert_eq!(count("/// The display name; a user name.\nlet user = name;"), 0);
    assert_eq!(count("let a = 1;\n#[cfg(test)]\nmod tests {\n    const A: &str = \"userName\";\n}"), 0);
}
