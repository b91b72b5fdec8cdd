//! Maintenance of the ledger: reading it, and the few writes by hand, each with author and reason.
//!
//! * [`each_ledger`], [`ledgers`], [`of`]: the ledgers as read, and which one an app is in
//! * [`init`]: makes the ledger and writes its id into rolecall.yaml
//! * [`unlink`]: drops links that are wrong
//! * [`forget`]: drops a tombstone, or a link whose account is proven gone
//! * [`reprove`]: names another commit for entries whose commit is lost
//! * [`reclock`]: sets back instants that lie in the future
//! * [`rehome`], [`rebuild`]: read the app and prove links by it before anything is written

mod author;
mod evidence;
pub mod forget;
pub mod init;
pub mod rebuild;
pub mod reclock;
pub mod rehome;
pub mod reprove;
mod splice;
pub mod unlink;

pub use author::author;

use super::ledgers::{OpenLedger, Read};
use super::open::{endpoint, is_same_address};
use super::{Configuration, Engine, EngineError};
use crate::ledger::Store;
use crate::model::ledger::AppLedger;
use crate::model::{App, AppId};

/// One app of a ledger.
pub struct LedgerApp<'t> {
    /// The ledger of the app.
    pub ledger: OpenLedger,
    /// The id of the app in the ledger.
    pub id: AppId,
    /// The declaration of the app, if there is one.
    pub declared: Option<&'t App>,
}

impl LedgerApp<'_> {
    /// The part of the ledger about the app.
    pub fn known(&self) -> AppLedger {
        self.ledger.app(&self.id).cloned().unwrap_or_default()
    }

    /// Compares the address of the declared app with that of the links: no link is used at another one (safety.md 1).
    ///
    /// # Errors
    /// The links belong to another endpoint, or the URL cannot be used.
    fn has_address_of(&self, declared: &App) -> Result<(), EngineError> {
        let here = endpoint(declared).map_err(|why| EngineError::failed(why, "correct its `url`"))?;
        let known = self.known().endpoint;
        match known.is_empty() || is_same_address(&known, &here) {
            true => Ok(()),
            false => Err(self.elsewhere(&known, &here)),
        }
    }

    /// # Errors
    /// The links belong to another endpoint than the one that the connection has reached.
    fn belong_to(&self, here: &str) -> Result<(), EngineError> {
        let known = self.known().endpoint;
        match known.is_empty() || *known == *here {
            true => Ok(()),
            false => Err(self.elsewhere(&known, here)),
        }
    }

    /// The links belong to another endpoint than the app.
    fn elsewhere(&self, known: &str, here: &str) -> EngineError {
        EngineError::failed(
            format!("the ledger's links belong to {known}, but app {} now names {here}", self.id),
            format!("`rolecall ledger rehome {}` comes first", self.id),
        )
    }
}

/// The ledger that rolecall.yaml names, and the sandbox's if it exists; with `--sandbox` only the sandbox's. Each is read
/// on its own, so that one that cannot be read does not hide the other.
pub fn each_ledger(engine: &Engine, config: &Configuration) -> Vec<Result<OpenLedger, EngineError>> {
    let is_named = config.company.settings.ledger.is_some() && !engine.sandbox;
    let named = is_named.then(|| repository(engine, config));
    named.into_iter().chain(OpenLedger::existing_sandbox(engine).transpose()).collect()
}

/// All of [`each_ledger`].
///
/// # Errors
/// One cannot be read, or there is none at all.
pub fn ledgers(engine: &Engine, config: &Configuration) -> Result<Vec<OpenLedger>, EngineError> {
    let found: Vec<OpenLedger> = each_ledger(engine, config).into_iter().collect::<Result<_, _>>()?;
    if found.is_empty() {
        return Err(match engine.sandbox || config.company.apps.iter().all(App::is_sandbox) {
            true => no_sandbox(),
            false => repository(engine, config).err().unwrap_or_else(no_sandbox),
        });
    }
    Ok(found)
}

/// The app in the ledger that knows it.
///
/// # Errors
/// It cannot be read, or does not know the app.
pub fn of<'t>(
    engine: &Engine,
    config: &'t Configuration,
    name: &AppId,
) -> Result<LedgerApp<'t>, EngineError> {
    let app = place_by(engine, config, name, Store::read)?;
    if app.ledger.app(&app.id).is_some() {
        return Ok(app);
    }
    let known: Vec<_> = app.ledger.read.snapshot.apps.keys().map(AppId::to_string).collect();
    Err(EngineError::failed(
        format!("the ledger in {} knows no app {name}", app.ledger.place),
        match known.is_empty() {
            true => "nothing was applied yet".to_owned(),
            false => format!("it knows {}", known.join(", ")),
        },
    ))
}

/// The app in the ledger that it belongs to, whether the ledger knows it or not, or has lost it.
///
/// # Errors
/// The ledger cannot be read, or the app is unknown everywhere.
pub fn place_of<'t>(
    engine: &Engine,
    config: &'t Configuration,
    name: &AppId,
) -> Result<LedgerApp<'t>, EngineError> {
    place_by(engine, config, name, Store::read_what_is_left)
}

fn place_by<'t>(
    engine: &Engine,
    config: &'t Configuration,
    name: &AppId,
    read: Read,
) -> Result<LedgerApp<'t>, EngineError> {
    let declared = config.company.app(name.as_str());
    let only_sandbox = config.company.settings.ledger.is_none();
    let in_sandbox = engine.sandbox || declared.map_or(only_sandbox, App::is_sandbox);
    let ledger = match in_sandbox {
        true => OpenLedger::existing_sandbox_by(engine, read)?.ok_or_else(no_sandbox)?,
        false => OpenLedger::repository_by(engine, config, read)?,
    };
    // If the app was renamed since the last apply, the ledger still has its earlier id.
    let earlier = declared.map_or(&[][..], |app| &app.previously);
    let ids = std::iter::once(name.clone()).chain(earlier.iter().cloned());
    let id = ids.into_iter().find(|id| ledger.app(id).is_some() || ledger.read.has_lost(id));
    Ok(LedgerApp { id: id.unwrap_or_else(|| name.clone()), ledger, declared })
}

fn repository(engine: &Engine, config: &Configuration) -> Result<OpenLedger, EngineError> {
    OpenLedger::repository(engine, config)
}

fn no_sandbox() -> EngineError {
    EngineError::failed("the sandbox has no ledger yet", "the first `rolecall apply` in the sandbox makes it")
}
