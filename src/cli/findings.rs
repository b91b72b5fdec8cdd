//! Findings on stderr; in CI also as annotations.

use super::exit::Status;
use super::printer::Printer;
use crate::config::diagnostics::{Look, github, text};
use crate::model::diagnostic::{Class, Severity};
use crate::model::{Diagnostic, FileSet};

/// Prints sorted findings and a line that counts them; errors alone if they asked for quiet.
pub fn print(printer: &Printer, findings: &[Diagnostic], files: &FileSet) {
    if printer.is_quiet() {
        print_all(printer, &errors(findings), files);
    } else {
        print_all(printer, findings, files);
    }
}

fn print_all(printer: &Printer, findings: &[Diagnostic], files: &FileSet) {
    if findings.is_empty() {
        return;
    }
    let look = Look {
        color: printer.colours_stderr(),
        ..Look::default()
    };
    printer.line(text(findings, files, look).trim_end());
    printer.line("");
    let errors = findings
        .iter()
        .filter(|finding| finding.severity == Severity::Error)
        .count();
    printer.line(&counts(errors, findings.len() - errors));
    if std::env::var_os("GITHUB_ACTIONS").is_some_and(|value| value == "true") {
        printer.line(github(findings, files, "").trim_end());
    }
}

/// Prints the errors among sorted findings; `validate` is the place for warnings.
pub fn print_errors(printer: &Printer, findings: &[Diagnostic], files: &FileSet) {
    print_all(printer, &errors(findings), files);
}

fn errors(findings: &[Diagnostic]) -> Vec<Diagnostic> {
    let errors = findings.iter();
    errors
        .filter(|finding| finding.severity == Severity::Error)
        .cloned()
        .collect()
}

/// `3 errors, 1 warning`.
pub fn counts(errors: usize, warnings: usize) -> String {
    let some = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}", some(errors, "error"), some(warnings, "warning"))
}

/// What findings mean for a plan: people in doubt are status 3, policies 4, the tree 1.
pub fn status(findings: &[Diagnostic]) -> Status {
    let of = |finding: &Diagnostic| match (finding.severity, finding.class) {
        (Severity::Warning, _) => Status::Done,
        (Severity::Error, Class::Subject) => Status::Partly,
        (Severity::Error, Class::Policy) => Status::Refused,
        (Severity::Error, Class::Tree) => Status::Failed,
    };
    findings.iter().map(of).max().unwrap_or(Status::Done)
}
