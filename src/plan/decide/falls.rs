//! What falls with an account: its memberships and roles, and the references of other accounts to it (safety.md 11).

use std::collections::{BTreeMap, HashMap};

use crate::model::UserId;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet};

/// The changes that fall with an account, each with the loss of that account.
pub(super) fn of(changes: &[Change], references: &[(ChangeKey, UserId)]) -> BTreeMap<ChangeKey, ChangeKey> {
    let loses = |change: &&Change| {
        change.key.facet == Facet::Life
            && change.verdict.is_do()
            && matches!(change.kind, ChangeKind::Disable | ChangeKind::Delete)
    };
    let lost: HashMap<&UserId, &ChangeKey> =
        changes.iter().filter(loses).filter_map(|change| Some((change.key.person()?, &change.key))).collect();
    let own = changes.iter().filter(|change| match change.kind {
        ChangeKind::MemberRemove | ChangeKind::RoleRevoke => true,
        ChangeKind::Create
        | ChangeKind::Continue
        | ChangeKind::Adopt
        | ChangeKind::Update
        | ChangeKind::Enable => false,
        ChangeKind::Disable | ChangeKind::Delete | ChangeKind::Forget | ChangeKind::Relink => false,
        ChangeKind::GroupCreate | ChangeKind::GroupRename | ChangeKind::GroupDelete => false,
        ChangeKind::MemberAdd | ChangeKind::RoleGrant => false,
    });
    let own = own.filter_map(|change| Some((&change.key, change.key.person()?)));
    let references = references.iter().map(|(key, to)| (key, to));
    let falls = own.chain(references).filter_map(|(key, id)| Some((key.clone(), (*lost.get(id)?).clone())));
    falls.collect()
}
