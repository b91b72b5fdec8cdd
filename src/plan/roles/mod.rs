//! Roles kept as values in one attribute of an account: shown as grants and revocations, sent once.
//!
//! * [`decide`]: an account that was compared; [`initial`]: a new one
//! * [`former`]: roles that accounts have under a former value
//! * [`grants`] and [`revocations`]: one role, also of roles that are groups
//! * [`other_form`]: roles that were groups before, or that were values and are groups now
//! * [`moved`]: roles that another attribute keeps now
//! * [`room`]: an attribute that keeps one role only

pub(super) mod former;
pub(super) mod former_groups;
pub(super) mod grants;
mod holder;
pub(super) mod known;
pub(super) mod moved;
pub(super) mod other_form;
pub(super) mod revocations;
mod room;

use std::collections::{BTreeMap, BTreeSet};

use crate::model::change::{Cause, Change, Facet};
use crate::model::ledger::Link;
use crate::model::seen::Unread;
use crate::model::{RoleId, RoleNo, UserId, UserNo, Value};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Decision, LinkUpdate};
use crate::plan::notice::NoticeKind;
use crate::plan::people::interrupted;
use crate::plan::role_values::{self, RoleValues};
use crate::plan::work::RoleWork;
use crate::resolve::{DesiredAttribute, RoleStorage};

use former::{is_managed, is_shown};
pub(super) use grants::role_id;
use grants::{grant, grant_unless_drift, was_given};
pub(super) use holder::Holder;
use other_form::{former_group, granted_anew};
use revocations::{key_of_value, outranked, revoke_value, undeclared_values};

/// Grants that come with a new account.
///
/// If an account was deleted in the app and is made again, its privileged roles come back as drift, and are held.
pub(super) fn initial(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    attributes: &[DesiredAttribute],
    cause: Cause,
) -> Decision {
    let Some(attribute) = attributes.iter().find(|attribute| attribute.stores_roles()).cloned() else {
        return Decision::default();
    };
    let roles = RoleValues::none(attribute);
    let grants = wanted_roles(cx, user, &roles).into_iter().map(|role| {
        let change = grant(cx, user, id, None, role, cause);
        grant_unless_drift(cx, user, id, change)
    });
    let work = Decision { roles: vec![(id.clone(), role_work(cx, &roles))], ..Decision::default() };
    grants.collect::<Decision>().and(work)
}

/// The roles of an account that was compared.
pub(super) fn decide(cx: &Context, holder: &Holder, roles: &RoleValues) -> Decision {
    let wanted = wanted_roles(cx, holder.user, roles);
    let single = roles.attribute.roles == RoleStorage::One;
    let granted = missing(cx, holder, roles, &wanted);
    let revoked = surplus(cx, holder, roles, &wanted, &granted.changes);
    let former = undeclared_values(cx, holder, roles, &wanted, &granted.changes);
    let mut decided = granted.and(revoked).and(former);
    if single {
        let held = roles.held.iter().copied().filter(|role| !wanted.contains(role));
        let others = others_under_former_values(roles, &wanted);
        decided.changes = room::hold_without_room(decided.changes, held.count() + others.len());
        decided.needs.extend(room::needed(&decided.changes));
    }
    if !decided.changes.is_empty() {
        decided.roles.push((holder.id.clone(), role_work(cx, roles)));
    }
    decided.link_updates.extend(managed_roles_update(cx, holder, roles, &wanted));
    decided
}

/// The roles of an account that could not be read. Nothing is given or taken, and the plan says what is owed.
pub(super) fn unread(cx: &Context, holder: &Holder, why: &Unread) -> Decision {
    let desired = cx.input.desired;
    let wanted = desired.roles_of(holder.user).filter(|role| desired.role_value(*role).is_some());
    let wanted: BTreeSet<&RoleId> = wanted.map(|role| role_id(cx, role)).collect();
    let given = holder.link.into_iter().flat_map(|link| &link.roles);
    let given: BTreeSet<&RoleId> = given.map(|role| desired.app.todays_role(role)).collect();
    let owed: Vec<String> = given.difference(&wanted).map(ToString::to_string).collect();
    let found = holder.link.into_iter().flat_map(|link| &link.found_roles);
    let found: BTreeSet<&RoleId> = found.map(|role| desired.app.todays_role(role)).collect();
    let attributes = cx.differ.attributes(holder.user).unwrap_or_default();
    let storage = attributes.iter().find(|attribute| attribute.stores_roles());
    let kept =
        storage.into_iter().flat_map(|storage| role_values::wanted(desired, holder.user, storage.roles));
    let kept: BTreeSet<&RoleId> = kept.map(|role| role_id(cx, role)).collect();
    let missing = kept.difference(&given).filter(|role| !found.contains(*role));
    let missing: Vec<String> = missing.map(ToString::to_string).collect();
    let notice = |kind: NoticeKind, text: String| {
        let hint = "put it right in the app, or look at the values that it shows there";
        Decision::from(cx.notice(kind, holder.id, text, Some(hint)))
    };
    let mut decided = Decision::default();
    // Nothing was ever given in an attribute that is new: once it can be read, nobody took anything away there.
    let is_new = storage.is_some_and(|storage| moved::is_new(cx, &storage.path));
    if is_new && holder.link.is_some_and(|link| !link.roles.is_empty()) {
        decided.link_updates.push((holder.id.clone(), LinkUpdate::Roles(BTreeSet::new())));
    }
    if !owed.is_empty() {
        let text = format!(
            "may still hold {}, because the roles of the account cannot be read: {why}",
            owed.join(", ")
        );
        decided.add(notice(NoticeKind::StillHasAccess, text));
    }
    if !missing.is_empty() {
        let text = format!(
            "cannot be given {}, because the roles of the account cannot be read: {why}",
            missing.join(", ")
        );
        decided.add(notice(NoticeKind::NotPossible, text));
    }
    decided
}

/// Grants of desired roles that the account does not have.
fn missing(cx: &Context, holder: &Holder, roles: &RoleValues, wanted: &BTreeSet<RoleNo>) -> Decision {
    let single = roles.attribute.roles == RoleStorage::One;
    let former = holder.link.or_else(|| replaced_link(cx, holder.user));
    let missing = wanted.iter().filter(|role| !roles.held.contains(role));
    let mut others = roles.undeclared.iter().filter(|other| other.known.is_none());
    let foreign = others.next().filter(|_| single).map(|other| other.value.to_string());
    let grants = missing.map(|role| {
        let revalued = roles.earlier_value(*role).or_else(|| former_group(cx, holder.user, *role));
        let is_given = || former.is_some_and(|link| was_given(cx, link, *role));
        let given = revalued.is_none() && !moved::is_new(cx, &roles.attribute.path) && is_given();
        let cause = if given { Cause::Drift } else { Cause::Config };
        let mut change = grant(cx, holder.user, holder.id, Some(holder.remote), *role, cause);
        // A value of no role of ours has no revocation of its own: where it is replaced, it is shown, no matter who put it there.
        let replaced = foreign.clone();
        change = granted_anew(cx, change, revalued);
        change.old.text = replaced.or(change.old.text);
        grant_unless_drift(cx, holder.user, holder.id, change)
    });
    grants.collect()
}

/// Revocations of declared roles that are there and should not be.
fn surplus(
    cx: &Context,
    holder: &Holder,
    roles: &RoleValues,
    wanted: &BTreeSet<RoleNo>,
    grants: &[Change],
) -> Decision {
    let single = roles.attribute.roles == RoleStorage::One;
    let surplus = roles.held.iter().filter(|role| !wanted.contains(role));
    let revocations = surplus.map(|role| {
        let id = role_id(cx, *role);
        let value =
            cx.input.desired.role_value(*role).map(std::string::ToString::to_string).unwrap_or_default();
        let revoked = revoke_value(cx, holder, *role, &value);
        let kept = cx.input.desired.roles_of(holder.user).any(|kept| kept == *role);
        match wanted.first() {
            Some(winner) if single && kept => outranked(cx, revoked, id, *winner, grants),
            _ => revoked,
        }
    });
    revocations.collect()
}

/// Roles of ours that the account shows under a former value, and that the attribute should not hold.
fn others_under_former_values(roles: &RoleValues, wanted: &BTreeSet<RoleNo>) -> BTreeSet<Facet> {
    let known = roles.undeclared.iter().filter_map(|other| other.known.as_ref());
    let others = known.filter(|known| !known.number.is_some_and(|number| wanted.contains(&number)));
    others.map(|known| known.facet()).collect()
}

fn wanted_roles(cx: &Context, user: UserNo, roles: &RoleValues) -> BTreeSet<RoleNo> {
    role_values::wanted(cx.input.desired, user, roles.attribute.roles).collect()
}

/// The link of the former account, for a person who gets another account by this plan. A role that was given to the
/// former account and is missing now was taken away (safety.md 13).
pub(super) fn replaced_link<'a>(cx: &Context<'_, 'a>, user: UserNo) -> Option<&'a Link> {
    cx.link_of(user).filter(|link| !link.state.is_gone())
}

fn role_work(cx: &Context, roles: &RoleValues) -> RoleWork {
    let app = cx.input.desired.app;
    let declared = (0..app.roles.len()).map(RoleNo::from).filter_map(|role| {
        let value = cx.input.desired.role_value(role)?;
        Some((Facet::Role(app.roles[role.index()].id.clone()), Value::Str(value.clone())))
    });
    let undeclared = roles.undeclared.iter().map(|other| {
        let free = || Facet::Role(key_of_value(cx, &other.value.to_string()));
        (other.known.as_ref().map_or_else(free, |known| known.facet()), other.value.clone())
    });
    let respelt = roles.respelt.iter();
    let respelt = respelt.map(|(role, value)| (Facet::Role(role_id(cx, *role).clone()), value.clone()));
    let values: BTreeMap<_, _> = undeclared.chain(declared).chain(respelt).collect();
    RoleWork {
        path: roles.attribute.path.clone(),
        single: roles.attribute.roles == RoleStorage::One,
        none: role_values::of_nobody(roles.attribute.schema.as_ref()),
        actual: roles.actual.clone(),
        values,
    }
}

/// The update of the ledger: roles that are declared and found in the app are managed from now on; roles that are neither
/// are forgotten. One that is undecided stays as it is (safety.md 9).
fn managed_roles_update(
    cx: &Context,
    holder: &Holder,
    roles: &RoleValues,
    wanted: &BTreeSet<RoleNo>,
) -> Option<(UserId, LinkUpdate)> {
    let link = holder.link?;
    let app = cx.input.desired.app;
    // Today's id, as long as the account has the role or is to have it.
    let there = |id: &RoleId| match app.role_once(id) {
        Some(role) => {
            let is_undecided = cx.input.desired.roles[role.index()].unknown.contains(holder.user.0);
            let stays = wanted.contains(&role) || is_undecided || is_shown(cx, id, roles);
            stays.then(|| role_id(cx, role).clone())
        }
        None => is_managed(cx, id).then(|| id.clone()),
    };
    let mut known: BTreeSet<RoleId> = link.roles.iter().filter_map(there).collect();
    let found = roles.held.iter().filter(|role| wanted.contains(role));
    let given = wanted.iter().filter(|role| was_given(cx, link, **role));
    known.extend(found.chain(given).map(|role| role_id(cx, *role).clone()));
    // What an interrupted run took, or what stands in another attribute, is given anew, and no other hand took it.
    let is_new = moved::is_new(cx, &roles.attribute.path);
    let lacking = wanted.iter().filter(|role| !roles.held.contains(role)).map(|role| role_id(cx, *role));
    for role in lacking.filter(|role| is_new || interrupted::took(cx, holder.user, role)) {
        known.remove(role);
    }
    (known != link.roles).then(|| (holder.id.clone(), LinkUpdate::Roles(known)))
}
