//! Names that a group cannot get, because another group of the app has them and keeps them.

use super::proof::{self, Wanted};
use crate::model::RemoteId;
use crate::model::change::Object;
use crate::model::folded::folded;
use crate::model::ledger::{GroupKey, GroupLink};
use crate::plan::decide::context::Context;
use crate::plan::groups::key::ledger_key;
use crate::plan::reading::differ::WantedGroup;
use crate::plan::reading::rows::GroupRow;

/// The group that has the name.
pub(super) struct Taken {
    pub remote: RemoteId,
    /// To follow "is called NAME, ".
    pub why: String,
    /// The desired group that it is, if it is one.
    of: Option<Object>,
}

impl Taken {
    /// `otherwise`: what makes the group that has the name the right one.
    pub(super) fn hint(&self, otherwise: &str) -> String {
        match &self.of {
            Some(object) => format!("put {object} right first: this plan says what is wrong there"),
            None => format!(
                "rename one of them in the app; if group {} is the right one, {otherwise}",
                self.remote
            ),
        }
    }
}

/// The group that keeps a name which another one is to get; none if nobody has it, or if its group is renamed by this plan.
pub(super) fn by(cx: &Context, row: &GroupRow, name: &str) -> Option<Taken> {
    let name = folded(name);
    let has_it = |other: &&GroupRow| {
        other.remote != row.remote && other.name.as_ref().is_some_and(|other| folded(other) == name)
    };
    let taken = |row: &GroupRow, why: &str, of: Option<Object>| Taken {
        remote: row.remote.clone(),
        why: why.to_owned(),
        of,
    };
    cx.differ.seen.groups.values().filter(has_it).find_map(|other| {
        let Some((key, link)) = cx.input.ledger.groups.iter().find(|(_, link)| link.remote == other.remote)
        else {
            return Some(taken(other, "and rolecall does not manage it", None));
        };
        match desired(cx, key) {
            None => Some(taken(other, "and rolecall does not manage it any more", None)),
            Some(group) => {
                let object = &cx.input.desired.groups[group.place].object;
                let stays = group.name.as_ref() == Some(&name) || !may_be_renamed(cx, group, link, other);
                stays.then(|| {
                    taken(other, &format!("and stays so: it is the group of {object}"), Some(object.clone()))
                })
            }
        }
    })
}

/// The desired group whose entry this is.
fn desired<'c>(cx: &'c Context, key: &GroupKey) -> Option<&'c WantedGroup> {
    cx.differ.groups.iter().find(|group| {
        let wanted = &cx.input.desired.groups[group.place];
        GroupKey::of(&wanted.object).is_some_and(|own| ledger_key(cx.input, wanted, &own) == *key)
    })
}

fn may_be_renamed(cx: &Context, group: &WantedGroup, link: &GroupLink, row: &GroupRow) -> bool {
    let wanted = &cx.input.desired.groups[group.place];
    let Ok(attributes) = &group.attributes else { return false };
    let meant = Wanted { group: wanted, attributes, name: group.name.as_deref() };
    proof::conflict(cx, &wanted.object, link, row, Some(&meant)).is_none()
}
