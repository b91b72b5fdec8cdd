//! `rolecall validate`

use std::path::PathBuf;

use super::exit::Status;
use super::findings;
use super::globals::{Format, Globals};
use super::table::count;
use crate::config::diagnostics;
use crate::engine::Tree;
use crate::model::diagnostic::Severity;

/// Check the repository without a network: syntax, schema, references, expressions, policies; all errors at once
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Show only findings in these files or folders; everything is checked all the same
    #[arg(value_name = "PATH")]
    paths: Vec<PathBuf>,
}

pub fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let (mut found, files, people) = match Tree::load(&globals.start(), globals.rev.as_deref()) {
        Ok(tree) => {
            let found = tree.validate(globals.clock().now());
            let counts = (
                tree.company.users.len(),
                tree.company.groups.len(),
                tree.company.apps.len(),
            );
            (found, tree.files, Some(counts))
        }
        Err(error) => (error.findings, error.files, None),
    };
    let failed = found.iter().any(|finding| finding.severity == Severity::Error);
    if !args.paths.is_empty() {
        let wanted: Vec<String> = args
            .paths
            .iter()
            .map(|path| path.to_string_lossy().trim_start_matches("./").to_owned())
            .collect();
        found.retain(|finding| {
            let name = finding
                .span
                .and_then(|span| files.get(span.file))
                .map(|file| file.name.to_string());
            name.is_none_or(|name| {
                wanted.iter().any(|path| {
                    name == *path || name.starts_with(&format!("{}/", path.trim_end_matches('/')))
                })
            })
        });
    }
    if globals.format == Format::Json {
        let rows = diagnostics::json(&found, &files);
        printer.data(&serde_json::to_string_pretty(&rows).unwrap_or_default());
    } else {
        findings::print(&printer, &found, &files);
    }
    match (failed, people) {
        (false, Some((users, groups, apps))) => {
            printer.say(&format!(
                "valid: {}, {}, {}",
                count(users, "user"),
                count(groups, "group"),
                count(apps, "app")
            ));
            Status::Done
        }
        _ => Status::Failed,
    }
}
