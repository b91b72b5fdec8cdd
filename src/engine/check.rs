//! `check`: credentials, rights, capabilities, and whether the ledger can be used.

use super::books::{BookError, real_store};
use super::{Engine, Selection, Tree};
use crate::connector::{Access, CheckReport, ConnectorError};
use crate::model::AppId;

/// What was found of one app.
pub struct AppCheck {
    /// The app.
    pub app: AppId,
    /// Its report, or why there is none; `None` for an app with `enabled: false`.
    pub report: Option<Result<CheckReport, ConnectorError>>,
}

/// Checks the selected apps, one after the other.
pub fn apps(engine: &Engine, tree: &Tree, selection: &Selection) -> Vec<AppCheck> {
    let selected = tree.company.apps.iter().filter(|app| selection.takes(app));
    selected
        .map(|app| {
            let report = app.enabled.then(|| {
                engine.block_on(async {
                    let opened = engine.open(app, &tree.company.settings, Access::Write).await?;
                    Ok(opened.connector.check().await)
                })
            });
            AppCheck {
                app: app.id.clone(),
                report,
            }
        })
        .collect()
}

/// Reads the ledger, if some app needs it: its id and serial.
///
/// # Errors
/// It cannot be used.
pub fn ledger(engine: &Engine, tree: &Tree) -> Result<Option<(String, u64)>, BookError> {
    if tree.company.apps.iter().all(|app| app.is_sandbox()) {
        return Ok(None);
    }
    let read = real_store(&engine.root, &tree.company.settings)?.read()?;
    Ok(Some((read.snapshot.id.to_string(), read.snapshot.serial)))
}
