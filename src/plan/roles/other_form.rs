//! A role that was a group and is a value now, or the other way round. People who are to have it keep the one until they have
//! the other (safety.md 10).

use std::collections::{BTreeMap, HashSet};

use super::former_groups::{FormerGroup, FormerGroups};
use super::grants::role_id;
use crate::model::change::{Change, ChangeKey, ChangeKind, Facet, Object, Verdict};
use crate::model::ledger::GroupKey;
use crate::model::{RoleNo, UserNo};
use crate::plan::decide::context::Context;
use crate::plan::decide::decision::Decision;
use crate::plan::groups::find::members_of;
use crate::plan::reading::links::LinkNo;

fn former_groups(cx: &Context) -> FormerGroups {
    let app = cx.input.desired.app;
    let of_role = |number: RoleNo| {
        let role = &app.roles[number.index()];
        role.kind.value()?;
        let link = role.ids().find_map(|id| cx.input.ledger.groups.get(&GroupKey::Role(id.clone())))?;
        let name = cx.differ.seen.groups.get(&link.remote).and_then(|row| row.name.as_deref());
        let name = format!("group {}", name.unwrap_or(link.remote.as_str()));
        let members = members_of(cx, &Object::Role(role.id.clone())).into_iter().collect();
        Some((number, FormerGroup { name, members }))
    };
    (0..app.roles.len()).map(RoleNo::from).filter_map(of_role).collect()
}

/// The former group of a role that is a value today, if the person is in it.
pub(super) fn former_group(cx: &Context, user: UserNo, role: RoleNo) -> Option<String> {
    let group = cx.former_groups.get_or_init(|| former_groups(cx)).get(&role)?;
    let link = cx.links().of_user(user)?;
    group.members.contains(&link).then(|| group.name.clone())
}

/// The value that the person's account still has of a role that is a group today.
pub(crate) fn former_value(cx: &Context, user: UserNo, role: RoleNo) -> Option<String> {
    let seen = cx.links().of_user(user).and_then(|link| cx.seen(link))?;
    let roles = seen.findings.as_ref()?.roles.as_deref()?;
    roles.earlier_value(role)
}

/// The grant of a role to a person who has it in its other form: nobody gains anything by it.
pub(crate) fn granted_anew(cx: &Context, mut change: Change, other: Option<String>) -> Change {
    change.revalued = other.is_some() && (!change.privileged || cx.power.gives_no_more(&change.key.facet));
    change.privileged &= !change.revalued;
    change.old.text = other;
    change
}

/// Lets each person keep the former form of a role until the grant of today's is done. Where there is no such grant, the person
/// has to have today's form already.
pub(crate) fn order(cx: &Context, mut decided: Decision) -> Decision {
    let is_kept = |change: &&mut Change| change.revalued && change.kind == ChangeKind::RoleRevoke;
    if !decided.changes.iter_mut().any(|change| is_kept(&change)) {
        return decided;
    }
    let grants = decided.changes.iter().filter(|change| change.kind == ChangeKind::RoleGrant);
    let grants: HashSet<ChangeKey> = grants.map(|change| change.key.clone()).collect();
    let app = cx.input.desired.app;
    let mut members: BTreeMap<RoleNo, HashSet<LinkNo>> = BTreeMap::new();
    for change in decided.changes.iter_mut().filter(is_kept) {
        let role = change.key.facet.role().and_then(|role| app.role_once(role));
        let (Some(role), Some(link)) = (role, change.key.person().and_then(|id| cx.links().of_id(id))) else {
            continue;
        };
        let is_group = app.roles[role.index()].kind.value().is_none();
        if !is_group && !matches!(change.key.facet, Facet::FormerGroup(_)) {
            continue;
        }
        let grant = ChangeKey { facet: Facet::Role(role_id(cx, role).clone()), ..change.key.clone() };
        if grants.contains(&grant) {
            decided.needs.push((change.key.clone(), grant));
            continue;
        }
        let of_role = || members_of(cx, &Object::Role(role_id(cx, role).clone())).into_iter().collect();
        let has_it = match is_group {
            true => members.entry(role).or_insert_with(of_role).contains(&link),
            false => has_value(cx, link, role),
        };
        if !has_it && change.verdict.is_do() {
            let form = if is_group { "its group" } else { "its value" };
            let why = format!(
                "the person is to keep role {}, and this plan does not give {form}",
                role_id(cx, role)
            );
            change.verdict = Verdict::Held { by: "former-role".into(), why };
        }
    }
    decided
}

/// True if the account shows today's value of the role.
fn has_value(cx: &Context, link: LinkNo, role: RoleNo) -> bool {
    let findings = cx.seen(link).and_then(|seen| seen.findings.as_ref());
    findings.and_then(|findings| findings.roles.as_ref()).is_some_and(|roles| roles.held.contains(&role))
}
