//! Roles of ours that accounts still show under a former value. The ledger remembers each such value until no account can have
//! it any more.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::grants::{role_id, was_found, was_given};
use crate::catalog;
use crate::model::change::{Cause, Facet};
use crate::model::ledger::{FormerRole, Link};
use crate::model::{RoleId, RoleNo, Value};
use crate::plan::compare::RoleValues;
use crate::plan::decide::context::Context;
use crate::plan::reading::links::LinkNo;
use crate::plan::work::FormerValue;

/// A role of ours that the app still shows under a former value.
pub(crate) struct Former {
    /// Today's id; the ledger's if the role is not declared any more.
    pub role: RoleId,
    pub value: Arc<str>,
    /// It is still declared, with another value.
    pub number: Option<RoleNo>,
    /// It is the value that the ledger has of a role that is not declared any more.
    is_last: bool,
}

impl Former {
    fn of(cx: &Context, role: &RoleId, value: &Arc<str>, is_last: bool) -> Self {
        let number = cx.input.desired.app.role_once(role);
        let role = number.map_or(role, |number| role_id(cx, number)).clone();
        Self { role, value: value.clone(), number, is_last: is_last && number.is_none() }
    }

    /// A former value is named beside its role, because the role alone is the key of the grant of today's value.
    pub(crate) fn facet(&self) -> Facet {
        let (role, value) = (self.role.clone(), self.value.clone());
        match self.is_last {
            true => Facet::Role(role),
            false => Facet::FormerRole(FormerRole { role, value }),
        }
    }

    pub(crate) fn was_given(&self, cx: &Context, link: &Link) -> bool {
        let by_number = |number| was_given(cx, link, number);
        self.number.map_or_else(|| link.roles.contains(&self.role), by_number)
    }

    fn was_found(&self, cx: &Context, link: &Link) -> bool {
        let by_number = |number| was_found(cx, link, number);
        self.number.map_or_else(|| link.found_roles.contains(&self.role), by_number)
    }

    /// Why it is taken away, if no date takes it. The role was managed: where it was not found, it counts as given by us.
    pub(crate) fn cause(&self, cx: &Context, link: &Link) -> Cause {
        origin(self.was_given(cx, link) || !self.was_found(cx, link), true)
    }
}

/// Why something is taken away that is not declared: it was given by us, was there when we came, or was given in the app.
pub(super) fn origin(given: bool, found: bool) -> Cause {
    match (given, found) {
        (true, _) => Cause::Config,
        (false, true) => Cause::Takeover,
        (false, false) => Cause::Drift,
    }
}

/// The values that the ledger knows.
fn known(cx: &Context) -> impl Iterator<Item = Former> {
    let ledger = cx.input.ledger;
    let last = ledger.roles.iter().map(|(role, value)| Former::of(cx, role, value, true));
    last.chain(ledger.former_roles.iter().map(|former| Former::of(cx, &former.role, &former.value, false)))
}

/// The role of ours that was stored as this value of an account.
pub(crate) fn former_role_of(cx: &Context, roles: &RoleValues, value: &Value) -> Option<Former> {
    let text = value.to_string();
    let exactly = known(cx).find(|former| *former.value == *text);
    exactly.or_else(|| known(cx).find(|former| is_same(roles, &former.value, value)))
}

/// True if an account may show this value so.
fn is_same(roles: &RoleValues, former: &Arc<str>, value: &Value) -> bool {
    catalog::same(roles.attribute.schema.as_ref(), &Value::Str(former.clone()), value)
}

/// The value the account still has from a time when the role was stored as another one.
pub(crate) fn earlier_value(cx: &Context, role: RoleNo, roles: &RoleValues) -> Option<String> {
    let is_of =
        |value: &&Value| former_role_of(cx, roles, value).is_some_and(|former| former.number == Some(role));
    roles.undeclared.iter().find(is_of).map(ToString::to_string)
}

/// The roles that the account shows, under today's value or a former one, by today's ids.
pub(crate) fn shown(cx: &Context, roles: &RoleValues) -> impl Iterator<Item = RoleId> {
    let former = roles.undeclared.iter().filter_map(|value| Some(former_role_of(cx, roles, value)?.role));
    roles.held.iter().map(|role| role_id(cx, *role).clone()).chain(former)
}

/// True if the account shows this role of the ledger, as today's value or as a former one.
pub(crate) fn is_shown(cx: &Context, role: &RoleId, roles: &RoleValues) -> bool {
    let number = cx.input.desired.app.role_once(role);
    let is_former = |value: &Value| {
        let former = former_role_of(cx, roles, value);
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
pub(crate) fn values(cx: &Context) -> BTreeMap<Facet, FormerValue> {
    let is_former = |former: &Former| {
        former.number.and_then(|number| cx.input.desired.role_value(number)) != Some(&former.value)
    };
    let mut values = BTreeMap::new();
    for former in known(cx).filter(is_former) {
        let holders = cx.links().numbers().filter(|link| may_have(cx, *link, &former));
        let people: Vec<_> = holders.map(|link| cx.row(link).user.clone()).collect();
        if !people.is_empty() {
            values.insert(former.facet(), FormerValue { value: former.value.clone(), people });
        }
    }
    values
}

fn may_have(cx: &Context, link: LinkNo, former: &Former) -> bool {
    let row = cx.row(link);
    let shown = cx.seen(link).and_then(|seen| seen.findings.as_ref()?.roles.as_ref());
    match shown {
        _ if row.is_tombstone() => false,
        Some(roles) => roles.undeclared.iter().any(|value| is_same(roles, &former.value, value)),
        None => former.was_given(cx, row.link) || former.was_found(cx, row.link),
    }
}
