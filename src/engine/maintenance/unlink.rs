//! `ledger unlink`: links that are wrong.

use std::fmt;
use std::str::FromStr;
use std::sync::Mutex;

use super::LedgerApp;
use crate::engine::{Configuration, Engine, EngineError};
use crate::ledger::By;
use crate::model::app::{Adopt, Role};
use crate::model::id::IdError;
use crate::model::ledger::{AppLedger, GroupKey};
use crate::model::{App, RemoteId, UserId};
use crate::resolve::{Resolved, Standing};

/// The owner of a link: a person, or a group of the app that rolecall manages.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub enum Linked {
    /// A person's account.
    User(UserId),
    /// A pushed group, or the group of a role.
    Group(GroupKey),
}

impl FromStr for Linked {
    type Err = IdError;

    /// Reads `group:ID`, `role:ID`, `user:ID`, or the bare id of a person.
    fn from_str(text: &str) -> Result<Self, IdError> {
        match text.split_once(':') {
            Some(("group", id)) => Ok(Self::Group(GroupKey::Group(id.parse()?))),
            Some(("role", id)) => Ok(Self::Group(GroupKey::Role(id.parse()?))),
            Some(("user", id)) => id.parse().map(Self::User),
            _ => text.parse().map(Self::User),
        }
    }
}

impl Linked {
    /// The kind of object at the other end of the link, as a word.
    pub fn what(&self) -> &'static str {
        match self {
            Self::User(_) => "account",
            Self::Group(_) => "group",
        }
    }

    fn remove(&self, ledger: &mut AppLedger) -> Option<Dropped> {
        let (remote, members) = match self {
            Self::User(id) => (ledger.users.remove(id)?.remote, 0),
            Self::Group(key) => {
                let link = ledger.groups.remove(key)?;
                (link.remote, link.members.len())
            }
        };
        Some(Dropped { remote, members })
    }

    /// The role of this group, if it is privileged. People may have been taken out of its group in the app and must not
    /// come back by themselves: only the link remembers that (safety.md 13).
    fn privileged<'a>(&self, app: Option<&'a App>) -> Option<&'a Role> {
        let Self::Group(key) = self else { return None };
        let GroupKey::Role(id) = key else { return None };
        let role = app?.role(id.as_str())?;
        app?.roles.get(role.index()).filter(|role| role.privileged)
    }
}

/// A link that was dropped.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Dropped {
    pub remote: RemoteId,
    /// The number of members of a group in the ledger.
    pub members: usize,
}

impl fmt::Display for Linked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::User(id) => write!(f, "{id}"),
            Self::Group(key) => write!(f, "{key}"),
        }
    }
}

/// What the next plan does with an account of a person who has no link.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Afterwards {
    /// It adopts one that matches, and creates one if none does.
    Adopts,
    /// The same, and `adopt` of the app lets it adopt only what stands below `links:`.
    AdoptsListed,
    /// It adopts one that matches and is active, and the plan after that disables it.
    TakesAway,
    /// It shows one that matches and is active, and takes none over.
    Shows,
    /// It changes none: rolecall manages none of the person in this app.
    Leaves,
}

/// What the next plan does with an account of this person, once the link is dropped.
pub fn afterwards(engine: &Engine, config: &Configuration, app: &LedgerApp<'_>, user: &UserId) -> Afterwards {
    let resolved = Resolved::new(&config.company, &config.programs, engine.clock.now());
    let desired = app.declared.and_then(|declared| resolved.app(&declared.id));
    let (Some(desired), Some(number)) = (desired, config.company.user(user.as_str())) else {
        return Afterwards::Leaves;
    };
    let users = &desired.app.users;
    let is_kept = users.deprovision.is_keep() || !users.actions.deprovision;
    let is_matched = desired.app.adopt == Adopt::Matched;
    match desired.standing(number) {
        Standing::In if is_matched => Afterwards::Adopts,
        Standing::In => Afterwards::AdoptsListed,
        out if is_kept || !out.is_declared_out(&config.company, number, desired.at) => Afterwards::Leaves,
        _ if is_matched => Afterwards::TakesAway,
        _ => Afterwards::Shows,
    }
}

/// Drops these links, all or none, and gives them back in the same order.
///
/// # Errors
/// One of them has no link or is that of a privileged role, a run holds the app, or the ledger cannot be written.
pub fn unlink(app: &LedgerApp<'_>, linked: &[Linked], by: &By<'_>) -> Result<Vec<Dropped>, EngineError> {
    if let Some(role) = linked.iter().find_map(|one| one.privileged(app.declared)) {
        let what = format!(
            "role {} is privileged: its link remembers the people who were taken out of the group in the app, and who must not come back by themselves",
            role.id
        );
        return Err(EngineError::refused(
            what,
            "if it is the right group, give it its name in the app; if not, declare the role under another id",
        ));
    }
    let names: Vec<_> = linked.iter().map(ToString::to_string).collect();
    let what = format!("unlink {} from", names.join(", "));
    let dropped = Mutex::new(Vec::new());
    app.ledger.store.edit(&app.id, &what, by, &|ledger| {
        // A write may be tried several times.
        let mut links = Vec::new();
        for one in linked {
            let (what, id) = (one.what(), &app.id);
            let unknown = || format!("the ledger knows no {what} of '{one}' in app {id}");
            links.push(one.remove(ledger).ok_or_else(unknown)?);
        }
        if let Ok(mut dropped) = dropped.lock() {
            *dropped = links;
        }
        Ok(())
    })?;
    Ok(dropped.into_inner().unwrap_or_default())
}
