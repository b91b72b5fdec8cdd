//! Roles of ours that accounts still show under a former value. The ledger remembers each such value until no account can have
//! it any more.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::grants::{role_id, was_managed};
use super::known::KnownValue;
use crate::model::app::MembersPolicy;
use crate::model::change::{Cause, Facet, Object};
use crate::model::ledger::Link;
use crate::model::{RoleId, UserId};
use crate::plan::decide::context::Context;
use crate::plan::reading::links::LinkNo;
use crate::plan::role_values::{RoleValues, UndeclaredValue};
use crate::plan::value_table::ValueTable;
use crate::plan::work::FormerHolders;

/// True if the ledger says that we gave this role, or that an interrupted run set out to give it.
pub(crate) fn is_given(cx: &Context, former: &KnownValue, id: &UserId, link: &Link) -> bool {
    former.is_among(cx.input.desired.app, &link.roles)
        || cx.is_begun(&Object::User(id.clone()), Facet::Role(former.role.clone()))
}

/// True for a role that a full apply has managed.
fn is_managed_value(cx: &Context, former: &KnownValue) -> bool {
    let by_number = |number| was_managed(cx, number);
    former.number.map_or_else(|| cx.input.ledger.roles.contains_key(&former.role), by_number)
}

/// True if this value of the account may be taken. Unless membership is exact, a role that no full apply has managed is taken only
/// from people to whom rolecall gave it.
pub(super) fn may_go(cx: &Context, former: &KnownValue, id: &UserId, link: &Link) -> bool {
    let is_given = || is_given(cx, former, id, link);
    match cx.input.desired.app.groups.members {
        MembersPolicy::Exact => true,
        MembersPolicy::Linked => is_managed_value(cx, former) || is_given(),
        MembersPolicy::Add => is_given(),
    }
}

fn is_found(cx: &Context, former: &KnownValue, link: &Link) -> bool {
    former.is_among(cx.input.desired.app, &link.found_roles)
}

/// Why it is taken away, if no date takes it. A role that was managed counts as given by us where it was not found.
pub(crate) fn cause(cx: &Context, former: &KnownValue, id: &UserId, link: &Link) -> Cause {
    let is_found = is_found(cx, former, link);
    let is_ours = || is_managed_value(cx, former) && !is_found;
    origin(is_given(cx, former, id, link) || is_ours(), is_found)
}

/// Why something is taken away that is not declared: it was given by us, was there when we came, or was given in the app.
pub(super) fn origin(given: bool, found: bool) -> Cause {
    match (given, found) {
        (true, _) => Cause::Config,
        (false, true) => Cause::Takeover,
        (false, false) => Cause::Drift,
    }
}

/// The roles that the account shows, under today's value or a former one, by today's ids.
pub(crate) fn shown(cx: &Context, roles: &RoleValues) -> impl Iterator<Item = RoleId> {
    let former = roles.undeclared.iter().filter_map(|other| Some(other.known.as_ref()?.role.clone()));
    roles.held.iter().map(|role| role_id(cx, *role).clone()).chain(former)
}

/// True if the account shows this role of the ledger, as today's value or as a former one.
pub(crate) fn is_shown(cx: &Context, role: &RoleId, roles: &RoleValues) -> bool {
    let number = cx.input.desired.app.role_once(role);
    let is_former = |other: &UndeclaredValue| {
        let former = other.known.as_ref();
        former.is_some_and(|former| former.number == number && (number.is_some() || former.role == *role))
    };
    number.is_some_and(|number| roles.held.contains(&number)) || roles.undeclared.iter().any(is_former)
}

/// True if the ledger has a value of a role that is not declared any more.
pub(crate) fn is_managed(cx: &Context, role: &RoleId) -> bool {
    let ledger = cx.input.ledger;
    ledger.roles.contains_key(role) || ledger.former_roles.iter().any(|former| former.role == *role)
}

/// The former values that accounts have, each with its people. An account of which nothing was compared may have what the
/// ledger says that it has.
pub(crate) fn values(cx: &Context) -> BTreeMap<Facet, FormerHolders> {
    let schema = || cx.links().numbers().find_map(|link| shown_roles(cx, link)?.attribute.schema);
    let known = &cx.differ.comparison().roles.tables(schema().as_ref()).known;
    let is_former = |former: &KnownValue| {
        former.number.and_then(|number| cx.input.desired.role_value(number)) != Some(&former.value)
    };
    let mut values: BTreeMap<Facet, FormerHolders> = BTreeMap::new();
    if !known.all().iter().any(|known| is_former(known)) {
        return values;
    }
    for link in cx.links().numbers() {
        for former in may_have(cx, known, link).into_iter().filter(|former| is_former(former)) {
            let none = || FormerHolders { value: former.value.clone(), people: Vec::new() };
            values.entry(former.facet()).or_insert_with(none).people.push(cx.row(link).user.clone());
        }
    }
    values
}

fn shown_roles<'c>(cx: &Context<'c, '_>, link: LinkNo) -> Option<&'c RoleValues> {
    cx.seen(link)?.findings.as_ref()?.roles.as_deref()
}

fn may_have<'k>(cx: &Context, known: &'k ValueTable<Arc<KnownValue>>, link: LinkNo) -> Vec<&'k KnownValue> {
    let row = cx.row(link);
    let places = |other: &UndeclaredValue| known.alike(&other.value).to_vec();
    match shown_roles(cx, link) {
        _ if row.is_tombstone() => Vec::new(),
        Some(roles) => {
            let places: BTreeSet<usize> = roles.undeclared.iter().flat_map(places).collect();
            places.into_iter().filter_map(|place| known.all().get(place)).map(Arc::as_ref).collect()
        }
        None => {
            let is_its = |former: &&KnownValue| {
                is_given(cx, former, &row.user, row.link) || is_found(cx, former, row.link)
            };
            known.all().iter().map(Arc::as_ref).filter(is_its).collect()
        }
    }
}
