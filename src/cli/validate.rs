//! `rolecall validate`

use std::path::{Component, Path, PathBuf};

use super::exit::Status;
use super::findings;
use super::globals::{Format, Globals};
use super::printer::Printer;
use super::table::count;
use crate::config::{self, Source, diagnostics};
use crate::engine::Configuration;
use crate::model::diagnostic::Severity;
use crate::model::{Diagnostic, FileSet};

/// Check the repository without a network: syntax, schema, references, expressions, policies; reports all errors at once
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Show only findings in these files or folders; all files are checked all the same
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    try_run(globals, args, &printer).unwrap_or_else(|status| status)
}

fn try_run(globals: &Globals, args: &Args, printer: &Printer) -> Result<Status, Status> {
    let source = Source::open(&globals.start(), globals.rev.as_deref()).map_err(|finding| {
        report(globals, printer, &[*finding], &FileSet::new());
        Status::Failed
    })?;
    let (mut found, files, people) = match Configuration::from_source(&source, &config::catalog()) {
        Ok(config) => {
            let found = config.validate(globals.clock().now());
            let counts = (config.company.users.len(), config.company.groups.len(), config.company.apps.len());
            let Configuration { company, programs, files, .. } = config;
            // The process ends soon: to free the memory of a large company takes time and has no use.
            std::mem::forget((company, programs));
            (found, files, Some(counts))
        }
        Err(error) => (error.findings, error.files, None),
    };
    let failed = found.iter().any(|finding| finding.severity == Severity::Error);
    let all = found.len();
    // If the tree is for another program version, only rolecall.yaml was read.
    let is_read = people.is_some() || files.iter().count() > 1;
    if !args.paths.is_empty() && is_read {
        let chosen = Chosen::read(globals, &source, &args.paths, &files, printer)?;
        found.retain(|finding| {
            let file = finding.span.and_then(|span| files.get(span.file));
            file.is_none_or(|file| chosen.takes(&file.name))
        });
    }
    report(globals, printer, &found, &files);
    if found.len() < all {
        printer.say(&format!("{} in other files", count(all - found.len(), "further finding")));
    }
    let (false, Some((users, groups, apps))) = (failed, people) else {
        return Ok(Status::Failed);
    };
    printer.say(&format!(
        "valid: {}, {}, {}",
        count(users, "user"),
        count(groups, "group"),
        count(apps, "app")
    ));
    Ok(Status::Done)
}

fn report(globals: &Globals, printer: &Printer, found: &[Diagnostic], files: &FileSet) {
    if globals.format == Format::Json {
        let rows = diagnostics::json(found, files);
        printer.json(&rows);
    } else {
        findings::print(printer, found, files);
    }
}

/// The chosen files and folders, relative to the root.
struct Chosen(Vec<PathBuf>);

impl Chosen {
    /// Reads paths as git does: relative to the working directory, or to `-C`.
    ///
    /// # Errors
    /// A path names no file of the tree: already printed.
    fn read(
        globals: &Globals,
        source: &Source,
        paths: &[PathBuf],
        files: &FileSet,
        printer: &Printer,
    ) -> Result<Self, Status> {
        let real = |path: PathBuf| path.canonicalize().unwrap_or(path);
        let start = real(globals.start());
        let root = source.root().map_or_else(|| start.clone(), real);
        let mut chosen = Vec::new();
        for path in paths {
            let whole = plain(&start.join(path));
            let one = match whole.strip_prefix(&root) {
                Ok(inside) => inside.to_owned(),
                Err(_) if root.starts_with(&whole) => PathBuf::new(),
                Err(_) => whole,
            };
            let one = Self(vec![one]);
            if !files.iter().any(|(_, file)| one.takes(&file.name)) {
                let message = format!("{}: no file of the tree is there", path.display());
                let hint = format!(
                    "paths are relative to the working directory; `include:` of {} says which files belong to the tree",
                    root.join("rolecall.yaml").display()
                );
                return Err(printer.failed(&message, Some(&hint)));
            }
            chosen.extend(one.0);
        }
        Ok(Self(chosen))
    }

    fn takes(&self, name: &str) -> bool {
        self.0.iter().any(|path| Path::new(name).starts_with(path))
    }
}

/// The path without `.` and `..`. The file system is not asked, because the file may be missing in the working
/// directory.
fn plain(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = out.pop(),
            part => out.push(part),
        }
    }
    out
}
