//! Desired values as values to write: references are looked up in the ledger.

use super::state::State;
use crate::model::{Path, Value, Want};

/// The values to write. References to missing accounts are left out, and so are values that stay as they are.
pub(super) fn of(state: &State, wanted: &[(Path, Want)]) -> Vec<(Path, Value)> {
    let settled = |(path, want): &(Path, Want)| Some((path.clone(), value(state, want)?));
    wanted.iter().filter_map(settled).collect()
}

fn value(state: &State, want: &Want) -> Option<Value> {
    match want {
        Want::Is(value) => Some(value.clone()),
        Want::Ref(to) => state.reference(to).map(|account| Value::str(account.as_str())),
        Want::Clear => Some(Value::Null),
        Want::Keep => None,
    }
}
