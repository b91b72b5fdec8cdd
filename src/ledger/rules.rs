//! What always holds in a ledger, whoever wrote it.

use std::collections::HashMap;

use crate::model::RemoteId;
use crate::model::ledger::{AppLedger, LedgerUpdate};

/// User and remote id are one-to-one, tombstones included (safety.md 1); the error has entry and reason.
pub(crate) fn one_to_one(ledger: &AppLedger) -> Result<(), (String, String)> {
    let users = ledger.users.iter().map(|(id, link)| (id.as_str(), &link.remote));
    let groups = ledger.groups.iter().map(|(key, link)| (key.as_str(), &link.remote));
    distinct_remotes("users", users)?;
    distinct_remotes("groups", groups)
}

fn distinct_remotes<'l>(
    what: &str,
    entries: impl ExactSizeIterator<Item = (&'l str, &'l RemoteId)>,
) -> Result<(), (String, String)> {
    let mut seen = HashMap::with_capacity(entries.len());
    for (id, remote) in entries {
        if let Some(other) = seen.insert(remote, id) {
            let why = format!("{what} '{other}' and '{id}' are both linked to remote id '{remote}'");
            return Err((format!("{id:?}"), why));
        }
    }
    Ok(())
}

/// Which account belongs to whom while a run works, so that every step is checked before it is written (safety.md 1).
#[derive(Debug, Default)]
pub(crate) struct Links {
    owner: HashMap<RemoteId, String>,
    remote: HashMap<String, RemoteId>,
}

impl Links {
    pub(crate) fn new<'l>(entries: impl Iterator<Item = (&'l str, &'l RemoteId)>) -> Self {
        let mut links = Self::default();
        for (id, remote) in entries {
            links.owner.insert(remote.clone(), id.to_owned());
            links.remote.insert(id.to_owned(), remote.clone());
        }
        links
    }

    fn put(&mut self, id: &str, remote: &RemoteId) -> Result<(), String> {
        if let Some(owner) = self.owner.get(remote).filter(|owner| *owner != id) {
            return Err(format!(
                "remote id '{remote}' is linked to '{owner}' and cannot be linked to '{id}' as well"
            ));
        }
        self.forget(id);
        self.owner.insert(remote.clone(), id.to_owned());
        self.remote.insert(id.to_owned(), remote.clone());
        Ok(())
    }

    fn forget(&mut self, id: &str) {
        if let Some(remote) = self.remote.remove(id) {
            self.owner.remove(&remote);
        }
    }

    fn rename(&mut self, from: &str, to: &str) -> Result<(), String> {
        match self.remote.get(from).cloned() {
            Some(_) if from != to && self.remote.contains_key(to) => {
                Err(format!("'{from}' cannot become '{to}', which has an account of its own"))
            }
            Some(remote) => {
                self.forget(from);
                self.put(to, &remote)
            }
            None => Ok(()),
        }
    }
}

/// The links of one app: of people and of groups.
#[derive(Debug, Default)]
pub(crate) struct AppLinks {
    users: Links,
    groups: Links,
}

impl AppLinks {
    pub(crate) fn of(ledger: &AppLedger) -> Self {
        Self {
            users: Links::new(ledger.users.iter().map(|(id, link)| (id.as_str(), &link.remote))),
            groups: Links::new(ledger.groups.iter().map(|(key, link)| (key.as_str(), &link.remote))),
        }
    }

    /// Refuses a step that would give an account to two people.
    pub(crate) fn step(&mut self, update: &LedgerUpdate) -> Result<(), String> {
        match update {
            LedgerUpdate::PutUser { id, link } => self.users.put(id.as_str(), &link.remote),
            LedgerUpdate::MoveUser { from, to } => self.users.rename(from.as_str(), to.as_str()),
            LedgerUpdate::ForgetUser { id } => {
                self.users.forget(id.as_str());
                Ok(())
            }
            LedgerUpdate::PutGroup { key, link } => self.groups.put(key.as_str(), &link.remote),
            LedgerUpdate::MoveGroup { from, to } => self.groups.rename(from.as_str(), to.as_str()),
            LedgerUpdate::ForgetGroup { key } => {
                self.groups.forget(key.as_str());
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_has_one_owner() {
        let mut links = Links::new([("ada", &RemoteId::from("1"))].into_iter());
        assert!(links.put("bob", &"1".into()).unwrap_err().contains("'ada'"));
        links.put("ada", &"2".into()).unwrap();
        links.put("bob", &"1".into()).unwrap();
        assert!(links.rename("ada", "bob").is_err());
        links.rename("ada", "ada-l").unwrap();
        links.forget("bob");
        links.put("carol", &"1".into()).unwrap();
        assert!(links.put("ada", &"2".into()).is_err());
    }
}
