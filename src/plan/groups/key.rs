//! The key of a group in the ledger.

use crate::model::change::Object;
use crate::model::ledger::GroupKey;
use crate::plan::reading::differ::Input;
use crate::resolve::DesiredGroup;

/// The key the ledger holds a group under: today's, or an earlier one named by `previously`.
pub(crate) fn ledger_key(input: &Input, wanted: &DesiredGroup, key: &GroupKey) -> GroupKey {
    let company = input.resolved.company;
    let app = input.desired.app;
    let ledger = &input.ledger.groups;
    if ledger.contains_key(key) {
        return key.clone();
    }
    let groups = wanted.group.map(|group| &company.groups[group.index()].previously);
    let roles = wanted.role.map(|role| &app.roles[role.index()].previously);
    let earlier = groups.into_iter().flatten().map(|id| Object::Group(id.clone()));
    let earlier = earlier.chain(roles.into_iter().flatten().map(|id| Object::Role(id.clone())));
    let found = earlier.filter_map(|object| GroupKey::of(&object)).find(|key| ledger.contains_key(key));
    found.unwrap_or_else(|| key.clone())
}
