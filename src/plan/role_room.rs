//! Keys of values that are no declared role, and attributes that keep one role only.

use std::collections::BTreeSet;

use super::settle::Settling;
use crate::model::RoleId;
use crate::model::change::{ChangeKind, Verdict};

impl Settling<'_, '_> {
    /// A key for a value that is no declared role; never that of a role, which may be a group and called so.
    pub(super) fn key_of_value(&self, text: &str) -> RoleId {
        match self.input().desired.app.role(text) {
            Some(_) => RoleId::new(format!("{text}={text}")),
            None => RoleId::new(text),
        }
    }

    /// In an attribute for one role a grant waits for the revocation of the other: if that is held, so is the grant.
    pub(super) fn grant_needs_room(&mut self, from: usize) {
        let of = |kind: ChangeKind| {
            let changes = self.changes[from..].iter();
            changes.filter(move |change| change.kind == kind).map(|change| change.key.clone())
        };
        let grants: Vec<_> = of(ChangeKind::RoleGrant).collect();
        let revocations: BTreeSet<_> = of(ChangeKind::RoleRevoke).collect();
        for grant in grants.into_iter().filter(|_| !revocations.is_empty()) {
            let needs = self.work.needs.entry(grant).or_default();
            needs.extend(revocations.iter().cloned());
        }
    }

    /// Where an attribute keeps one role only and `staying` others are not all revoked, nothing can be granted.
    pub(super) fn hold_without_room(&mut self, from: usize, staying: usize) {
        let changes = &mut self.changes[from..];
        if changes.iter().filter(|change| is_going(change)).count() >= staying {
            return;
        }
        let grants = changes.iter_mut().filter(|change| change.kind == ChangeKind::RoleGrant);
        for grant in grants.filter(|grant| grant.verdict.is_do()) {
            let why = "the app keeps one role only, and the one this account has is not to be revoked now";
            grant.verdict = Verdict::Held { by: "one-role".into(), why: why.to_owned() };
        }
    }
}

fn is_going(change: &crate::model::Change) -> bool {
    change.kind == ChangeKind::RoleRevoke && change.verdict.is_do()
}
