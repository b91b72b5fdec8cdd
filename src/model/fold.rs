//! What each step of a run does to what is known of an app.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::change::Object;
use super::former_role::FormerRole;
use super::group_key::GroupKey;
use super::holds;
use super::id::{RoleId, UserId};
use super::intervention::Hand;
use super::ledger::{AppLedger, Applied, Earlier, LedgerUpdate, Link, LinkState, UNDO_HOURS};
use super::losses::{self, Loss};
use super::rename::{self, Renames};

impl AppLedger {
    /// Folds one step in. Steps may be repeated: folding the same steps again gives the same ledger.
    pub fn fold(&mut self, update: LedgerUpdate) {
        match update {
            LedgerUpdate::PutUser { id, link } => {
                let is_gone = link.state.is_gone();
                let remote = link.remote.clone();
                self.take_back(&id, &link);
                let is_off = link.state != LinkState::Active;
                let before = self.users.insert(id.clone(), link);
                if is_off && before.as_ref().is_none_or(|before| before.state == LinkState::Active) {
                    self.interventions.remove(&(id.clone(), Hand::Remains));
                }
                // Memberships end with the account that had them. That a role was ours outlives an account that is made
                // again: it is not given anew by that (safety.md 13).
                if before.is_some_and(|before| is_gone || before.remote != remote) {
                    for (key, group) in &mut self.groups {
                        if is_gone || !key.is_role() {
                            group.members.remove(&id);
                        }
                        group.added.remove(&id);
                    }
                }
            }
            LedgerUpdate::ForgetUser(id) => {
                self.users.remove(&id);
                holds::forget(&mut self.holds, &id);
                // What another hand did is released by name only (safety.md 5, 13).
                self.interventions.remove(&(id.clone(), Hand::Remains));
                for group in self.groups.values_mut() {
                    group.members.remove(&id);
                    group.added.remove(&id);
                }
            }
            LedgerUpdate::MoveUser { from, to } => {
                if let Some(link) = self.users.remove(&from) {
                    self.users.insert(to.clone(), link);
                }
                self.rename(&Object::User(from.clone()), &Object::User(to.clone()));
                for group in self.groups.values_mut() {
                    for set in [&mut group.members, &mut group.added] {
                        if set.remove(&from) {
                            set.insert(to.clone());
                        }
                    }
                }
            }
            LedgerUpdate::PutGroup { key, link } => {
                self.groups.insert(key, link);
            }
            LedgerUpdate::Members { key, added, found, removed } => {
                if let Some(group) = self.groups.get_mut(&key) {
                    let back: Vec<UserId> =
                        added.iter().filter(|id| !group.members.contains(*id)).cloned().collect();
                    group.members.extend(added.iter().cloned().chain(found));
                    group.added.extend(added);
                    for id in &removed {
                        group.members.remove(id);
                        group.added.remove(id);
                        if let Some(link) = self.users.get(id) {
                            group.before.remove(&link.remote);
                        }
                    }
                    losses::forget(&mut self.losses, |_, loss| {
                        let back = if loss.guard.counts_gains() { &removed } else { &back };
                        let is_back = matches!(&loss.who, Object::User(id) if back.contains(id));
                        loss.of.as_ref() == Some(&key) && is_back
                    });
                    self.note_given(&key, &back);
                }
            }
            LedgerUpdate::Granted { user, role } => self.note_given(&GroupKey::Role(role), &[user]),
            LedgerUpdate::Before { key, accounts } => {
                if let Some(group) = self.groups.get_mut(&key) {
                    group.before = accounts;
                }
            }
            LedgerUpdate::ForgetGroup(key) => {
                self.groups.remove(&key);
            }
            LedgerUpdate::MoveGroup { from, to } => {
                self.rename(&from.object(), &to.object());
                if let (GroupKey::Role(from), GroupKey::Role(to)) = (&from, &to) {
                    self.rename_value_role(from, to);
                }
                if let Some(link) = self.groups.remove(&from) {
                    self.groups.insert(to, link);
                }
            }
            LedgerUpdate::Endpoint(endpoint) => self.endpoint = endpoint,
            LedgerUpdate::Roles(roles) => self.roles = roles,
            LedgerUpdate::FormerRoles(roles) => self.former_roles = roles,
            LedgerUpdate::NotLost { run, lost } => {
                let lost: BTreeSet<Loss> = lost.into_iter().collect();
                losses::forget(&mut self.losses, |of, loss| *of == *run && lost.contains(loss));
            }
            LedgerUpdate::Held { now, over } => {
                over.iter().for_each(|key| _ = self.holds.remove(key));
                for hold in now {
                    self.holds.entry(hold.key()).or_insert(hold.commit);
                }
            }
            LedgerUpdate::OldLosses(_) => {}
            LedgerUpdate::Completed(at) => {
                // The first apply gives power under a limit of its own, which is none of the next day's.
                if self.completed.is_none() {
                    losses::forget(&mut self.losses, |_, loss| loss.guard.counts_gains());
                }
                self.completed.get_or_insert(at);
            }
            LedgerUpdate::Applied(applied) => self.put_applied(applied),
            LedgerUpdate::Intervened(seen) => {
                let key = (seen.user.clone(), seen.hand.clone());
                self.interventions.entry(key).or_insert(seen);
            }
            LedgerUpdate::Released { user, hand } => _ = self.interventions.remove(&(user, hand)),
            LedgerUpdate::Decided { user, hand, commit } => {
                if let Some(seen) = self.interventions.get_mut(&(user, hand)) {
                    (seen.decided, seen.decided_at) = (true, commit);
                }
            }
        }
    }

    /// What a run after the first completed apply gave, with its commit.
    fn note_given(&mut self, of: &GroupKey, people: &[UserId]) {
        if let Some(commit) = self.begun.as_ref().filter(|_| self.completed.is_some()) {
            self.given.extend(people.iter().map(|id| ((of.clone(), id.clone()), commit.clone())));
        }
    }

    /// Moves all that is remembered of a person, group or role to its new id; the entries themselves apart.
    fn rename(&mut self, from: &Object, to: &Object) {
        let renames: Renames<'_> = [(from, to)].into_iter().collect();
        holds::rename(&mut self.holds, &renames);
        losses::rename(&mut self.losses, &renames);
        rename::keys(&mut self.given, |(of, user)| {
            rename::either((of, user), (renames.group(of), renames.user(user)))
        });
        rename::keys(&mut self.interventions, |(user, hand)| {
            rename::either((user, hand), (renames.user(user), renames.hand(hand)))
        });
        for ((user, hand), seen) in &mut self.interventions {
            (seen.user, seen.hand) = (user.clone(), hand.clone());
        }
    }

    /// Moves a role that is kept as a value to its new id.
    fn rename_value_role(&mut self, from: &RoleId, to: &RoleId) {
        if let Some(value) = self.roles.remove(from) {
            self.roles.entry(to.clone()).or_insert(value);
        }
        let today = |mut former: FormerRole| {
            if former.role == *from {
                former.role = to.clone();
            }
            former
        };
        self.former_roles = std::mem::take(&mut self.former_roles).into_iter().map(today).collect();
        for link in self.users.values_mut() {
            for roles in [&mut link.roles, &mut link.found_roles] {
                if roles.remove(from) {
                    roles.insert(to.clone());
                }
            }
        }
    }

    fn put_applied(&mut self, applied: Applied) {
        let horizon = applied.at.as_second() - UNDO_HOURS * 3600;
        self.earlier.retain(|earlier| earlier.until.as_second() > horizon);
        let before = self.applied.replace(applied.clone()).filter(|before| before.commit != applied.commit);
        // What the first apply gave is not given by a run that can be undone.
        if let Some(commit) = before.and_then(|before| before.commit).filter(|_| self.completed.is_some()) {
            self.earlier.push(Earlier { commit, until: applied.at });
        }
        let young: BTreeSet<Arc<str>> =
            self.earlier.iter().map(|earlier| earlier.commit.clone()).chain(applied.commit).collect();
        self.given.retain(|_, commit| young.contains(commit));
    }

    /// What the new entry of a person takes back: the loss of an account that is on again, or of a role that is held again, and
    /// the gain of a role that is lost.
    fn take_back(&mut self, id: &UserId, link: &Link) {
        if self.losses.is_empty() {
            return;
        }
        let Some(before) = self.users.get(id) else { return };
        let is_on_again = before.state != LinkState::Active && link.state == LinkState::Active;
        let more = |this: &Link, than: &Link| -> Vec<GroupKey> {
            this.roles.difference(&than.roles).map(|role| GroupKey::Role(role.clone())).collect()
        };
        let (regained, lost) = (more(link, before), more(before, link));
        let who = Object::User(id.clone());
        losses::forget(&mut self.losses, |_, loss| {
            loss.who == who
                && match &loss.of {
                    None => is_on_again && !loss.guard.counts_gains(),
                    Some(of) if loss.guard.counts_gains() => lost.contains(of),
                    Some(of) => regained.contains(of),
                }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::guard::Guard;
    use crate::model::hash::HashKey;
    use crate::model::intervention::Intervention;
    use crate::model::ledger::{GroupLink, Losses, Origin};
    use crate::model::time::Timestamp;

    #[test]
    fn access_that_remains_is_over_once_the_account_is_off() {
        let key = HashKey::new([3; 32]);
        let (user, at): (UserId, _) = ("ada".into(), Timestamp::UNIX_EPOCH);
        let lines = key.texts(["ada"]);
        let remains = Intervention {
            user: user.clone(),
            hand: Hand::Remains,
            at,
            commit: None,
            lines,
            decided: false,
            decided_at: None,
        };
        let put = |state| LedgerUpdate::PutUser {
            id: user.clone(),
            link: Link { state, ..Link::new("1".into(), Origin::Created) },
        };
        let mut ledger = AppLedger::default();
        ledger.fold(LedgerUpdate::Intervened(remains));
        ledger.fold(put(LinkState::Active));
        assert_eq!(ledger.interventions.len(), 1);
        ledger.fold(put(LinkState::Disabled { since: at, commit: None }));
        assert!(ledger.interventions.is_empty());
    }

    #[test]
    fn what_is_remembered_moves_to_a_new_id() {
        let (role, user): (RoleId, UserId) = ("admin".into(), "ada".into());
        let of = GroupKey::Role(role.clone());
        let hash = HashKey::new([3; 32]).texts(["ada"]);
        let at = Timestamp::UNIX_EPOCH;
        let seen = Intervention {
            user: user.clone(),
            hand: Hand::Revoked(role.clone()),
            at,
            commit: None,
            lines: hash,
            decided: false,
            decided_at: None,
        };
        let loss = Loss {
            guard: Guard::Revoke,
            who: Object::User(user.clone()),
            of: Some(of.clone()),
            typed_by: None,
            allowed: false,
        };
        let mut ledger = AppLedger {
            begun: Some("c0ffee".into()),
            completed: Some(at),
            losses: vec![Losses { run: "r1".into(), at, commit: None, lost: [loss].into() }],
            ..AppLedger::default()
        };
        let steps = [
            LedgerUpdate::Intervened(seen),
            LedgerUpdate::Granted { user: user.clone(), role },
            LedgerUpdate::MoveUser { from: user, to: "ada-l".into() },
            LedgerUpdate::MoveGroup { from: of, to: GroupKey::Role("root".into()) },
        ];
        steps.into_iter().for_each(|step| ledger.fold(step));
        let (user, role): (UserId, RoleId) = ("ada-l".into(), "root".into());
        let of = GroupKey::Role(role.clone());
        assert!(ledger.interventions.contains_key(&(user.clone(), Hand::Revoked(role))));
        assert!(ledger.given.contains_key(&(of.clone(), user.clone())));
        let lost: Vec<&Loss> = ledger.losses.iter().flat_map(|losses| &losses.lost).collect();
        assert_eq!((&lost[0].who, &lost[0].of), (&Object::User(user), &Some(of)));
    }

    #[test]
    fn folding_twice_is_folding_once() {
        let key = GroupKey::of(&Object::Group("platform".into())).unwrap();
        let link = GroupLink::new("g1".into(), Origin::Created);
        let steps = [
            LedgerUpdate::PutGroup { key: key.clone(), link },
            LedgerUpdate::Members {
                key: key.clone(),
                added: vec!["ada".into()],
                found: vec!["bob".into()],
                removed: vec!["eve".into()],
            },
            LedgerUpdate::MoveUser { from: "ada".into(), to: "ada-l".into() },
        ];
        let mut once = AppLedger::default();
        steps.iter().cloned().for_each(|step| once.fold(step));
        let mut twice = once.clone();
        steps[2..].iter().cloned().for_each(|step| twice.fold(step));
        assert_eq!(once, twice);
        assert_eq!(once.groups[&key].members, ["ada-l".into(), "bob".into()].into());
        assert_eq!(once.groups[&key].added, ["ada-l".into()].into());
    }
}
