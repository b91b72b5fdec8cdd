//! An account that is turned on gives back everything it still holds. So each role and membership that its owner loses
//! is removed before the account is turned on (safety.md 13, 14).

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

use super::context::Context;
use super::decision::{Decision, People};
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object, Phase};
use crate::model::ledger::Link;
use crate::model::seen::Seen;
use crate::model::{RoleId, UserId};
use crate::plan::groups::find::member_link;
use crate::plan::roles::former;
use crate::plan::work::RoleWork;

/// The changes that turn accounts on, by their people.
type Enables = HashMap<UserId, ChangeKey>;

/// Puts the revocations and removals of a person before the change that turns the account on. If one of them is held,
/// so is that change.
pub(super) fn order(cx: &Context, people: &People, mut decided: Decision) -> Decision {
    let enables: Enables = decided.changes.iter().filter_map(enabling).collect();
    if enables.is_empty() {
        return decided;
    }
    let gaining = gaining_privilege(cx, people, &decided, &enables);
    let roles: HashMap<&UserId, &RoleWork> = decided.roles.iter().map(|(id, work)| (id, work)).collect();
    let needing: HashSet<&ChangeKey> = decided.needs.iter().map(|(change, _)| change).collect();
    let lost: Vec<(UserId, ChangeKey)> =
        decided.changes.iter().filter_map(|change| loss(change, &enables)).collect();
    let one_role = |id: &&UserId| roles.get(id).is_some_and(|roles| roles.single);
    let single: HashSet<&UserId> = lost.iter().map(|(id, _)| id).filter(one_role).collect();
    for change in &mut decided.changes {
        if loss(change, &enables).is_some() {
            // A revocation that makes room for a grant is sent in the same write as the grant.
            let latest = match needing.contains(&change.key) {
                true => Phase::Update,
                false => Phase::MakeRoom,
            };
            change.phase = change.phase.min(latest);
        } else if is_value_grant(change, &roles) {
            // In an attribute for one role, the grant carries the revocation: an app may refuse an account without a
            // role.
            if change.key.person().is_some_and(|id| single.contains(id)) {
                change.phase = Phase::MakeRoom;
            }
        } else if is_plain_update(cx, change, &enables) {
            // Some apps refuse to change an account that is off (safety.md 14). Values that others may wait for go first.
            change.phase = Phase::Refer;
        } else if enabling(change).is_some_and(|(id, _)| gaining.contains(&id)) {
            change.privileged = true;
        }
    }
    let waits = lost.into_iter().filter_map(|(id, loss)| Some((enables.get(&id)?.clone(), loss)));
    decided.needs.extend(waits);
    decided
}

/// The person whose account is turned on, and the change that takes something away from that person.
fn loss(change: &Change, enables: &Enables) -> Option<(UserId, ChangeKey)> {
    let is_loss = matches!(change.kind, ChangeKind::RoleRevoke | ChangeKind::MemberRemove);
    let id = change.loser().filter(|id| is_loss && !change.revalued && enables.contains_key(*id))?;
    Some((id.clone(), change.key.clone()))
}

/// An update of an account that is turned on, of an attribute that tells no accounts apart.
fn is_plain_update(cx: &Context, change: &Change, enables: &Enables) -> bool {
    let (Object::User(id), Facet::Attribute(key)) = (&change.key.object, &change.key.facet) else {
        return false;
    };
    let is_identity = || cx.input.desired.identifying_paths().iter().any(|path| path.key() == key);
    enables.contains_key(id) && change.phase == Phase::Update && !change.identity && !is_identity()
}

/// A grant of a role that is kept as a value.
fn is_value_grant(change: &Change, roles: &HashMap<&UserId, &RoleWork>) -> bool {
    match (&change.key.object, &change.key.facet, change.kind) {
        (Object::User(id), facet @ Facet::Role(_), ChangeKind::RoleGrant) => {
            roles.get(id).is_some_and(|roles| roles.values.contains_key(facet))
        }
        _ => false,
    }
}

/// People who get back an account that shows a privileged role, and keep the role: they gain privileged access.
fn gaining_privilege(
    cx: &Context,
    people: &People,
    decided: &Decision,
    enables: &Enables,
) -> BTreeSet<UserId> {
    let mut shown = privileged_members(cx, decided, enables);
    let links: HashMap<&UserId, &Link> = decided.links.iter().map(|(id, link)| (id, link)).collect();
    for id in enables.keys() {
        let is_adopted = cx.number(id).is_some_and(|user| people.is_adopted(user));
        let adopted = links.get(id).copied().filter(|_| is_adopted);
        shown.entry(id.clone()).or_default().extend(privileged_values(cx, id, adopted));
    }
    for change in &decided.changes {
        if let Some(roles) = change.loser().and_then(|id| shown.get_mut(id)) {
            roles.retain(|role| change.kind != ChangeKind::RoleRevoke || !change.takes(role));
        }
    }
    shown.into_iter().filter(|(_, roles)| !roles.is_empty()).map(|(id, _)| id).collect()
}

/// Privileged roles that the account shows as values; `adopted` is its entry if this plan takes it over.
fn privileged_values(cx: &Context, id: &UserId, adopted: Option<&Link>) -> BTreeSet<RoleId> {
    let privileged = |role: &RoleId| cx.power.roles.contains(role);
    if let Some(adopted) = adopted {
        return adopted.roles.iter().filter(|role| privileged(role)).cloned().collect();
    }
    let link = cx.links().of_id(id);
    let findings = link.and_then(|link| cx.seen(link)?.findings.as_deref());
    let shown: Vec<RoleId> = match findings.and_then(|findings| findings.roles.as_ref()) {
        Some(roles) => former::shown(cx, roles).collect(),
        // The account was not compared: the roles that we gave are assumed to be there.
        None => {
            let given = link.into_iter().flat_map(|link| &cx.link(link).roles);
            given.map(|role| cx.input.desired.app.todays_role(role).clone()).collect()
        }
    };
    shown.into_iter().filter(privileged).collect()
}

/// Those of these people who are in a group of the app that stands for a privileged role.
fn privileged_members(
    cx: &Context,
    decided: &Decision,
    enables: &Enables,
) -> BTreeMap<UserId, BTreeSet<RoleId>> {
    let mut shown: BTreeMap<UserId, BTreeSet<RoleId>> = BTreeMap::new();
    for (role, remote) in &decided.privileged_groups {
        let row = cx.differ.seen.groups.get(remote);
        let Some(row) = row else { continue };
        let members: Vec<&UserId> = match cx.holders(row) {
            Seen::Is(members) => {
                let links = members.iter().filter_map(|member| member_link(cx, member));
                links.map(|link| &cx.row(link).user).collect()
            }
            Seen::None => Vec::new(),
            // The members that we know of are assumed to be there.
            Seen::Unread(_) => {
                let known = cx.differ.group_links.get(remote).into_iter().flat_map(|link| &link.members);
                known.map(|id| cx.links().today(id)).collect()
            }
        };
        for id in members {
            if enables.contains_key(id) {
                shown.entry(id.clone()).or_default().insert(role.clone());
            }
        }
    }
    shown
}

/// The change that turns a person's account on.
fn enabling(change: &Change) -> Option<(UserId, ChangeKey)> {
    match (&change.key.object, &change.key.facet) {
        (Object::User(id), Facet::Life) if change.turns_on() => Some((id.clone(), change.key.clone())),
        _ => None,
    }
}
