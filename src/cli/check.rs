//! `rolecall check`

use super::exit::Status;
use super::globals::Globals;
use super::plan::{load, refuse};
use super::printer::Printer;
use crate::connector::Level;
use crate::engine::check::{self, LedgerCheck};
use crate::git::protection::Protection;
use crate::render::escape;

/// Test the connections: credentials, rights, capabilities, and the ledger
#[derive(Debug, clap::Args)]
pub struct Args {
    /// Only this app
    #[arg(value_name = "APP")]
    app: Option<String>,
}

pub fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    try_run(globals, args, &printer).unwrap_or_else(|status| status)
}

fn try_run(globals: &Globals, args: &Args, printer: &Printer) -> Result<Status, Status> {
    let tree = load(globals, printer)?;
    let mut selection = globals.selection(printer)?;
    if let Some(id) = &args.app {
        if tree.company.app(id).is_none() {
            let known: Vec<_> = tree.company.apps.iter().map(|app| app.id.to_string()).collect();
            return Err(printer.failed(
                &format!("there is no app {id}"),
                Some(&format!("declared are: {}", known.join(", "))),
            ));
        }
        selection.apps = globset::Glob::new(&globset::escape(id))
            .map(|glob| vec![glob.compile_matcher()])
            .unwrap_or_default();
    }
    let engine = globals.engine(printer)?;
    let mut out = String::new();
    let mut status = Status::Done;
    for checked in check::apps(&engine, &tree, &selection) {
        match checked.report {
            None => out.push_str(&format!("{}  skipped: `enabled: false`\n", checked.app)),
            Some(Err(error)) => {
                out.push_str(&format!(
                    "{}\n  FAIL  {}\n",
                    checked.app,
                    escape(&error.to_string())
                ));
                if let Some(hint) = &error.hint {
                    out.push_str(&format!("        hint: {}\n", escape(hint)));
                }
                status = status.and(Status::Failed);
            }
            Some(Ok(report)) => {
                out.push_str(&format!("{}  {}\n", checked.app, escape(&report.endpoint)));
                for finding in &report.findings {
                    let word = match finding.level {
                        Level::Good => "ok",
                        Level::Note => "note",
                        Level::Bad => "FAIL",
                    };
                    out.push_str(&format!("  {word:<4}  {}\n", escape(&finding.text)));
                    if let Some(hint) = &finding.hint {
                        out.push_str(&format!("        hint: {}\n", escape(hint)));
                    }
                }
                if !report.is_good() {
                    status = status.and(Status::Failed);
                }
            }
        }
    }
    printer.data(&out);
    match check::ledger(&engine, &tree) {
        Ok(Some(found)) => printer.data(&ledger(&found)),
        Ok(None) => {}
        Err(error) => status = status.and(refuse(printer, &error)),
    }
    Ok(status)
}

fn ledger(found: &LedgerCheck) -> String {
    let mut out = format!(
        "ledger  {}\n  ok    readable, serial {}\n",
        found.id, found.serial
    );
    match &found.protection {
        Some((branch, Protection::Yes)) => {
            out.push_str(&format!("  ok    {branch} is protected against force pushes and deletion\n"));
        }
        Some((branch, Protection::No(missing))) => out.push_str(&format!(
            "  WARN  {branch} is not protected: whoever can push can roll it back or delete it\n        hint: set {missing}\n"
        )),
        Some((branch, Protection::Unknown)) => out.push_str(&format!(
            "  note  cannot tell from here whether {branch} is protected\n        hint: forbid force pushes and deletion where it is hosted\n"
        )),
        None => {}
    }
    out
}
