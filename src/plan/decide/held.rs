//! What guards held in earlier runs and what no change of this plan is about: done, or taken back by the files. Where that
//! cannot be said, it stays held (safety.md 11).

use std::collections::{BTreeSet, HashSet};

use super::context::Context;
use super::decision::People;
use crate::model::app::Unmanaged;
use crate::model::change::{Change, ChangeKey, Facet, Object};
use crate::model::holds::HoldKey;
use crate::model::ledger::GroupKey;
use crate::model::seen::Activity;
use crate::model::{RemoteId, UserId};
use crate::plan::roles::grants::was_given;
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

/// False for what a reading did not show, and for what this plan is not about.
fn is_over(cx: &Context, people: &People, key: &HoldKey) -> bool {
    let of_person = |id: &UserId, is_over: &dyn Fn(&UserId) -> bool| {
        let id = cx.links().today(id);
        let is_selected = cx.input.only.is_none_or(|only| only.contains(id));
        is_selected && !people.is_frozen(id) && is_account_read(cx, id) && is_over(id)
    };
    let of_member = |group: &GroupKey, id: &UserId| {
        let is_over = |id: &UserId| are_members_read(cx, group) && is_membership_settled(cx, group, id);
        of_person(id, &is_over)
    };
    if let (Object::User(id), Some(role)) = (&key.object, key.facet.role()) {
        return of_member(&GroupKey::Role(role.clone()), id) && are_roles_read(cx, cx.links().today(id));
    }
    // A pair that no guard holds ends nothing.
    match (&key.object, &key.facet) {
        (Object::User(id), Facet::Life) => of_person(id, &|id| is_account_settled(cx, id)),
        (Object::User(id), Facet::Attribute(_)) => of_person(id, &|_| true),
        (Object::User(_), _) => false,
        (Object::Account(remote), _) => cx.input.only.is_none() && is_unmanaged_settled(cx, remote),
        (Object::Group(_) | Object::Role(_), facet) => {
            let Some(group) = GroupKey::of(&key.object) else { return false };
            match facet {
                Facet::Member(id) => of_member(&group, id),
                Facet::UnmanagedMember(_) => cx.input.only.is_none() && are_members_read(cx, &group),
                Facet::Life => {
                    let is_wanted = cx.input.desired.groups.iter().any(|wanted| wanted.object == key.object);
                    is_wanted || !cx.input.ledger.groups.contains_key(&group)
                }
                Facet::Attribute(_) | Facet::Role(_) | Facet::FormerRole(_) | Facet::FormerGroup(_) => false,
            }
        }
    }
}

/// The person's account was seen, or it is certain that there is none.
fn is_account_read(cx: &Context, id: &UserId) -> bool {
    match cx.links().of_id(id) {
        Some(link) if !cx.row(link).is_tombstone() => cx.seen(link).is_some(),
        Some(_) | None => cx.differ.short.users.is_none(),
    }
}

/// The values of roles of the person's account were read.
fn are_roles_read(cx: &Context, id: &UserId) -> bool {
    let seen = cx.links().of_id(id).and_then(|link| cx.seen(link));
    let findings = seen.and_then(|seen| seen.findings.as_ref());
    findings.is_none_or(|findings| findings.unread_roles.is_none())
}

/// The members of a group were read, or the ledger does not know it: it may be a role that is a value.
fn are_members_read(cx: &Context, key: &GroupKey) -> bool {
    let Some(link) = cx.input.ledger.groups.get(key) else { return true };
    let row = cx.differ.seen.groups.get(&link.remote);
    row.is_some_and(|row| cx.holders(row).shown().is_some())
}

/// An account of nobody that is off, gone, or left alone by the files.
fn is_unmanaged_settled(cx: &Context, remote: &RemoteId) -> bool {
    match cx.differ.seen.unlinked.get(remote) {
        None => cx.differ.short.users.is_none(),
        Some(row) => {
            let is_kept = matches!(cx.input.desired.app.unmanaged, Unmanaged::Report | Unmanaged::Ignore);
            is_kept || row.protected || matches!(cx.activity(row), Activity::Off)
        }
    }
}

/// The account is on and to be so, or it is off or gone.
fn is_account_settled(cx: &Context, id: &UserId) -> bool {
    let Some(link) = cx.links().of_id(id) else { return true };
    let is_in = |user| matches!(cx.input.desired.standing(user), Standing::In);
    let is_wanted = cx.number(id).is_some_and(is_in) && cx.is_usable(link) && cx.is_on(link);
    let is_off = matches!(cx.shown_activity(link), Some(Activity::Off));
    (cx.row(link).is_tombstone() && !cx.is_on(link)) || is_wanted || is_off
}

/// The membership or role is declared again, or the ledger does not know it any more.
fn is_membership_settled(cx: &Context, key: &GroupKey, id: &UserId) -> bool {
    let ledger = cx.input.ledger;
    let is_member = ledger.groups.get(key).is_some_and(|link| cx.links().is_among(&link.members, id));
    let has_value = match (key, cx.links().of_id(id)) {
        (GroupKey::Role(role), Some(link)) => match cx.input.desired.app.role_once(role) {
            Some(role) => was_given(cx, cx.link(link), role),
            None => cx.link(link).roles.contains(role),
        },
        (GroupKey::Group(_), _) | (GroupKey::Role(_), None) => false,
    };
    let is_declared =
        |user| cx.input.desired.holders_of(key).is_some_and(|holders| holders.yes.contains(user));
    !(is_member || has_value) || cx.number(id).is_some_and(|user| is_declared(user.0))
}
