//! The commit that may be applied, and the apps it may be applied to (safety.md 8): it is in `branch`, and contains the
//! commit that was applied last.

use std::path::Path;
use std::time::Duration;

use super::plan::Planned;
use super::{ApplyOptions, Configuration, ConfigurationError, Engine, EngineError, Ledgers};
use crate::config::{self, Source};
use crate::git::Repo;
use crate::git::ancestry::{self, Ancestry};
use crate::git::branch;
use crate::model::App;
use crate::model::change::ChangeKind;
use crate::model::company::{LedgerStore, Settings};
use crate::model::event::Event;
use crate::model::words::{count, first_ten};
use crate::plan::{AppPlan, AppStatus};

/// Longest wait for the remote.
const FETCH_TIMEOUT: Duration = Duration::from_secs(60);

/// Loads the tree to apply: the working directory if every selected app is a sandbox, else a commit of `branch`, from
/// git objects.
///
/// # Errors
/// The findings in the files, or the reason why the commit is refused.
pub fn load(engine: &Engine, options: &ApplyOptions) -> Result<Configuration, LoadError> {
    let there = Configuration::load(&engine.root, None, &engine.catalog);
    if engine.sandbox {
        return there.map(Configuration::sandboxed).map_err(LoadError::Configuration);
    }
    let (there, broken) = match there {
        Ok(config) => (config, None),
        // The working directory may be half edited; the commit decides.
        Err(error) => match Configuration::load(&engine.root, Some("HEAD"), &engine.catalog) {
            Ok(config) => (config, Some(error)),
            Err(_) => return Err(LoadError::Configuration(error)),
        },
    };
    let mut selected = there.company.apps.iter().filter(|app| options.plan.selection.takes(app));
    if selected.all(App::is_sandbox) && options.commit.is_none() {
        return broken.map_or(Ok(there), |error| Err(LoadError::Configuration(error)));
    }
    let settings = &there.company.settings;
    let commit = choose(&engine.root, settings, options.commit.as_deref()).map_err(LoadError::Commit)?;
    let config = Configuration::load(&engine.root, Some(&commit), &engine.catalog)
        .map_err(LoadError::Configuration)?;
    name_edits(engine, &there, broken.is_some(), &commit);
    // The committed settings decide which commits are accepted, because an edit of them was not reviewed.
    if accepts_alike(settings, &config.company.settings) {
        return Ok(config);
    }
    choose(&engine.root, &config.company.settings, Some(&commit)).map_err(LoadError::Commit)?;
    Ok(config)
}

/// Says which files of the tree differ from the last commit: `apply` does not read them (safety.md 8).
fn name_edits(engine: &Engine, there: &Configuration, is_broken: bool, commit: &str) {
    let found = match is_broken {
        // They have errors, so that another tree was loaded.
        true => Source::open(&engine.root, None).and_then(|source| config::changed(&source)),
        false => Ok(there.inputs.changed.clone()),
    };
    // Without git's word there is nothing to say: the commit is what counts.
    let edits = found.unwrap_or_default();
    if !edits.is_empty() {
        let text = format!(
            "{} not committed, and not part of this apply, which reads commit {commit:.12}: {}",
            count(
                edits.len(),
                "file of the tree has edits that are",
                "files of the tree have edits that are"
            ),
            first_ten(&edits)
        );
        engine.events.emit(Event::Note { app: None, text: text.into() });
    }
}

/// Why nothing can be applied.
#[derive(Debug)]
pub enum LoadError {
    /// The files have errors.
    Configuration(Box<ConfigurationError>),
    /// The commit is refused.
    Commit(EngineError),
}

/// Why `apply` would refuse this commit, by app; empty if it would not, or if there is no commit yet.
pub fn objections(engine: &Engine, config: &Configuration, planned: &Planned) -> Vec<EngineError> {
    let Some(commit) = &config.inputs.commit else {
        return Vec::new();
    };
    objecting(engine, config, planned, commit, None).map(|(_, error)| error).collect()
}

/// Planned apps that were applied at a commit this one does not contain, by their place in the plan.
fn objecting<'t>(
    engine: &'t Engine,
    config: &'t Configuration,
    planned: &'t Planned,
    commit: &'t str,
    rollback: Option<&'t str>,
) -> impl Iterator<Item = (usize, EngineError)> + use<'t> {
    let real = config.company.apps.iter().filter(|app| !app.is_sandbox());
    real.filter_map(move |app| {
        let place = planned.plan.apps.iter().position(|plan| plan.app == app.id)?;
        let error = descends(&engine.root, &planned.ledgers, app, commit, rollback).err()?;
        Some((place, error))
    })
}

/// Stops apps that were applied at a commit this one does not contain.
pub fn check_commit(engine: &Engine, config: &Configuration, planned: &mut Planned, options: &ApplyOptions) {
    let Some(commit) = &config.inputs.commit else { return };
    let rollback = options.rollback.as_deref();
    let stopped: Vec<_> = objecting(engine, config, planned, commit, rollback).collect();
    for (place, error) in stopped {
        let gains = grants(&planned.plan.apps[place]);
        let brings = if gains.is_empty() { String::new() } else { format!("; it would bring back {gains}") };
        let status = AppStatus::Stopped {
            by: "commit".to_owned(),
            why: format!("{}{brings}; {}", error.message, error.hint),
        };
        let before = &planned.plan.apps[place];
        planned.plan.apps[place] = AppPlan::without_changes(
            before.app.clone(),
            before.endpoint.clone(),
            status,
            before.notices.clone(),
        );
    }
}

/// The first ten changes that would give access.
fn grants(plan: &AppPlan) -> String {
    let gain = |kind: ChangeKind| {
        matches!(
            kind,
            ChangeKind::Create | ChangeKind::Enable | ChangeKind::RoleGrant | ChangeKind::MemberAdd
        )
    };
    let gains: Vec<_> =
        plan.to_do().filter(|change| gain(change.kind)).map(|change| change.key.to_string()).collect();
    first_ten(&gains)
}

/// The commit to apply: `asked`, or HEAD.
///
/// # Errors
/// There is no repository or no such commit, or the commit is not in the freshly fetched `branch`.
fn choose(root: &Path, settings: &Settings, asked: Option<&str>) -> Result<String, EngineError> {
    let repo = repository(root)?;
    let commit = match asked {
        Some(revision) => {
            repo.resolve(revision).map_err(|error| failed(&error.message, error.hint.as_deref()))?
        }
        None => {
            repo.head().map_err(|error| failed(&error.message, error.hint.as_deref()))?.ok_or_else(|| {
                failed("there is no commit yet", Some("`apply` works from commits: commit the files first"))
            })?
        }
    };
    let remote = remote(&repo, settings)?;
    let newest = branch::newest(&repo.git_directory(), &settings.branch, remote.as_deref(), FETCH_TIMEOUT);
    let newest = newest.map_err(|error| {
        let place = remote.as_deref().map(|remote| format!("{remote}/")).unwrap_or_default();
        failed(
            &format!("cannot find the newest commit of {place}{}: {error}", settings.branch),
            Some("`apply` accepts commits of `branch` only: push it, or correct `branch:` in rolecall.yaml"),
        )
    })?;
    match contains(&repo, &commit.id, &newest)? {
        Ancestry::Yes => Ok(commit.id),
        Ancestry::No => {
            let place = remote.as_deref().map(|remote| format!("{remote}/")).unwrap_or_default();
            Err(EngineError::refused(
                format!("commit {:.12} is not in {place}{}", commit.id, settings.branch),
                "merge and push it first; `apply` accepts commits of `branch` only",
            ))
        }
        Ancestry::Undecidable { why } => Err(EngineError::refused(why, "fetch the whole history")),
    }
}

/// Refuses a commit that does not contain the commit applied last, unless a rollback to it was asked for by name.
///
/// # Errors
/// It does not contain that commit, or this clone cannot tell.
fn descends(
    root: &Path,
    ledgers: &Ledgers,
    app: &App,
    commit: &str,
    rollback: Option<&str>,
) -> Result<(), EngineError> {
    let ledger = ledgers.app(app);
    // A run counts as well if it wrote only a part of a newer commit, or was killed.
    let Some(last) = ledger.begun.as_ref().or(ledger.applied_commit()) else {
        return Ok(());
    };
    let repo = repository(root)?;
    if let Some(rollback) = rollback {
        let named = repo.resolve(rollback).map_err(|error| failed(&error.message, error.hint.as_deref()))?;
        if named.id == commit {
            return Ok(());
        }
    }
    match contains(&repo, last, commit)? {
        Ancestry::Yes => Ok(()),
        Ancestry::No => Err(EngineError::refused(
            format!(
                "app {}: commit {commit:.12} does not contain {last:.12}, which was applied last",
                app.id
            ),
            "apply a newer commit; `rolecall apply --rollback-to COMMIT` goes back on purpose: it shows which grants that brings back, and asks",
        )),
        Ancestry::Undecidable { why } => {
            Err(EngineError::refused(format!("app {}: {why}", app.id), "fetch the whole history"))
        }
    }
}

/// True if both accept the same commits.
fn accepts_alike(one: &Settings, other: &Settings) -> bool {
    let remote = |settings: &Settings| match settings.ledger.as_ref().map(|ledger| &ledger.store) {
        Some(LedgerStore::Git { remote, .. }) => remote.clone(),
        _ => None,
    };
    one.branch == other.branch && remote(one) == remote(other)
}

fn repository(root: &Path) -> Result<Repo, EngineError> {
    let repo = Repo::discover(root).map_err(|error| failed(&error.message, error.hint.as_deref()))?;
    repo.ok_or_else(|| {
        failed(
            "the files are in no git repository",
            Some("`apply` works from commits: `git init`, commit, and push to where the others are"),
        )
    })
}

/// The remote that holds `branch`: the ledger's, else the one that git pulls the branch from, else `origin` or the only
/// one. `None` if there is no remote at all. If there is one, a commit that was not pushed is not accepted.
fn remote(repo: &Repo, settings: &Settings) -> Result<Option<String>, EngineError> {
    if let Some(LedgerStore::Git { remote: Some(remote), .. }) =
        settings.ledger.as_ref().map(|ledger| &ledger.store)
    {
        return Ok(Some(remote.to_string()));
    }
    if let Some(remote) = repo.upstream(&settings.branch) {
        return Ok(Some(remote));
    }
    let remotes = repo.remotes();
    match &remotes[..] {
        [] => Ok(None),
        [only] => Ok(Some(only.clone())),
        several if several.iter().any(|name| name == "origin") => Ok(Some("origin".to_owned())),
        several => Err(failed(
            &format!(
                "cannot tell which of the remotes {} holds branch {}",
                several.join(", "),
                settings.branch
            ),
            Some("`git branch --set-upstream-to=REMOTE/BRANCH` says so"),
        )),
    }
}

fn contains(repo: &Repo, ancestor: &str, descendant: &str) -> Result<Ancestry, EngineError> {
    ancestry::is_ancestor_or_equal(&repo.git_directory(), ancestor, descendant)
        .map_err(|error| failed(&error.to_string(), None))
}

fn failed(message: &str, hint: Option<&str>) -> EngineError {
    EngineError::failed(message, hint.unwrap_or("`git fsck` may say more"))
}
