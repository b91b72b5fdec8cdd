//! A loaded repository: typed and compiled, with all findings.

use std::path::Path;
use std::sync::Arc;

use super::runs::{RUNS, STATE_FOLDER};
use crate::catalog::Catalog;
use crate::config::{self, Inputs, Source};
use crate::model::time::Timestamp;
use crate::model::words::first_ten;
use crate::model::{Company, Diagnostic, Diagnostics, FileSet};
use crate::resolve::{self, Programs, Resolved};

/// A repository that can be planned from.
pub struct Configuration {
    pub files: FileSet,
    /// The connectors that its apps may name.
    pub catalog: Catalog,
    /// What the files declare.
    pub company: Company,
    pub programs: Programs,
    /// What it was read from.
    pub inputs: Inputs,
    /// Warnings, and errors that concern one subject or policy only.
    pub findings: Diagnostics,
}

/// Why nothing can be planned: sorted findings with the files they point into.
#[derive(Debug)]
pub struct ConfigurationError {
    pub findings: Vec<Diagnostic>,
    /// The files that the findings point into.
    pub files: FileSet,
}

/// A request that may take longer than half the lease could never be sent (safety.md 7).
fn leases(company: &Company) -> Vec<Diagnostic> {
    let Some(ledger) = &company.settings.ledger else {
        return Vec::new();
    };
    let slow = company.apps.iter().filter(|app| !app.is_sandbox() && app.limits.timeout * 2 > ledger.lease);
    slow.map(|app| {
        let (timeout, lease) = (app.limits.timeout, ledger.lease);
        let message = format!("a request to {} may take {timeout:?}, more than half of the ledger's lease of {lease:?}", app.id);
        Diagnostic::error("lease-too-short", ledger.span, message)
            .with_related(app.span, "this app")
            .with_hint("raise `ledger.lease`, or lower `limits.timeout` of the app: a request is only sent if the lease outlasts it")
    })
    .collect()
}

/// Files of runs that git has. A commit must not be able to write what a run is believed to have done (safety.md 6).
fn run_files(source: &Source) -> Vec<Diagnostic> {
    let folder = format!("{STATE_FOLDER}/{RUNS}");
    let tracked = match source.tracked_in(&folder) {
        Ok(tracked) if tracked.is_empty() => return Vec::new(),
        Ok(tracked) => tracked,
        Err(finding) => return vec![*finding],
    };
    let message =
        format!("git tracks files of runs, which are no part of a repository: {}", first_ten(&tracked));
    let hint = format!(
        "`git rm -r --cached {folder}`, commit, and put `{STATE_FOLDER}/` into .gitignore; ask who added them, because such a file can claim what was never done"
    );
    vec![Diagnostic::error("tracked-run-file", None, message).with_hint(hint)]
}

/// All JSON Schemas by name: the language, and the settings of each connector.
pub fn schemas(catalog: &Catalog) -> Vec<(String, Arc<str>)> {
    let language = std::iter::once(("rolecall".to_owned(), config::schema::TEXT.into()));
    let settings = catalog
        .connectors()
        .map(|connector| (format!("settings-{}", connector.name), connector.settings_schema.clone()));
    language.chain(settings).collect()
}

impl Configuration {
    /// Loads the tree around `start`, from the working directory or from a revision.
    ///
    /// # Errors
    /// Everything that is wrong, if it stops plan and apply.
    pub fn load(
        start: &Path,
        revision: Option<&str>,
        catalog: &Catalog,
    ) -> Result<Self, Box<ConfigurationError>> {
        match Source::open(start, revision) {
            Ok(source) => Self::from_source(&source, catalog),
            Err(finding) => {
                Err(Box::new(ConfigurationError { findings: vec![*finding], files: FileSet::new() }))
            }
        }
    }

    /// Loads from a source.
    ///
    /// # Errors
    /// The same as [`Configuration::load`].
    pub fn from_source(source: &Source, catalog: &Catalog) -> Result<Self, Box<ConfigurationError>> {
        let loaded = config::load(source, catalog);
        let mut findings = loaded.diagnostics;
        let Some(company) = loaded.company else {
            return Err(Box::new(ConfigurationError { findings: findings.sorted(), files: loaded.files }));
        };
        let (programs, problems) = Programs::compile(&company, &loaded.catalog);
        findings.extend(problems);
        findings.extend(resolve::invisible_texts(&company, &programs));
        findings.extend(leases(&company));
        findings.extend(run_files(source));
        if findings.stops_tree() {
            return Err(Box::new(ConfigurationError { findings: findings.sorted(), files: loaded.files }));
        }
        Ok(Self {
            files: loaded.files,
            catalog: loaded.catalog,
            company,
            programs,
            inputs: loaded.inputs,
            findings,
        })
    }

    /// All findings that need no network, for the instant `at`, sorted: `validate` fails if one of them is an error.
    pub fn validate(&self, at: Timestamp) -> Vec<Diagnostic> {
        let mut findings = self.findings.clone();
        findings.extend(resolve::findings(&Resolved::new(&self.company, &self.programs, at)));
        findings.sorted()
    }

    /// The same repository with every app as its sandbox.
    pub fn sandboxed(mut self) -> Self {
        for app in &mut self.company.apps {
            app.url = "sandbox:".into();
            app.auth = None;
        }
        self
    }
}
