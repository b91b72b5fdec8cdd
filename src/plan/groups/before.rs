//! Members whom the plan that adopted a group found in it: taking them out later is a takeover (safety.md 10).

use std::collections::BTreeSet;

use super::case::GroupCase;
use super::find::account_named;
use super::membership::Membership;
use crate::model::ledger::LedgerUpdate;
use crate::model::{RemoteId, UserId, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::{Account, People};

/// The accounts of all members who are not declared.
pub(super) fn accounts(
    cx: &Context,
    people: &People,
    case: &GroupCase,
    members: &Membership,
) -> BTreeSet<RemoteId> {
    let surplus = &members.present - &case.wanted.holders.yes;
    let declared = surplus.iter().filter_map(|user| account_of(cx, people, UserNo(user)));
    let undeclared = members.undeclared.iter().filter_map(|id| cx.links().of_id(id));
    let undeclared = undeclared.map(|link| cx.link(link).remote.clone());
    let unmanaged = members.unmanaged.iter().filter_map(|member| account(cx, member));
    declared.chain(undeclared).chain(unmanaged).collect()
}

fn account_of(cx: &Context, people: &People, user: UserNo) -> Option<RemoteId> {
    let here = people.account(user).and_then(Account::remote);
    here.or_else(|| cx.link_of(user).map(|link| &link.remote)).cloned()
}

/// The account that a member without a link is.
fn account(cx: &Context, member: &str) -> Option<RemoteId> {
    account_named(cx, member).map(|row| row.remote.clone()).or_else(|| member.parse().ok())
}

/// True if a person of the group was in it before rolecall came.
pub(super) fn was_there(cx: &Context, case: &GroupCase, id: &UserId) -> bool {
    let remote = cx.links().of_id(id).map(|link| &cx.link(link).remote);
    case.link.zip(remote).is_some_and(|(link, remote)| link.before.contains(remote))
}

/// True if a member without a link was in the group before rolecall came.
pub(super) fn was_there_unmanaged(cx: &Context, case: &GroupCase, member: &str) -> bool {
    let known = case.link.filter(|link| !link.before.is_empty());
    known.is_some_and(|link| account(cx, member).is_some_and(|account| link.before.contains(&account)))
}

/// The update of the ledger if some of them are declared now, or are members no more.
pub(super) fn update(
    cx: &Context,
    people: &People,
    case: &GroupCase,
    members: &Membership,
) -> Option<LedgerUpdate> {
    let link = case.link.filter(|link| !link.before.is_empty() && members.unread.is_none())?;
    let still = accounts(cx, people, case, members);
    let accounts: BTreeSet<RemoteId> = link.before.intersection(&still).cloned().collect();
    (accounts != link.before).then(|| LedgerUpdate::Before { key: case.key.clone(), accounts })
}
