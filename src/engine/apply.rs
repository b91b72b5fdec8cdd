//! The recipe of an apply: the right commit, a judged plan, the lease with all intents, ops, the ledger.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::connection::Connection;
use super::finish::finish;
use super::ledgers::OpenLedger;
use super::open::Opened;
use super::plan::{PlanError, Planned};
use super::restrict::{self, Moved, restrict_to};
use super::which_commit::check_commit;
use super::{ApplyOptions, Configuration, Engine, EngineError, plan, runs};
use crate::apply::{self, AppResult, Job};
use crate::ledger::{BeginRequest, By, Held, LedgerError, Run};
use crate::model::AppId;
use crate::model::change::ChangeKind;
use crate::model::company::DEFAULT_LEASE;
use crate::model::event::Event;
use crate::model::ledger::{AppLedger, Intent, Recorder};
use crate::plan::{AppPlan, AppStatus, Plan};

/// Longest pause between reading and writing after which everything is read again.
const PATIENCE: Duration = Duration::from_secs(30);

/// What an apply did.
pub struct Report {
    /// The run.
    pub run: Arc<str>,
    /// The plan as it was carried out.
    pub plan: Plan,
    /// Per app that was begun.
    pub results: Vec<AppResult>,
    /// What was accepted and turned out to be otherwise under the lease.
    pub moved: Moved,
    /// Why the ledger could not be closed, and what to do.
    pub trouble: Vec<EngineError>,
    /// It was stopped on the way.
    pub stopped: bool,
}

/// Carries a plan out.
///
/// # Errors
/// The lease could not be taken: nothing was written.
pub fn carry_out(
    engine: &Engine,
    config: &Configuration,
    options: &ApplyOptions,
    mut planned: Planned,
) -> Result<Report, EngineError> {
    let run = engine
        .run
        .clone()
        .map_or_else(|| runs::new(engine.clock.now()), Ok)
        .map_err(|why| EngineError::failed(why, "try again"))?;
    let mut report = Report {
        run: run.clone(),
        plan: planned.plan.clone(),
        results: Vec::new(),
        moved: Moved::default(),
        trouble: Vec::new(),
        stopped: false,
    };
    let mut done = Vec::new();
    let kinds: Vec<bool> = planned.ledgers.all().map(|(sandbox, _)| sandbox).collect();
    for sandbox in kinds {
        let due = one_ledger(engine, config, options, &mut planned, sandbox, &mut report)?;
        // Another ledger's run may plan everything again.
        let plans = planned.plan.apps.iter().filter(|plan| due.contains(&plan.app));
        done.extend(plans.cloned());
    }
    report.stopped = engine.stop.load(Ordering::SeqCst);
    report.results.sort_by(|a, b| a.app.cmp(&b.app));
    close_connections(engine, &mut planned, &mut report.trouble);
    report.plan = planned.plan;
    for plan in done {
        let place = report.plan.apps.iter_mut().find(|app| app.app == plan.app);
        place.into_iter().for_each(|app| *app = plan.clone());
    }
    Ok(report)
}

/// Ends all connections; a sandbox tidies its files up.
fn close_connections(engine: &Engine, planned: &mut Planned, trouble: &mut Vec<EngineError>) {
    for connection in std::mem::take(&mut planned.connections).into_values() {
        let Opened { connector, sandbox } = connection.opened;
        drop(connector);
        let Some(sandbox) = sandbox else { continue };
        if let Err(error) = engine.block_on(sandbox.stop()) {
            let hint = "look at the folder it names";
            trouble.push(EngineError::failed(error.to_string(), hint));
        }
    }
}

/// Moves what the ledger holds under an earlier id of an app (safety.md 3).
fn rename(
    engine: &Engine,
    config: &Configuration,
    planned: &Planned,
    sandbox: bool,
    due: &[AppId],
) -> Result<(), EngineError> {
    let Some((_, ledger)) = planned.ledgers.all().find(|(of, _)| *of == sandbox) else {
        return Ok(());
    };
    let known = &ledger.read.snapshot.apps;
    for app in
        due.iter().filter(|app| !known.contains_key(*app)).filter_map(|app| config.company.app(app.as_str()))
    {
        if let Some(old) = app.previously.iter().find(|old| known.contains_key(*old)) {
            let by = By {
                author: &runs::holder(),
                reason: "`previously:` in the repository",
                at: engine.clock.now(),
            };
            ledger.store.rename_app(old, &app.id, &by)?;
        }
    }
    Ok(())
}

/// True if the ledger of an app is not what the plan was made with.
fn has_moved(run: &Run, planned: &Planned, sandbox: bool, app: &AppId) -> bool {
    match planned.ledgers.version_of(sandbox, app) {
        Some(version) => run.version(app) != Some(version),
        None => run.snapshot().apps.get(app).is_some_and(|ledger| {
            !ledger.users.is_empty() || !ledger.groups.is_empty() || ledger.completed.is_some()
        }),
    }
}

/// Applies all apps of one ledger under one lease. Which they were.
fn one_ledger(
    engine: &Engine,
    config: &Configuration,
    options: &ApplyOptions,
    planned: &mut Planned,
    sandbox: bool,
    report: &mut Report,
) -> Result<Vec<AppId>, EngineError> {
    // 1. The lease of everything that is due, with what is intended there.
    let plans = planned.plan.apps.iter();
    let due = plans.filter(|plan| is_due(config, planned, plan, sandbox));
    let due: Vec<AppId> = due.map(|plan| plan.app.clone()).collect();
    if due.is_empty() {
        return Ok(Vec::new());
    }
    // In this order: whoever stops the run sets and looks the other way round, so that one of the two notices.
    engine.at_stake.store(true, Ordering::SeqCst);
    if engine.stop.load(Ordering::SeqCst) {
        return Ok(Vec::new());
    }
    rename(engine, config, planned, sandbox, &due)?;
    let Some((_, ledger)) = planned.ledgers.all().find(|(of, _)| *of == sandbox) else {
        return Ok(Vec::new());
    };
    recover(engine, ledger, &mut report.trouble);
    let run = begin(engine, config, options, planned, ledger, &due, &report.run)?;
    name_leftovers(engine, &run);
    // 2. The same plan once more, if it may not be true any more.
    let moved = due.iter().any(|app| has_moved(&run, planned, sandbox, app));
    // What an interrupted run had sent may have arrived after the app was read.
    let asked = run.leftover().iter().any(|leftover| leftover.interrupted.is_some());
    if moved || asked || planned.made.elapsed() > PATIENCE {
        if moved {
            let note = "the ledger moved since the plan was made: planned again under the lease";
            engine.events.emit(Event::Note { app: None, text: note.into() });
        }
        again(engine, config, options, planned, sandbox, &run, &due, report)?;
    }
    // 3. The requests, all apps side by side.
    let results = engine.block_on(async {
        let one = |app: &AppId| one_app(engine, config, planned, &run, app.clone());
        futures_util::future::join_all(due.iter().map(one)).await
    });
    // 4. What came of it, in one write.
    let results: Vec<AppResult> = results.into_iter().flatten().collect();
    let closed = if engine.stop.load(Ordering::SeqCst) {
        run.abandon()
    } else {
        let last = |result: &AppResult| finish(engine, config, planned, options, result);
        run.finish(results.iter().map(last).collect())
    };
    if let Err(error) = closed {
        report.trouble.push(error.into());
    }
    report.results.extend(results);
    Ok(due)
}

/// Hands in what a run of this clone had found out when it was killed: losses of access among it, which guards count.
fn recover(engine: &Engine, ledger: &OpenLedger, trouble: &mut Vec<EngineError>) {
    match ledger.store.recover(&engine.state.join("runs"), engine.clock.now()) {
        Ok(found) => found.iter().for_each(|found| {
            let text = format!(
                "{} results of the interrupted run {} are in the ledger now",
                found.results, found.run
            );
            engine.events.emit(Event::Note { app: Some(found.app.clone()), text: text.into() });
        }),
        Err(error) => trouble.push(error.into()),
    }
}

/// Plans again under the lease. What somebody has looked at stays the measure; otherwise what is new is intended too.
#[allow(clippy::too_many_arguments)] // the state of one run, at its one call
fn again(
    engine: &Engine,
    config: &Configuration,
    options: &ApplyOptions,
    planned: &mut Planned,
    sandbox: bool,
    run: &Run,
    due: &[AppId],
    report: &mut Report,
) -> Result<(), EngineError> {
    // Connections first: a sandbox's folder belongs to one server at a time.
    close_connections(engine, planned, &mut report.trouble);
    let fresh = plan::under_lease(engine, config, &options.plan, sandbox, run.snapshot());
    let mut fresh = fresh.map_err(PlanError::into_engine_error)?;
    // Whoever was waited for may have applied a later commit.
    check_commit(engine, config, &mut fresh, options);
    if options.unseen {
        let is_ours = |id: &AppId| {
            let app = config.company.app(id.as_str());
            app.is_some_and(|app| app.is_sandbox() == sandbox)
        };
        // This run has no lease there.
        let apps = fresh.plan.apps.iter_mut();
        let late = apps.filter(|app| is_ours(&app.app) && !due.contains(&app.app));
        late.for_each(|app| report.moved.refused.extend(restrict::to_nothing(app)));
        let all = due.iter().map(|app| (app.clone(), intents(&fresh, app)));
        run.intend(&all.collect::<Vec<_>>())?;
    } else {
        report.moved.extend(restrict_to(&mut fresh, &planned.plan));
    }
    *planned = fresh;
    Ok(())
}

/// True if there is something to do, to learn or to mark in this app.
fn is_due(config: &Configuration, planned: &Planned, plan: &AppPlan, sandbox: bool) -> bool {
    let Some(app) = config.company.app(plan.app.as_str()) else {
        return false;
    };
    if app.is_sandbox() != sandbox
        || plan.status != AppStatus::Planned
        || !planned.connections.contains_key(&plan.app)
    {
        return false;
    }
    let ledger = planned.ledgers.app(app);
    let commit = config.inputs.clean_commit().map(Into::into);
    let same_commit = ledger.applied.as_ref().is_some_and(|applied| applied.commit == commit);
    plan.to_do().next().is_some()
        || !plan.work.observed.is_empty()
        || ledger.completed.is_none()
        || !same_commit
}

/// Everything that is to be done in an app.
fn intents(planned: &Planned, app: &AppId) -> Vec<Intent> {
    let plan = planned.plan.apps.iter().find(|plan| plan.app == *app);
    let changes = plan.into_iter().flat_map(AppPlan::to_do);
    // A complete listing found nobody: whoever matches after a crash was made by this run (safety.md 2).
    changes
        .map(|change| Intent {
            key: change.key.clone(),
            looked_up: matches!(change.kind, ChangeKind::Create | ChangeKind::GroupCreate),
        })
        .collect()
}

fn begin(
    engine: &Engine,
    config: &Configuration,
    options: &ApplyOptions,
    planned: &Planned,
    ledger: &OpenLedger,
    due: &[AppId],
    run: &Arc<str>,
) -> Result<Run, EngineError> {
    let lease = config.company.settings.ledger.as_ref().map_or(DEFAULT_LEASE, |ledger| ledger.lease);
    let request = BeginRequest {
        run: run.clone(),
        holder: runs::holder(),
        plan: planned.plan.id.as_str().into(),
        commit: config.inputs.clean_commit().map(Into::into),
        apps: due.iter().map(|app| (app.clone(), intents(planned, app))).collect(),
        lease,
        wait: options.wait,
        now: engine.clock.now(),
        results: results_file(engine, run),
    };
    let mut said = false;
    let mut waiting = |held: &[Held]| {
        if !std::mem::replace(&mut said, true) {
            let text = held.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            engine.events.emit(Event::Note { app: None, text: format!("waiting: {text}").into() });
        }
        !engine.stop.load(Ordering::SeqCst)
    };
    ledger.store.begin(request, &mut waiting).map_err(|error: LedgerError| EngineError::from(error))
}

fn results_file(engine: &Engine, run: &str) -> PathBuf {
    engine.state.join("runs").join(format!("{run}.jsonl"))
}

fn name_leftovers(engine: &Engine, run: &Run) {
    for leftover in run.leftover() {
        let who = leftover.interrupted.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
        let text = format!(
            "run {}{who} was interrupted in {} with {} open changes: the app was asked what became of them",
            leftover.run,
            leftover.app,
            leftover.intents.len()
        );
        engine.events.emit(Event::Note { app: Some(leftover.app.clone()), text: text.into() });
    }
}

async fn one_app(
    engine: &Engine,
    config: &Configuration,
    planned: &Planned,
    run: &Run,
    id: AppId,
) -> Option<AppResult> {
    let app = config.company.app(id.as_str())?;
    let plan = planned.plan.apps.iter().find(|plan| plan.app == id)?;
    let connection: &Connection = planned.connections.get(&id)?;
    let recorder = run.recorder(&id);
    let ledger: AppLedger = run.snapshot().apps.get(&id).cloned().unwrap_or_default();
    engine.events.emit(Event::App { app: id, what: "apply" });
    let job = Job {
        app,
        plan,
        connector: connection.opened.connector.as_ref(),
        users: connection.users.clone(),
        groups: connection.groups.clone(),
        ledger,
        key: planned.ledgers.key(app)?,
        recorder: &recorder as &dyn Recorder,
        at: engine.clock.unique(),
        commit: config.inputs.clean_commit().map(Into::into),
        events: engine.events.as_ref(),
        stop: engine.stop.as_ref(),
    };
    Some(apply::app(&job).await)
}
