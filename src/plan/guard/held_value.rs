//! A hold of a value is a hold of that value: what gets another value is judged by its own number (safety.md 11).

use std::collections::BTreeSet;

use super::input::GuardInput;
use crate::model::change::{Change, Facet};
use crate::model::counted::gives_other_value;
use crate::model::guard::Guard;
use crate::model::hash::HashKey;
use crate::model::held_value::HeldValue;
use crate::model::holds::HoldKey;
use crate::model::{Value, Want};
use crate::plan::draft::Draft;

/// What a change writes, for a guard that holds values. None where the value is not hashed, or is not known: such a change is
/// held with whatever was held there.
pub(super) fn written(draft: &Draft, hash: &HashKey, guard: Guard, change: &Change) -> Option<HeldValue> {
    if !guard.holds_values() {
        return None;
    }
    let is_hashed = |path: &str| !draft.work.unhashed.contains(path);
    match (&change.key.facet, &change.want) {
        (Facet::Attribute(path), Some((_, want))) if is_hashed(path) => match want {
            Want::Is(value) => Some(HeldValue::of(hash, path, value)),
            Want::Ref(to) => Some(HeldValue::of(hash, path, &Value::str(to.as_str()))),
            Want::Clear => Some(HeldValue::Cleared),
            Want::Keep => None,
        },
        (facet @ Facet::Role(_), _) if gives_other_value(change) => {
            let work = draft.work.roles.get(change.key.person()?)?;
            let path = work.path.key();
            is_hashed(path).then_some(HeldValue::of(hash, path, work.values.get(facet)?))
        }
        _ => None,
    }
}

/// The key under which a change is held. A hold of every value stays one.
pub(super) fn key(draft: &Draft, input: &GuardInput, guard: Guard, change: &Change) -> HoldKey {
    let whole = HoldKey::new(guard, &change.key);
    match input.holds.contains_key(&whole) {
        true => whole,
        false => HoldKey { value: written(draft, input.key, guard, change), ..whole },
    }
}

/// The holds of a value in whose place the plan has another one.
pub(super) fn replaced(draft: &Draft, input: &GuardInput) -> BTreeSet<HoldKey> {
    let is_replaced = |key: &&HoldKey| {
        let of = key.change(&draft.app);
        let found = draft.changes.binary_search_by(|other| other.key.cmp(&of));
        found.is_ok_and(|place| {
            let change = &draft.changes[place];
            key.guard.may_hold(change) && !key.is_of(written(draft, input.key, key.guard, change))
        })
    };
    input.holds.keys().filter(is_replaced).cloned().collect()
}
