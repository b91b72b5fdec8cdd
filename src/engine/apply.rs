//! The recipe of an apply: the right commit, a judged plan, the lease with all intents, ops, the ledger.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::Duration;

use super::finish::finish;
use super::open::Opened;
use super::plan::{PlanError, Planned};
use super::restrict::{self, Moved, restrict_to};
use super::which_commit::check_commit;
use super::{ApplyOptions, Configuration, Engine, EngineError, Ledgers, OpenLedger, WhichLedger, plan, runs};
use crate::apply::{self, Job};
use crate::ledger::{BeginRequest, By, Held, Intended, Run};
use crate::model::AppId;
use crate::model::change::ChangeKind;
use crate::model::company::DEFAULT_LEASE;
use crate::model::event::Event;
use crate::model::holds::Hold;
use crate::model::ledger::{AppLedger, FormerRole, Intent, Loss, Recorder};
use crate::model::result::{AppResult, RunResult};
use crate::plan::{AppPlan, AppStatus, Plan};

/// Longest pause between reading and writing after which everything is read again.
const PATIENCE: Duration = Duration::from_secs(30);

/// The result of an apply.
pub struct Report {
    /// The plan as it was carried out.
    pub plan: Plan,
    /// The result, app by app.
    pub result: RunResult,
    /// Accepted changes that turned out to be different under the lease.
    pub moved: Moved,
    /// Why the ledger could not be closed, and the remedy.
    pub trouble: Vec<EngineError>,
    /// A signal stopped it.
    pub stopped: bool,
}

/// Carries out an accepted plan.
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
    let open: Vec<WhichLedger> = planned.ledgers.all().map(|ledger| ledger.which).collect();
    let mut parts = Vec::new();
    for which in open {
        let session = Session { engine, config, options, run: &run, which };
        let (now, part) = session.carry_out(planned)?;
        planned = now;
        parts.push(part);
    }
    let stopped = engine.stop.load(Ordering::SeqCst);
    let left = close_connections(engine, &mut planned);
    Ok(report(run, planned.plan, parts, left, stopped))
}

/// Adds up the parts of all ledgers.
fn report(run: Arc<str>, mut plan: Plan, parts: Vec<Part>, left: Vec<EngineError>, stopped: bool) -> Report {
    let (mut moved, mut trouble) = (Moved::default(), Vec::new());
    let mut results: BTreeMap<AppId, AppResult> = BTreeMap::new();
    for part in parts {
        moved.extend(part.moved);
        trouble.extend(part.trouble);
        results.extend(part.results.into_iter().map(|result| (result.app.clone(), result)));
        // The run in another ledger may have planned everything again.
        for done in part.plans {
            let place = plan.apps.iter_mut().find(|app| app.app == done.app);
            place.into_iter().for_each(|app| *app = done.clone());
        }
    }
    trouble.extend(left);
    let result = |plan: &AppPlan| results.remove(&plan.app).unwrap_or_else(|| apply::untried(plan));
    let apps = plan.apps.iter().map(result).collect();
    let result = RunResult { run, plan: plan.id.clone(), apps };
    Report { plan, result, moved, trouble, stopped }
}

/// Ends all connections; a sandbox cleans up its files.
fn close_connections(engine: &Engine, planned: &mut Planned) -> Vec<EngineError> {
    let mut trouble = Vec::new();
    for connection in std::mem::take(&mut planned.connections).into_values() {
        let Opened { connector, sandbox, .. } = connection.opened;
        drop(connector);
        let Some(sandbox) = sandbox else { continue };
        if let Err(error) = engine.block_on(sandbox.stop()) {
            trouble.push(EngineError::failed(error.to_string(), "look at the folder it names"));
        }
    }
    trouble
}

/// A run in one ledger.
struct Session<'a> {
    engine: &'a Engine,
    config: &'a Configuration,
    options: &'a ApplyOptions,
    run: &'a Arc<str>,
    which: WhichLedger,
}

/// The result of a run in one ledger.
#[derive(Default)]
struct Part {
    /// The plans that were carried out.
    plans: Vec<AppPlan>,
    results: Vec<AppResult>,
    moved: Moved,
    trouble: Vec<EngineError>,
}

impl Session<'_> {
    /// Applies all apps of the ledger under one lease. Gives the plan back, which was made again if it was outdated.
    fn carry_out(&self, mut planned: Planned) -> Result<(Planned, Part), EngineError> {
        let engine = self.engine;
        // 1. The apps that are due.
        let due = self.due(&planned);
        if due.is_empty() || !self.may_begin() {
            return Ok((planned, Part::default()));
        }
        let Some(ledger) = planned.ledgers.get(self.which) else {
            return Ok((planned, Part::default()));
        };
        // 2. The lease, with all intents of the ledger.
        runs::refuse_tracked(&engine.runs)?;
        self.rename(ledger, &due)?;
        let mut trouble: Vec<EngineError> = self.recover(ledger).into_iter().collect();
        let run = self.begin(&planned, ledger, &due)?;
        self.name_leftovers(&run);
        // 3. The same plan once more, if it may be outdated.
        let mut moved = Moved::default();
        if self.is_outdated(&planned, &run, &due) {
            // Connections are closed first, because a sandbox's folder belongs to one server at a time.
            trouble.extend(close_connections(engine, &mut planned));
            (planned, moved) = self.plan_again(&planned.plan, &run, &due)?;
        }
        // 4. The requests, all apps side by side.
        let results = engine.block_on(async {
            let one = |app: &AppId| self.one_app(&planned, &run, app.clone());
            futures_util::future::join_all(due.iter().map(one)).await
        });
        let results: Vec<AppResult> = results.into_iter().flatten().collect();
        // 5. The results, in one write of the ledger.
        let closed = if engine.stop.load(Ordering::SeqCst) {
            run.abandon()
        } else {
            let last = |result: &AppResult| finish(engine, self.config, &planned, self.options, result);
            run.finish(results.iter().map(last).collect())
        };
        trouble.extend(closed.err().map(EngineError::from));
        let plans = planned.plan.apps.iter().filter(|plan| due.contains(&plan.app));
        let plans = plans.cloned().collect();
        Ok((planned, Part { plans, results, moved, trouble }))
    }

    fn due(&self, planned: &Planned) -> Vec<AppId> {
        let due = planned.plan.apps.iter().filter(|plan| self.is_due(planned, plan));
        due.map(|plan| plan.app.clone()).collect()
    }

    /// True if the app has changes, or something that the ledger has to learn or record.
    fn is_due(&self, planned: &Planned, plan: &AppPlan) -> bool {
        let Some(app) = self.config.company.app(plan.app.as_str()) else {
            return false;
        };
        if WhichLedger::of(app) != self.which || !planned.connections.contains_key(&plan.app) {
            return false;
        }
        if plan.status != AppStatus::Planned {
            return plan.to_do().next().is_some();
        }
        let ledger = planned.ledgers.app(app);
        let commit = self.config.inputs.clean_commit().map(Into::into);
        let same_commit = ledger.applied.as_ref().is_some_and(|applied| applied.commit == commit);
        plan.to_do().next().is_some()
            || !plan.observed().is_empty()
            || (plan.work.has_date_gone_by && !self.options.plan.selection.is_partial())
            || ledger.completed.is_none()
            || !same_commit
    }

    /// False if the run was stopped before its first write.
    fn may_begin(&self) -> bool {
        // The order matters: the signal handler sets its flag first and reads this one then, so that one of the two
        // notices.
        self.engine.at_stake.store(true, Ordering::SeqCst);
        !self.engine.stop.load(Ordering::SeqCst)
    }

    /// Moves the part of the ledger that is kept under an earlier id of an app (safety.md 3).
    fn rename(&self, ledger: &OpenLedger, due: &[AppId]) -> Result<(), EngineError> {
        let unknown = due.iter().filter(|app| ledger.app(app).is_none());
        for app in unknown.filter_map(|app| self.config.company.app(app.as_str())) {
            if let Some(old) = app.previously.iter().find(|old| ledger.app(old).is_some()) {
                let by = By {
                    author: &runs::holder(),
                    reason: "`previously:` in the repository",
                    at: self.engine.clock.now(),
                };
                ledger.store.rename_app(old, &app.id, &by)?;
            }
        }
        Ok(())
    }

    /// Records the results of a run of this clone that was killed. Its losses of access are among them, which guards
    /// count.
    fn recover(&self, ledger: &OpenLedger) -> Option<EngineError> {
        let engine = self.engine;
        self.name_unbelieved(ledger);
        match ledger.store.recover(&engine.runs, engine.clock.now()) {
            Ok(found) => {
                for found in found {
                    let text = format!(
                        "{} results of the interrupted run {} are in the ledger now",
                        found.results, found.run
                    );
                    engine.events.emit(Event::Note { app: Some(found.app), text: text.into() });
                }
                None
            }
            Err(error) => Some(error.into()),
        }
    }

    /// Says which results of a killed run lie where earlier versions kept them. A commit can write there, so they are not
    /// believed.
    fn name_unbelieved(&self, ledger: &OpenLedger) {
        let engine = self.engine;
        let folder = engine.root.join(runs::STATE_FOLDER).join(runs::RUNS);
        let Ok(real) = folder.canonicalize() else { return };
        if engine.runs.canonicalize().is_ok_and(|believed| believed == real) {
            return;
        }
        for (app, known) in &ledger.read.snapshot.apps {
            let Some(lease) = &known.lease else { continue };
            let old = folder.join(format!("{}.jsonl", lease.run));
            if old.is_file() {
                let text = format!(
                    "the results of run {} in {} are not believed, because a commit can write there: the app is asked about each change that is open",
                    lease.run,
                    old.display()
                );
                engine.events.emit(Event::Note { app: Some(app.clone()), text: text.into() });
            }
        }
    }

    fn begin(&self, planned: &Planned, ledger: &OpenLedger, due: &[AppId]) -> Result<Run, EngineError> {
        let (engine, settings) = (self.engine, &self.config.company.settings);
        let request = BeginRequest {
            run: self.run.clone(),
            holder: runs::holder(),
            plan: planned.plan.id.as_str().into(),
            commit: self.config.inputs.clean_commit().map(Into::into),
            apps: due.iter().map(|app| (app.clone(), intents(&planned.plan, app))).collect(),
            losses: due.iter().map(|app| (app.clone(), losses(&planned.plan, app))).collect(),
            values: due.iter().map(|app| (app.clone(), values(&planned.plan, app))).collect(),
            held: due.iter().map(|app| (app.clone(), held(&planned.plan, app))).collect(),
            lease: settings.ledger.as_ref().map_or(DEFAULT_LEASE, |ledger| ledger.lease),
            wait: self.options.wait,
            now: engine.clock.now(),
            results: engine.runs.join(format!("{}.jsonl", self.run)),
        };
        let mut said = Vec::new();
        let mut waiting = |held: &[Held]| {
            // Said again if there is another holder, or if another clock decides now; not at each renewal.
            let now: Vec<_> = held.iter().map(|held| (held.run.clone(), held.is_watched())).collect();
            if std::mem::replace(&mut said, now.clone()) != now {
                let who = held.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
                let watched = held.iter().find(|held| held.is_watched()).and_then(|held| held.app.as_ref());
                let way_out = watched.map(|app| {
                    format!("; if that run is dead for certain, `rolecall ledger unlock {app} --reason TEXT` ends the wait")
                });
                let text = format!("waiting: {who}{}", way_out.unwrap_or_default());
                engine.events.emit(Event::Note { app: None, text: text.into() });
            }
            !engine.stop.load(Ordering::SeqCst)
        };
        Ok(ledger.store.begin(request, &mut waiting)?)
    }

    fn name_leftovers(&self, run: &Run) {
        for leftover in run.leftover() {
            let who = leftover.interrupted.as_ref().map(|who| format!(" by {who}")).unwrap_or_default();
            let text = format!(
                "run {}{who} was interrupted in {} with {} open changes: the app was asked what became of them",
                leftover.run,
                leftover.app,
                leftover.intents.len()
            );
            let note = Event::Note { app: Some(leftover.app.clone()), text: text.into() };
            self.engine.events.emit(note);
        }
    }

    /// True if the facts behind the plan may have changed.
    fn is_outdated(&self, planned: &Planned, run: &Run, due: &[AppId]) -> bool {
        let moved = due.iter().any(|app| has_moved(run, &planned.ledgers, self.which, app));
        if moved {
            let note = "the ledger moved since the plan was made: planned again under the lease";
            self.engine.events.emit(Event::Note { app: None, text: note.into() });
        }
        // A request of an interrupted run may have arrived after the app was read.
        let asked = run.leftover().iter().any(|leftover| leftover.interrupted.is_some());
        moved || asked || planned.made.elapsed() > PATIENCE
    }

    /// Plans again under the lease. If a person has accepted the plan, only accepted changes are done; otherwise new
    /// changes get intents too.
    fn plan_again(&self, accepted: &Plan, run: &Run, due: &[AppId]) -> Result<(Planned, Moved), EngineError> {
        let Session { engine, config, options, .. } = self;
        let fresh = plan::under_lease(engine, config, &options.plan, self.which, run.snapshot());
        let mut fresh = fresh.map_err(PlanError::into_engine_error)?;
        // The run whose lease was waited for may have applied a later commit.
        check_commit(engine, config, &mut fresh, options);
        if !options.unseen {
            let moved = restrict_to(&mut fresh, accepted);
            Self::intend(&fresh.plan, run, due)?;
            return Ok((fresh, moved));
        }
        let is_ours = |id: &AppId| {
            let app = config.company.app(id.as_str());
            app.is_some_and(|app| WhichLedger::of(app) == self.which)
        };
        let mut moved = Moved::default();
        // This run has no lease on these apps.
        let late = fresh.plan.apps.iter_mut().filter(|app| is_ours(&app.app) && !due.contains(&app.app));
        late.for_each(|app| moved.refused.extend(restrict::to_nothing(app)));
        Self::intend(&fresh.plan, run, due)?;
        Ok((fresh, moved))
    }

    /// Writes down what is intended now.
    fn intend(plan: &Plan, run: &Run, due: &[AppId]) -> Result<(), EngineError> {
        let all = due.iter().map(|app| Intended {
            app: app.clone(),
            intents: intents(plan, app),
            values: values(plan, app),
            lost: losses(plan, app),
            held: held(plan, app),
        });
        Ok(run.intend(&all.collect::<Vec<_>>())?)
    }

    async fn one_app(&self, planned: &Planned, run: &Run, id: AppId) -> Option<AppResult> {
        let engine = self.engine;
        let app = self.config.company.app(id.as_str())?;
        let plan = planned.plan.apps.iter().find(|plan| plan.app == id)?;
        let connection = planned.connections.get(&id)?;
        let recorder = run.recorder(&id);
        let empty = AppLedger::default();
        let ledger = run.snapshot().apps.get(&id).unwrap_or(&empty);
        engine.events.emit(Event::App { app: id, what: "apply" });
        let job = Job {
            app,
            definition: self.config.catalog.get(&app.connector)?,
            plan,
            connector: connection.opened.connector.as_ref(),
            users: connection.users.clone(),
            groups: connection.groups.clone(),
            ledger,
            key: planned.ledgers.key(app)?,
            recorder: &recorder as &dyn Recorder,
            side_effects_allowed: self.options.plan.side_effects.get(&app.id).copied().unwrap_or(0),
            at: engine.clock.unique(),
            run: self.run.clone(),
            commit: self.config.inputs.clean_commit().map(Into::into),
            events: engine.events.as_ref(),
            stop: engine.stop.as_ref(),
        };
        Some(apply::app(&job).await)
    }
}

/// True if the ledger of an app has changed since the plan was made.
fn has_moved(run: &Run, ledgers: &Ledgers, which: WhichLedger, app: &AppId) -> bool {
    match ledgers.get(which).and_then(|ledger| ledger.version(app)) {
        Some(version) => run.version(app) != Some(version),
        None => run.snapshot().apps.get(app).is_some_and(|ledger| {
            !ledger.users.is_empty() || !ledger.groups.is_empty() || ledger.completed.is_some()
        }),
    }
}

/// The losses of access among the changes that are to be done in an app.
fn losses(plan: &Plan, app: &AppId) -> BTreeSet<Loss> {
    let plan = plan.apps.iter().find(|plan| plan.app == *app);
    plan.map(AppPlan::losses).unwrap_or_default()
}

/// The values of roles that are to be given in an app.
fn values(plan: &Plan, app: &AppId) -> BTreeSet<FormerRole> {
    let plan = plan.apps.iter().find(|plan| plan.app == *app);
    plan.map(AppPlan::given_values).unwrap_or_default()
}

/// What guards hold newly in an app.
fn held(plan: &Plan, app: &AppId) -> Vec<Hold> {
    let plan = plan.apps.iter().find(|plan| plan.app == *app);
    plan.map(AppPlan::newly_held).unwrap_or_default()
}

/// All changes that are to be done in an app, as intents.
fn intents(plan: &Plan, app: &AppId) -> Vec<Intent> {
    let plan = plan.apps.iter().find(|plan| plan.app == *app);
    let changes = plan.into_iter().flat_map(AppPlan::to_do);
    // A complete listing found no account, so an account that matches after a crash was made by this run (safety.md 2).
    changes
        .map(|change| Intent {
            key: change.key.clone(),
            looked_up: matches!(change.kind, ChangeKind::Create | ChangeKind::GroupCreate),
        })
        .collect()
}
