//! `ledger forget`: tombstones, and links whose accounts are proven gone.

use super::LedgerApp;
use super::evidence;
use crate::engine::EngineError;
use crate::engine::{Configuration, Engine};
use crate::ledger::By;
use crate::model::ledger::{Link, LinkState};
use crate::model::remote::Presence;
use crate::model::{RemoteId, UserId};
use crate::plan::command;
use crate::resolve::Resolved;

/// Drops the links of these people, of all or none.
///
/// # Errors
/// An account still exists, or the app does not tell.
pub fn forget(
    engine: &Engine,
    config: &Configuration,
    app: &LedgerApp<'_>,
    users: &[UserId],
    by: &By<'_>,
) -> Result<(), EngineError> {
    let known = app.known();
    let mut links: Vec<(&UserId, &Link)> = Vec::new();
    for user in users {
        let link = known.users.get(user).ok_or_else(|| {
            EngineError::failed(
                format!("the ledger knows no account of '{user}' in app {}", app.id),
                format!("`rolecall ledger show {}` lists the people it knows", app.id),
            )
        })?;
        links.push((user, link));
    }
    let live: Vec<_> = links.iter().filter(|(_, link)| !is_gone(link)).copied().collect();
    prove_gone(engine, config, app, &live)?;
    let names: Vec<_> = users.iter().map(UserId::to_string).collect();
    let what = format!("forget {} in", names.join(", "));
    app.ledger.store.edit(&app.id, &what, by, &|ledger| {
        for (user, link) in &links {
            match ledger.users.get(*user) {
                Some(now) if now.remote == link.remote => ledger.users.remove(*user),
                _ => return Err(format!("the link of '{user}' has changed meanwhile")),
            };
        }
        Ok(())
    })?;
    Ok(())
}

fn is_gone(link: &Link) -> bool {
    matches!(link.state, LinkState::Gone { .. })
}

/// The people of these links, as a command takes them.
fn all(links: &[(&UserId, &Link)]) -> String {
    links.iter().map(|(user, _)| user.as_str()).collect::<Vec<_>>().join(" ")
}

/// Only the app itself can say that an account is gone.
fn prove_gone(
    engine: &Engine,
    config: &Configuration,
    app: &LedgerApp<'_>,
    links: &[(&UserId, &Link)],
) -> Result<(), EngineError> {
    if links.is_empty() {
        return Ok(());
    }
    let Some(declared) = app.declared else {
        return Err(EngineError::failed(
            format!("app {} is not declared, so nobody can ask it whether an account is gone", app.id),
            format!(
                "declare it again; {} drops a link that is wrong, unproved",
                command::unlink(&app.id, &all(links))
            ),
        ));
    };
    let resolved = Resolved::new(&config.company, &config.programs, engine.clock.now());
    let Some(desired) = resolved.app(&declared.id) else {
        return Err(EngineError::failed(format!("app {} is not declared", declared.id), "declare it again"));
    };
    let ids: Vec<RemoteId> = links.iter().map(|(_, link)| link.remote.clone()).collect();
    let answers = evidence::presences(engine, config, desired, &ids)?;
    for ((user, link), answer) in links.iter().zip(answers) {
        match answer {
            Presence::Gone(_) => {}
            Presence::Here(_) => {
                return Err(EngineError::refused(
                    format!("account {} of '{user}' is still in app {}", link.remote, app.id),
                    format!(
                        "{} drops a link that is wrong; a person who leaves is declared `left`",
                        command::unlink(&app.id, user)
                    ),
                ));
            }
            Presence::Unknown { why } => {
                return Err(EngineError::failed(
                    format!(
                        "app {} does not say whether account {} of '{user}' is gone: {why}",
                        app.id, link.remote
                    ),
                    "only a clear answer of the app is proof: try again later",
                ));
            }
        }
    }
    Ok(())
}
