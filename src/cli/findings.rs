//! Findings on stderr; in CI also beside the lines of a pull or merge request.

use std::path::{Path, PathBuf};

use super::exit::Status;
use super::printer::Printer;
use crate::config::diagnostics::{Finding, Look, github, gitlab, json, text};
use crate::model::diagnostic::{Class, Severity};
use crate::model::{Diagnostic, FileSet};

/// Prints sorted findings and a line that counts them; with `--quiet` only errors.
pub(super) fn print(printer: &Printer, findings: &[Diagnostic], files: &FileSet) {
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
    let look = Look { color: printer.colours_stderr(), ..Look::default() };
    printer.print_escaped(text(findings, files, look).trim_end());
    printer.print_escaped("");
    let errors = findings.iter().filter(|finding| finding.severity == Severity::Error).count();
    printer.print_escaped(&counts(errors, findings.len() - errors));
    annotate(printer, &[], &json(findings, files), files);
}

/// Tells the build server: annotations on stderr, or a report with what was told before.
pub(super) fn annotate(printer: &Printer, before: &[Finding], new: &[Finding], files: &FileSet) {
    if is_in("GITHUB_ACTIONS") {
        let prefix = prefix(files.root(), folder("GITHUB_WORKSPACE").as_deref());
        printer.print_escaped(github(new, &prefix).trim_end());
    }
    if is_in("GITLAB_CI") {
        write_report(printer, before, new, files);
    }
}

/// The report file for GitLab.
const REPORT: &str = "gl-code-quality-report.json";

fn write_report(printer: &Printer, before: &[Finding], new: &[Finding], files: &FileSet) {
    let Some(project) = folder("CI_PROJECT_DIR") else {
        return;
    };
    let path = project.join(REPORT);
    let all = [before, new].concat();
    match std::fs::write(&path, gitlab(&all, &prefix(files.root(), Some(&project)))) {
        Ok(()) if !before.is_empty() => {}
        Ok(()) => printer.say(&format!(
            "the findings are in {REPORT} as well: with `artifacts: reports: codequality: {REPORT}` the merge request \
             shows them"
        )),
        Err(error) => printer.warn(&format!("{}: {error}", path.display()), None),
    }
}

fn is_in(name: &str) -> bool {
    std::env::var_os(name).is_some_and(|value| value == "true")
}

fn folder(name: &str) -> Option<PathBuf> {
    std::env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from)
}

/// The path from the top of the checkout to the root, with a slash at its end; empty if there is none.
fn prefix(root: Option<&Path>, top: Option<&Path>) -> String {
    let real = |path: &Path| path.canonicalize().unwrap_or_else(|_| path.to_owned());
    let (Some(root), Some(top)) = (root.map(real), top.map(real)) else {
        return String::new();
    };
    let Ok(inside) = root.strip_prefix(&top) else {
        return String::new();
    };
    let parts = inside.components().map(|part| part.as_os_str().to_string_lossy());
    parts.map(|part| format!("{part}/")).collect()
}

/// Prints the errors among sorted findings; only `validate` shows warnings.
pub(super) fn print_errors(printer: &Printer, findings: &[Diagnostic], files: &FileSet) {
    print_all(printer, &errors(findings), files);
}

pub(super) fn errors(findings: &[Diagnostic]) -> Vec<Diagnostic> {
    let errors = findings.iter();
    errors.filter(|finding| finding.severity == Severity::Error).cloned().collect()
}

/// `3 errors, 1 warning`.
pub(super) fn counts(errors: usize, warnings: usize) -> String {
    let some = |count: usize, word: &str| format!("{count} {word}{}", if count == 1 { "" } else { "s" });
    format!("{}, {}", some(errors, "error"), some(warnings, "warning"))
}

/// The exit status of a plan with these findings: 3 for undecided people, 4 for policies, 1 for the tree.
pub(super) fn status(findings: &[Diagnostic]) -> Status {
    let of = |finding: &Diagnostic| match (finding.severity, finding.class) {
        (Severity::Warning, _) => Status::Done,
        (Severity::Error, Class::Subject) => Status::Partly,
        (Severity::Error, Class::Policy) => Status::Refused,
        (Severity::Error, Class::Tree) => Status::Failed,
    };
    findings.iter().map(of).max().unwrap_or(Status::Done)
}
