//! `rolecall plan`

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use super::exit::Status;
use super::findings;
use super::globals::{Format, Globals};
use super::held::Held;
use super::plan_options::{PlanArgs, known_people};
use super::printer::Printer;
use crate::config;
use crate::engine::plan::{PlanError, Planned, plan};
use crate::engine::which_commit::objections;
use crate::engine::{Configuration, Engine, EngineError};
use crate::model::Diagnostic;
use crate::plan::{AppStatus, Plan};
use crate::render;

/// Read the apps and print what apply would do; this changes nothing
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    plan_args: PlanArgs,
    /// Store the plan, for `rolecall apply FILE` and `rolecall show FILE`
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// Exit with 2 if there are changes
    #[arg(long)]
    detailed_exitcode: bool,
    /// How much of the apps to read
    #[arg(long, value_enum, default_value_t = Refresh::Full)]
    refresh: Refresh,
}

/// How much of the apps to read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Refresh {
    /// Everything
    Full,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    try_run(globals, args, &printer).unwrap_or_else(|status| status)
}

fn try_run(globals: &Globals, args: &Args, printer: &Printer) -> Result<Status, Status> {
    let options = args.plan_args.options(globals, printer, false)?;
    let config = load(globals, printer)?;
    args.plan_args.check_names(&options, &config, printer)?;
    let engine = globals.engine(printer)?;
    known_people(&options.selection, &config, &engine, printer)?;
    let planned = plan(&engine, &config, &options).map_err(|error| no_plan(printer, &config, &error))?;
    findings::print_errors(printer, &planned.findings, &config.files);
    show(globals, printer, &planned.plan);
    Held::new(&planned.findings, &config.files).say(printer, &planned.plan);
    let objections = objections(&engine, &config, &planned);
    if let Some(path) = &args.out {
        std::fs::write(path, render::json(&planned.plan))
            .map_err(|error| printer.failed(&format!("--out {}: {error}", path.display()), None))?;
        let releases = options.releases();
        printer.say(&stored_in(path, &releases, &config, &planned.plan, !objections.is_empty()));
    }
    for objection in &objections {
        printer.warn(&objection.message, Some(&objection.hint));
    }
    let status = status(&planned.plan, &planned.findings);
    let changes = args.detailed_exitcode && !planned.plan.is_empty();
    // The process ends here: to free the memory of a large company takes time and has no use.
    let Planned { plan, ledgers, .. } = planned;
    std::mem::forget((config, plan, ledgers));
    Ok(status.and(if changes { Status::Changes } else { Status::Done }))
}

/// A message about a stored plan and its use. Held changes are released by the apply: `releases` are the options for that.
fn stored_in(path: &Path, releases: &str, config: &Configuration, plan: &Plan, is_old: bool) -> String {
    let place = path.display();
    let sandboxed = config.company.apps.iter().all(crate::model::App::is_sandbox);
    let why = match (plan.inputs.dirty, plan.inputs.rehearsal, is_old) {
        _ if sandboxed => "",
        (true, ..) => "it was made from files that are not committed",
        (_, true, _) => "it was made with --at",
        (.., true) => "newer commits were applied already",
        _ => "",
    };
    if why.is_empty() {
        format!("stored in {place}; `rolecall apply {place}{releases}` carries it out")
    } else {
        format!("stored in {place}; `apply` does not take it: {why}")
    }
}

/// The repository of the plan: the working directory, or `--rev`.
pub(super) fn load(globals: &Globals, printer: &Printer) -> Result<Configuration, Status> {
    match Configuration::load(&globals.start(), globals.rev.as_deref(), &config::catalog()) {
        Ok(config) if globals.sandbox => Ok(config.sandboxed()),
        Ok(config) => Ok(config),
        Err(error) => {
            findings::print(printer, &error.findings, &error.files);
            Err(Status::Failed)
        }
    }
}

/// Prints the error of an engine recipe, and gives its status.
pub(super) fn refuse(printer: &Printer, error: &EngineError) -> Status {
    if error.refused {
        printer.refused(&error.message, Some(&error.hint))
    } else {
        printer.failed(&error.message, Some(&error.hint))
    }
}

/// Prints why there is no plan, and gives the status.
pub(super) fn no_plan(printer: &Printer, config: &Configuration, error: &PlanError) -> Status {
    match error {
        PlanError::Engine(error) => refuse(printer, error),
        PlanError::Configuration(findings) => {
            findings::print_errors(printer, findings, &config.files);
            Status::Failed
        }
    }
}

/// Prints a plan in the requested format.
pub(super) fn show(globals: &Globals, printer: &Printer, plan: &Plan) {
    printer.data(&match globals.format {
        Format::Text => render::text(plan, &globals.style(printer)),
        Format::Json => render::json(plan),
        Format::Markdown => render::markdown(plan),
    });
}

/// Reads a plan stored with `--out`. The file is hostile input, so its size is limited.
///
/// # Errors
/// It cannot be read, or is no plan: already printed.
pub(super) fn stored(path: &Path, printer: &Printer) -> Result<Plan, Status> {
    let problem =
        |message: String, hint: &str| printer.failed(&format!("{}: {message}", path.display()), Some(hint));
    let read = || {
        let mut text = String::new();
        // A pipe has no size, and a file may grow while it is read.
        File::open(path)?.take(render::PLAN_FILE_LIMIT + 1).read_to_string(&mut text)?;
        Ok(text)
    };
    let text = read()
        .map_err(|error: io::Error| problem(error.to_string(), "name a file stored with `plan --out`"))?;
    if text.len() as u64 > render::PLAN_FILE_LIMIT {
        let message = format!("the file is larger than {} MiB", render::PLAN_FILE_LIMIT >> 20);
        return Err(problem(message, "a plan is smaller than that"));
    }
    render::parse_plan(&text).map_err(|error| problem(error.to_string(), error.hint()))
}

/// The exit status of a plan.
pub(super) fn status(plan: &Plan, findings: &[Diagnostic]) -> Status {
    let apps = &plan.apps;
    let unreadable = apps.iter().filter(|app| matches!(app.status, AppStatus::Unreadable { .. })).count();
    let mut status = findings::status(findings);
    if unreadable > 0 {
        let all = unreadable == apps.iter().filter(|app| app.status != AppStatus::Disabled).count();
        status = status.and(if all { Status::Failed } else { Status::Partly });
    }
    if apps.iter().any(crate::plan::AppPlan::is_partial) {
        status = status.and(Status::Partly);
    }
    if apps.iter().any(crate::plan::AppPlan::is_refused) {
        status = status.and(Status::Refused);
    }
    status
}

/// An engine that stops on signals.
pub(super) fn with_signals(engine: Engine) -> Engine {
    super::stop::watch(&engine);
    engine
}
