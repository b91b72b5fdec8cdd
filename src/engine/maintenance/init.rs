//! `ledger init`: a new ledger, and its id in rolecall.yaml.

use std::path::Path;

use super::splice;
use crate::engine::EngineError;
use crate::engine::ledgers::place;
use crate::engine::{Configuration, Engine};
use crate::git::Repo;
use crate::ledger::{By, LedgerError, Store};
use crate::model::company::LedgerStore;

/// The default ref of a ledger.
const REFERENCE: &str = "refs/heads/rolecall/ledger";
/// The default remote of a ledger.
const REMOTE: &str = "origin";

/// The place of the new ledger.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// In a folder.
    pub path: Option<String>,
    /// On this ref.
    pub reference: Option<String>,
    /// Shared through this remote.
    pub remote: Option<String>,
    /// In this clone only.
    pub local: bool,
}

/// A ledger that was made.
#[derive(Debug)]
pub struct Made {
    pub id: String,
    pub store: LedgerStore,
    /// The line of rolecall.yaml.
    pub line: String,
    /// Why the line could not be written, if so. The ledger exists all the same.
    pub unwritten: Option<String>,
}

/// Makes the ledger, then writes its id into rolecall.yaml.
///
/// # Errors
/// A ledger or something else is in its place, or no line can be added to rolecall.yaml in its present form. Nothing
/// was made.
pub fn init(
    engine: &Engine,
    config: &Configuration,
    wanted: &Wanted,
    by: &By<'_>,
) -> Result<Made, EngineError> {
    if let Some(there) = &config.company.settings.ledger {
        let (place, id) = (place(&there.store), there.id.clone());
        return Err(LedgerError::WasUsed { place, id }.into());
    }
    let repo = Repo::discover(&engine.root).map_err(|error| {
        EngineError::failed(error.message, error.hint.unwrap_or_else(|| "`git fsck` may say more".to_owned()))
    })?;
    let store = choose(repo.as_ref(), wanted)?;
    let path = engine.root.join(splice::FILE);
    let before = read(&path)?;
    // The line is tried before anything is made, because a ledger is useless if its id is written nowhere.
    splice::add(&before, "0", &store).map_err(|why| {
        let hint =
            "write rolecall.yaml in block style, one key a line, without indentation and document marks";
        EngineError::failed(format!("the ledger cannot be named in rolecall.yaml: {why}"), hint)
    })?;
    let git = repo.as_ref().map(Repo::git_directory);
    let id = Store::init(&engine.root, git.as_deref(), &store, None, by)?;
    let written = splice::add(&before, &id, &store)
        .and_then(|after| splice::replace(&path, &after).map_err(|error| error.to_string()));
    Ok(Made { line: splice::line(&id, &store), id: id.to_string(), unwritten: written.err(), store })
}

fn read(path: &Path) -> Result<String, EngineError> {
    std::fs::read_to_string(path).map_err(|error| {
        EngineError::failed(format!("cannot read {}: {error}", path.display()), "check its permissions")
    })
}

fn choose(repo: Option<&Repo>, wanted: &Wanted) -> Result<LedgerStore, EngineError> {
    if let Some(path) = &wanted.path {
        return Ok(LedgerStore::Path(path.as_str().into()));
    }
    let Some(repo) = repo else {
        let message = "the files are in no git repository, where a ledger would be a branch".to_owned();
        let hint = "`git init` first, or keep it in a folder of this machine: --path .rolecall/ledger";
        return Err(EngineError::failed(message, hint));
    };
    let reference = wanted.reference.as_deref().unwrap_or(REFERENCE);
    if !reference.starts_with("refs/") {
        return Err(EngineError::failed(
            format!("--ref {reference}: not the full name of a ref"),
            format!("write refs/heads/{reference}"),
        ));
    }
    let remote = match &wanted.remote {
        Some(remote) if !repo.remotes().iter().any(|known| known == remote) => {
            return Err(EngineError::failed(
                format!("there is no remote '{remote}'"),
                "`git remote` lists them",
            ));
        }
        Some(remote) => Some(remote.as_str()),
        None => (!wanted.local && repo.remotes().iter().any(|known| known == REMOTE)).then_some(REMOTE),
    };
    Ok(LedgerStore::Git { reference: reference.into(), remote: remote.map(Into::into) })
}
