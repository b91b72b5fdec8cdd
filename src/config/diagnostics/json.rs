//! Findings for machines.

use std::sync::Arc;

use serde::Serialize;

use crate::model::diagnostic::{Class, Severity};
use crate::model::span::Place;
use crate::model::{Diagnostic, FileSet, Span};

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Finding {
    /// File name relative to the root; absent if no place can be named.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub file: Option<Arc<str>>,
    /// 1-based line.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<u32>,
    /// 1-based column in characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub column: Option<u32>,
    /// 1-based line of the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_line: Option<u32>,
    /// 1-based column after the end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub end_column: Option<u32>,
    /// Stable short name.
    pub code: &'static str,
    /// `tree`, `subject` or `policy`.
    pub class: &'static str,
    /// `error` or `warning`.
    pub severity: &'static str,
    /// What happened.
    pub message: String,
    /// What to do.
    pub hints: Vec<String>,
    /// Other places that matter.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub related: Vec<Other>,
}

/// Another place that matters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Other {
    /// File name relative to the root.
    pub file: Arc<str>,
    /// 1-based line.
    pub line: u32,
    /// 1-based column in characters.
    pub column: u32,
    /// What it is.
    pub message: String,
}

/// The findings as data.
pub fn json(findings: &[Diagnostic], files: &FileSet) -> Vec<Finding> {
    findings.iter().map(|diagnostic| finding(diagnostic, files)).collect()
}

impl Finding {
    /// A warning about apps, at a place in the files if there is one.
    pub fn warning(code: &'static str, message: String, place: Option<&Place>) -> Self {
        Self {
            file: place.map(|place| place.file.clone()),
            line: place.map(|place| place.line),
            column: None,
            end_line: None,
            end_column: None,
            code,
            class: word(Class::Policy),
            severity: severity(Severity::Warning),
            message,
            hints: Vec::new(),
            related: Vec::new(),
        }
    }
}

fn finding(diagnostic: &Diagnostic, files: &FileSet) -> Finding {
    let start = diagnostic.span.and_then(|span| files.place(span));
    let end = diagnostic.span.and_then(|span| files.place(Span::new(span.file, span.end, span.end)));
    Finding {
        line: start.as_ref().map(|place| place.line),
        column: start.as_ref().map(|place| place.column),
        file: start.map(|place| place.file),
        end_line: end.as_ref().map(|place| place.line),
        end_column: end.as_ref().map(|place| place.column),
        code: diagnostic.code,
        class: word(diagnostic.class),
        severity: severity(diagnostic.severity),
        message: diagnostic.message.clone(),
        hints: diagnostic.hints.clone(),
        related: diagnostic
            .related
            .iter()
            .filter_map(|(span, text)| {
                let place = files.place(*span)?;
                Some(Other {
                    file: place.file,
                    line: place.line,
                    column: place.column,
                    message: text.clone(),
                })
            })
            .collect(),
    }
}

fn word(class: Class) -> &'static str {
    match class {
        Class::Tree => "tree",
        Class::Subject => "subject",
        Class::Policy => "policy",
    }
}

pub(super) fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
