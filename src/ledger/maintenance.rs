//! Maintenance by hand: each a write with author and reason.

use crate::model::AppId;
use crate::model::ledger::AppLedger;
use crate::model::stored_link::Names;

use super::decode;
use super::encode;
use super::error::LedgerError;
use super::layout;
use super::lease;
use super::outcomes::{self, Outcomes};
use super::rules;
use super::store::{By, Store};
use super::view::Edits;

impl Store {
    /// Changes what is known of one app: `unlink`, `forget`, `rehome`, `rebuild`. `what` is for the history. Pending
    /// results of an interrupted run are folded in first; its intents stay.
    ///
    /// # Errors
    /// If a run holds the app, if `change` refuses, or if the result breaks a rule of the ledger; nothing is written.
    pub fn edit(
        &self,
        app: &AppId,
        what: &str,
        by: &By<'_>,
        change: &dyn Fn(&mut AppLedger) -> Result<(), String>,
    ) -> Result<(), LedgerError> {
        let names = Names::default();
        self.write(&mut |view, root, _| {
            let mut state = decode::app(view, app, &names)?;
            // Our wall clock cannot tell whether its run is dead.
            if let Some(held) = &state.ledger.lease
                && !self.backend.is_locked_by_system()
            {
                return Err(LedgerError::Held(vec![lease::holder_of(app, held)]));
            }
            change(&mut state.ledger).map_err(LedgerError::Refused)?;
            rules::one_to_one(&state.ledger).map_err(|(_, why)| LedgerError::Refused(why))?;
            let mut edits = encode::app(app, &state);
            for (run, settled) in state.take_pending() {
                edits.extend(outcomes::edits(
                    view,
                    root.serial,
                    &Outcomes::interrupted(&run, settled, by.at),
                )?);
            }
            Ok((edits, by.entry(format!("{what} {app}"))))
        })?;
        Ok(())
    }

    /// Moves all that is known of an app to its new id (`previously:`, safety.md 3).
    ///
    /// # Errors
    /// If a run holds the app or left something open in it, or the new id is in use; nothing is written.
    pub fn rename_app(&self, from: &AppId, to: &AppId, by: &By<'_>) -> Result<(), LedgerError> {
        let names = Names::default();
        self.write(&mut |view, _, _| {
            let mut state = decode::app(view, from, &names)?;
            if let Some(held) = &state.ledger.lease {
                return Err(LedgerError::Held(vec![lease::holder_of(from, held)]));
            }
            if !state.ledger.intents.is_empty() || !state.take_pending().is_empty() {
                return Err(LedgerError::Refused(format!(
                    "a run was interrupted in app {from}: apply once under the old id before it becomes {to}"
                )));
            }
            if decode::apps(view)?.iter().any(|(app, _)| app == to) {
                return Err(LedgerError::Refused(format!("the ledger knows app {to} already")));
            }
            let mut edits: Edits =
                std::mem::take(&mut state.files).into_keys().map(|path| (path, None)).collect();
            edits.extend(encode::app(to, &state));
            Ok((edits, by.entry(format!("rename {from} to {to}"))))
        })?;
        Ok(())
    }

    /// `ledger unlock`: ends a lease whose run is dead. Its intents stay, so that the next run asks about them. Gives the
    /// run, or `None` if there was no lease.
    ///
    /// # Errors
    /// If the operating system's lock is held: that run lives.
    pub fn unlock(&self, app: &AppId, by: &By<'_>) -> Result<Option<String>, LedgerError> {
        let mut run = None;
        let result = self.write(&mut |view, _, _| {
            let folder = layout::app_folder(app);
            let Some(lease) = decode::lease(view, &folder)? else {
                run = None;
                return Err(LedgerError::Refused(format!("nobody holds app {app}")));
            };
            run = Some(lease.run.to_string());
            let edits = Edits::from([(format!("{folder}/lease.json"), None)]);
            Ok((edits, by.entry(format!("unlock {app} (run {})", lease.run))))
        });
        match (result, run) {
            (Err(LedgerError::Refused(_)), None) => Ok(None),
            (Err(error), _) => Err(error),
            (Ok(_), run) => Ok(run),
        }
    }
}
