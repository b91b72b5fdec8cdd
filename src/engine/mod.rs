//! The recipes: load, plan, apply. This is the only room that knows connector, plan and ledger together. It owns the
//! runtime, the clock and the pool.
//!
//! 1. [`Configuration::load`]: files, schema, references, expressions
//! 2. [`plan::plan`]: resolve, read every app, compare, judge
//! 3. [`apply::apply`]: lease, the same plan once more if something changed, ops, ledger

pub mod apply;
pub mod check;
mod clock;
mod configuration;
mod connection;
mod error;
mod finish;
pub mod history;
pub mod init;
mod journal;
mod ledgers;
pub mod maintenance;
mod open;
mod options;
mod overdue;
mod past;
pub mod plan;
mod plan_app;
mod read;
pub mod restrict;
mod runs;
mod select;
pub mod which_commit;

pub use clock::Clock;
pub use configuration::{Configuration, ConfigurationError, schemas};
pub use error::EngineError;
pub use journal::Journal;
pub use ledgers::{Ledgers, OpenLedger, WhichLedger, place};
pub use options::{ApplyOptions, PlanOptions};
pub use runs::STATE_FOLDER;
pub use select::Selection;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use crate::catalog::Catalog;
use crate::config;
use crate::connector::{Network, Registry};
use crate::model::event::EventSink;

/// The environment of every recipe.
pub struct Engine {
    /// The folder with `rolecall.yaml`.
    pub root: PathBuf,
    /// The folder of journals and sandboxes: `.rolecall` below the root, unless it was moved.
    pub state: PathBuf,
    /// The folder of the results of runs: in the git directory, unless [`Engine::keep_in`] moved it.
    pub runs: PathBuf,
    /// Every app is replaced by its sandbox.
    pub sandbox: bool,
    pub clock: Clock,
    /// Takes the progress.
    pub events: Arc<dyn EventSink>,
    /// Set by SIGINT and SIGTERM.
    pub stop: Arc<AtomicBool>,
    /// Set before the first write, that of a lease. Until then a signal may end the run at any time.
    pub at_stake: Arc<AtomicBool>,
    /// Dates that went by were said already.
    pub dates_are_said: AtomicBool,
    /// The run's id, if the run writes.
    pub run: Option<Arc<str>>,
    /// The connectors that trees may name.
    pub catalog: Catalog,
    /// The protocols that can be spoken.
    pub registry: Registry,
    runtime: tokio::runtime::Runtime,
    network: Network,
}

impl Engine {
    /// Sets up runtime and network; nothing is sent.
    ///
    /// # Errors
    /// The reason why the engine cannot run on this machine.
    pub fn new(root: &Path, clock: Clock, events: Arc<dyn EventSink>) -> Result<Self, String> {
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
            .map_err(|error| format!("cannot start the runtime: {error}"))?;
        let stop = Arc::<AtomicBool>::default();
        Ok(Self {
            root: root.to_owned(),
            state: root.join(STATE_FOLDER),
            runs: runs::folder(root),
            sandbox: false,
            clock,
            events,
            stop: stop.clone(),
            at_stake: Arc::default(),
            dates_are_said: AtomicBool::new(false),
            run: None,
            catalog: config::catalog(),
            registry: Registry::built_in(),
            runtime,
            network: Network::default().stopped_by(stop),
        })
    }

    /// `--state-dir`: keeps everything that runs leave behind in this folder.
    pub fn keep_in(&mut self, folder: &Path) {
        self.state = folder.to_owned();
        self.runs = folder.join(runs::RUNS);
    }

    /// Makes this a run that may write. It gets an id, and a journal of every request and outcome in
    /// `.rolecall/journal/RUN.jsonl`.
    ///
    /// # Errors
    /// The journal cannot be written.
    pub fn into_run(mut self) -> Result<Self, String> {
        let run = runs::new(self.clock.now())?;
        let path = self.state.join("journal").join(format!("{run}.jsonl"));
        let journal = Journal::append(&path, self.events.clone());
        self.events = Arc::new(journal.map_err(|error| format!("{}: {error}", path.display()))?);
        self.run = Some(run);
        Ok(self)
    }

    /// Starts a task that runs beside everything else.
    pub fn spawn(&self, future: impl Future<Output = ()> + Send + 'static) {
        self.runtime.spawn(future);
    }

    /// Runs a future to its end.
    pub fn block_on<T>(&self, future: impl Future<Output = T>) -> T {
        self.runtime.block_on(future)
    }
}
