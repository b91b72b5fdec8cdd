//! What may be applied: which commit, and to which apps (safety.md 8).

use super::apply::Order;
use super::books::BookError;
use super::plan::{Planned, Wish};
use super::{Engine, Tree, TreeError, commit};
use crate::model::App;
use crate::model::change::ChangeKind;
use crate::model::words::first_ten;
use crate::plan::{AppPlan, AppStatus};

/// Loads what may be applied: the working directory if every selected app is a sandbox, else a commit of `branch`, from
/// git objects.
///
/// # Errors
/// What is wrong with the files, or which commit it has to be.
pub fn load(engine: &Engine, wish: &Wish, order: &Order) -> Result<Tree, LoadError> {
    let there = Tree::load(&engine.root, None);
    if engine.sandbox {
        return there.map(Tree::sandboxed).map_err(LoadError::Tree);
    }
    let (there, broken) = match there {
        Ok(tree) => (tree, None),
        // The working directory may be in the middle of an edit; the commit decides.
        Err(error) => match Tree::load(&engine.root, Some("HEAD")) {
            Ok(tree) => (tree, Some(error)),
            Err(_) => return Err(LoadError::Tree(error)),
        },
    };
    let mut selected = there.company.apps.iter().filter(|app| wish.selection.takes(app));
    if selected.all(App::is_sandbox) && order.commit.is_none() {
        return broken.map_or(Ok(there), |error| Err(LoadError::Tree(error)));
    }
    let settings = &there.company.settings;
    let commit =
        commit::choose(&engine.root, settings, order.commit.as_deref()).map_err(LoadError::Commit)?;
    let tree = Tree::load(&engine.root, Some(&commit)).map_err(LoadError::Tree)?;
    // What is accepted is for the commit to say, not for an edit of it that nobody has reviewed.
    if commit::accepts_alike(settings, &tree.company.settings) {
        return Ok(tree);
    }
    commit::choose(&engine.root, &tree.company.settings, Some(&commit)).map_err(LoadError::Commit)?;
    Ok(tree)
}

/// Why nothing can be applied.
#[derive(Debug)]
pub enum LoadError {
    /// The files.
    Tree(Box<TreeError>),
    /// The commit.
    Commit(BookError),
}

/// Why `apply` would not take this commit, by app; empty if nothing is in its way, or if there is no commit yet.
pub fn objections(engine: &Engine, tree: &Tree, planned: &Planned) -> Vec<BookError> {
    let Some(commit) = &tree.inputs.commit else {
        return Vec::new();
    };
    objecting(engine, tree, planned, commit, None).map(|(_, error)| error).collect()
}

/// Planned apps that were applied at a commit this one does not contain, by their place in the plan.
fn objecting<'t>(
    engine: &'t Engine,
    tree: &'t Tree,
    planned: &'t Planned,
    commit: &'t str,
    rollback: Option<&'t str>,
) -> impl Iterator<Item = (usize, BookError)> + use<'t> {
    let real = tree.company.apps.iter().filter(|app| !app.is_sandbox());
    real.filter_map(move |app| {
        let place = planned.plan.apps.iter().position(|plan| plan.app == app.id)?;
        let error = commit::descends(&engine.root, &planned.books, app, commit, rollback).err()?;
        Some((place, error))
    })
}

/// Stops apps that were applied at a commit this one does not contain.
pub fn check_commit(engine: &Engine, tree: &Tree, planned: &mut Planned, order: &Order) {
    let Some(commit) = &tree.inputs.commit else { return };
    let rollback = order.rollback.as_deref();
    let stopped: Vec<_> = objecting(engine, tree, planned, commit, rollback).collect();
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

/// The first ten things people would gain.
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
