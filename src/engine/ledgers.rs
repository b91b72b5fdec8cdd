//! The ledger of an app: the repository's, or the sandbox's own (safety.md 5).

use std::path::Path;
use std::sync::Arc;

use super::{Configuration, Engine, EngineError, overdue};
use crate::git::Repo;
use crate::ledger::{By, LedgerError, ReadLedger, Store};
use crate::model::company::LedgerStore;
use crate::model::hash::HashKey;
use crate::model::ledger::{AppLedger, LedgerSnapshot};
use crate::model::time::Timestamp;
use crate::model::{App, AppId};

/// The folder of the sandbox's ledger, below the state folder.
const SANDBOX_LEDGER: &str = "sandbox-ledger";

/// One of the two ledgers a configuration can have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WhichLedger {
    /// The one that `rolecall.yaml` names.
    Repository,
    /// The sandbox's own.
    Sandbox,
}

impl WhichLedger {
    /// The ledger an app is in.
    pub fn of(app: &App) -> Self {
        if app.is_sandbox() { Self::Sandbox } else { Self::Repository }
    }
}

/// A ledger with the content that was read.
pub struct OpenLedger {
    pub which: WhichLedger,
    /// The place of the ledger, in words.
    pub place: String,
    pub store: Store,
    pub read: ReadLedger,
}

/// [`Store::read`] or [`Store::read_what_is_left`].
pub(super) type Read = fn(&Store) -> Result<ReadLedger, LedgerError>;

impl OpenLedger {
    /// Opens and reads the ledger that `rolecall.yaml` names.
    ///
    /// # Errors
    /// No ledger is named, or it is missing, another's, rolled back or damaged. An empty one is never used instead.
    pub fn repository(engine: &Engine, config: &Configuration) -> Result<Self, EngineError> {
        Self::repository_by(engine, config, Store::read)
    }

    /// The same, read by `read`.
    pub(super) fn repository_by(
        engine: &Engine,
        config: &Configuration,
        read: Read,
    ) -> Result<Self, EngineError> {
        let Some(ledger) = &config.company.settings.ledger else {
            return Err(EngineError::failed(
                "there is no ledger: rolecall.yaml does not name one",
                "`rolecall ledger init` makes one and writes its id into rolecall.yaml; `--sandbox` needs none",
            ));
        };
        let repo = Repo::discover(&engine.root).ok().flatten();
        let git = repo.as_ref().map(Repo::git_directory);
        let store = Store::open(&engine.root, git.as_deref(), ledger);
        let place = place(&ledger.store);
        let opened = Self { which: WhichLedger::Repository, place, read: read(&store)?, store };
        overdue::say(engine, config, &opened.read.snapshot);
        Ok(opened)
    }

    /// Opens and reads the sandbox's ledger; makes it if there is none.
    ///
    /// # Errors
    /// It is damaged, or cannot be made.
    pub fn sandbox(state: &Path, at: Timestamp) -> Result<Self, EngineError> {
        let by = By { author: "rolecall", reason: "the sandbox keeps its own ledger", at };
        let store = Store::open_or_init_path(&state.join(SANDBOX_LEDGER), &by)?;
        Self::of_sandbox(store, Store::read)
    }

    /// Opens and reads the sandbox's ledger; `None` if it was not made yet, because reading does not make one.
    ///
    /// # Errors
    /// It is damaged, or cannot be read.
    pub fn existing_sandbox(engine: &Engine) -> Result<Option<Self>, EngineError> {
        Self::existing_sandbox_by(engine, Store::read)
    }

    /// The same, read by `read`.
    pub(super) fn existing_sandbox_by(engine: &Engine, read: Read) -> Result<Option<Self>, EngineError> {
        let store = Store::open_existing_path(&engine.state.join(SANDBOX_LEDGER))?;
        store.map(|store| Self::of_sandbox(store, read)).transpose()
    }

    fn of_sandbox(store: Store, read: Read) -> Result<Self, EngineError> {
        let place = "the sandbox".to_owned();
        Ok(Self { which: WhichLedger::Sandbox, place, read: read(&store)?, store })
    }

    /// The part about one app, if there is one.
    pub fn app(&self, id: &AppId) -> Option<&AppLedger> {
        self.read.snapshot.apps.get(id)
    }

    /// The version of the part about an app.
    pub fn version(&self, app: &AppId) -> Option<&Arc<str>> {
        self.read.versions.get(app)
    }
}

/// The place of a ledger, in words.
pub fn place(store: &LedgerStore) -> String {
    match store {
        LedgerStore::Path(folder) => format!("folder {folder}"),
        LedgerStore::Git { reference, remote: Some(remote) } => format!("{reference} of remote '{remote}'"),
        LedgerStore::Git { reference, .. } => format!("{reference} of this clone"),
    }
}

/// The ledgers of a run, the repository's first.
pub struct Ledgers {
    opened: Vec<OpenLedger>,
    empty: AppLedger,
}

impl Ledgers {
    /// Reads the ledgers that these apps need, and the repository's if it is `wanted` anyway.
    ///
    /// # Errors
    /// One cannot be opened.
    pub fn open(
        engine: &Engine,
        config: &Configuration,
        apps: &[&App],
        wanted: bool,
        at: Timestamp,
    ) -> Result<Self, EngineError> {
        let needs = |which| apps.iter().any(|app| WhichLedger::of(app) == which);
        let sandbox = needs(WhichLedger::Sandbox).then(|| OpenLedger::sandbox(&engine.state, at));
        let sandbox = sandbox.transpose()?;
        let repository = (wanted || needs(WhichLedger::Repository))
            .then(|| OpenLedger::repository(engine, config))
            .transpose()?;
        Ok(Self { opened: repository.into_iter().chain(sandbox).collect(), empty: AppLedger::default() })
    }

    /// Replaces the content of a ledger with the content that a run found when it took the lease, without its own
    /// intents.
    pub fn under_lease(&mut self, which: WhichLedger, found: &LedgerSnapshot) {
        if let Some(ledger) = self.opened.iter_mut().find(|ledger| ledger.which == which) {
            let apps = found.apps.iter().map(|(id, app)| (id.clone(), app.clone()));
            ledger.read.snapshot.apps.extend(apps);
        }
    }

    /// One of the two ledgers, if it is open.
    pub fn get(&self, which: WhichLedger) -> Option<&OpenLedger> {
        self.opened.iter().find(|ledger| ledger.which == which)
    }

    /// The ledger an app is in.
    pub fn of(&self, app: &App) -> Option<&OpenLedger> {
        self.get(WhichLedger::of(app))
    }

    /// The part of the ledger about an app; an earlier id counts (safety.md 3).
    pub fn app(&self, app: &App) -> &AppLedger {
        let ids = std::iter::once(&app.id).chain(&app.previously);
        let known = |ledger| ids.clone().find_map(|id| OpenLedger::app(ledger, id));
        self.of(app).and_then(known).unwrap_or(&self.empty)
    }

    /// What the repository's ledger knows of an app that is a sandbox now; `None` unless accounts or groups are linked
    /// there.
    pub fn before_sandbox(&self, app: &App) -> Option<&AppLedger> {
        let repository = self.get(WhichLedger::Repository).filter(|_| app.is_sandbox())?;
        let ids = std::iter::once(&app.id).chain(&app.previously);
        ids.filter_map(|id| repository.app(id)).find(|known| known.is_in_use())
    }

    /// The key for hashes of an app.
    pub fn key(&self, app: &App) -> Option<&HashKey> {
        self.of(app).map(|ledger| &ledger.read.snapshot.key)
    }

    /// The ledger whose key and id stand for the whole plan: the repository's if it takes part.
    pub fn first(&self) -> Option<&OpenLedger> {
        self.opened.first()
    }

    /// All open ledgers, the repository's first.
    pub fn all(&self) -> impl Iterator<Item = &OpenLedger> {
        self.opened.iter()
    }
}
