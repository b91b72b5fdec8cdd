//! What is held or stopped: a line each on stderr, and an annotation each in a build server (safety.md 11).

use super::findings;
use super::printer::Printer;
use crate::config::diagnostics::{Finding, json};
use crate::model::diagnostic::{Class, Severity};
use crate::model::result::RunResult;
use crate::model::{Diagnostic, FileSet};
use crate::plan::Plan;
use crate::render::{Warning, applied, warnings};

/// Says each of them once, although a run may plan twice.
pub(super) struct Held<'f> {
    files: &'f FileSet,
    /// The findings of the tree tell of each policy that is violated.
    policies_are_said: bool,
    said: Vec<Warning>,
    /// What the build server was told.
    told: Vec<Finding>,
}

impl<'f> Held<'f> {
    /// The errors among the findings were told before.
    pub(super) fn new(found: &[Diagnostic], files: &'f FileSet) -> Self {
        let of_policy = |one: &Diagnostic| one.severity == Severity::Error && one.class == Class::Policy;
        Self {
            files,
            policies_are_said: found.iter().any(of_policy),
            said: Vec::new(),
            told: json(&findings::errors(found), files),
        }
    }

    /// What a plan holds.
    pub(super) fn say(&mut self, printer: &Printer, plan: &Plan) {
        self.print(printer, warnings(plan, self.policies_are_said));
    }

    /// What was held while a plan was carried out.
    pub(super) fn say_of_run(&mut self, printer: &Printer, result: &RunResult) {
        self.print(printer, applied::warnings(result));
    }

    fn print(&mut self, printer: &Printer, mut warnings: Vec<Warning>) {
        warnings.retain(|warning| !self.said.contains(warning));
        // With `--quiet`, warnings are told to nobody, as those of the tree.
        if warnings.is_empty() || printer.is_quiet() {
            return;
        }
        for warning in &warnings {
            printer.warn(&warning.text, None);
        }
        let finding =
            |warning: &Warning| Finding::warning(warning.code, warning.text.clone(), warning.place.as_ref());
        let new: Vec<Finding> = warnings.iter().map(finding).collect();
        findings::annotate(printer, &self.told, &new, self.files);
        self.told.extend(new);
        self.said.extend(warnings);
    }
}
