//! `ledger unlink`: links that are wrong.

use std::sync::Mutex;

use super::Entry;
use crate::engine::books::BookError;
use crate::ledger::By;
use crate::model::{RemoteId, UserId};

/// Drops the links of these people, all or none; gives the accounts.
///
/// # Errors
/// Somebody has no link, a run holds the app, or the ledger cannot be written.
pub fn unlink(entry: &Entry<'_>, users: &[UserId], by: &By<'_>) -> Result<Vec<RemoteId>, BookError> {
    let names: Vec<_> = users.iter().map(UserId::to_string).collect();
    let what = format!("unlink {} from", names.join(", "));
    let dropped = Mutex::new(Vec::new());
    entry.ledger.store.edit(&entry.id, &what, by, &|ledger| {
        // A write may be tried several times.
        let mut accounts = Vec::new();
        for user in users {
            match ledger.users.remove(user) {
                Some(link) => accounts.push(link.remote),
                None => {
                    return Err(format!(
                        "the ledger knows no account of '{user}' in app {}",
                        entry.id
                    ));
                }
            }
        }
        if let Ok(mut dropped) = dropped.lock() {
            *dropped = accounts;
        }
        Ok(())
    })?;
    Ok(dropped.into_inner().unwrap_or_default())
}
