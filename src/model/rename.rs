//! An id that was renamed with `previously:`, wherever the ledger speaks of it (safety.md 3).

use super::change::{Facet, Object};
use super::former_role::FormerRole;
use super::group_key::GroupKey;
use super::id::{RoleId, UserId};
use super::intervention::Hand;

/// The earlier id of a person, group or role, and today's.
#[derive(Debug, Clone, Copy)]
pub struct Rename<'a> {
    pub from: &'a Object,
    pub to: &'a Object,
}

impl Rename<'_> {
    pub(super) fn object(self, object: &mut Object) {
        if object == self.from {
            *object = self.to.clone();
        }
    }

    pub(super) fn group(self, group: &mut GroupKey) {
        if let (Some(from), Some(to)) = (GroupKey::of(self.from), GroupKey::of(self.to))
            && *group == from
        {
            *group = to;
        }
    }

    pub(super) fn user(self, user: &mut UserId) {
        if let (Object::User(from), Object::User(to)) = (self.from, self.to)
            && user == from
        {
            *user = to.clone();
        }
    }

    fn role(self, role: &mut RoleId) {
        if let (Object::Role(from), Object::Role(to)) = (self.from, self.to)
            && role == from
        {
            *role = to.clone();
        }
    }

    pub(super) fn facet(self, facet: &mut Facet) {
        match facet {
            Facet::Member(member) => self.user(member),
            Facet::Role(role) | Facet::FormerRole(FormerRole { role, .. }) => self.role(role),
            Facet::Life | Facet::Attribute(_) | Facet::UnmanagedMember(_) => {}
        }
    }

    pub(super) fn hand(self, hand: &mut Hand) {
        match hand {
            Hand::Revoked(role) => self.role(role),
            Hand::Disabled | Hand::Deleted | Hand::Remains => {}
        }
    }
}
