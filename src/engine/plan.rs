//! The recipe of a plan. It changes nothing.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Instant;

use super::connection::Connection;
use super::past::PastTrees;
use super::plan_app::AppReader;
use super::{Configuration, Engine, EngineError, Ledgers, PlanOptions, Selection, WhichLedger};
use crate::model::ledger::LedgerSnapshot;
use crate::model::{App, AppId, Diagnostic};
use crate::plan::{FORMAT, Inputs, Past, Plan, conflicts, id, protect_in_all};
use crate::resolve::{self, Resolved};

/// A plan with the data behind it.
pub struct Planned {
    pub plan: Plan,
    /// Findings that need no network, sorted.
    pub findings: Vec<Diagnostic>,
    pub ledgers: Ledgers,
    /// Open connections by app.
    pub(super) connections: BTreeMap<AppId, Connection>,
    /// When the plan was begun, by a monotonic clock.
    pub(super) made: Instant,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanError {
    /// The files contradict themselves at this instant: for example, two people have one login. The findings are
    /// sorted, as in `validate`.
    Configuration(Vec<Diagnostic>),
    /// The ledger cannot be used, or does not fit the files.
    Engine(EngineError),
}

impl From<EngineError> for PlanError {
    fn from(error: EngineError) -> Self {
        Self::Engine(error)
    }
}

impl PlanError {
    /// The error in one sentence, where there is no room for findings.
    pub fn into_engine_error(self) -> EngineError {
        let findings = match self {
            Self::Engine(error) => return error,
            Self::Configuration(findings) => findings,
        };
        let errors = findings.iter().filter(|finding| finding.stops_tree());
        let first = errors.map(|finding| finding.message.as_str()).next();
        EngineError::failed(
            format!("the files contradict themselves: {}", first.unwrap_or_default()),
            "`rolecall validate` shows where",
        )
    }
}

/// Makes a plan.
///
/// # Errors
/// The files contradict themselves, a ledger cannot be used, or an app in it is not declared any more.
pub fn plan(engine: &Engine, config: &Configuration, options: &PlanOptions) -> Result<Planned, PlanError> {
    make(engine, config, options, None)
}

/// Makes a plan under a lease, from the content of a ledger that a run found when it took the lease.
///
/// # Errors
/// The same as [`plan`].
pub(super) fn under_lease(
    engine: &Engine,
    config: &Configuration,
    options: &PlanOptions,
    which: WhichLedger,
    found: &LedgerSnapshot,
) -> Result<Planned, PlanError> {
    make(engine, config, options, Some((which, found)))
}

fn make(
    engine: &Engine,
    config: &Configuration,
    options: &PlanOptions,
    found: Option<(WhichLedger, &LedgerSnapshot)>,
) -> Result<Planned, PlanError> {
    let (at, made) = (engine.clock.now(), Instant::now());
    let selected: Vec<&App> = config.company.apps.iter().filter(|app| options.selection.takes(app)).collect();
    let settings = &config.company.settings;
    // For a whole tree the ledger is read even if no app needs it, because it may know an app that was removed from the
    // files.
    // So it is for a sandbox, which may have been a real app before.
    let is_whole = !options.selection.is_partial() || selected.iter().any(|app| app.is_sandbox());
    let whole = !engine.sandbox && is_whole && settings.ledger.is_some();
    // 1. The desired state, and the ledgers.
    let (desired, ledgers) = rayon::join(
        || {
            let resolved = Resolved::new(&config.company, &config.programs, at);
            let mut findings = config.findings.clone();
            findings.extend(resolve::findings(&resolved));
            (resolved, findings)
        },
        || Ledgers::open(engine, config, &selected, whole, at),
    );
    let (resolved, findings) = desired;
    // 2. Contradictions in either.
    if findings.stops_tree() {
        return Err(PlanError::Configuration(findings.sorted()));
    }
    let mut ledgers = ledgers?;
    if let Some((which, found)) = found {
        ledgers.under_lease(which, found);
    }
    every_app_is_declared(config, &ledgers, &options.selection)?;
    // 3. The actual state of all apps, read at the same time, and the differences.
    let mut connections = BTreeMap::new();
    let mut apps = Vec::new();
    let past = PastTrees::new(&engine.root, &engine.catalog, &config.inputs);
    let reader = AppReader { engine, config, resolved: &resolved, ledgers: &ledgers, options, past: &past };
    for (app, connection) in reader.read_all(&selected) {
        if let Some(connection) = connection {
            connections.insert(app.app.clone(), connection);
        }
        apps.push(app);
    }
    apps.sort_by(|a, b| a.app.cmp(&b.app));
    // 4. Changes in one app that have to wait for another app.
    let app = |id: &AppId| config.company.app(id.as_str());
    let said = |id: &AppId, commit: &Arc<str>| match app(id) {
        Some(app) if config.inputs.commit.is_some() => past.of(app, commit),
        Some(_) | None => Past::Same,
    };
    conflicts::hold(&resolved, &mut apps, |id| app(id).map(|app| ledgers.app(app)), said);
    protect_in_all::hold(&config.company, &mut apps);
    // 5. The plan and its id.
    let plan = Plan {
        format: FORMAT,
        id: ledgers.first().map(|book| id::of(&book.read.snapshot.key, &apps)).unwrap_or_default(),
        inputs: inputs(engine, config, &resolved, &ledgers, options),
        apps,
    };
    Ok(Planned { plan, findings: findings.sorted(), ledgers, connections, made })
}

fn inputs(
    engine: &Engine,
    config: &Configuration,
    resolved: &Resolved,
    ledgers: &Ledgers,
    options: &PlanOptions,
) -> Inputs {
    let versions = config
        .company
        .apps
        .iter()
        .filter_map(|app| Some((app.id.clone(), ledgers.of(app)?.version(&app.id)?.to_string())));
    Inputs {
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        tree: config.inputs.tree_hash.clone(),
        commit: config.inputs.commit.clone(),
        dirty: config.inputs.dirty,
        at: resolved.at,
        rehearsal: engine.clock.is_fixed(),
        valid_until: resolved.valid_until(),
        partial: options.selection.is_partial(),
        ledger: ledgers.first().map(|book| book.read.snapshot.id.to_string()).unwrap_or_default(),
        ledger_versions: versions.collect(),
        people: config.company.users.len() as u64,
    }
}

/// Refuses an app that was removed from the files and still has people in the ledger (safety.md 4).
fn every_app_is_declared(
    config: &Configuration,
    ledgers: &Ledgers,
    selection: &Selection,
) -> Result<(), EngineError> {
    if selection.is_partial() {
        return Ok(());
    }
    let declared =
        |id: &AppId| config.company.apps.iter().any(|app| app.id == *id || app.previously.contains(id));
    // An app that was given up has nobody left in the ledger, so it may go.
    let repository = ledgers.get(WhichLedger::Repository);
    let lost: Vec<_> = repository
        .iter()
        .flat_map(|ledger| &ledger.read.snapshot.apps)
        .filter(|(id, ledger)| !declared(id) && ledger.is_in_use())
        .map(|(id, _)| id.to_string())
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    Err(EngineError::failed(
        format!("the ledger knows {}, which no file declares any more", lost.join(", ")),
        "put the app back and add `removed: {accounts: keep}` or `removed: {accounts: disable}`; once that is applied it can go",
    ))
}
