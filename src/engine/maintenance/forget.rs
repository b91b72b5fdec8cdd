//! `ledger forget`: tombstones, and links whose accounts are proven gone.

use std::collections::HashMap;

use super::LedgerApp;
use super::evidence;
use crate::engine::EngineError;
use crate::engine::{Configuration, Engine};
use crate::ledger::By;
use crate::model::ledger::Link;
use crate::model::remote::Presence;
use crate::model::words::{count, first_ten};
use crate::model::{RemoteId, UserId};
use crate::plan::command;
use crate::resolve::{DesiredApp, Resolved};

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
    let live: Vec<_> = links.iter().filter(|(_, link)| !link.state.is_gone()).copied().collect();
    prove_gone(engine, config, app, &live)?;
    drop_links(app, &links, by)
}

/// Drops the links of all people whose accounts are gone by the app's own answer, if they are `number`, and gives the people.
///
/// # Errors
/// They are another number, or the app does not answer.
pub fn forget_vanished(
    engine: &Engine,
    config: &Configuration,
    app: &LedgerApp<'_>,
    number: u64,
    by: &By<'_>,
) -> Result<Vec<UserId>, EngineError> {
    let known = app.known();
    let live: Vec<_> = known.users.iter().filter(|(_, link)| !link.state.is_gone()).collect();
    let accounts = live.iter().map(|(_, link)| link.remote.clone()).collect();
    let resolved = Resolved::new(&config.company, &config.programs, engine.clock.now());
    let answers = evidence::unlisted(engine, config, app, desired(app, &resolved, &live)?, accounts)?;
    let is_proved =
        |(_, link): &(&UserId, &Link)| matches!(answers.get(&link.remote), Some(Presence::Gone(_)));
    let vanished: Vec<(&UserId, &Link)> = live.into_iter().filter(is_proved).collect();
    if vanished.len() as u64 != number {
        return Err(another_number(app, number, &vanished, &answers));
    }
    drop_links(app, &vanished, by)?;
    Ok(vanished.into_iter().map(|(user, _)| user.clone()).collect())
}

fn another_number(
    app: &LedgerApp<'_>,
    given: u64,
    vanished: &[(&UserId, &Link)],
    answers: &HashMap<RemoteId, Presence>,
) -> EngineError {
    let names: Vec<_> = vanished.iter().map(|(user, _)| user.to_string()).collect();
    let who = if names.is_empty() { String::new() } else { format!(": {}", first_ten(&names)) };
    let unknown = answers.values().filter(|answer| matches!(answer, Presence::Unknown { .. })).count();
    let unknown = match unknown {
        0 => String::new(),
        more => format!("; of {more} more the app does not say whether they are gone"),
    };
    let message = format!(
        "--vanished={given} is another number: {} gone from app {}{who}{unknown}",
        count(names.len(), "linked account is", "linked accounts are"),
        app.id
    );
    let hint = match names.len() {
        0 => format!("`rolecall ledger show {}` lists the accounts it knows", app.id),
        right => format!("if all of them are meant, repeat with --vanished={right}"),
    };
    EngineError::refused(message, hint)
}

/// Drops these links, all or none.
fn drop_links(app: &LedgerApp<'_>, links: &[(&UserId, &Link)], by: &By<'_>) -> Result<(), EngineError> {
    let names: Vec<_> = links.iter().map(|(user, _)| user.to_string()).collect();
    let what = format!("forget {} in", names.join(", "));
    app.ledger.store.edit(&app.id, &what, by, &|ledger| {
        for (user, link) in links {
            match ledger.users.get(*user) {
                Some(now) if now.remote == link.remote => ledger.users.remove(*user),
                _ => return Err(format!("the link of '{user}' has changed meanwhile")),
            };
        }
        Ok(())
    })?;
    Ok(())
}

/// The people of these links, as a command takes them.
fn all(links: &[(&UserId, &Link)]) -> String {
    links.iter().map(|(user, _)| user.as_str()).collect::<Vec<_>>().join(" ")
}

/// The app as it is declared, to ask it about these links.
///
/// # Errors
/// It is not declared, or the links belong to another endpoint: what is gone there may be here.
fn desired<'r>(
    app: &LedgerApp<'_>,
    resolved: &'r Resolved<'r>,
    links: &[(&UserId, &Link)],
) -> Result<&'r DesiredApp<'r>, EngineError> {
    let desired = app.declared.and_then(|declared| resolved.app(&declared.id));
    let desired = desired.ok_or_else(|| {
        EngineError::failed(
            format!("app {} is not declared, so nobody can ask it whether an account is gone", app.id),
            format!(
                "declare it again; {} drops a link that is wrong, unproved",
                command::unlink(&app.id, &all(links))
            ),
        )
    })?;
    app.has_address_of(desired.app)?;
    Ok(desired)
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
    let resolved = Resolved::new(&config.company, &config.programs, engine.clock.now());
    let desired = desired(app, &resolved, links)?;
    let ids: Vec<RemoteId> = links.iter().map(|(_, link)| link.remote.clone()).collect();
    let answers = evidence::presences(engine, config, app, desired, &ids)?;
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
