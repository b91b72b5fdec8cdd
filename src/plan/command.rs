//! Commands that messages name: whole, so that they work when they are typed.

use std::fmt::Display;

use crate::model::AppId;

/// The command that drops an entry of the ledger: of a person, `group:ID` or `role:ID`, by the id that the ledger has.
pub(crate) fn unlink(app: &AppId, entry: &impl Display) -> String {
    format!("`rolecall ledger unlink {app} {entry} --reason TEXT`")
}

/// The command that drops the links of all accounts that are gone from an app.
pub(crate) fn forget_vanished(app: &AppId, number: usize) -> String {
    format!("`rolecall ledger forget {app} --vanished={number} --reason TEXT`")
}

/// The command that names another commit as the proof of the entries that lack one.
pub(crate) fn reprove(app: &AppId) -> String {
    format!("`rolecall ledger reprove {app} --commit REV --reason TEXT`")
}
