//! The ledger as the rest of rolecall sees it.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crate::git::branch::Branch;
use crate::model::company::{LedgerSettings, LedgerStore};
use crate::model::hash::HashKey;
use crate::model::ledger::LedgerSnapshot;
use crate::model::stored_link::Names;
use crate::model::time::Timestamp;
use crate::model::{AppId, RemoteId, UserId};

use super::backend::Backend;
use super::branch::BranchBackend;
use super::decode;
use super::error::LedgerError;
use super::folder::Folder;
use super::history::Written;
use super::known_apps;
use super::layout;
use super::link_history;
use super::outcomes::{self, Outcomes};
use super::recover::{self, Recovered};
use super::root;
use super::stored::Root;
use super::view::{Edits, Entry, View};
use super::watermark::Watermark;

/// Longest that one fetch or push may take.
const GIT_TIMEOUT: Duration = Duration::from_secs(120);

/// A ledger: read it with [`Store::read`], apply with [`Store::begin`], care for it with [`Store::edit`] and its kin.
pub struct Store {
    pub(crate) backend: Arc<Backend>,
    /// In `rolecall.yaml`; every read and write compares it (safety.md 5).
    pub(crate) id: Arc<str>,
    pub(crate) watermark: Watermark,
}

/// What a write is made of, the root checked and its serial counted.
pub(crate) type RootChange<'c> =
    dyn FnMut(&dyn View, &Root, &HashKey) -> Result<(Edits, Entry), LedgerError> + 'c;

/// The ledger as read, without a lease.
#[derive(Debug, Clone)]
pub struct ReadLedger {
    /// What it holds.
    pub snapshot: LedgerSnapshot,
    /// Per app, a hash of all it holds but the lease: a plan made on one version is not applied on another.
    pub versions: BTreeMap<AppId, Arc<str>>,
    lost: BTreeSet<String>,
}

impl ReadLedger {
    /// True if the ledger names this app and has lost all that it knew of it.
    pub fn has_lost(&self, app: &AppId) -> bool {
        self.lost.contains(&layout::app_name(app))
    }
}

impl Store {
    /// The ledger that `rolecall.yaml` names. `root` is the folder of that file; `git_directory` that of the clone (the
    /// common one, where there are several working trees): it holds the branch, and the high-water mark of either kind.
    /// Nothing is read yet.
    pub fn open(root: &Path, git_directory: Option<&Path>, settings: &LedgerSettings) -> Self {
        let (backend, watermark) = backend(root, git_directory, &settings.store);
        Self { backend: Arc::new(backend), id: settings.id.clone(), watermark }
    }

    /// `ledger init`: makes a new ledger and gives its id, for `rolecall.yaml`. `configured` is the id that is there
    /// already, if any.
    ///
    /// # Errors
    /// If there is anything in its place, or a ledger was in use there (safety.md 5).
    pub fn init(
        root: &Path,
        git_directory: Option<&Path>,
        store: &LedgerStore,
        configured: Option<&str>,
        entry: &By<'_>,
    ) -> Result<Arc<str>, LedgerError> {
        let (backend, watermark) = backend(root, git_directory, store);
        if let Some(id) = configured.map(Arc::from).or_else(|| watermark.used()) {
            return Err(LedgerError::WasUsed { place: watermark.place().to_owned(), id });
        }
        let made = root::make()?;
        let commit = create(&backend, &made, &entry.entry("init"))?;
        watermark.raise(&made.id, made.serial, commit.as_deref())?;
        Ok(made.id.into())
    }

    /// A ledger in a folder that makes itself: the sandbox's (safety.md 5).
    ///
    /// # Errors
    /// If the folder holds something else.
    pub fn open_or_init_path(folder: &Path, entry: &By<'_>) -> Result<Self, LedgerError> {
        let backend = Backend::Folder(Folder::new(folder.to_owned()));
        let id = match id_in(&backend)? {
            Some(id) => id,
            None => {
                let made = root::make()?;
                create(&backend, &made, &entry.entry("init"))?;
                made.id
            }
        };
        Ok(Self::without_watermark(backend, folder, id))
    }

    /// A ledger that [`Store::open_or_init_path`] made earlier; `None` if it made none there.
    ///
    /// # Errors
    /// If it cannot be read. A folder that holds files and no root is a damaged ledger, not an absent one.
    pub fn open_existing_path(path: &Path) -> Result<Option<Self>, LedgerError> {
        let folder = Folder::new(path.to_owned());
        let is_empty = folder.is_empty()?;
        let backend = Backend::Folder(folder);
        match id_in(&backend)? {
            Some(id) => Ok(Some(Self::without_watermark(backend, path, id))),
            None if is_empty => Ok(None),
            None => {
                let file = format!("{} in {}", layout::ROOT, path.display());
                Err(LedgerError::damaged(file, "it is missing, and other files are there"))
            }
        }
    }

    fn without_watermark(backend: Backend, folder: &Path, id: String) -> Self {
        Self {
            backend: Arc::new(backend),
            id: id.into(),
            watermark: Watermark::new(None, folder.display().to_string()),
        }
    }

    /// The id in `rolecall.yaml`.
    pub fn id(&self) -> &Arc<str> {
        &self.id
    }

    /// Reads everything, without a lease: for `plan` and for looking.
    ///
    /// # Errors
    /// Absent, another ledger, rolled back, damaged: never an empty ledger instead (safety.md 5).
    pub fn read(&self) -> Result<ReadLedger, LedgerError> {
        let read = self.read_what_is_left()?;
        match read.lost.is_empty() {
            true => Ok(read),
            false => Err(self.lost_apps(read.lost)),
        }
    }

    /// The same, without the apps that the ledger has lost: for `ledger rebuild`.
    ///
    /// # Errors
    /// As [`Store::read`], lost apps aside.
    pub fn read_what_is_left(&self) -> Result<ReadLedger, LedgerError> {
        let names = Names::default();
        let read = self.backend.read(|view| {
            let (root, key) = self.root(view)?;
            let mut snapshot = LedgerSnapshot {
                id: root.id.as_str().into(),
                serial: root.serial,
                key,
                apps: BTreeMap::new(),
            };
            let mut versions = BTreeMap::new();
            for (app, folder) in decode::apps(view)? {
                let state = decode::app(view, &app, &names)?;
                versions.insert(app.clone(), state.version(&folder));
                snapshot.apps.insert(app, state.ledger);
            }
            let lost = known_apps::lost(view, &root)?;
            Ok((ReadLedger { snapshot, versions, lost }, view.commit()))
        })?;
        let (read, commit) = read;
        self.watermark.raise(&self.id, read.snapshot.serial, commit.as_deref())?;
        Ok(read)
    }

    /// The last writes, newest first.
    ///
    /// # Errors
    /// If they cannot be read.
    pub fn history(&self, most: usize) -> Result<Vec<Written>, LedgerError> {
        self.backend.history(most)
    }

    /// How the last runs ended, newest first.
    ///
    /// # Errors
    /// As [`Store::read`].
    pub fn outcomes(&self, most: usize) -> Result<Vec<Outcomes>, LedgerError> {
        self.backend.read(|view| {
            self.root(view)?;
            outcomes::last(view, most)
        })
    }

    /// Every remote id that the ledger ever linked to each person in this app, newest first. Files that are damaged are
    /// passed over: this is for repairing, and whatever it gives is proved again before it is used. A folder has no
    /// history, so this is what it holds now.
    ///
    /// # Errors
    /// If the ledger cannot be read at all.
    pub fn remotes_ever(&self, app: &AppId) -> Result<BTreeMap<UserId, Vec<RemoteId>>, LedgerError> {
        link_history::remotes_ever(&self.backend, app)
    }

    /// Hands in the results of interrupted runs of this clone, from their files in `results`. They are believed, so no
    /// commit may be able to write there. Only of
    /// runs that still have the lease, so that nobody has worked on the app since; and each result once, also if that run
    /// is alive after all and pushes it itself.
    ///
    /// # Errors
    /// As [`Store::read`]; if a result file is damaged elsewhere than in its last line.
    pub fn recover(&self, results: &Path, now: Timestamp) -> Result<Vec<Recovered>, LedgerError> {
        if self.backend.is_locked_by_system() || !results.is_dir() {
            return Ok(Vec::new());
        }
        let found = self.backend.read(|view| {
            self.root(view)?;
            recover::find(view, results)
        })?;
        if found.is_empty() {
            return Ok(Vec::new());
        }
        let mut recovered = Vec::new();
        self.write(&mut |view, root, _| {
            let found = recover::find(view, results)?;
            recovered = found.iter().map(|(what, _)| what.clone()).collect();
            Ok(recover::edits(found, root.serial, now))
        })?;
        Ok(recovered)
    }

    /// The root, checked against `rolecall.yaml` and the high-water mark.
    pub(crate) fn root(&self, view: &dyn View) -> Result<(Root, HashKey), LedgerError> {
        let (root, key) = root::read(view, Some(&self.id))?.ok_or_else(|| self.backend.absent())?;
        self.watermark.check(view, &self.id, root.serial)?;
        Ok((root, key))
    }

    /// One write: checks the root, makes the edits, counts the serial, remembers it.
    pub(crate) fn write(&self, change: &mut RootChange<'_>) -> Result<u64, LedgerError> {
        let mut serial = 0;
        let commit = self.backend.update(&mut |view| {
            let (mut root, key) = self.root(view)?;
            root::count(&mut root, view)?;
            let (mut edits, entry) = change(view, &root, &key)?;
            serial = root.serial;
            root.apps = Some(known_apps::after(view, &root, &edits)?);
            edits.insert(layout::ROOT.to_owned(), Some(root::bytes(&root)));
            Ok((edits, entry))
        })?;
        self.watermark.raise(&self.id, serial, commit.as_deref())?;
        Ok(serial)
    }

    pub(crate) fn lost_apps(&self, folders: BTreeSet<String>) -> LedgerError {
        let place = self.watermark.place().to_owned();
        LedgerError::LostApps { place, folders, is_branch: matches!(*self.backend, Backend::Branch(_)) }
    }

    pub(crate) fn share(&self) -> Self {
        Self { backend: self.backend.clone(), id: self.id.clone(), watermark: self.watermark.clone() }
    }
}

/// Where the ledger is, and the mark for it. For a branch, `git_directory` is the repository.
fn backend(root: &Path, git_directory: Option<&Path>, store: &LedgerStore) -> (Backend, Watermark) {
    match store {
        LedgerStore::Path(path) => {
            let folder = root.join(&**path);
            let watermark = Watermark::new(git_directory, folder.display().to_string());
            (Backend::Folder(Folder::new(folder)), watermark)
        }
        LedgerStore::Git { reference, remote } => {
            let repository = git_directory.unwrap_or(root);
            let branch = Branch::new(repository, reference, remote.as_deref(), GIT_TIMEOUT);
            let watermark = Watermark::new(git_directory, format!("{reference} of {}", branch.place()));
            (Backend::Branch(BranchBackend::new(branch)), watermark)
        }
    }
}

/// The id in the root; `None` if there is no root.
fn id_in(backend: &Backend) -> Result<Option<String>, LedgerError> {
    backend.read(|view| Ok(root::read(view, None)?.map(|(root, _)| root.id)))
}

fn create(backend: &Backend, made: &Root, entry: &Entry) -> Result<Option<String>, LedgerError> {
    match backend {
        Backend::Folder(folder) => folder.create(root::bytes(made), entry).map(|()| None),
        Backend::Branch(branch) => branch.create(root::bytes(made), entry).map(Some),
    }
}

/// Who writes by hand, and why: goes into the ledger's history.
#[derive(Debug, Clone, Copy)]
pub struct By<'b> {
    /// Who.
    pub author: &'b str,
    /// Why.
    pub reason: &'b str,
    /// When.
    pub at: Timestamp,
}

impl By<'_> {
    pub(crate) fn entry(&self, what: impl Into<String>) -> Entry {
        Entry {
            what: what.into(),
            run: None,
            author: Some(self.author.to_owned()),
            reason: Some(self.reason.to_owned()),
            at: self.at,
        }
    }
}
