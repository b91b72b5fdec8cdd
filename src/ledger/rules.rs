//! The rules that hold in every ledger.

use std::collections::HashMap;
use std::fmt::Display;
use std::hash::Hash;

use crate::model::ledger::{AppLedger, GroupKey, LedgerUpdate};
use crate::model::{RemoteId, UserId};

/// User and remote id are one-to-one, tombstones included (safety.md 1); the error has entry and reason.
pub(crate) fn one_to_one(ledger: &AppLedger) -> Result<(), (String, String)> {
    distinct_remotes("users", ledger.users.iter().map(|(id, link)| (id, &link.remote)))?;
    distinct_remotes("groups", ledger.groups.iter().map(|(key, link)| (key, &link.remote)))
}

fn distinct_remotes<'l, K: Display + 'l>(
    what: &str,
    entries: impl ExactSizeIterator<Item = (&'l K, &'l RemoteId)>,
) -> Result<(), (String, String)> {
    let mut seen = HashMap::with_capacity(entries.len());
    for (id, remote) in entries {
        if let Some(other) = seen.insert(remote, id) {
            let why = format!("{what} '{other}' and '{id}' are both linked to remote id '{remote}'");
            return Err((format!("{:?}", id.to_string()), why));
        }
    }
    Ok(())
}

/// Which account belongs to whom while a run works, so that every step is checked before it is written (safety.md 1).
#[derive(Debug)]
struct Links<K> {
    owner: HashMap<RemoteId, K>,
    remote: HashMap<K, RemoteId>,
}

impl<K: Clone + Eq + Hash + Display> Links<K> {
    fn new<'l>(entries: impl Iterator<Item = (&'l K, &'l RemoteId)>) -> Self
    where
        K: 'l,
    {
        let mut links = Self { owner: HashMap::new(), remote: HashMap::new() };
        for (id, remote) in entries {
            links.owner.insert(remote.clone(), id.clone());
            links.remote.insert(id.clone(), remote.clone());
        }
        links
    }

    fn put(&mut self, id: &K, remote: &RemoteId) -> Result<(), String> {
        if let Some(owner) = self.owner.get(remote).filter(|owner| *owner != id) {
            return Err(format!(
                "remote id '{remote}' is linked to '{owner}' and cannot be linked to '{id}' as well"
            ));
        }
        self.forget(id);
        self.owner.insert(remote.clone(), id.clone());
        self.remote.insert(id.clone(), remote.clone());
        Ok(())
    }

    fn forget(&mut self, id: &K) {
        if let Some(remote) = self.remote.remove(id) {
            self.owner.remove(&remote);
        }
    }

    fn rename(&mut self, from: &K, to: &K) -> Result<(), String> {
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
#[derive(Debug)]
pub(crate) struct AppLinks {
    users: Links<UserId>,
    groups: Links<GroupKey>,
}

impl AppLinks {
    pub(crate) fn of(ledger: &AppLedger) -> Self {
        Self {
            users: Links::new(ledger.users.iter().map(|(id, link)| (id, &link.remote))),
            groups: Links::new(ledger.groups.iter().map(|(key, link)| (key, &link.remote))),
        }
    }

    /// Refuses a step that would give an account to two people.
    pub(crate) fn step(&mut self, update: &LedgerUpdate) -> Result<(), String> {
        match update {
            LedgerUpdate::PutUser { id, link } => self.users.put(id, &link.remote),
            LedgerUpdate::MoveUser { from, to } => self.users.rename(from, to),
            LedgerUpdate::ForgetUser(id) => {
                self.users.forget(id);
                Ok(())
            }
            LedgerUpdate::PutGroup { key, link } => self.groups.put(key, &link.remote),
            LedgerUpdate::MoveGroup { from, to } => self.groups.rename(from, to),
            LedgerUpdate::ForgetGroup(key) => {
                self.groups.forget(key);
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
        let mut links = Links::new([(&"ada", &RemoteId::from("1"))].into_iter());
        assert!(links.put(&"bob", &"1".into()).unwrap_err().contains("'ada'"));
        links.put(&"ada", &"2".into()).unwrap();
        links.put(&"bob", &"1".into()).unwrap();
        assert!(links.rename(&"ada", &"bob").is_err());
        links.rename(&"ada", &"ada-l").unwrap();
        links.forget(&"bob");
        links.put(&"carol", &"1".into()).unwrap();
        assert!(links.put(&"ada", &"2".into()).is_err());
    }
}
