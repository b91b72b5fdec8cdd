//! Ids that were renamed with `previously:`, wherever the ledger speaks of them (safety.md 3).

use std::collections::BTreeMap;

use super::change::{Facet, Object};
use super::former_role::FormerRole;
use super::group_key::GroupKey;
use super::id::{GroupId, RoleId, UserId};
use super::intervention::Hand;

/// Earlier ids of people, groups and roles, each with today's.
#[derive(Debug, Clone, Default)]
pub struct Renames<'a> {
    users: BTreeMap<&'a UserId, &'a UserId>,
    groups: BTreeMap<&'a GroupId, &'a GroupId>,
    roles: BTreeMap<&'a RoleId, &'a RoleId>,
}

/// Pairs of an earlier id and today's. A pair of two kinds says nothing.
impl<'a> FromIterator<(&'a Object, &'a Object)> for Renames<'a> {
    fn from_iter<I: IntoIterator<Item = (&'a Object, &'a Object)>>(pairs: I) -> Self {
        let mut renames = Self::default();
        for pair in pairs {
            match pair {
                (Object::User(from), Object::User(to)) => _ = renames.users.insert(from, to),
                (Object::Group(from), Object::Group(to)) => _ = renames.groups.insert(from, to),
                (Object::Role(from), Object::Role(to)) => _ = renames.roles.insert(from, to),
                _ => {}
            }
        }
        renames
    }
}

/// Each answers with today's form, or nothing if no id in it was renamed.
impl Renames<'_> {
    pub(super) fn user(&self, id: &UserId) -> Option<UserId> {
        self.users.get(id).map(|to| (*to).clone())
    }

    /// Earlier ids of people, each with today's.
    pub(super) fn users(&self) -> impl Iterator<Item = (&UserId, &UserId)> {
        self.users.iter().map(|(from, to)| (*from, *to))
    }

    fn role(&self, id: &RoleId) -> Option<RoleId> {
        self.roles.get(id).map(|to| (*to).clone())
    }

    pub(super) fn group(&self, key: &GroupKey) -> Option<GroupKey> {
        match key {
            GroupKey::Group(id) => self.groups.get(id).map(|to| GroupKey::Group((*to).clone())),
            GroupKey::Role(id) => self.role(id).map(GroupKey::Role),
        }
    }

    pub(super) fn object(&self, object: &Object) -> Option<Object> {
        match object {
            Object::User(id) => self.user(id).map(Object::User),
            Object::Group(id) => self.groups.get(id).map(|to| Object::Group((*to).clone())),
            Object::Role(id) => self.role(id).map(Object::Role),
            Object::Account(_) => None,
        }
    }

    pub(super) fn facet(&self, facet: &Facet) -> Option<Facet> {
        match facet {
            Facet::Member(id) => self.user(id).map(Facet::Member),
            Facet::Role(id) => self.role(id).map(Facet::Role),
            Facet::FormerRole(former) => {
                let role = self.role(&former.role)?;
                Some(Facet::FormerRole(FormerRole { role, value: former.value.clone() }))
            }
            Facet::FormerGroup(id) => self.role(id).map(Facet::FormerGroup),
            Facet::Life | Facet::Attribute(_) | Facet::UnmanagedMember(_) => None,
        }
    }

    pub(super) fn hand(&self, hand: &Hand) -> Option<Hand> {
        match hand {
            Hand::Revoked(role) => self.role(role).map(Hand::Revoked),
            Hand::Disabled | Hand::Deleted | Hand::Remains | Hand::NotAdopted | Hand::Taken(_) => None,
        }
    }
}

/// Today's form of a pair, or nothing if neither side was renamed.
pub(super) fn either<A: Clone, B: Clone>((a, b): (&A, &B), today: (Option<A>, Option<B>)) -> Option<(A, B)> {
    match today {
        (None, None) => None,
        (first, second) => Some((first.unwrap_or_else(|| a.clone()), second.unwrap_or_else(|| b.clone()))),
    }
}

/// Moves entries to today's keys; `today` answers with nothing for a key that stays.
pub(super) fn keys<K: Ord + Clone, V>(map: &mut BTreeMap<K, V>, today: impl Fn(&K) -> Option<K>) {
    let moved: Vec<(K, K)> = map.keys().filter_map(|key| Some((key.clone(), today(key)?))).collect();
    // All are taken out first: two ids may have changed places.
    let moved: Vec<(K, V)> =
        moved.into_iter().filter_map(|(from, to)| Some((to, map.remove(&from)?))).collect();
    map.extend(moved);
}
