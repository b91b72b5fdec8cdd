//! An attribute that keeps one role only: a grant needs the place of the role that is there.

use std::collections::BTreeSet;

use crate::model::change::{Change, ChangeKey, ChangeKind, Verdict};

/// Holds the grants if not all of the `staying` other roles are revoked.
pub(super) fn hold_without_room(mut changes: Vec<Change>, staying: usize) -> Vec<Change> {
    let is_going = |change: &&Change| change.kind == ChangeKind::RoleRevoke && change.verdict.is_do();
    if changes.iter().filter(is_going).count() >= staying {
        return changes;
    }
    let grants = changes.iter_mut().filter(|change| change.kind == ChangeKind::RoleGrant);
    for grant in grants.filter(|grant| grant.verdict.is_do()) {
        let why = "the app keeps one role only, and the one this account has is not to be revoked now";
        grant.verdict = Verdict::Held { by: "one-role".into(), why: why.to_owned() };
    }
    changes
}

/// Each grant waits for the revocations of the others: if one is held, so is the grant.
pub(super) fn needed(changes: &[Change]) -> Vec<(ChangeKey, ChangeKey)> {
    let of = |kind: ChangeKind| {
        let changes = changes.iter().filter(move |change| change.kind == kind);
        changes.map(|change| change.key.clone())
    };
    let revocations: BTreeSet<_> = of(ChangeKind::RoleRevoke).collect();
    let pairs = |grant: ChangeKey| {
        let revocations = revocations.iter().cloned();
        revocations.map(move |revocation| (grant.clone(), revocation))
    };
    of(ChangeKind::RoleGrant).flat_map(pairs).collect()
}
