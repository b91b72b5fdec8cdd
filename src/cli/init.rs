//! `rolecall init`

use std::path::PathBuf;

use super::exit::Status;
use super::globals::{Format, Globals};
use crate::engine::init::{Git, InitError, Made, Starter};

/// Write a repository to start from: settings, people, a sandbox app, a CI workflow, CODEOWNERS
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Folder of the repository; created if it does not exist
    #[arg(value_name = "DIR", default_value = ".")]
    folder: PathBuf,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    let folder = globals.start().join(&args.folder);
    match Starter::new(&folder).and_then(|starter| starter.write()) {
        Ok(made) => {
            if globals.format == Format::Json {
                printer.data(&serde_json::json!({"files": made.files}).to_string());
            } else {
                printer.data(&made.files.iter().map(|name| format!("{name}\n")).collect::<String>());
            }
            next_steps(args, &made).lines().for_each(|line| printer.say(line));
            if let Git::Below { top } = &made.git {
                let hint = format!(
                    "move it to {}, with `working-directory` in the workflow and the paths in CODEOWNERS set to this folder",
                    top.display()
                );
                printer.warn(
                    "this is not the top folder of its git repository: GitHub does not see .github here",
                    Some(&hint),
                );
            }
            Status::Done
        }
        Err(error) => {
            let hint = match &error {
                InitError::InTheWay(_) => {
                    "nothing was written, and nothing is ever overwritten: move them away, or name another folder"
                }
                InitError::Io { made, .. } if made.is_empty() => "nothing was written",
                InitError::Io { .. } => "some files were written: remove them before the next try",
                InitError::Git(_) => "name a folder outside, or repair the repository",
            };
            printer.failed(&error.to_string(), Some(hint))
        }
    }
}

fn next_steps(args: &Args, made: &Made) -> String {
    let mut lines = Vec::new();
    if made.ignored {
        lines.push("added .rolecall/ to .gitignore".to_owned());
    }
    lines.push("next:".to_owned());
    if args.folder.as_os_str() != "." {
        lines.push(format!("  cd {}", args.folder.display()));
    }
    let plan = "  rolecall plan     shows what would be done in the app `playground`, which is a sandbox";
    lines.push(plan.to_owned());
    lines.push("  rolecall apply    does it; after that, the next plan is empty".to_owned());
    lines.push(
        "  then put your people into access/people.yaml and your first app into access/apps/".to_owned(),
    );
    let commit = match made.git {
        Git::None => "git init and commit",
        _ => "commit",
    };
    lines.push(format!(
        "  and {commit}; `rolecall ledger init` once an app is no sandbox; .github/install-rolecall.sh says what CI needs"
    ));
    lines.join("\n")
}
