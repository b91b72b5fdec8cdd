//! The recipe of a plan: touches nothing.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Instant;

use super::books::{BookError, Books};
use super::open::Opened;
use super::plan_app::Asked;
use super::{Engine, Selection, Tree};
use crate::model::ledger::LedgerSnapshot;
use crate::model::remote::ListRequest;
use crate::model::{App, AppId, Diagnostic, UserId};
use crate::plan::{Allowance, FORMAT, Inputs, Plan, conflicts, id};
use crate::resolve::Resolved;

/// What a plan is asked for.
#[derive(Debug, Clone, Default)]
pub struct Wish {
    /// What it looks at.
    pub selection: Selection,
    /// `--enable USER`.
    pub enable: BTreeSet<UserId>,
    /// `--allow APP:GUARD=N`.
    pub allow: BTreeMap<AppId, Vec<Allowance>>,
    /// Apps are opened for writing too.
    pub write: bool,
}

/// A plan with what it was made from.
pub struct Planned {
    /// The plan.
    pub plan: Plan,
    /// What could not be decided without a network, sorted.
    pub findings: Vec<Diagnostic>,
    /// The ledgers as read.
    pub books: Books,
    /// Open connections by app.
    pub(super) lines: BTreeMap<AppId, Line>,
    /// When it was begun, by a clock that nobody sets.
    pub(super) made: Instant,
}

/// An open connection with the requests its objects are read by.
pub(super) struct Line {
    pub opened: Opened,
    pub users: ListRequest,
    pub groups: ListRequest,
}

/// Why there is no plan.
#[derive(Debug)]
pub enum PlanError {
    /// The files contradict themselves at this instant: two people with one login, say. Sorted findings, as `validate`
    /// has them.
    Tree(Vec<Diagnostic>),
    /// The ledger.
    Book(BookError),
}

impl From<BookError> for PlanError {
    fn from(error: BookError) -> Self {
        Self::Book(error)
    }
}

impl PlanError {
    /// In one sentence, where there is no room for findings.
    pub fn into_book(self) -> BookError {
        let findings = match self {
            Self::Book(error) => return error,
            Self::Tree(findings) => findings,
        };
        let errors = findings.iter().filter(|finding| finding.stops_tree());
        let first = errors.map(|finding| finding.message.as_str()).next();
        BookError {
            message: format!("the files contradict themselves: {}", first.unwrap_or_default()),
            hint: "`rolecall validate` shows where".to_owned(),
            refused: false,
        }
    }
}

/// Makes a plan.
///
/// # Errors
/// The files contradict themselves, a ledger cannot be used, or an app in it is not declared any more.
pub fn plan(engine: &Engine, tree: &Tree, wish: &Wish) -> Result<Planned, PlanError> {
    make(engine, tree, wish, None)
}

/// Makes a plan under a lease, from what a run found when it took it; the flag says which ledger that is.
///
/// # Errors
/// As [`plan`].
pub(super) fn under_lease(
    engine: &Engine,
    tree: &Tree,
    wish: &Wish,
    sandbox: bool,
    found: &LedgerSnapshot,
) -> Result<Planned, PlanError> {
    make(engine, tree, wish, Some((sandbox, found)))
}

fn make(
    engine: &Engine,
    tree: &Tree,
    wish: &Wish,
    found: Option<(bool, &LedgerSnapshot)>,
) -> Result<Planned, PlanError> {
    let (at, made) = (engine.clock.now(), Instant::now());
    let selected: Vec<&App> = tree.company.apps.iter().filter(|app| wish.selection.takes(app)).collect();
    let settings = &tree.company.settings;
    // Of a whole tree the ledger is read even if no app in it needs one: it may know an app that was taken out.
    let whole = !engine.sandbox && !wish.selection.is_partial() && settings.ledger.is_some();
    // 1. What is desired, and what is known.
    let (desired, books) = rayon::join(
        || {
            let resolved = Resolved::new(&tree.company, &tree.programs, at);
            let mut findings = tree.findings.clone();
            findings.extend(resolved.findings());
            (resolved, findings)
        },
        || Books::open(&engine.root, &engine.state, settings, &selected, whole, at),
    );
    let (resolved, findings) = desired;
    // 2. Neither may contradict itself.
    if findings.stops_tree() {
        return Err(PlanError::Tree(findings.sorted()));
    }
    let mut books = books?;
    if let Some((sandbox, found)) = found {
        books.under_lease(sandbox, found);
    }
    every_app_is_declared(tree, &books, &wish.selection)?;
    // 3. What is there, all apps side by side, and what differs.
    let mut lines = BTreeMap::new();
    let mut apps = Vec::new();
    let asked = Asked { engine, tree, resolved: &resolved, books: &books, wish };
    for (app, line) in asked.side_by_side(&selected) {
        if let Some(line) = line {
            lines.insert(app.app.clone(), line);
        }
        apps.push(app);
    }
    apps.sort_by(|a, b| a.app.cmp(&b.app));
    // 4. What one app has to wait for another with.
    conflicts::hold(&resolved, &mut apps, |id| tree.company.app(id.as_str()).map(|app| books.app(app)));
    // 5. What it is called.
    let plan = Plan {
        format: FORMAT,
        id: books.first().map(|book| id::of(&book.read.snapshot.key, &apps)).unwrap_or_default(),
        inputs: inputs(engine, tree, &resolved, &books, wish),
        apps,
    };
    Ok(Planned { plan, findings: findings.sorted(), books, lines, made })
}

fn inputs(engine: &Engine, tree: &Tree, resolved: &Resolved, books: &Books, wish: &Wish) -> Inputs {
    let versions =
        tree.company.apps.iter().filter_map(|app| Some((app.id.clone(), books.version(app)?.to_string())));
    Inputs {
        tool: env!("CARGO_PKG_VERSION").to_owned(),
        tree: tree.inputs.tree_hash.clone(),
        commit: tree.inputs.commit.clone(),
        dirty: tree.inputs.dirty,
        at: resolved.at,
        rehearsal: engine.clock.is_fixed(),
        valid_until: resolved.valid_until(),
        partial: wish.selection.is_partial(),
        ledger: books.first().map(|book| book.read.snapshot.id.to_string()).unwrap_or_default(),
        ledger_versions: versions.collect(),
        people: tree.company.users.len() as u64,
    }
}

/// An app that was taken out of the files still has people in it (safety.md 4).
fn every_app_is_declared(tree: &Tree, books: &Books, selection: &Selection) -> Result<(), BookError> {
    if selection.is_partial() {
        return Ok(());
    }
    let declared =
        |id: &AppId| tree.company.apps.iter().any(|app| app.id == *id || app.previously.contains(id));
    // One that was given up has nobody in it any more, and may go.
    let lost: Vec<_> = books
        .real_apps()
        .filter(|(id, ledger)| !declared(id) && ledger.is_in_use())
        .map(|(id, _)| id.to_string())
        .collect();
    if lost.is_empty() {
        return Ok(());
    }
    Err(BookError {
        message: format!("the ledger knows {}, which no file declares any more", lost.join(", ")),
        hint: "put the app back and add `removed: {accounts: keep}` or `removed: {accounts: disable}`; once that is applied it can go".to_owned(),
        refused: false,
    })
}
