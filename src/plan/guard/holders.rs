//! Active holders of roles with `min_members` (safety.md 14). The plan counts them as if all its grants were done;
//! apply counts them again, with confirmed grants only.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt;

use crate::model::change::{Cause, Change, ChangeKey};
use crate::model::op::OutcomeState;
use crate::model::{RoleId, UserId};

/// Active holders of roles with `min_members`.
pub struct Holders {
    least: BTreeMap<RoleId, u64>,
    active: BTreeMap<RoleId, BTreeSet<UserId>>,
    /// Removals that are already counted, with the roles that lose a holder by them.
    removals: HashMap<ChangeKey, (UserId, Vec<RoleId>)>,
}

/// A removal would leave a role with fewer holders than its minimum.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TooFew {
    /// The holder who has to stay.
    pub user: UserId,
    pub role: RoleId,
    /// The number of holders that must remain.
    pub least: u64,
}

impl fmt::Display for TooFew {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { user, role, least } = self;
        write!(f, "{user} is among the last active holders of role {role}; at least {least} must remain")
    }
}

impl Holders {
    /// The holders before anything changes, of roles with a minimum.
    pub fn new(least: &BTreeMap<RoleId, u64>, active: &BTreeMap<RoleId, BTreeSet<UserId>>) -> Self {
        let of = |role: &RoleId| active.get(role).cloned().unwrap_or_default();
        let active = least.keys().map(|role| (role.clone(), of(role))).collect();
        Self { least: least.clone(), active, removals: HashMap::new() }
    }

    /// The number of holders of each role.
    pub fn numbers(&self) -> BTreeMap<RoleId, u64> {
        self.active.iter().map(|(role, holders)| (role.clone(), holders.len() as u64)).collect()
    }

    /// A person holds a role from now on.
    pub fn gain(&mut self, role: &RoleId, user: &UserId) {
        if let Some(holders) = self.active.get_mut(role) {
            holders.insert(user.clone());
        }
    }

    /// Counts a removal if enough holders remain in every role concerned; counts nothing otherwise. A person who is no
    /// holder may always lose a role.
    ///
    /// # Errors
    /// Which role would go under its minimum.
    pub fn lose(&mut self, change: &Change) -> Result<(), TooFew> {
        let Some(user) = change.loser() else { return Ok(()) };
        let mut lost = Vec::new();
        for (role, holders) in &self.active {
            if !change.takes(role) || !holders.contains(user) {
                continue;
            }
            let least = self.least.get(role).copied().unwrap_or(0);
            let least = match change.cause {
                // Whoever is typed as out never waits, not even as the last holder.
                Cause::Left => 0,
                // A dated end does, if the role has a minimum and nobody would remain.
                _ if change.is_leaving() => least.min(1),
                _ => least,
            };
            if least > 0 && (holders.len() as u64) <= least {
                return Err(TooFew { user: user.clone(), role: role.clone(), least });
            }
            lost.push(role.clone());
        }
        for role in &lost {
            if let Some(holders) = self.active.get_mut(role) {
                holders.remove(user);
            }
        }
        if !lost.is_empty() {
            self.removals.insert(change.key.clone(), (user.clone(), lost));
        }
        Ok(())
    }

    /// Takes in how a change ended: a person who could not be removed still holds the role.
    pub fn settled(&mut self, key: &ChangeKey, state: &OutcomeState) {
        let Some((user, roles)) = self.removals.remove(key) else { return };
        if matches!(state, OutcomeState::Refused { .. } | OutcomeState::NotSent { .. }) {
            for role in roles {
                self.gain(&role, &user);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::change::{ChangeKind, Facet, Object, Phase};

    fn loss(id: &str, facet: Facet, kind: ChangeKind, cause: Cause) -> Change {
        let key = ChangeKey { app: "a".into(), object: Object::User(id.parse().unwrap()), facet };
        Change { phase: Phase::Remove, ..Change::new(key, kind, cause) }
    }

    fn holders(people: &[&str]) -> Holders {
        let people: BTreeSet<UserId> = people.iter().map(|id| id.parse().unwrap()).collect();
        let both = BTreeMap::from([("admin".into(), people.clone()), ("root".into(), people)]);
        Holders::new(&BTreeMap::from([("admin".into(), 1), ("root".into(), 2)]), &both)
    }

    fn revoke(id: &str, role: &str) -> Change {
        loss(id, Facet::Role(role.parse().unwrap()), ChangeKind::RoleRevoke, Cause::Config)
    }

    #[test]
    fn the_last_holders_stay() {
        let mut holders = holders(&["ada", "bob"]);
        assert!(holders.lose(&revoke("ada", "admin")).is_ok());
        let why = holders.lose(&revoke("bob", "admin")).unwrap_err();
        assert_eq!(
            why.to_string(),
            "bob is among the last active holders of role admin; at least 1 must remain"
        );
        assert!(holders.lose(&revoke("ada", "admin")).is_ok(), "no holder any more");
        assert!(holders.lose(&revoke("bob", "other")).is_ok(), "no limit");
    }

    #[test]
    fn a_refused_removal_counts_again() {
        let mut holders = holders(&["ada", "bob"]);
        let (ada, bob) = (revoke("ada", "admin"), revoke("bob", "admin"));
        holders.lose(&ada).unwrap();
        let why = "no".to_owned();
        holders.settled(&ada.key, &OutcomeState::Refused { why, divisible: false });
        holders.lose(&bob).unwrap();
        holders.settled(&bob.key, &OutcomeState::Written);
        assert!(holders.lose(&ada).is_err());
    }

    #[test]
    fn an_account_that_may_not_go_keeps_its_place_in_every_role() {
        let mut holders = holders(&["ada", "bob"]);
        let disable = loss("ada", Facet::Life, ChangeKind::Disable, Cause::Config);
        assert!(holders.lose(&disable).is_err(), "root needs two");
        holders.lose(&revoke("bob", "admin")).expect("ada still counts as admin");
        let left = loss("ada", Facet::Life, ChangeKind::Disable, Cause::Left);
        let ended = loss("ada", Facet::Life, ChangeKind::Disable, Cause::Expiry);
        assert!(holders.lose(&ended).is_err(), "a date came, for the last admin");
        assert!(holders.lose(&left).is_ok(), "typed as out: nobody waits");
    }
}
