//! One repository with mistakes of every kind. A comment `# bad: CODE, …` marks the line of each; `# bad-next:` marks
//! the line after. One run reports all of them and nothing else; every file is also loaded alone beside good ones.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rolecall::catalog::{Catalog, Definition, scim};
use rolecall::config::{self, Loaded, Source, diagnostics};

fn catalog() -> Catalog {
    Catalog::of([Definition {
        settings_schema: r#"{
                "type": "object",
                "additionalProperties": false,
                "properties": {
                    "members": {
                        "type": "object",
                        "additionalProperties": false,
                        "properties": {"batch": {"type": "integer", "minimum": 1}}
                    }
                }
            }"#
        .into(),
        mappings: "\
mappings:
  scim-users: {match: [userName], attributes: {userName: user.email}}
  scim-groups: {match: [displayName], attributes: {displayName: group.name}}
"
        .into(),
        user_mapping: "scim-users".into(),
        group_mapping: "scim-groups".into(),
        ..scim::definition()
    }])
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bad").join(name)
}

/// All files below a folder, by name.
fn files(of: &str) -> BTreeMap<String, String> {
    let root = folder(of);
    let mut files = BTreeMap::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else {
                let name = path.strip_prefix(&root).unwrap().to_str().unwrap().replace('\\', "/");
                files.insert(name, std::fs::read_to_string(&path).unwrap());
            }
        }
    }
    files
}

type Marks = Vec<(String, u32, String)>;

/// The findings that the comments announce: file, line, code.
fn announced(files: &BTreeMap<String, String>) -> Marks {
    let mut marks = Vec::new();
    for (name, text) in files {
        for (number, line) in (1..).zip(text.lines()) {
            for (mark, at) in [("# bad: ", number), ("# bad-next: ", number + 1)] {
                if let Some((_, codes)) = line.split_once(mark) {
                    marks.extend(codes.split(", ").map(|code| (name.clone(), at, code.trim().to_owned())));
                }
            }
        }
    }
    marks.sort();
    marks
}

fn reported(loaded: &Loaded) -> Marks {
    let mut marks: Marks = loaded
        .diagnostics
        .clone()
        .sorted()
        .iter()
        .map(|diagnostic| {
            let place = diagnostic.span.and_then(|span| loaded.files.place(span));
            let (file, line) =
                place.map_or(("?".to_owned(), 0), |place| (place.file.to_string(), place.line));
            (file, line, diagnostic.code.to_owned())
        })
        .collect();
    marks.sort();
    marks
}

fn rendered(loaded: &Loaded) -> String {
    let look = diagnostics::Look { most: 1000, ..Default::default() };
    diagnostics::text(&loaded.diagnostics.clone().sorted(), &loaded.files, look)
}

fn compare(announced: &Marks, loaded: &Loaded) {
    let reported = reported(loaded);
    let missing: Vec<_> = announced.iter().filter(|mark| !reported.contains(mark)).collect();
    let extra: Vec<_> = reported.iter().filter(|mark| !announced.contains(mark)).collect();
    assert!(
        missing.is_empty() && extra.is_empty() && *announced == reported,
        "not reported: {missing:#?}\nnot announced: {extra:#?}\n{}",
        rendered(loaded)
    );
}

#[test]
fn one_run_reports_every_mistake() {
    let files = files("repo");
    let source = Source::open(&folder("repo"), None).unwrap();
    let loaded = config::load(&source, &catalog());
    compare(&announced(&files), &loaded);
    assert!(loaded.diagnostics.stops_tree());
}

#[test]
fn every_mistake_is_reported_alone() {
    let base = files("base");
    let mut settings = insta::Settings::clone_current();
    settings.set_prepend_module_to_snapshot(false);
    settings.set_snapshot_path("bad/snapshots");
    settings.set_omit_expression(true);
    let bad = files("repo");
    for (name, text) in &bad {
        let mut tree = base.clone();
        tree.insert(name.clone(), text.clone());
        // If two files clash, the second one has the finding.
        if name.ends_with("duplicate-b.yaml") {
            let first = "access/duplicate-a.yaml".to_owned();
            tree.insert(first.clone(), bad[&first].clone());
        }
        if name.ends_with("hidden-references.yaml") {
            let hidden = "access/syntax.yaml".to_owned();
            tree.insert(hidden.clone(), bad[&hidden].clone());
        }
        let loaded = config::load(&Source::in_memory(tree.clone()), &catalog());
        compare(&announced(&tree), &loaded);
        let short = name.trim_start_matches("access/").trim_end_matches(".yaml");
        if !announced(&tree).is_empty() {
            let rendered = rendered(&loaded);
            assert!(!rendered.contains("abc123") && !rendered.contains("u:p@"), "{rendered}");
            settings.bind(|| insta::assert_snapshot!(short, rendered));
        }
    }
}

#[test]
fn the_good_files_are_good() {
    let loaded = config::load(&Source::open(&folder("base"), None).unwrap(), &catalog());
    assert_eq!(rendered(&loaded), "");
}
