//! Who has power by the value of an attribute that no role keeps (safety.md 10, 11).

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::decision::Decision;
use crate::model::company::ApplyWhen;
use crate::model::{RoleId, UserId};

/// Active holders, before this plan, of the power that it takes from somebody. An attribute that this plan leaves alone is as it
/// is declared.
pub(super) fn holders(cx: &Context, decided: &Decision) -> BTreeMap<RoleId, BTreeSet<UserId>> {
    let taken: BTreeSet<&RoleId> = decided.power_taken.iter().flat_map(|(_, values)| values).collect();
    let mut all: BTreeMap<RoleId, BTreeSet<UserId>> = BTreeMap::new();
    if taken.is_empty() {
        return all;
    }
    let on = |id: &UserId| cx.links().of_id(id).is_some_and(|link| cx.is_on(link));
    for (key, values) in &decided.power_taken {
        let Some(id) = key.person().filter(|id| on(id)) else { continue };
        values.iter().for_each(|value| _ = all.entry(value.clone()).or_default().insert(id.clone()));
    }
    let given: BTreeSet<(&UserId, &RoleId)> = decided
        .power_given
        .iter()
        .filter_map(|(key, values)| Some((key.person()?, values)))
        .flat_map(|(id, values)| values.iter().map(move |value| (id, value)))
        .collect();
    for link in cx.links().numbers().filter(|link| cx.is_on(*link)) {
        let row = cx.row(link);
        let Some(Ok(attributes)) = row.number.map(|user| cx.differ.attributes(user)) else { continue };
        let kept = attributes
            .iter()
            .filter(|attribute| !attribute.stores_roles() && attribute.apply == ApplyWhen::Always)
            .flat_map(|attribute| cx.power.wanted(&attribute.path, &attribute.want))
            .filter(|value| taken.contains(value) && !given.contains(&(&row.user, value)));
        for value in kept {
            all.entry(value).or_default().insert(row.user.clone());
        }
    }
    all
}
