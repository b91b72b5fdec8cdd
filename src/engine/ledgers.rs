//! Which ledger an app's links are in: the repository's, or the sandbox's own (safety.md 5).

use std::path::Path;
use std::sync::Arc;

use super::EngineError;
use crate::git::Repo;
use crate::ledger::{By, ReadLedger, Store};
use crate::model::company::Settings;
use crate::model::hash::HashKey;
use crate::model::ledger::{AppLedger, LedgerSnapshot};
use crate::model::time::Timestamp;
use crate::model::{App, AppId};

/// The folder of the sandbox's ledger, below the state folder.
pub const SANDBOX_LEDGER: &str = "sandbox-ledger";

/// A ledger with what was read from it.
pub struct OpenLedger {
    /// For writing.
    pub store: Store,
    /// As read.
    pub read: ReadLedger,
}

/// The ledgers of a run.
pub struct Ledgers {
    real: Option<OpenLedger>,
    sandbox: Option<OpenLedger>,
    empty: AppLedger,
}

impl Ledgers {
    /// Reads the ledgers that these apps need, and the repository's if it is `wanted` anyway.
    ///
    /// # Errors
    /// One is missing, another's, rolled back or damaged: never an empty one instead.
    pub fn open(
        root: &Path,
        state: &Path,
        settings: &Settings,
        apps: &[&App],
        wanted: bool,
        at: Timestamp,
    ) -> Result<Self, EngineError> {
        let mut ledgers = Self { real: None, sandbox: None, empty: AppLedger::default() };
        if apps.iter().any(|app| app.is_sandbox()) {
            let by = By { author: "rolecall", reason: "the sandbox keeps its own ledger", at };
            let store = Store::open_or_init_path(&state.join(SANDBOX_LEDGER), &by)?;
            ledgers.sandbox = Some(OpenLedger { read: store.read()?, store });
        }
        if wanted || apps.iter().any(|app| !app.is_sandbox()) {
            let store = real_store(root, settings)?;
            ledgers.real = Some(OpenLedger { read: store.read()?, store });
        }
        Ok(ledgers)
    }

    /// Takes what a run found when it took the lease for what was read: its own intents are not yet in there.
    pub fn under_lease(&mut self, sandbox: bool, found: &LedgerSnapshot) {
        let book = if sandbox { &mut self.sandbox } else { &mut self.real };
        if let Some(book) = book {
            let apps = found.apps.iter().map(|(id, app)| (id.clone(), app.clone()));
            book.read.snapshot.apps.extend(apps);
        }
    }

    /// The ledger an app is in.
    pub fn of(&self, app: &App) -> Option<&OpenLedger> {
        if app.is_sandbox() { self.sandbox.as_ref() } else { self.real.as_ref() }
    }

    /// What the ledger knows of an app; an earlier id counts (safety.md 3).
    pub fn app(&self, app: &App) -> &AppLedger {
        let known = self.of(app).map(|book| &book.read.snapshot.apps);
        let ids = std::iter::once(&app.id).chain(&app.previously);
        known.and_then(|known| ids.filter_map(|id| known.get(id)).next()).unwrap_or(&self.empty)
    }

    /// The version of what the ledger knows of an app.
    pub fn version(&self, app: &App) -> Option<Arc<str>> {
        self.of(app)?.read.versions.get(&app.id).cloned()
    }

    /// As [`Ledgers::version`], by id.
    pub fn version_of(&self, sandbox: bool, app: &AppId) -> Option<&Arc<str>> {
        let book = if sandbox { self.sandbox.as_ref() } else { self.real.as_ref() };
        book?.read.versions.get(app)
    }

    /// The key for hashes of an app.
    pub fn key(&self, app: &App) -> Option<&HashKey> {
        self.of(app).map(|book| &book.read.snapshot.key)
    }

    /// The book whose key and id stand for the whole plan: the repository's if it takes part.
    pub fn first(&self) -> Option<&OpenLedger> {
        self.real.as_ref().or(self.sandbox.as_ref())
    }

    /// Both, the repository's first.
    pub fn all(&self) -> impl Iterator<Item = (bool, &OpenLedger)> {
        self.real.iter().map(|book| (false, book)).chain(self.sandbox.iter().map(|book| (true, book)))
    }

    /// Apps the repository's ledger knows.
    pub fn real_apps(&self) -> impl Iterator<Item = (&AppId, &AppLedger)> {
        self.real.iter().flat_map(|book| &book.read.snapshot.apps)
    }
}

/// The ledger `rolecall.yaml` names.
///
/// # Errors
/// It names none.
pub fn real_store(root: &Path, settings: &Settings) -> Result<Store, EngineError> {
    let Some(ledger) = &settings.ledger else {
        return Err(EngineError::failed(
            "there is no ledger: rolecall.yaml does not name one",
            "`rolecall ledger init` makes one and writes its id into rolecall.yaml; `--sandbox` needs none",
        ));
    };
    let repo = Repo::discover(root).ok().flatten();
    let git = repo.as_ref().map(Repo::git_directory);
    Ok(Store::open(root, git.as_deref(), ledger))
}
