use std::collections::HashSet;

use serde_json::Value;

use super::action::Action;
use crate::sandbox::attr::{Attr, Mutability};
use crate::sandbox::fault::{Fault, quote};
use crate::sandbox::shape::{self, is_primary};
use crate::sandbox::target::Object;

/// Sets parts of one complex value; other parts stay as they are (RFC 7644 section 3.5.2.3). Null removes a part.
pub(super) fn merge(attr: &'static Attr, entry: &mut Object, value: &Value) -> Result<(), Fault> {
    let parts = value.as_object().ok_or_else(|| Fault::value(format!("{} must be an object", attr.name)))?;
    for (name, value) in parts {
        let sub = attr
            .sub(name)
            .ok_or_else(|| Fault::path(format!("{} has no attribute {}", attr.name, quote(name))))?;
        if sub.mutability == Mutability::ReadOnly {
            continue;
        }
        let value = shape::single(sub, value)?;
        if sub.mutability == Mutability::Immutable && value.as_ref() != entry.get(sub.name) {
            return Err(immutable(attr, sub));
        }
        put(entry, sub, value);
    }
    Ok(())
}

/// Sets one named part.
pub(super) fn set_part(
    attr: &'static Attr,
    sub: &'static Attr,
    entry: &mut Object,
    action: Action,
    value: &Value,
) -> Result<(), Fault> {
    let value = if action == Action::Remove { None } else { shape::single(sub, value)? };
    if sub.mutability == Mutability::Immutable && value.as_ref() != entry.get(sub.name) {
        return Err(immutable(attr, sub));
    }
    put(entry, sub, value);
    Ok(())
}

fn put(entry: &mut Object, attr: &Attr, value: Option<Value>) {
    match value {
        Some(value) => entry.insert(attr.name.to_owned(), value),
        None => entry.remove(attr.name),
    };
}

fn immutable(attr: &Attr, sub: &Attr) -> Fault {
    Fault::mutability(format!(
        "{}.{} cannot be changed; remove the value and add another",
        attr.name, sub.name
    ))
}

/// The values to add or to replace with: an array, or one value.
pub(super) fn several(attr: &'static Attr, value: &Value) -> Result<Vec<Value>, Fault> {
    let values = match value {
        Value::Object(_) => shape::list(attr, &Value::Array(vec![value.clone()])),
        _ => shape::list(attr, value),
    };
    Ok(values?.unwrap_or_default())
}

/// Appends the values that are missing (RFC 7644 section 3.5.2.1). Returns the index of the first one.
pub(super) fn append(attr: &'static Attr, entries: &mut Vec<Value>, added: Vec<Value>) -> usize {
    let first = entries.len();
    if attr.by_value() {
        let key = |entry: &Value| entry.get("value").and_then(Value::as_str).map(str::to_owned);
        let mut seen: HashSet<_> = entries.iter().map(key).collect();
        entries.extend(added.into_iter().filter(|entry| seen.insert(key(entry))));
    } else {
        for entry in added {
            if !entries.contains(&entry) {
                entries.push(entry);
            }
        }
    }
    first
}

/// If a value becomes primary, the others are not primary any more (RFC 7644 section 3.5.2).
pub(super) fn one_primary(
    attr: &Attr,
    entries: &mut [Value],
    touched: impl Fn(usize) -> bool,
) -> Result<(), Fault> {
    let claims = entries.iter().enumerate().filter(|(at, entry)| touched(*at) && is_primary(entry)).count();
    if claims > 1 {
        return Err(Fault::value(format!("only one value of {} can be primary", attr.name)));
    }
    if claims == 1 {
        for (at, entry) in entries.iter_mut().enumerate() {
            if !touched(at) && is_primary(entry) {
                entry["primary"] = Value::Bool(false);
            }
        }
    }
    Ok(())
}
