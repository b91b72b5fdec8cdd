//! The key of a group in the ledger.

use crate::model::ledger::GroupKey;
use crate::plan::reading::input::Input;
use crate::resolve::DesiredGroup;

/// The key the ledger holds a group under: today's, or an earlier one named by `previously`.
pub(crate) fn ledger_key(input: &Input, wanted: &DesiredGroup, key: &GroupKey) -> GroupKey {
    let ledger = &input.ledger.groups;
    let found = wanted.keys(input.desired).find(|key| ledger.contains_key(key));
    found.unwrap_or_else(|| key.clone())
}
