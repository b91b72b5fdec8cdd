//! The recipe of an apply: the right commit, a judged plan, the lease with all intents, ops, the ledger.

use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, Instant};

use super::books::{Book, BookError};
use super::finals::finals;
use super::open::Opened;
use super::plan::{Line, Planned, Wish};
use super::restrict::{self, MOVED};
use super::{Engine, Tree, TreeError, commit, plan, runs};
use crate::apply::{self, AppResult, Job};
use crate::ledger::{BeginRequest, By, Held, LedgerError, Run};
use crate::model::change::{ChangeKind, Verdict};
use crate::model::event::Event;
use crate::model::ledger::{AppLedger, Intent, Recorder};
use crate::model::{App, AppId};
use crate::plan::{AppPlan, AppStatus, Plan};

/// The lease of a ledger that does not say otherwise, and of the sandbox.
const LEASE: Duration = Duration::from_secs(120);

/// Longest pause between reading and writing after which everything is read again.
const PATIENCE: Duration = Duration::from_secs(30);

/// What an apply is asked for besides its plan.
#[derive(Debug, Clone, Default)]
pub struct Order {
    /// `--commit`.
    pub commit: Option<String>,
    /// `--rollback-to`.
    pub rollback: Option<String>,
    /// `--wait`: how long to wait for somebody else's lease.
    pub wait: Option<Duration>,
    /// Nobody has looked at the plan: whatever is found under the lease is done.
    pub unseen: bool,
}

/// What an apply did.
pub struct Report {
    /// The run.
    pub run: Arc<str>,
    /// The plan as it was carried out.
    pub plan: Plan,
    /// Per app that was begun.
    pub results: Vec<AppResult>,
    /// Why the ledger could not be closed, and what to do.
    pub trouble: Vec<BookError>,
    /// It was stopped on the way.
    pub stopped: bool,
}

/// Loads what may be applied: the working directory if every selected app is a sandbox, else a commit of `branch`, from
/// git objects.
///
/// # Errors
/// What is wrong with the files, or which commit it has to be.
pub fn load(engine: &Engine, wish: &Wish, order: &Order) -> Result<Tree, LoadError> {
    let there = Tree::load(&engine.root, None);
    let there = match there {
        Ok(tree) if engine.sandbox => return Ok(tree.sandboxed()),
        Ok(tree) => tree,
        // The working directory may be in the middle of an edit; the commit decides.
        Err(error) => Tree::load(&engine.root, Some("HEAD")).map_err(|_| LoadError::Tree(error))?,
    };
    let all_sandboxed = there
        .company
        .apps
        .iter()
        .filter(|app| wish.selection.takes(app))
        .all(App::is_sandbox);
    if all_sandboxed && order.commit.is_none() {
        return Ok(there);
    }
    let commit = commit::choose(&engine.root, &there.company.settings, order.commit.as_deref())
        .map_err(LoadError::Commit)?;
    Tree::load(&engine.root, Some(&commit)).map_err(LoadError::Tree)
}

/// Why nothing can be applied.
#[derive(Debug)]
pub enum LoadError {
    /// The files.
    Tree(Box<TreeError>),
    /// The commit.
    Commit(BookError),
}

/// Stops apps that were applied at a commit this one does not contain.
pub fn check_commit(engine: &Engine, tree: &Tree, planned: &mut Planned, order: &Order) {
    let Some(commit) = &tree.inputs.commit else { return };
    for app in tree.company.apps.iter().filter(|app| !app.is_sandbox()) {
        let Err(error) = commit::descends(
            &engine.root,
            &planned.books,
            app,
            commit,
            order.rollback.as_deref(),
        ) else {
            continue;
        };
        let Some(place) = planned.plan.apps.iter().position(|plan| plan.app == app.id) else {
            continue;
        };
        let gains = grants(&planned.plan.apps[place]);
        let brings = if gains.is_empty() {
            String::new()
        } else {
            format!("; it would bring back {gains}")
        };
        let status = AppStatus::Stopped {
            by: "commit".to_owned(),
            why: format!("{}{brings}; {}", error.message, error.hint),
        };
        let before = &planned.plan.apps[place];
        planned.plan.apps[place] = AppPlan::without_changes(
            app.id.clone(),
            before.endpoint.clone(),
            status,
            before.notices.clone(),
        );
    }
}

/// The first ten things people would gain.
fn grants(plan: &AppPlan) -> String {
    let gain = |kind: ChangeKind| {
        matches!(
            kind,
            ChangeKind::Create | ChangeKind::Enable | ChangeKind::RoleGrant | ChangeKind::MemberAdd
        )
    };
    let gains: Vec<_> = plan
        .to_do()
        .filter(|change| gain(change.kind))
        .map(|change| change.key.to_string())
        .collect();
    match gains.len() {
        0 => String::new(),
        1..=10 => gains.join(", "),
        more => format!("{} and {} more", gains[..10].join(", "), more - 10),
    }
}

/// Holds back what is not in the accepted plan file, equally. Keys that moved.
pub fn restrict_to(planned: &mut Planned, accepted: &Plan) -> usize {
    let mut moved = 0;
    for app in &mut planned.plan.apps {
        moved += match restrict::accepted(accepted, app) {
            Some(accepted) => restrict::to_accepted(app, accepted).len(),
            None => app
                .changes
                .iter_mut()
                .filter(|change| change.verdict.is_do())
                .map(|change| {
                    let why = "the accepted plan does not speak of this app and endpoint".to_owned();
                    change.verdict = Verdict::Held {
                        by: MOVED.into(),
                        why,
                    };
                })
                .count(),
        };
    }
    moved
}

/// Carries a plan out.
///
/// # Errors
/// The lease could not be taken: nothing was written.
pub fn carry_out(
    engine: &Engine,
    tree: &Tree,
    wish: &Wish,
    order: &Order,
    mut planned: Planned,
) -> Result<Report, BookError> {
    let run = engine
        .run
        .clone()
        .map_or_else(|| runs::new(engine.clock.now()), Ok)
        .map_err(|why| BookError {
            message: why,
            hint: "try again".to_owned(),
            refused: false,
        })?;
    let mut report = Report {
        run: run.clone(),
        plan: planned.plan.clone(),
        results: Vec::new(),
        trouble: Vec::new(),
        stopped: false,
    };
    let kinds: Vec<bool> = planned.books.all().map(|(sandbox, _)| sandbox).collect();
    for sandbox in kinds {
        one_book(engine, tree, wish, order, &mut planned, sandbox, &mut report)?;
    }
    report.stopped = engine.stop.load(Ordering::SeqCst);
    report.results.sort_by(|a, b| a.app.cmp(&b.app));
    close_lines(engine, &mut planned, &mut report.trouble);
    report.plan = planned.plan;
    Ok(report)
}

/// Ends all connections; a sandbox tidies its files up.
fn close_lines(engine: &Engine, planned: &mut Planned, trouble: &mut Vec<BookError>) {
    for line in std::mem::take(&mut planned.lines).into_values() {
        let Opened { connector, sandbox } = line.opened;
        drop(connector);
        let Some(sandbox) = sandbox else { continue };
        if let Err(error) = engine.block_on(sandbox.stop()) {
            let hint = "look at the folder it names".to_owned();
            trouble.push(BookError {
                message: error.to_string(),
                hint,
                refused: false,
            });
        }
    }
}

/// Moves what the ledger holds under an earlier id of an app (safety.md 3).
fn rename(
    engine: &Engine,
    tree: &Tree,
    planned: &Planned,
    sandbox: bool,
    due: &[AppId],
) -> Result<(), BookError> {
    let Some((_, book)) = planned.books.all().find(|(of, _)| *of == sandbox) else {
        return Ok(());
    };
    let known = &book.read.snapshot.apps;
    for app in due
        .iter()
        .filter(|app| !known.contains_key(*app))
        .filter_map(|app| tree.company.app(app.as_str()))
    {
        if let Some(old) = app.previously.iter().find(|old| known.contains_key(*old)) {
            let by = By {
                author: &runs::holder(),
                reason: "`previously:` in the repository",
                at: engine.clock.now(),
            };
            book.store.rename_app(old, &app.id, &by)?;
        }
    }
    Ok(())
}

/// True if the ledger of an app is not what the plan was made with.
fn has_moved(run: &Run, planned: &Planned, sandbox: bool, app: &AppId) -> bool {
    match planned.books.version_of(sandbox, app) {
        Some(version) => run.version(app) != Some(version),
        None => run.snapshot().apps.get(app).is_some_and(|ledger| {
            !ledger.users.is_empty() || !ledger.groups.is_empty() || ledger.completed.is_some()
        }),
    }
}

/// Applies all apps of one ledger under one lease.
fn one_book(
    engine: &Engine,
    tree: &Tree,
    wish: &Wish,
    order: &Order,
    planned: &mut Planned,
    sandbox: bool,
    report: &mut Report,
) -> Result<(), BookError> {
    let due: Vec<AppId> = planned
        .plan
        .apps
        .iter()
        .filter(|plan| is_due(tree, planned, plan, sandbox))
        .map(|plan| plan.app.clone())
        .collect();
    if due.is_empty() || engine.stop.load(Ordering::SeqCst) {
        return Ok(());
    }
    rename(engine, tree, planned, sandbox, &due)?;
    let Some((_, book)) = planned.books.all().find(|(of, _)| *of == sandbox) else {
        return Ok(());
    };
    let began = Instant::now();
    let run = begin(engine, tree, order, planned, book, &due, &report.run)?;
    name_leftovers(engine, &run);
    let moved = due.iter().any(|app| has_moved(&run, planned, sandbox, app));
    // What an interrupted run had sent may have arrived after the app was read.
    let asked = run
        .leftover()
        .iter()
        .any(|leftover| leftover.interrupted.is_some());
    if moved || asked || began.elapsed() > PATIENCE {
        if moved {
            let note = "the ledger moved since the plan was made: planned again under the lease";
            engine.events.emit(Event::Note {
                app: None,
                text: note.into(),
            });
        }
        // Connections first: a sandbox's folder belongs to one server at a time.
        close_lines(engine, planned, &mut report.trouble);
        let mut fresh = plan::under_lease(engine, tree, wish, sandbox, run.snapshot())?;
        // Whoever was waited for may have applied a later commit.
        check_commit(engine, tree, &mut fresh, order);
        if !order.unseen {
            restrict_to(&mut fresh, &planned.plan);
        }
        *planned = fresh;
    }
    let results = engine.block_on(async {
        let one = |app: &AppId| one_app(engine, tree, planned, &run, app.clone());
        futures_util::future::join_all(due.iter().map(one)).await
    });
    let results: Vec<AppResult> = results.into_iter().flatten().collect();
    let closed = if engine.stop.load(Ordering::SeqCst) {
        run.abandon()
    } else {
        run.finish(
            results
                .iter()
                .map(|result| finals(engine, tree, planned, wish, result))
                .collect(),
        )
    };
    if let Err(error) = closed {
        report.trouble.push(error.into());
    }
    report.results.extend(results);
    Ok(())
}

/// True if there is something to do, to learn or to mark in this app.
fn is_due(tree: &Tree, planned: &Planned, plan: &AppPlan, sandbox: bool) -> bool {
    let Some(app) = tree.company.app(plan.app.as_str()) else {
        return false;
    };
    if app.is_sandbox() != sandbox
        || plan.status != AppStatus::Planned
        || !planned.lines.contains_key(&plan.app)
    {
        return false;
    }
    let ledger = planned.books.app(app);
    let commit = tree.inputs.commit.as_deref();
    let same_commit = ledger
        .applied
        .as_ref()
        .is_some_and(|applied| applied.commit.as_deref() == commit.filter(|_| !tree.inputs.dirty));
    plan.to_do().next().is_some()
        || !plan.work.observed.is_empty()
        || ledger.completed.is_none()
        || !same_commit
}

fn begin(
    engine: &Engine,
    tree: &Tree,
    order: &Order,
    planned: &Planned,
    book: &Book,
    due: &[AppId],
    run: &Arc<str>,
) -> Result<Run, BookError> {
    let intents = |app: &AppId| {
        let plan = planned.plan.apps.iter().find(|plan| plan.app == *app);
        let changes = plan.into_iter().flat_map(AppPlan::to_do);
        // A complete listing found nobody: whoever matches after a crash was made by this run (safety.md 2).
        changes
            .map(|change| Intent {
                key: change.key.clone(),
                looked_up: matches!(change.kind, ChangeKind::Create | ChangeKind::GroupCreate),
            })
            .collect::<Vec<_>>()
    };
    let lease = tree
        .company
        .settings
        .ledger
        .as_ref()
        .map_or(LEASE, |ledger| ledger.lease);
    let request = BeginRequest {
        run: run.clone(),
        holder: runs::holder(),
        plan: planned.plan.id.as_str().into(),
        apps: due.iter().map(|app| (app.clone(), intents(app))).collect(),
        lease,
        wait: order.wait,
        now: engine.clock.now(),
        results: results_file(engine, run),
    };
    let mut said = false;
    let mut waiting = |held: &[Held]| {
        if !std::mem::replace(&mut said, true) {
            let text = held
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join("; ");
            engine.events.emit(Event::Note {
                app: None,
                text: format!("waiting: {text}").into(),
            });
        }
        !engine.stop.load(Ordering::SeqCst)
    };
    book.store
        .begin(request, &mut waiting)
        .map_err(|error: LedgerError| BookError::from(error))
}

fn results_file(engine: &Engine, run: &str) -> PathBuf {
    engine.state.join("runs").join(format!("{run}.jsonl"))
}

fn name_leftovers(engine: &Engine, run: &Run) {
    for leftover in run.leftover() {
        let who = leftover
            .interrupted
            .as_ref()
            .map(|who| format!(" by {who}"))
            .unwrap_or_default();
        let text = format!(
            "run {}{who} was interrupted in {} with {} open changes: the app was asked what became of them",
            leftover.run,
            leftover.app,
            leftover.intents.len()
        );
        engine.events.emit(Event::Note {
            app: Some(leftover.app.clone()),
            text: text.into(),
        });
    }
}

async fn one_app(engine: &Engine, tree: &Tree, planned: &Planned, run: &Run, id: AppId) -> Option<AppResult> {
    let app = tree.company.app(id.as_str())?;
    let plan = planned.plan.apps.iter().find(|plan| plan.app == id)?;
    let line: &Line = planned.lines.get(&id)?;
    let recorder = run.recorder(&id);
    let ledger: AppLedger = run.snapshot().apps.get(&id).cloned().unwrap_or_default();
    engine.events.emit(Event::App {
        app: id,
        what: "apply",
    });
    let job = Job {
        app,
        plan,
        connector: line.opened.connector.as_ref(),
        users: line.users.clone(),
        groups: line.groups.clone(),
        ledger,
        key: planned.books.key(app)?,
        recorder: &recorder as &dyn Recorder,
        at: engine.clock.now(),
        commit: tree
            .inputs
            .commit
            .as_deref()
            .filter(|_| !tree.inputs.dirty)
            .map(Into::into),
        events: engine.events.as_ref(),
        stop: engine.stop.as_ref(),
    };
    Some(apply::app(&job).await)
}
