//! `ledger reprove`: links whose commit the history has lost.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::sync::Mutex;

use super::LedgerApp;
use crate::engine::past::PastTrees;
use crate::engine::{Configuration, Engine, EngineError};
use crate::git::Repo;
use crate::ledger::By;
use crate::model::ledger::{AppLedger, LinkState};

/// What was given another commit, and what the commit does not declare.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reproved {
    pub commit: Arc<str>,
    /// Ids of people, `group:ID` and `role:ID`.
    pub proved: Vec<String>,
    /// The same of those the commit does not declare.
    pub undeclared: Vec<String>,
}

/// Gives every link of an app whose commit is lost, or that names none, the commit of this revision, if that declares
/// its person, group or role.
///
/// # Errors
/// There is no such commit in the history of the present one, a run holds the app, or the ledger cannot be written.
pub fn reprove(
    engine: &Engine,
    config: &Configuration,
    app: &LedgerApp<'_>,
    revision: &str,
    by: &By<'_>,
) -> Result<Reproved, EngineError> {
    let failed = |why: String| EngineError::failed(why, "name a commit in the history of the present one");
    let Some(declared) = app.declared else {
        return Err(failed(format!("no file declares app {}", app.id)));
    };
    let repo = Repo::discover(&engine.root).map_err(|error| failed(error.message))?;
    let repo = repo.ok_or_else(|| failed("the files are in no git repository".to_owned()))?;
    let commit = repo.resolve(revision).map_err(|error| failed(error.message))?;
    let past = PastTrees::new(&engine.root, &engine.catalog, &config.inputs);
    if past.is_lost(&commit.id) {
        return Err(failed(format!("commit {:.12} is no part of the present history", commit.id)));
    }
    let then = past.declared(declared, &commit.id).map_err(failed)?;
    let named = |ledger: &AppLedger| -> BTreeSet<Arc<str>> {
        let users = ledger.users.values().filter_map(|link| link.commit.clone());
        users.chain(ledger.groups.values().filter_map(|link| link.commit.clone())).collect()
    };
    let lost: BTreeSet<Arc<str>> =
        named(&app.known()).into_iter().filter(|commit| past.is_lost(commit)).collect();
    let is_open = |commit: &Option<Arc<str>>| commit.as_ref().is_none_or(|commit| lost.contains(commit));
    let given: Arc<str> = commit.id.as_str().into();
    let done = Mutex::new(Reproved::default());
    app.ledger.store.edit(&app.id, &format!("reprove by {:.12}", commit.id), by, &|ledger| {
        let mut found = Reproved { commit: given.clone(), ..Reproved::default() };
        let live = ledger.users.iter_mut().filter(|(_, link)| !matches!(link.state, LinkState::Gone { .. }));
        for (id, link) in live.filter(|(_, link)| is_open(&link.commit)) {
            match then.person(id) {
                Some(_) => {
                    link.commit = Some(given.clone());
                    found.proved.push(id.to_string());
                }
                None => found.undeclared.push(id.to_string()),
            }
        }
        for (key, link) in ledger.groups.iter_mut().filter(|(_, link)| is_open(&link.commit)) {
            match then.groups.contains_key(key) {
                true => {
                    link.commit = Some(given.clone());
                    found.proved.push(key.to_string());
                }
                false => found.undeclared.push(key.to_string()),
            }
        }
        // A write may be tried several times.
        if let Ok(mut done) = done.lock() {
            *done = found;
        }
        Ok(())
    })?;
    Ok(done.into_inner().unwrap_or_default())
}
