//! What guards held in earlier runs and what no change of this plan is about: done, or taken back by the files. Where that
//! cannot be said, it stays held (safety.md 11).

use std::collections::{BTreeSet, HashSet};

use super::context::Context;
use super::decision::People;
use crate::model::UserId;
use crate::model::change::{Change, ChangeKey, Facet, Object};
use crate::model::holds::HoldKey;
use crate::model::ledger::{FormerRole, GroupKey};
use crate::model::seen::Activity;
use crate::resolve::Standing;

pub(super) fn taken_back(cx: &Context, people: &People, changes: &[Change]) -> BTreeSet<HoldKey> {
    let holds = &cx.input.ledger.holds;
    if holds.is_empty() {
        return BTreeSet::new();
    }
    let open: HashSet<&ChangeKey> = changes.iter().map(|change| &change.key).collect();
    let app = &cx.input.desired.app.id;
    let without_change = holds.keys().filter(|key| !open.contains(&key.change(app)));
    without_change.filter(|key| is_over(cx, people, key)).cloned().collect()
}

fn is_over(cx: &Context, people: &People, key: &HoldKey) -> bool {
    let of_person = |id: &UserId, is_over: &dyn Fn(&UserId) -> bool| {
        let id = cx.links().today(id);
        !people.is_frozen(id) && is_over(id)
    };
    match (&key.object, &key.facet) {
        (Object::User(id), Facet::Life) => of_person(id, &|id| is_account_settled(cx, id)),
        (Object::User(id), Facet::Role(role) | Facet::FormerRole(FormerRole { role, .. })) => {
            of_person(id, &|id| is_membership_settled(cx, &GroupKey::Role(role.clone()), id))
        }
        (group, Facet::Member(id)) => {
            of_person(id, &|id| GroupKey::of(group).is_none_or(|group| is_membership_settled(cx, &group, id)))
        }
        (Object::User(id), Facet::Attribute(_)) => of_person(id, &|id| is_seen(cx, id)),
        (group, Facet::Life) => {
            let is_wanted = cx.input.desired.groups.iter().any(|wanted| wanted.object == *group);
            let key = GroupKey::of(group);
            is_wanted || key.is_none_or(|key| !cx.input.ledger.groups.contains_key(&key))
        }
        (group, Facet::UnmanagedMember(_)) => {
            GroupKey::of(group).is_none_or(|key| are_members_seen(cx, &key))
        }
        (_, Facet::Attribute(_) | Facet::Role(_) | Facet::FormerRole(_)) => true,
    }
}

/// The account was seen, or the person has none.
fn is_seen(cx: &Context, id: &UserId) -> bool {
    cx.links().of_id(id).is_none_or(|link| cx.row(link).is_tombstone() || cx.seen(link).is_some())
}

/// The members of a group were read, or the ledger does not know it any more.
fn are_members_seen(cx: &Context, key: &GroupKey) -> bool {
    let Some(link) = cx.input.ledger.groups.get(key) else { return true };
    let row = cx.differ.seen.groups.get(&link.remote);
    row.is_some_and(|row| cx.members(row).shown().is_some())
}

/// The account is on and to be so, or it is off or gone.
fn is_account_settled(cx: &Context, id: &UserId) -> bool {
    let Some(link) = cx.links().of_id(id) else { return true };
    let is_in = |user| matches!(cx.input.desired.standing(user), Standing::In);
    let is_wanted = cx.number(id).is_some_and(is_in) && cx.is_usable(link) && cx.is_on(link);
    let is_off = matches!(cx.shown_activity(link), Some(Activity::Off));
    cx.row(link).is_tombstone() || is_wanted || is_off
}

/// The membership or role is declared again, or the ledger does not know it any more.
fn is_membership_settled(cx: &Context, key: &GroupKey, id: &UserId) -> bool {
    let ledger = cx.input.ledger;
    let is_member = ledger.groups.get(key).is_some_and(|link| cx.links().is_among(&link.members, id));
    let has_value = match (key, cx.links().of_id(id)) {
        (GroupKey::Role(role), Some(link)) => cx.link(link).roles.contains(role),
        (GroupKey::Group(_), _) | (GroupKey::Role(_), None) => false,
    };
    let is_declared =
        |user| cx.input.desired.holders_of(key).is_some_and(|holders| holders.yes.contains(user));
    !(is_member || has_value) || cx.number(id).is_some_and(|user| is_declared(user.0))
}
