//! `rolecall apply`

use std::collections::BTreeSet;
use std::io::IsTerminal;
use std::path::PathBuf;
use std::time::Duration;

use super::exit::Status;
use super::findings;
use super::globals::{Format, Globals};
use super::held::Held;
use super::plan::{no_plan, refuse, show, status, stored, with_signals};
use super::plan_options::{PlanArgs, known_people};
use super::printer::Printer;
use super::stop;
use crate::engine::ApplyOptions;
use crate::engine::apply::{Report, carry_out};
use crate::engine::plan::plan;
use crate::engine::restrict::{Moved, restrict_to};
use crate::engine::which_commit::{LoadError, check_commit, load};
use crate::model::AppId;
use crate::model::words::first_ten;
use crate::plan::{AppStatus, Plan};
use crate::render::{self, applied};

/// Make a plan, ask, and carry it out; or carry out a stored plan
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    /// A plan stored with `plan --out`; only those of its changes are done that a fresh plan finds as well, and equal
    #[arg(value_name = "PLAN")]
    file: Option<PathBuf>,
    #[command(flatten)]
    plan_args: PlanArgs,
    /// Do not ask
    #[arg(long)]
    yes: bool,
    /// Refuse a plan that does not have this id
    #[arg(long, value_name = "ID")]
    expect: Option<String>,
    /// Apply this commit of `branch`, not HEAD
    #[arg(long, value_name = "REV")]
    commit: Option<String>,
    /// Apply this commit on purpose, although it does not contain the last applied commit
    #[arg(long, value_name = "REV")]
    rollback_to: Option<String>,
    /// Wait while another run applies, at most this many seconds (default 600)
    #[arg(long, value_name = "SECONDS", num_args = 0..=1, default_missing_value = "600", require_equals = true)]
    wait: Option<u64>,
}

pub(super) fn run(globals: &Globals, args: &Args) -> Status {
    let printer = globals.printer();
    try_run(globals, args, &printer).unwrap_or_else(|status| status)
}

fn try_run(globals: &Globals, args: &Args, printer: &Printer) -> Result<Status, Status> {
    if globals.sandbox && (args.commit.is_some() || args.rollback_to.is_some()) {
        return Err(printer.failed(
            "the sandbox applies the working directory",
            Some("leave --commit and --rollback-to out"),
        ));
    }
    let plan_options = args.plan_args.options(globals, printer, true)?;
    let accepted = args.file.as_deref().map(|path| stored(path, printer)).transpose()?;
    let mut options = ApplyOptions {
        plan: plan_options,
        commit: args.commit.clone().or_else(|| args.rollback_to.clone()),
        rollback: args.rollback_to.clone(),
        wait: args.wait.map(Duration::from_secs),
        // `--yes` alone: no person has seen the plan.
        unseen: args.yes && args.file.is_none() && args.expect.is_none(),
        partial: accepted.as_ref().is_some_and(|plan| plan.inputs.partial),
    };
    if let Some(plan) = &accepted {
        usable(plan, globals, printer)?;
        options.commit = options.commit.or_else(|| plan.inputs.commit.clone().filter(|_| !plan.inputs.dirty));
    }
    if !args.yes && accepted.is_none() && !std::io::stdin().is_terminal() {
        let hint = "apply a stored plan (`plan --out FILE`, `apply FILE`), or say --yes";
        return Err(printer.failed("there is no terminal to ask on", Some(hint)));
    }
    let engine = globals
        .engine(printer)?
        .into_run()
        .map_err(|why| printer.failed(&why, Some("--state-dir keeps runs elsewhere")))?;
    let engine = with_signals(engine);
    let config = load(&engine, &options).map_err(|error| match error {
        LoadError::Configuration(error) => {
            findings::print(printer, &error.findings, &error.files);
            Status::Failed
        }
        LoadError::Commit(error) => refuse(printer, &error),
    })?;
    args.plan_args.check_names(&options.plan, &config, printer)?;
    known_people(&options.plan.selection, &config, &engine, printer)?;
    let sandboxed = config
        .company
        .apps
        .iter()
        .filter(|app| options.plan.selection.takes(app))
        .all(crate::model::App::is_sandbox);
    if !sandboxed && globals.at.is_some() {
        let hint = "--at is for rehearsal in the sandbox";
        return Err(printer.failed("apply takes no --at outside the sandbox", Some(hint)));
    }
    let mut planned =
        plan(&engine, &config, &options.plan).map_err(|error| no_plan(printer, &config, &error))?;
    check_commit(&engine, &config, &mut planned, &options);
    let moved = accepted.as_ref().map(|accepted| restrict_to(&mut planned, accepted));
    let moved = moved.unwrap_or_default();
    say_settled(printer, &moved);
    findings::print_errors(printer, &planned.findings, &config.files);
    let found = planned.findings.clone();
    let status_before = status(&planned.plan, &found).and(refused(&moved));
    if let Some(expected) = &args.expect
        && planned.plan.id != *expected
    {
        show(globals, printer, &planned.plan);
        let message = format!("the plan's id is {}, not {expected}", planned.plan.id);
        return Err(printer.refused(&message, Some("read the plan above; if it is right, expect its id")));
    }
    let nothing = planned.plan.is_empty();
    let ask = !nothing && !args.yes && accepted.is_none();
    if globals.format == Format::Text {
        show(globals, printer, &planned.plan);
    } else if ask {
        // stdout is for the report, so the plan goes to stderr: a person has to see the plan before the question.
        printer.print_escaped(&render::text(&planned.plan, &globals.style_of_stderr(printer)));
    }
    let mut held = Held::new(&found, &config.files);
    held.say(printer, &planned.plan);
    if ask && !confirmed() {
        printer.say("nothing was applied");
        return Ok(status_before);
    }
    let read = readable(&planned.plan);
    let report = carry_out(&engine, &config, &options, planned).map_err(|error| {
        let status = refuse(printer, &error);
        stop::code().map_or(status, Status::Stopped)
    })?;
    say_settled(printer, &report.moved);
    // If an app could be read at first and not under the lease, the person has not seen the reason yet.
    let nothing = nothing && read.is_subset(&readable(&report.plan));
    print(globals, printer, &report, nothing);
    held.say(printer, &report.plan);
    held.say_of_run(printer, &report.result);
    Ok(stop::code()
        .map_or_else(|| status_before.and(status(&report.plan, &found)).and(after(&report)), Status::Stopped))
}

/// Refuses a stored plan that must not be applied at all.
fn usable(plan: &Plan, globals: &Globals, printer: &Printer) -> Result<(), Status> {
    let now = globals.clock().now();
    let sandboxed = plan.apps.iter().all(|app| app.endpoint.starts_with("sandbox:"));
    if plan.inputs.rehearsal && !sandboxed {
        return Err(printer.refused("the plan was made with --at", Some("plan again without it")));
    }
    if plan.inputs.dirty && !sandboxed {
        return Err(printer.refused(
            "the plan was made from files that are not committed",
            Some("commit them, then plan again"),
        ));
    }
    if plan.inputs.valid_until <= now && !plan.inputs.rehearsal {
        let message = format!("the plan was valid until {}", plan.inputs.valid_until);
        return Err(printer.refused(&message, Some("plan again")));
    }
    Ok(())
}

fn confirmed() -> bool {
    let answer = dialoguer::Input::<String>::new()
        .with_prompt("Apply this plan? Only `yes` is taken as consent")
        .allow_empty(true)
        .interact_text();
    answer.is_ok_and(|answer| answer.trim() == "yes")
}

/// The apps that could be read.
fn readable(plan: &Plan) -> BTreeSet<AppId> {
    let planned = plan.apps.iter().filter(|app| app.status == AppStatus::Planned);
    planned.map(|app| app.app.clone()).collect()
}

/// The status of held changes that were not accepted: they are refused.
fn refused(moved: &Moved) -> Status {
    if moved.refused.is_empty() { Status::Done } else { Status::Refused }
}

/// Names accepted changes that are not needed any more: they were done before, or are decided in another way now.
fn say_settled(printer: &Printer, moved: &Moved) {
    if !moved.settled.is_empty() {
        let names: Vec<_> = moved.settled.iter().map(ToString::to_string).collect();
        printer.say(&format!("accepted, and not needed any more: {}", first_ten(&names)));
    }
}

/// The status after the plan was carried out.
fn after(report: &Report) -> Status {
    let mut status = refused(&report.moved);
    let apps = &report.result.apps;
    if apps
        .iter()
        .any(|app| app.failed().next().is_some() || !app.side_effects.is_empty() || !app.is_recorded)
    {
        status = status.and(Status::Partly);
    }
    // Without its lease a run may not go on, because another run may write now (safety.md 7).
    if apps.iter().any(|app| app.halted.is_some()) {
        status = status.and(Status::Refused);
    }
    for trouble in &report.trouble {
        status = status.and(if trouble.refused { Status::Refused } else { Status::Partly });
    }
    status
}

fn print(globals: &Globals, printer: &Printer, report: &Report, nothing: bool) {
    let result = &report.result;
    match globals.format {
        Format::Json => printer.data(&applied::json(result)),
        Format::Markdown => printer.data(&applied::markdown(result)),
        Format::Text if nothing => {}
        Format::Text => printer.data(&applied::text(result, &globals.style(printer))),
    }
    for trouble in &report.trouble {
        refuse(printer, trouble);
    }
    for app in &report.result.apps {
        if let Some(why) = &app.halted {
            let hint = "run the same command again: it asks the app about everything unfinished";
            printer.refused(&format!("app {}: {why}", app.app), Some(hint));
        }
    }
    if report.stopped {
        printer.say("stopped: run the same command again for the remaining changes");
    }
}
