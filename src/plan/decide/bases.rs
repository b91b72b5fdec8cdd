//! The numbers before this plan, of which the percentages of the guards are shares.

use std::collections::{BTreeMap, BTreeSet};

use super::context::Context;
use super::decision::Decision;
use crate::model::app::RoleKind;
use crate::model::change::Object;
use crate::model::company::PolicyRule;
use crate::model::ledger::{GroupKey, Link, LinkState};
use crate::model::seen::Seen;
use crate::model::{RoleId, UserId};
use crate::plan::draft::Bases;
use crate::plan::groups::find::{group_found, member_link};
use crate::plan::reading::links::LinkNo;
use crate::plan::shrunk;

pub(super) fn of(cx: &Context, decided: &Decision) -> Bases {
    let ledger = cx.input.ledger;
    let active = |link: &&Link| link.state == LinkState::Active;
    let identifying = cx.input.desired.identifying_paths();
    let adopted = decided.adopted.iter().map(|(user, _)| cx.user_id(*user).clone());
    let per_group = ledger.groups.iter().map(|(key, link)| (key.clone(), link.members.len() as u64));
    let mut per_group: BTreeMap<GroupKey, u64> = per_group.collect();
    let pushed: u64 = per_group.iter().filter(|(key, _)| !key.is_role()).map(|(_, members)| members).sum();
    let grants_by_group: u64 = per_group.values().sum::<u64>() - pushed;
    let deleted = decided.deleted.iter();
    per_group.extend(deleted.map(|(key, members)| (key.clone(), *members)));
    let grants_by_value: u64 = ledger.users.values().map(|link| link.roles.len() as u64).sum();
    Bases {
        accounts: ledger.users.values().filter(active).count() as u64,
        memberships: pushed,
        roles: grants_by_group + grants_by_value,
        links: cx.links().live(),
        per_group,
        holders: holders(cx),
        completed: cx.is_completed(),
        seen: cx.differ.seen.accounts,
        login_paths: identifying.iter().map(|path| path.key().clone()).collect(),
        adopted: adopted.collect(),
        begun: ledger.intents.iter().map(|intent| intent.key.clone()).collect(),
        source: shrunk::since_applied(cx.input.resolved.company, ledger),
    }
}

/// Active holders of every role with `min_members` or in a conflict policy: from the app, or from the ledger if the app
/// does not show them.
fn holders(cx: &Context) -> BTreeMap<RoleId, BTreeSet<UserId>> {
    let app = cx.input.desired.app;
    let of = |role: &RoleId| match app.role(role.as_str()).map(|role| &app.roles[role.index()].kind) {
        Some(RoleKind::Group(_)) => group_holders(cx, role),
        Some(RoleKind::Value(_) | RoleKind::Id(_)) | None => value_holders(cx, role),
    };
    let policies = cx.input.resolved.company.policies.iter();
    let in_conflict = policies.flat_map(|policy| {
        let PolicyRule::Conflict(roles) = &policy.rule;
        roles.iter().filter(|role| role.app == app.id).map(|role| &role.role)
    });
    let roles: BTreeSet<&RoleId> = app.guard.min_members.keys().chain(in_conflict).collect();
    roles.into_iter().map(|role| (role.clone(), of(role))).collect()
}

fn group_holders(cx: &Context, role: &RoleId) -> BTreeSet<UserId> {
    let (object, desired) = (Object::Role(role.clone()), cx.input.desired);
    let mut wanted = cx.differ.groups.iter();
    let (link, row) = match wanted.find(|group| desired.groups[group.place].object == object) {
        // A member of a group that this plan takes over holds the role already.
        Some(group) => group_found(cx, group),
        None => {
            let key = GroupKey::of(&object);
            let link = key.and_then(|key| cx.input.ledger.groups.get(&key));
            (link, link.and_then(|link| cx.differ.seen.groups.get(&link.remote)))
        }
    };
    let holders: Vec<LinkNo> = match row.map(|row| cx.members(row)) {
        Some(Seen::Is(members)) => members.iter().filter_map(|member| member_link(cx, member)).collect(),
        Some(Seen::None) => Vec::new(),
        None | Some(Seen::Unread(_)) => {
            let known = link.into_iter().flat_map(|link| &link.members);
            known.filter_map(|id| cx.links().of_id(cx.links().today(id))).collect()
        }
    };
    active(cx, holders)
}

fn value_holders(cx: &Context, role: &RoleId) -> BTreeSet<UserId> {
    let number = cx.input.desired.app.role(role.as_str());
    let holds = |link: &LinkNo| {
        let shown = cx.seen(*link).and_then(|seen| seen.findings.as_ref()?.roles.as_ref());
        match (shown, number) {
            (Some(shown), Some(number)) => shown.held.contains(&number),
            _ => cx.link(*link).roles.contains(role),
        }
    };
    active(cx, cx.links().numbers().filter(holds))
}

fn active(cx: &Context, links: impl IntoIterator<Item = LinkNo>) -> BTreeSet<UserId> {
    links.into_iter().filter(|link| cx.is_on(*link)).map(|link| cx.row(link).user.clone()).collect()
}
