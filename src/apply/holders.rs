//! `min_members` while applying: a removal waits for its adds, and is held if they failed (safety.md 14). Only holders
//! whose grant is confirmed count.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use crate::model::change::{Change, ChangeKey, ChangeKind, Facet};
use crate::model::op::OutcomeState;
use crate::model::{RoleId, UserId};

/// Confirmed active holders of roles with `min_members`.
pub struct Holders {
    least: BTreeMap<RoleId, u64>,
    confirmed: BTreeMap<String, BTreeSet<UserId>>,
    /// Removals on their way, with the roles that count one holder less meanwhile.
    leaving: HashMap<ChangeKey, (UserId, Vec<RoleId>)>,
}

impl Holders {
    pub fn new(least: &BTreeMap<RoleId, u64>, confirmed: &BTreeMap<String, BTreeSet<UserId>>) -> Self {
        Self { least: least.clone(), confirmed: confirmed.clone(), leaving: HashMap::new() }
    }

    /// Takes somebody out of the count if enough remain in every role concerned; nothing changes otherwise. Somebody who
    /// is no confirmed holder may always lose a role.
    ///
    /// # Errors
    /// Which role would go under its minimum.
    pub fn may_lose(&mut self, change: &Change, id: &UserId) -> Result<(), String> {
        if !change.kind.is_loss() {
            return Ok(());
        }
        let account = matches!(change.kind, ChangeKind::Disable | ChangeKind::Delete);
        let mut lost = Vec::new();
        for (role, least) in &self.least {
            let concerned = account || matches!(&change.key.facet, Facet::Role(revoked) if revoked == role);
            let confirmed = self.confirmed.get(role.as_str());
            let Some(confirmed) = confirmed.filter(|confirmed| concerned && confirmed.contains(id)) else {
                continue;
            };
            // Leaving never waits, except when nobody would remain.
            let least = if change.is_leaving() { 1.min(*least) } else { *least };
            if (confirmed.len() as u64) <= least {
                return Err(format!(
                    "{id} is among the last active holders of role {role}; at least {least} have to remain"
                ));
            }
            lost.push(role.clone());
        }
        for role in &lost {
            if let Some(confirmed) = self.confirmed.get_mut(role.as_str()) {
                confirmed.remove(id);
            }
        }
        if !lost.is_empty() {
            self.leaving.insert(change.key.clone(), (id.clone(), lost));
        }
        Ok(())
    }

    /// Somebody is confirmed to hold a role.
    pub fn hold(&mut self, role: &RoleId, id: &UserId) {
        if let Some(confirmed) = self.confirmed.get_mut(role.as_str()) {
            confirmed.insert(id.clone());
        }
    }

    /// How a change ended: whoever could not be taken out still holds the role.
    pub fn settled(&mut self, key: &ChangeKey, state: &OutcomeState) {
        let Some((id, roles)) = self.leaving.remove(key) else {
            return;
        };
        if matches!(state, OutcomeState::Refused { .. } | OutcomeState::NotSent { .. }) {
            for role in roles {
                self.hold(&role, &id);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{Cause, Object};

    fn loss(id: &str, facet: Facet, kind: ChangeKind, cause: Cause) -> Change {
        let key = ChangeKey { app: "a".into(), object: Object::User(id.into()), facet };
        Change::new(key, kind, cause)
    }

    fn holders(people: &[&str]) -> Holders {
        let people: BTreeSet<UserId> = people.iter().map(|id| UserId::from(*id)).collect();
        let both = BTreeMap::from([("admin".to_owned(), people.clone()), ("root".to_owned(), people)]);
        Holders::new(&BTreeMap::from([("admin".into(), 1), ("root".into(), 2)]), &both)
    }

    fn revoke(id: &str, role: &str) -> Change {
        loss(id, Facet::Role(role.into()), ChangeKind::RoleRevoke, Cause::Config)
    }

    #[test]
    fn the_last_holders_stay() {
        let mut holders = holders(&["ada", "bob"]);
        assert!(holders.may_lose(&revoke("ada", "admin"), &"ada".into()).is_ok());
        let why = holders.may_lose(&revoke("bob", "admin"), &"bob".into()).unwrap_err();
        assert_eq!(why, "bob is among the last active holders of role admin; at least 1 have to remain");
        assert!(holders.may_lose(&revoke("ada", "admin"), &"ada".into()).is_ok(), "no holder any more");
        assert!(holders.may_lose(&revoke("bob", "other"), &"bob".into()).is_ok(), "no limit");
    }

    #[test]
    fn a_refused_removal_counts_again() {
        let mut holders = holders(&["ada", "bob"]);
        let (ada, bob) = (revoke("ada", "admin"), revoke("bob", "admin"));
        holders.may_lose(&ada, &"ada".into()).unwrap();
        let why = "no".to_owned();
        holders.settled(&ada.key, &OutcomeState::Refused { why, divisible: false });
        holders.may_lose(&bob, &"bob".into()).unwrap();
        holders.settled(&bob.key, &OutcomeState::Written);
        assert!(holders.may_lose(&ada, &"ada".into()).is_err());
    }

    #[test]
    fn an_account_that_may_not_go_keeps_its_place_in_every_role() {
        let mut holders = holders(&["ada", "bob"]);
        let disable = loss("ada", Facet::Life, ChangeKind::Disable, Cause::Config);
        assert!(holders.may_lose(&disable, &"ada".into()).is_err(), "root needs two");
        holders.may_lose(&revoke("bob", "admin"), &"bob".into()).expect("ada still counts as admin");
        let left = loss("ada", Facet::Life, ChangeKind::Disable, Cause::Left);
        assert!(holders.may_lose(&left, &"ada".into()).is_err(), "declared, but the last admin");
        holders.hold(&"admin".into(), &"eve".into());
        assert!(holders.may_lose(&left, &"ada".into()).is_ok(), "declared leaving may go below two");
    }
}
