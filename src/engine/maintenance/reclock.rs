//! `ledger reclock`: instants that lie ahead, from a run on a machine with a wrong clock.

use crate::engine::{EngineError, OpenLedger};
use crate::ledger::By;
use crate::model::AppId;
use crate::model::instants::{self, TOLERANCE};

/// Sets every instant that is later than now back to now, and gives the apps that had one. Dates of the files are none of
/// them.
///
/// # Errors
/// A run holds an app, or the ledger cannot be written. Apps before it in the order of their ids are done.
pub fn reclock(ledger: &OpenLedger, by: &By<'_>) -> Result<Vec<AppId>, EngineError> {
    let ahead = ledger.read.snapshot.apps.iter();
    let ahead = ahead.filter(|(_, known)| {
        instants::last(known).is_some_and(|last| last.duration_since(by.at) > TOLERANCE)
    });
    let ahead: Vec<AppId> = ahead.map(|(app, _)| app.clone()).collect();
    for app in &ahead {
        ledger.store.edit(app, "reclock", by, &|known| {
            instants::set_back(known, by.at);
            Ok(())
        })?;
    }
    Ok(ahead)
}
