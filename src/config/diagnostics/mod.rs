//! Findings for people ([`text()`]), for machines ([`json()`]) and beside the lines of a pull or merge request
//! ([`github()`], [`gitlab()`]).
//! Everything that comes from a file is escaped: a finding never moves the cursor or changes a colour.

mod github;
mod gitlab;
mod json;
mod text;
mod window;

use std::collections::BTreeSet;

use crate::model::{Diagnostic, FileSet, Span};

pub use github::github;
pub use gitlab::gitlab;
pub use json::{Finding, Other, json};
pub use text::{Look, text};

/// Findings whose line is never repeated: it may hold a secret.
const UNSHOWN: [&str; 2] = ["literal-secret", "url-query"];

/// Files and lines that are not repeated, whatever finding is about them or the line beside them.
fn unshown(findings: &[Diagnostic], files: &FileSet) -> BTreeSet<(u32, u32)> {
    let secrets = findings.iter().filter(|finding| UNSHOWN.contains(&finding.code));
    let lines = |span: Span| {
        let file = files.get(span.file)?;
        let [first, last] = [span.start, span.end].map(|at| file.line_column(at).0);
        Some((first..=last).map(move |line| (span.file, line)))
    };
    secrets.filter_map(|finding| lines(finding.span?)).flatten().collect()
}
