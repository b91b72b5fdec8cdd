//! `ledger reprove`: links whose commit the history has lost.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex, PoisonError};

use super::LedgerApp;
use crate::engine::past::PastTrees;
use crate::engine::{Configuration, Engine, EngineError};
use crate::git::Repo;
use crate::ledger::By;
use crate::model::ledger::AppLedger;
use crate::resolve::PastApp;

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
/// its person, group or role. Nothing is written if that gives a commit to none of them.
///
/// # Errors
/// There is no such commit in the history of the present one, a shallow clone cannot tell which commits are lost, a run holds
/// the app, or the ledger cannot be written.
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
    if past.is_lost(&commit.id).map_err(failed)? {
        return Err(failed(format!("commit {:.12} is no part of the present history", commit.id)));
    }
    let then = past.declared(declared, &commit.id).map_err(failed)?;
    let known = app.known();
    let mut lost = BTreeSet::new();
    for named in commits(&known) {
        if past.is_lost(&named).map_err(failed)? {
            lost.insert(named);
        }
    }
    let given: Arc<str> = commit.id.as_str().into();
    let prove = |ledger: &mut AppLedger| prove(ledger, &then, &lost, &given);
    let found = prove(&mut known.clone());
    if found.proved.is_empty() {
        return Ok(found);
    }
    let done = Mutex::new(found);
    app.ledger.store.edit(&app.id, &format!("reprove by {:.12}", commit.id), by, &|ledger| {
        // A write may be tried several times.
        *done.lock().unwrap_or_else(PoisonError::into_inner) = prove(ledger);
        Ok(())
    })?;
    Ok(done.into_inner().unwrap_or_else(PoisonError::into_inner))
}

/// The commits that the links of an app name.
fn commits(ledger: &AppLedger) -> BTreeSet<Arc<str>> {
    let users = ledger.users.values().filter_map(|link| link.commit.clone());
    users.chain(ledger.groups.values().filter_map(|link| link.commit.clone())).collect()
}

fn prove(ledger: &mut AppLedger, then: &PastApp, lost: &BTreeSet<Arc<str>>, given: &Arc<str>) -> Reproved {
    let is_open = |commit: &Option<Arc<str>>| commit.as_ref().is_none_or(|commit| lost.contains(commit));
    let mut found = Reproved { commit: given.clone(), ..Reproved::default() };
    let users = ledger.users.iter_mut().filter(|(_, link)| !link.state.is_gone());
    let users = users.map(|(id, link)| (id.to_string(), &mut link.commit, then.person(id).is_some()));
    let groups = ledger.groups.iter_mut();
    let groups = groups.map(|(key, link)| (key.to_string(), &mut link.commit, then.groups.contains(key)));
    for (name, commit, is_declared) in users.chain(groups).filter(|(_, commit, _)| is_open(commit)) {
        if is_declared {
            *commit = Some(given.clone());
            found.proved.push(name);
        } else {
            found.undeclared.push(name);
        }
    }
    found
}
