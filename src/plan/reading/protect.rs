//! Accounts that are never written, matched, adopted or taken out of anything (safety.md 15).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex};

use crate::model::app::Protected;
use crate::model::folded::folded;
use crate::model::span::Place;
use crate::model::{Remote, UserId};

/// An entry of the defaults that is no account of the app.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Unmet {
    pub text: Arc<str>,
    pub place: Option<Place>,
}

/// The entries of `protect:` and the connection's own names, case-folded.
pub struct Protection {
    entries: BTreeMap<String, Option<usize>>,
    hit: Mutex<BTreeSet<usize>>,
}

impl Protection {
    /// From an app's entries and the names of the connection's own account.
    pub fn new(protect: &[Protected], own: &[String]) -> Self {
        let own = own.iter().map(|name| (folded(name), None));
        let said = protect.iter().enumerate().map(|(place, entry)| (folded(&entry.text), Some(place)));
        Self { entries: own.chain(said).collect(), hit: Mutex::default() }
    }

    /// The entry that protects an account, if one does: its id, our id as it holds it, its name, an e-mail, or the id of the person
    /// it is linked to or matches.
    pub fn covers(&self, remote: &Remote, user: Option<&UserId>) -> bool {
        if self.entries.is_empty() {
            return false;
        }
        let names = [Some(remote.id.as_str()), remote.our_id.as_deref(), remote.name.as_deref()];
        let emails = remote.emails.iter().map(AsRef::as_ref);
        names
            .into_iter()
            .flatten()
            .chain(emails)
            .chain(user.map(UserId::as_str))
            .any(|name| self.is_account(name))
    }

    /// True if a person's id is an entry, whether there is an account or not.
    pub fn names_user(&self, user: &UserId) -> bool {
        self.entries.contains_key(&folded(user.as_str()))
    }

    /// True if a person's id is an entry, of a person whom an account matches.
    pub fn covers_match(&self, user: &UserId) -> bool {
        self.is_account(user.as_str())
    }

    /// True if an account has a name that is an entry: the entry protects something then.
    fn is_account(&self, name: &str) -> bool {
        let Some(entry) = self.entries.get(&folded(name)) else {
            return false;
        };
        if let (Some(place), Ok(mut hit)) = (entry, self.hit.lock()) {
            hit.insert(*place);
        }
        true
    }

    /// Places of the entries that protect nothing.
    pub fn unmet(&self) -> Vec<usize> {
        let hit = self.hit.lock().map(|hit| hit.clone()).unwrap_or_default();
        let mut unmet: Vec<_> =
            self.entries.values().flatten().copied().filter(|place| !hit.contains(place)).collect();
        unmet.sort_unstable();
        unmet
    }
}
