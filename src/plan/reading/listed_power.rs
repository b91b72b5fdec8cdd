//! Power that a row of the listing shows of an account: values of privileged roles, and values of which a connector's document says
//! that they give power. No more is kept of accounts that nobody declared.

use std::sync::Arc;

use super::differ::Differ;
use crate::model::Remote;
use crate::model::folded::folded;
use crate::model::remote::{Held, HeldKind};
use crate::model::seen::Seen;
use crate::model::value::Value;

/// The power that a row shows; none if it does not say.
pub(super) fn of(differ: &Differ, remote: &Remote) -> Vec<Held> {
    let desired = differ.input.desired;
    let mut power = match (&remote.holds, &desired.definition.document) {
        // A document has no other values than those that give power.
        (Seen::Is(all), Some(_)) => all.clone(),
        (Seen::Is(_) | Seen::None | Seen::Unread(_), _) => Vec::new(),
    };
    let column = desired.role_path().and_then(|path| differ.column(path));
    if let Some(Seen::Is(value)) = column.and_then(|column| remote.attributes.get(column)) {
        let values = match value {
            Value::List(values) => values.as_slice(),
            single => std::slice::from_ref(single),
        };
        let privileged = desired.app.roles.iter().filter(|role| role.privileged);
        let privileged: Vec<String> =
            privileged.filter_map(|role| role.kind.value()).map(|value| folded(value)).collect();
        let names = values.iter().map(|value| Arc::<str>::from(value.to_string()));
        let names = names.filter(|name| privileged.contains(&folded(name)));
        power.extend(names.map(|name| Held { what: HeldKind::Role, name, id: None }));
    }
    power.sort();
    power.dedup();
    power
}
