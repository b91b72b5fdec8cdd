//! Links in pages: every relative link names a file, every anchor a heading.

use std::path::Path;

use super::{read, root};

const PAGES: [&str; 3] = ["README.md", "CONTRIBUTING.md", "CHANGELOG.md"];

fn pages() -> Vec<String> {
    let mut found: Vec<String> = PAGES.map(str::to_owned).to_vec();
    let mut open = vec!["docs".to_owned()];
    while let Some(folder) = open.pop() {
        for entry in std::fs::read_dir(root().join(&folder)).unwrap() {
            let path = format!("{folder}/{}", entry.unwrap().file_name().to_string_lossy());
            if root().join(&path).is_dir() {
                open.push(path);
            } else if path.ends_with(".md") {
                found.push(path);
            }
        }
    }
    found
}

#[test]
fn links_lead_somewhere() {
    let mut wrong = Vec::new();
    for page in pages() {
        let text = read(&page);
        for target in targets(&text) {
            if target.contains("://") {
                continue;
            }
            let (file, anchor) = target.split_once('#').unwrap_or((target, ""));
            let folder = Path::new(&page).parent().unwrap();
            let path = if file.is_empty() { page.clone() } else { folder.join(file).display().to_string() };
            if !root().join(&path).exists() {
                wrong.push(format!("{page}: there is no {target}"));
            } else if !anchor.is_empty() && !anchors(&read(&path)).contains(&anchor.to_owned()) {
                wrong.push(format!("{page}: there is no heading for {target}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The automatic build runs what the README tells people to run.
#[test]
fn the_test_command_of_the_readme_is_the_one_that_is_run() {
    let readme = read("README.md");
    let marked = readme.lines().skip_while(|line| !line.contains("<!-- test command -->"));
    let command = marked.skip(2).map(str::trim).next().expect("the README marks its test command");
    assert!(command.starts_with("cargo test"), "{command:?} is the test command");
    let script = read(".ci/run");
    let last = script.lines().rev().find(|line| !line.trim().is_empty()).unwrap();
    assert_eq!(last.trim(), command);
}

/// The targets in `](…)`, outside code.
fn targets(text: &str) -> Vec<&str> {
    let mut found = Vec::new();
    let mut in_block = false;
    for line in text.lines() {
        in_block ^= line.trim_start().starts_with("```");
        if !in_block {
            let parts = line.split("](").skip(1);
            found.extend(parts.filter_map(|part| part.split_once(')').map(|(target, _)| target)));
        }
    }
    found
}

/// The anchors of the headings of a page.
fn anchors(text: &str) -> Vec<String> {
    let headings = text.lines().filter(|line| line.starts_with('#'));
    headings.map(|line| anchor(line.trim_start_matches('#').trim())).collect()
}

/// The anchor of a heading: in lower case, letters, digits and hyphens only, with hyphens for spaces.
pub fn anchor(heading: &str) -> String {
    let kept = heading.chars().filter(|c| c.is_alphanumeric() || " -_".contains(*c));
    kept.collect::<String>().to_lowercase().replace(' ', "-")
}

#[test]
fn the_readme_names_the_oldest_git() {
    let needed = format!("git {} or newer", rolecall::git::version::OLDEST);
    let needed_to_run = format!("the `git` program, {} or newer", rolecall::git::version::OLDEST);
    let readme = read("README.md");
    assert!(readme.contains(&needed) && readme.contains(&needed_to_run), "README.md: {needed}");
}
