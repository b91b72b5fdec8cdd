//! `ledger rehome`: an app has moved to another endpoint, and its links are proved there again (safety.md 1).

use std::sync::Arc;

use super::LedgerApp;
use super::evidence::{self, Evidence};
use crate::engine::EngineError;
use crate::engine::open::endpoint;
use crate::engine::{Configuration, Engine};
use crate::ledger::By;
use crate::model::ledger::{AppLedger, GroupKey, GroupLink};
use crate::model::{AppId, RemoteId, UserId};
use crate::plan::command;
use crate::resolve::{DesiredApp, Resolved};

/// The proofs of the links at the new endpoint.
#[derive(Debug)]
pub struct Rehome {
    app: AppId,
    /// The endpoint in the ledger.
    pub from: Arc<str>,
    /// The endpoint of the app's declaration.
    pub to: Arc<str>,
    /// Proved links, each with the attribute that proves it.
    pub proved: Vec<(UserId, RemoteId, String)>,
    /// Links without a proof, and why.
    pub unproved: Vec<(UserId, RemoteId, String)>,
    /// Groups that are proved by their names.
    pub groups: Vec<GroupKey>,
    /// Groups without a proof, and why: their links are dropped, and the next plan looks for them by name.
    pub dropped: Vec<(GroupKey, RemoteId, String)>,
    /// The largest number of links that may stay without a proof.
    pub limit: usize,
    known: AppLedger,
}

/// Reads the app and proves every link. Nothing is written.
///
/// # Errors
/// There is nothing to move, or the app cannot be read.
pub fn examine(engine: &Engine, config: &Configuration, app: &LedgerApp<'_>) -> Result<Rehome, EngineError> {
    let Some(declared) = app.declared else {
        return Err(EngineError::failed(
            format!("app {} is not declared", app.id),
            "declare it with its new `url`",
        ));
    };
    endpoint(declared).map_err(|why| EngineError::failed(why, "correct its `url`"))?;
    let known = app.known();
    let resolved = Resolved::new(&config.company, &config.programs, engine.clock.now());
    let Some(desired) = resolved.app(&declared.id) else {
        return Err(EngineError::failed(
            format!("app {} is not declared", declared.id),
            "declare it with its new `url`",
        ));
    };
    let evidence = evidence::read(engine, config, None, desired)?;
    let to = evidence.endpoint.clone();
    if known.endpoint == to {
        let message = format!("the ledger has {to} for app {} already", app.id);
        return Err(EngineError::failed(message, "give the app its new `url` first"));
    }
    let mut rehome = Rehome {
        app: declared.id.clone(),
        from: known.endpoint.clone(),
        to,
        proved: Vec::new(),
        unproved: Vec::new(),
        groups: Vec::new(),
        dropped: Vec::new(),
        limit: 0,
        known,
    };
    rehome.accounts(&evidence);
    rehome.groups(&evidence, desired);
    rehome.limit = ((rehome.proved.len() + rehome.unproved.len()) / 100).max(3);
    Ok(rehome)
}

impl Rehome {
    /// Accepts the new endpoint, or refuses it.
    ///
    /// # Errors
    /// Too few links are proved.
    pub fn judge(&self) -> Result<(), EngineError> {
        let (good, bad) = (self.proved.len(), self.unproved.len());
        // Without any proved link the endpoint is another tenant, even if there are only a few accounts.
        if bad <= self.limit && (good > 0 || bad == 0) {
            return Ok(());
        }
        let limit = if bad > self.limit { format!(", more than {}", self.limit) } else { String::new() };
        let app = &self.app;
        Err(EngineError::refused(
            format!("{bad} of {} links cannot be proved at {}{limit}", good + bad, self.to),
            format!(
                "is this the right endpoint and tenant? If the accounts have new ids there: {}, this again, then `rolecall ledger rebuild {app}`",
                command::unlink(app, &"NAME")
            ),
        ))
    }

    /// Writes the endpoint, and drops groups without a proof.
    ///
    /// # Errors
    /// The endpoint is not accepted, or the ledger has changed meanwhile or cannot be written.
    pub fn write(&self, app: &LedgerApp<'_>, by: &By<'_>) -> Result<(), EngineError> {
        self.judge()?;
        app.ledger.store.edit(&app.id, "rehome", by, &|ledger| {
            let same = ledger.endpoint == self.known.endpoint
                && ledger.users == self.known.users
                && ledger.groups == self.known.groups;
            if !same {
                return Err("the ledger has changed meanwhile: run this again".to_owned());
            }
            ledger.endpoint = self.to.clone();
            // Times of the old endpoint prove nothing here; the next plan remembers new ones.
            ledger.users.values_mut().for_each(|link| link.created = None);
            for (key, _, _) in &self.dropped {
                ledger.groups.remove(key);
            }
            Ok(())
        })?;
        Ok(())
    }

    fn accounts(&mut self, evidence: &Evidence<'_>) {
        for (id, link) in &self.known.users {
            if link.state.is_gone() {
                continue;
            }
            let (id, remote) = (id.clone(), link.remote.clone());
            match evidence.account(&remote) {
                None => {
                    let why = "there is no account with this id".to_owned();
                    self.unproved.push((id, remote, why));
                }
                Some(account) => match evidence.proof(&id, account) {
                    Some(by) => self.proved.push((id, remote, by)),
                    None => {
                        let name = account.name.as_deref().unwrap_or("no name");
                        self.unproved.push((id, remote, format!("the account is \"{name}\"")));
                    }
                },
            }
        }
    }

    fn groups(&mut self, evidence: &Evidence<'_>, desired: &DesiredApp<'_>) {
        for (key, link) in &self.known.groups {
            match group(evidence, desired, key, link) {
                Ok(()) => self.groups.push(key.clone()),
                Err(why) => self.dropped.push((key.clone(), link.remote.clone(), why)),
            }
        }
    }
}

/// A group is proved by the name it should have.
fn group(
    evidence: &Evidence<'_>,
    desired: &DesiredApp<'_>,
    key: &GroupKey,
    link: &GroupLink,
) -> Result<(), String> {
    let there = evidence.group(&link.remote).ok_or("there is no group with this id")?;
    let name = desired.groups.iter().find(|wanted| GroupKey::of(&wanted.object).as_ref() == Some(key));
    let name = name.and_then(|wanted| desired.group_name(wanted)).ok_or("it is not declared any more")?;
    match evidence.names_group(there, &name) {
        true => Ok(()),
        false => Err(format!("the group is \"{}\"", there.name.as_deref().unwrap_or("no name"))),
    }
}
