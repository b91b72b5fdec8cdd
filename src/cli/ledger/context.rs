//! What every maintenance command works with.

use crate::cli::exit::Status;
use crate::cli::globals::{Format, Globals};
use crate::cli::plan::{load, refuse};
use crate::cli::printer::Printer;
use crate::engine::maintenance::{self, LedgerApp};
use crate::engine::{Configuration, Engine, EngineError};
use crate::model::AppId;

/// The repository and the engine for it.
pub(super) struct Context<'g> {
    pub globals: &'g Globals,
    pub printer: &'g Printer,
    pub config: Configuration,
    pub engine: Engine,
}

impl<'g> Context<'g> {
    pub(super) fn open(globals: &'g Globals, printer: &'g Printer) -> Result<Self, Status> {
        let config = load(globals, printer)?;
        let engine = globals.engine(printer)?;
        Ok(Self { globals, printer, config, engine })
    }

    pub(super) fn app(&self, name: &AppId) -> Result<LedgerApp<'_>, Status> {
        maintenance::of(&self.engine, &self.config, name).map_err(|error| self.refuse(&error))
    }

    pub(super) fn refuse(&self, error: &EngineError) -> Status {
        refuse(self.printer, error)
    }

    pub(super) fn is_json(&self) -> bool {
        self.globals.format == Format::Json
    }
}
