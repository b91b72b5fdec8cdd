//! `rolecall check`

use super::exit::Status;
use super::globals::{Format, Globals};
use super::plan::{load, refuse};
use super::plan_options::some_app;
use super::printer::Printer;
use crate::connector::{CheckReport, Level};
use crate::engine::check::{self, AppCheck, LedgerCheck};
use crate::git::protection::Protection;
use crate::render::escape;

/// Test the connections to the apps (credentials, rights, capabilities) and the ledger
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// Test only this app
    #[arg(value_name = "APP")]
    app: Option<String>,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    try_run(globals, args, &printer).unwrap_or_else(|status| status)
}

fn try_run(globals: &Globals, args: &Args, printer: &Printer) -> Result<Status, Status> {
    let config = load(globals, printer)?;
    let mut selection = globals.selection(printer)?;
    if let Some(id) = &args.app {
        if !selection.apps.is_empty() {
            let hint = "name the app once";
            return Err(printer.failed("both APP and --app say which app", Some(hint)));
        }
        if config.company.app(id).is_none() {
            let known: Vec<_> = config.company.apps.iter().map(|app| app.id.to_string()).collect();
            return Err(printer.failed(
                &format!("there is no app {id}"),
                Some(&format!("declared are: {}", known.join(", "))),
            ));
        }
        selection.apps = globset::Glob::new(&globset::escape(id))
            .map(|glob| vec![glob.compile_matcher()])
            .unwrap_or_default();
    }
    some_app(&selection, &config, printer)?;
    let engine = globals.engine(printer)?;
    let checked = check::apps(&engine, &config, &selection);
    let ledger = check::ledger(&engine, &config);
    if globals.format == Format::Json {
        let apps: Vec<_> = checked.iter().map(as_json).collect();
        let ledger = ledger.as_ref().ok().and_then(Option::as_ref);
        let ledger = ledger.map(|found| {
            let protection = found.protection.as_ref().map(|(branch, found)| {
                let state = match found {
                    Protection::Yes => "yes",
                    Protection::No(_) => "no",
                    Protection::Unknown => "unknown",
                };
                serde_json::json!({"branch": branch, "protected": state})
            });
            serde_json::json!({"id": found.id, "serial": found.serial, "protection": protection})
        });
        let all = serde_json::json!({"apps": apps, "ledger": ledger});
        printer.json(&all);
    } else {
        printer.data(&checked.iter().map(text).collect::<String>());
        if let Ok(Some(found)) = &ledger {
            printer.data(&ledger_text(found));
        }
    }
    let status = match ledger {
        Ok(_) => Status::Done,
        Err(error) => refuse(printer, &error),
    };
    Ok(status.and(of(&checked)))
}

fn of(checked: &[AppCheck]) -> Status {
    let asked = checked.iter().filter_map(|app| app.report.as_ref());
    let is_good = |report: &&Result<CheckReport, _>| report.as_ref().is_ok_and(CheckReport::is_good);
    let (good, bad): (Vec<_>, Vec<_>) = asked.partition(is_good);
    match (good.len(), bad.len()) {
        (_, 0) => Status::Done,
        (0, _) => Status::Failed,
        _ => Status::Partly,
    }
}

fn text(checked: &AppCheck) -> String {
    let mut out = String::new();
    let mut line = |word: &str, text: &str, hint: Option<&String>| {
        out.push_str(&format!("  {word:<4}  {}\n", escape(text)));
        if let Some(hint) = hint {
            out.push_str(&format!("        hint: {}\n", escape(hint)));
        }
    };
    match &checked.report {
        None => format!("{}  skipped: `enabled: false`\n", checked.app),
        Some(Err(error)) => {
            line("FAIL", &error.to_string(), error.hint.as_ref());
            format!("{}\n{out}", checked.app)
        }
        Some(Ok(report)) => {
            for finding in &report.findings {
                line(word(finding.level), &finding.text, finding.hint.as_ref());
            }
            format!("{}  {}\n{out}", checked.app, escape(&report.endpoint))
        }
    }
}

fn word(level: Level) -> &'static str {
    match level {
        Level::Good => "ok",
        Level::Note => "note",
        Level::Bad => "FAIL",
    }
}

fn as_json(checked: &AppCheck) -> serde_json::Value {
    let (endpoint, findings) = match &checked.report {
        None => return serde_json::json!({"app": checked.app, "skipped": "`enabled: false`"}),
        Some(Err(error)) => {
            let finding = serde_json::json!({"level": "fail", "text": error.to_string(), "hint": error.hint});
            (None, vec![finding])
        }
        Some(Ok(report)) => {
            let findings = report.findings.iter().map(|finding| {
                let level = word(finding.level).to_lowercase();
                serde_json::json!({"level": level, "text": finding.text, "hint": finding.hint})
            });
            (Some(&report.endpoint), findings.collect())
        }
    };
    serde_json::json!({"app": checked.app, "endpoint": endpoint, "findings": findings})
}

fn ledger_text(found: &LedgerCheck) -> String {
    let mut out = format!("ledger  {}\n  ok    readable, serial {}\n", found.id, found.serial);
    match &found.protection {
        Some((branch, Protection::Yes)) => {
            out.push_str(&format!("  ok    {} is protected against force pushes and deletion\n", escape(branch)));
        }
        Some((branch, Protection::No(missing))) => out.push_str(&format!(
            "  WARN  {} is not protected: everyone who can push can roll it back or delete it\n        hint: set {missing}\n",
            escape(branch)
        )),
        Some((branch, Protection::Unknown)) => out.push_str(&format!(
            "  note  cannot tell from here whether {} is protected\n        hint: forbid force pushes and deletion where it is hosted\n",
            escape(branch)
        )),
        None => {}
    }
    out
}
