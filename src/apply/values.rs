//! Wishes as values: references settled from the ledger.

use super::state::State;
use crate::model::{Path, Value, Want};

/// What to write; wishes that cannot be settled yet, and those that keep what is there, are left out.
pub fn of(state: &State, wishes: &[(Path, Want)]) -> Vec<(Path, Value)> {
    let settled = |(path, want): &(Path, Want)| Some((path.clone(), value(state, want)?));
    wishes.iter().filter_map(settled).collect()
}

fn value(state: &State, want: &Want) -> Option<Value> {
    match want {
        Want::Is(value) => Some(value.clone()),
        Want::Ref(to) => state.reference(to).map(|account| Value::str(account.as_str())),
        Want::Clear => Some(Value::Null),
        Want::Keep => None,
    }
}
