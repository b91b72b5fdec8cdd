//! Day-two care of the ledger: looking into it, and the few writes by hand, each with author and reason.
//!
//! * [`ledgers`], [`of`]: which ledger an app is in, as read
//! * [`init`]: makes the ledger and writes its id into rolecall.yaml
//! * [`unlink`]: drops links that are wrong
//! * [`forget`]: drops a tombstone, or a link whose account is proven gone
//! * [`rehome`], [`rebuild`]: read the app and prove links by it before anything is written

mod author;
mod evidence;
pub mod forget;
pub mod init;
pub mod rebuild;
pub mod rehome;
mod splice;
pub mod unlink;

pub use author::author;

use super::ledgers::OpenLedger;
use super::{Configuration, Engine, EngineError};
use crate::model::ledger::AppLedger;
use crate::model::{App, AppId};

/// One app of a ledger.
pub struct LedgerApp<'t> {
    /// The ledger it is in.
    pub ledger: OpenLedger,
    /// The id it is kept under.
    pub id: AppId,
    /// The app, if it is declared.
    pub app: Option<&'t App>,
}

impl LedgerApp<'_> {
    /// What the ledger knows of it.
    pub fn known(&self) -> AppLedger {
        self.ledger.app(&self.id).cloned().unwrap_or_default()
    }
}

/// All ledgers of the repository: its own, and the sandbox's if there is one. With `--sandbox` the latter only.
///
/// # Errors
/// One cannot be read, or there is none at all.
pub fn ledgers(engine: &Engine, config: &Configuration) -> Result<Vec<OpenLedger>, EngineError> {
    let mut found = Vec::new();
    if config.company.settings.ledger.is_some() && !engine.sandbox {
        found.push(repository(engine, config)?);
    }
    found.extend(OpenLedger::existing_sandbox(engine)?);
    if found.is_empty() {
        return Err(match engine.sandbox || config.company.apps.iter().all(App::is_sandbox) {
            true => no_sandbox(),
            false => repository(engine, config).err().unwrap_or_else(no_sandbox),
        });
    }
    Ok(found)
}

/// The ledger that knows this app.
///
/// # Errors
/// It cannot be read, or does not know the app.
pub fn of<'t>(
    engine: &Engine,
    config: &'t Configuration,
    name: &AppId,
) -> Result<LedgerApp<'t>, EngineError> {
    let entry = place_of(engine, config, name)?;
    if entry.ledger.app(&entry.id).is_some() {
        return Ok(entry);
    }
    let known: Vec<_> = entry.ledger.read.snapshot.apps.keys().map(AppId::to_string).collect();
    Err(EngineError::failed(
        format!("the ledger in {} knows no app {name}", entry.ledger.place),
        match known.is_empty() {
            true => "nothing was applied yet".to_owned(),
            false => format!("it knows {}", known.join(", ")),
        },
    ))
}

/// The ledger that this app belongs in, whether it is known there or not.
///
/// # Errors
/// It cannot be read, or nobody knows the app.
pub fn place_of<'t>(
    engine: &Engine,
    config: &'t Configuration,
    name: &AppId,
) -> Result<LedgerApp<'t>, EngineError> {
    let app = config.company.app(name.as_str());
    let only_sandbox = config.company.settings.ledger.is_none();
    let in_sandbox = engine.sandbox || app.map_or(only_sandbox, App::is_sandbox);
    let ledger = match in_sandbox {
        true => OpenLedger::existing_sandbox(engine)?.ok_or_else(no_sandbox)?,
        false => repository(engine, config)?,
    };
    // Renamed since the last apply: still kept under the id before.
    let earlier = app.map_or(&[][..], |app| &app.previously);
    let ids = std::iter::once(name.clone()).chain(earlier.iter().cloned());
    let id = ids.into_iter().find(|id| ledger.app(id).is_some());
    Ok(LedgerApp { id: id.unwrap_or_else(|| name.clone()), ledger, app })
}

fn repository(engine: &Engine, config: &Configuration) -> Result<OpenLedger, EngineError> {
    OpenLedger::repository(&engine.root, &config.company.settings)
}

fn no_sandbox() -> EngineError {
    EngineError::failed("the sandbox has no ledger yet", "the first `rolecall apply` in the sandbox makes it")
}
