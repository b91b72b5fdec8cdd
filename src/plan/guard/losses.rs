//! Guards over what people lose: accounts, memberships, roles.

use std::collections::BTreeMap;

use super::Bench;
use super::count::{
    Count, blank, first_ten, implicit_losses, is_account_loss, is_implicit, recent_of, select,
};
use super::limits::{self, Default};
use super::report::{GuardReport, Judged};
use crate::model::app::Limit;
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::plan::draft::Draft;

/// `max(25, 5 %)` / 25 % (safety.md 11).
const MEMBERS: Default = Default { count: Some(25), share: 5, percent: Some(25) };

/// One group alone is judged above this many members.
const SMALL_GROUP: u64 = 8;

/// People who lose their account without having been declared to leave.
pub fn deprovision(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let counted = select(draft, |change| is_account_loss(change) && !change.cause.is_declared());
    let count = Count {
        guard: "deprovision",
        set: bench.limits.deprovision,
        default: Default { count: Some(10), share: 1, percent: Some(5) },
        base: draft.bases.accounts,
        counted,
        more: 0,
        hold: implicit_losses(draft),
    };
    count.judge(draft, bench)
}

/// People who lose their account because it was declared: no limit unless set.
pub fn leavers(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let counted = select(draft, |change| is_account_loss(change) && change.cause.is_declared());
    let count = Count {
        guard: "leavers",
        set: bench.limits.leavers,
        default: Default { count: None, share: 0, percent: None },
        base: draft.bases.accounts,
        hold: counted.clone(),
        counted,
        more: 0,
    };
    count.judge(draft, bench)
}

/// Memberships removed, all members of a deleted group among them.
pub fn membership(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let counted = select(draft, |change| {
        is_implicit(change, ChangeKind::MemberRemove) || change.kind == ChangeKind::GroupDelete
    });
    let deleted = counted.iter().map(|index| &draft.changes[*index]);
    let deleted = deleted.filter(|change| change.kind == ChangeKind::GroupDelete);
    // The group itself is counted already; one without members still takes something away.
    let more = deleted.map(|change| members_of(draft, change).saturating_sub(1)).sum();
    let count = Count {
        guard: "membership",
        set: bench.limits.membership,
        default: MEMBERS,
        base: draft.bases.memberships,
        counted,
        more,
        hold: implicit_losses(draft),
    };
    count.judge(draft, bench)
}

/// Roles revoked.
pub fn revoke(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let count = Count {
        guard: "revoke",
        set: bench.limits.revoke,
        default: MEMBERS,
        base: draft.bases.roles,
        counted: select(draft, |change| is_implicit(change, ChangeKind::RoleRevoke)),
        more: 0,
        hold: implicit_losses(draft),
    };
    count.judge(draft, bench)
}

/// Removals from any one group above eight, roles that are groups included.
pub fn one_group(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in select(draft, |change| change.kind.is_loss() && !change.cause.is_declared()) {
        if let Some(group) = group_of(draft, &draft.changes[index]) {
            groups.entry(group).or_default().push(index);
        }
    }
    let judged = groups.into_iter().filter_map(|(group, counted)| {
        let members = draft.bases.per_group.get(&group).copied().unwrap_or(0);
        let recent = recent_of(bench, &group);
        // Of the members it had when the window began.
        let base = members.saturating_add(recent);
        let guard = if group.starts_with("role:") { "revoke" } else { "membership" };
        let set = if guard == "revoke" { bench.limits.revoke } else { bench.limits.membership };
        let limit = Limit { count: None, percent: set.percent.or(MEMBERS.percent) };
        let deleted = counted.iter().any(|index| draft.changes[*index].kind == ChangeKind::GroupDelete);
        let mut report = GuardReport {
            of: Some(group),
            percent: limit.percent,
            count: if deleted { members } else { counted.len() as u64 },
            recent,
            first: first_ten(draft, &counted),
            ..blank(draft, guard, base)
        };
        let lost = report.count.saturating_add(recent);
        let over = base > SMALL_GROUP && limits::is_over(limit, lost, base);
        limits::decide(&mut report, over, bench.allowed);
        over.then_some(Judged { report, hold: counted })
    });
    judged.collect()
}

fn members_of(draft: &Draft, change: &Change) -> u64 {
    let members = draft.bases.per_group.get(&change.key.object.to_string());
    members.copied().unwrap_or(0)
}

/// The managed group somebody loses something of.
fn group_of(draft: &Draft, change: &Change) -> Option<String> {
    let group = match (change.kind, &change.key.facet) {
        (ChangeKind::MemberRemove | ChangeKind::GroupDelete, _) => change.key.object.to_string(),
        (ChangeKind::RoleRevoke, Facet::Role(role)) => Object::Role(role.clone()).to_string(),
        _ => return None,
    };
    draft.bases.per_group.contains_key(&group).then_some(group)
}
