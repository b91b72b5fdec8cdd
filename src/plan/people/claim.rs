//! Whether an account is the one that an interrupted run created. The intent of that run is a hint: the account has to show
//! that it is the new one, and nobody else's (safety.md 2). What cannot be claimed is an account like any other.

use std::collections::BTreeSet;

use crate::catalog::Meaning;
use crate::model::app::RoleKind;
use crate::model::folded::{folded, folded_value};
use crate::model::ledger::Origin;
use crate::model::remote::{Kind, Presence};
use crate::model::seen::Seen;
use crate::model::{Path, UserId, UserNo, Value, Want};
use crate::plan::compare::Findings;
use crate::plan::decide::context::Context;
use crate::plan::groups::find::memberships_beyond;
use crate::plan::reading::questions;
use crate::plan::reading::rows::UnlinkedRow;

/// How the account becomes ours: an interrupted run created it for this person, after it had looked for one and found none, or
/// it is adopted.
pub(crate) fn origin(
    cx: &Context,
    user: UserNo,
    id: &UserId,
    row: &UnlinkedRow,
    findings: &Findings,
) -> Origin {
    let open = cx.interrupted(id).iter().filter(|intent| intent.looked_up);
    let began = open.clone().filter_map(|intent| intent.attempts.first()).map(|attempt| attempt.at).min();
    let is_new = || match row.created.zip(began) {
        Some((created, began)) => created.is_after(began),
        None => is_only_one(cx, user, row),
    };
    let is_created = open.clone().next().is_some()
        && !row.protected
        && !has_foreign_id(cx, id, row)
        && is_new()
        && !has_value_of_another(cx, user, id, row)
        && !has_undeclared_power(cx, user, row, findings);
    if is_created { Origin::Created } else { Origin::Adopted }
}

fn has_foreign_id(cx: &Context, id: &UserId, row: &UnlinkedRow) -> bool {
    let shown = row.our_id.as_deref().filter(|text| !text.is_empty());
    shown.is_some_and(|text| !is_our_id(cx, id, text))
}

/// True if what stands in the place of our id is what our mapping gives this person, or one of the person's ids.
pub(crate) fn is_our_id(cx: &Context, id: &UserId, external: &str) -> bool {
    let Some(user) = cx.number(id) else {
        return external == id.as_str();
    };
    let mut ids = cx.ids_of(id);
    let wanted = || {
        let attributes = cx.input.desired.attributes(user).ok()?;
        let mut attributes = attributes.into_iter();
        let mapped = attributes.find(|attribute| attribute.meaning == Meaning::OurId)?;
        match mapped.want {
            Want::Is(Value::Str(text)) => Some(text),
            _ => None,
        }
    };
    ids.any(|ours| ours.as_str() == external) || wanted().as_deref() == Some(external)
}

/// True if no other account of the app has any value that tells the person's account apart.
fn is_only_one(cx: &Context, user: UserNo, row: &UnlinkedRow) -> bool {
    if cx.differ.short.users.is_some() {
        let values = questions::identifying(cx.differ, user);
        let is_alone = |(path, value): &(Path, Value)| {
            let holders = cx.answers.holders(Kind::User, path, value);
            holders.is_some_and(|holders| {
                holders.as_ref().is_ok_and(|holders| holders.iter().all(|one| one.id == row.remote))
            })
        };
        return !values.is_empty() && values.iter().all(is_alone);
    }
    let holders = cx.differ.seen.taken.get(&user);
    holders.is_some_and(|holders| holders.iter().all(|taken| taken.holder == row.remote))
}

/// True if a value that tells accounts apart is another person's, today or at the last applied commit.
fn has_value_of_another(cx: &Context, user: UserNo, id: &UserId, row: &UnlinkedRow) -> bool {
    let own: Vec<&UserId> = cx.ids_of(id).collect();
    let paths = cx.input.desired.identifying_paths();
    let attributes = cx.differ.attributes(user);
    let shown = attributes.iter().flatten().zip(&row.values);
    let mut shown = shown.filter(|(attribute, _)| paths.contains(&&attribute.path));
    shown.any(|(attribute, value)| {
        let value = value.shown().and_then(folded_value);
        value.is_some_and(|value| cx.owners().other(&own, &attribute.path, &value).is_some())
    })
}

/// True if the account can do something privileged that nobody declared. A role that an app gives to every new account is
/// none.
fn has_undeclared_power(cx: &Context, user: UserNo, row: &UnlinkedRow, findings: &Findings) -> bool {
    let desired = cx.input.desired;
    let declared: Vec<_> = desired.roles_of(user).collect();
    let roles = findings.roles.iter();
    let held = roles.clone().flat_map(|roles| &roles.held).filter(|role| !declared.contains(role));
    let by_role = held.map(|role| &desired.app.roles[role.index()].id).any(|id| cx.power.roles.contains(id));
    let by_value = roles.flat_map(|roles| &roles.undeclared).any(|other| cx.power.is_value(&other.value));
    let by_group = memberships_beyond(cx, user, row).any(|(group, wanted)| {
        let role = wanted.role.map(|role| &desired.app.roles[role.index()].id);
        role.is_some_and(|role| cx.power.roles.contains(role))
            || group.name.as_ref().is_some_and(|name| cx.power.is_name(name))
    });
    by_role || by_value || by_group || holds_undeclared_power(cx, user, row)
}

/// The same for what the account itself shows that it has.
fn holds_undeclared_power(cx: &Context, user: UserNo, row: &UnlinkedRow) -> bool {
    let listed = row.holds.as_deref().map(|holds| &holds.all);
    let looked = match cx.answers.get(Kind::User, &row.remote) {
        Some(Presence::Here(account)) => Some(&account.holds),
        Some(Presence::Gone(_) | Presence::Unknown { .. }) | None => None,
    };
    let desired = cx.input.desired;
    let declared = desired.roles_of(user).map(|role| match &desired.app.roles[role.index()].kind {
        RoleKind::Group(name) => folded(name),
        other => other.value().map(|value| folded(value)).unwrap_or_default(),
    });
    let declared: BTreeSet<String> = declared.collect();
    let mut held = listed.into_iter().chain(looked).filter_map(Seen::shown).flatten();
    held.any(|held| cx.is_power(held) && !declared.contains(&folded(&cx.name_of(held))))
}
