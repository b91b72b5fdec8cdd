//! Findings as a Code Quality report, which GitLab shows in a merge request.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::config::include::ROOT_FILE;
use crate::model::escape::{escape, escape_json};

use super::json::Finding;

#[derive(Serialize)]
struct Issue {
    description: String,
    check_name: &'static str,
    fingerprint: String,
    severity: &'static str,
    location: Location,
}

#[derive(Serialize)]
struct Location {
    path: String,
    lines: Lines,
}

#[derive(Serialize)]
struct Lines {
    begin: u32,
}

/// A JSON list. `prefix` is the root's path from the project's top, empty or ending with `/`. A finding without a place
/// is put at the top of rolecall.yaml: the format knows no other.
pub fn gitlab(findings: &[Finding], prefix: &str) -> String {
    let mut seen = BTreeMap::new();
    let issues: Vec<Issue> = findings.iter().map(|finding| issue(finding, prefix, &mut seen)).collect();
    let report = serde_json::to_string_pretty(&issues).unwrap_or_default();
    escape_json(&report).into_owned()
}

fn issue(finding: &Finding, prefix: &str, seen: &mut BTreeMap<String, u32>) -> Issue {
    let path = format!("{prefix}{}", finding.file.as_deref().unwrap_or(ROOT_FILE));
    let words = std::iter::once(&finding.message).chain(&finding.hints);
    let words: Vec<_> = words.map(|text| escape(text)).collect();
    // Without the line, so that a finding stays the same one when lines come and go above it; equal findings are numbered.
    let identity = format!("{}\n{path}\n{}", finding.code, finding.message);
    let count = seen.entry(identity.clone()).or_default();
    *count += 1;
    let fingerprint = blake3::hash(format!("{identity}\n{count}").as_bytes());
    Issue {
        description: words.join("; "),
        check_name: finding.code,
        fingerprint: fingerprint.to_hex()[..32].to_owned(),
        severity: match finding.severity {
            "error" => "major",
            _ => "minor",
        },
        location: Location { path, lines: Lines { begin: finding.line.unwrap_or(1) } },
    }
}
