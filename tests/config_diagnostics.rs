//! The form of findings: for people, for machines, as annotations.

use rolecall::config::diagnostics::{Look, github, json, text};
use rolecall::model::span::SourceFile;
use rolecall::model::{Diagnostic, FileSet, Span};

fn files() -> FileSet {
    let mut files = FileSet::new();
    files.add(SourceFile::new("access/a.yaml", "users:\n  ada: {emial: x}\n  bob: {}\n".to_owned()));
    files.add(SourceFile::new("access/b, 100%.yaml", "groups:\n\tg: \u{1b}[31mred\u{202e}\n".to_owned()));
    files.add(SourceFile::new("long.yaml", format!("a: {} here {}\n", "x".repeat(5000), "y".repeat(5000))));
    files
}

fn findings() -> Vec<Diagnostic> {
    vec![
        Diagnostic::error("unknown-key", Span::new(0, 15, 20), "unknown key `emial` in `ada`")
            .with_hint("did you mean `email`?")
            .with_related(Span::new(0, 26, 29), "as here"),
        Diagnostic::warning("odd", Span::new(1, 12, 20), "a line\nin two, with \u{1b}[2J and 100%")
            .with_label("here"),
        Diagnostic::error("far", Span::new(2, 5008, 5012), "in a long line"),
        Diagnostic::error("end", Span::new(0, 9999, 9999), "past the end"),
        Diagnostic::error("git", None, "there is no place").of_subject().with_hint("nowhere to look"),
        Diagnostic::error("literal-secret", Span::new(0, 0, 5), "a secret").of_policy(),
    ]
}

#[test]
fn for_people() {
    insta::assert_snapshot!(text(&findings(), &files(), Look::default()));
}

#[test]
fn colours_are_only_an_addition() {
    let colourful = text(&findings(), &files(), Look { color: true, most: 50 });
    let plain = regex::Regex::new("\u{1b}\\[[0-9;]*m").unwrap().replace_all(&colourful, "").into_owned();
    assert_eq!(plain, text(&findings(), &files(), Look::default()));
    assert!(!text(&findings(), &files(), Look::default()).contains('\u{1b}'));
}

#[test]
fn for_machines() {
    insta::assert_snapshot!(serde_json::to_string_pretty(&json(&findings(), &files())).unwrap());
}

#[test]
fn as_annotations() {
    insta::assert_snapshot!(github(&json(&findings(), &files()), "company/"));
}

#[test]
fn only_some_are_shown_and_errors_go_first() {
    let mut many: Vec<Diagnostic> = (0..30)
        .map(|number| Diagnostic::warning("w", Span::new(0, 0, 5), format!("warning {number}")))
        .collect();
    many.extend((0..45).map(|number| Diagnostic::error("e", Span::new(0, 9, 12), format!("error {number}"))));
    let shown = text(&many, &files(), Look::default());
    assert_eq!(shown.matches("error[e]").count(), 45);
    assert_eq!(shown.matches("warning[w]").count(), 5);
    assert!(shown.ends_with("… and 25 more\n\n"), "{shown}");
}
