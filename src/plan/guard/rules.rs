//! One function per guard. Each counts something in a draft and names the changes it would hold back.

use std::collections::BTreeMap;

use super::Bench;
use super::limits::{self, Default};
use super::report::{GuardReport, Judged};
use crate::model::app::Limit;
use crate::model::change::{Change, ChangeKind, Facet, Object};
use crate::plan::draft::Draft;

/// A guard.
pub type Rule = fn(&Draft, &Bench) -> Vec<Judged>;

/// All of them, in the order of the reports.
pub const ALL: &[Rule] = &[
    deprovision,
    leavers,
    membership,
    one_group,
    revoke,
    login,
    update,
    create,
];

/// People who lose their account without having been declared to leave.
fn deprovision(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let default = Default {
        count: Some(10),
        share: 1,
        percent: Some(5),
    };
    let counted = select(draft, |change| {
        is_account_loss(change) && !change.cause.is_declared()
    });
    let hold = implicit_losses(draft);
    one(
        draft,
        bench,
        "deprovision",
        bench.limits.deprovision,
        default,
        draft.bases.accounts,
        counted,
        hold,
    )
}

/// People who lose their account because it was declared: no limit unless set.
fn leavers(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let default = Default {
        count: None,
        share: 0,
        percent: None,
    };
    let counted = select(draft, |change| {
        is_account_loss(change) && change.cause.is_declared()
    });
    let hold = counted.clone();
    one(
        draft,
        bench,
        "leavers",
        bench.limits.leavers,
        default,
        draft.bases.accounts,
        counted,
        hold,
    )
}

/// Memberships removed, all members of a deleted group among them.
fn membership(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let default = Default {
        count: Some(25),
        share: 5,
        percent: Some(25),
    };
    let counted = select(draft, |change| is_implicit(change, ChangeKind::MemberRemove));
    let hold = implicit_losses(draft);
    let base = draft.bases.memberships;
    let mut judged = one(
        draft,
        bench,
        "membership",
        bench.limits.membership,
        default,
        base,
        counted,
        hold,
    );
    let deleted = select(draft, |change| change.kind == ChangeKind::GroupDelete);
    if !deleted.is_empty() {
        let members = |index: &usize| {
            draft
                .bases
                .per_group
                .get(&draft.changes[*index].key.object.to_string())
        };
        let more: u64 = deleted.iter().filter_map(members).sum();
        let hold = implicit_losses(draft);
        let report = judged.first().map(|first| first.report.clone());
        let mut report = report.unwrap_or_else(|| blank(draft, "membership", base));
        report.count += more;
        let limit = default.with(bench.limits.membership, base);
        (report.limit, report.percent) = (limit.count, limit.percent);
        let over = limits::is_over(limit, report.count + report.recent, base);
        limits::decide(&mut report, over, bench.allowed);
        judged = vec![Judged { report, hold }];
    }
    judged
}

/// Memberships removed from any one group above eight.
fn one_group(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let percent = bench.limits.membership.percent.or(Some(25));
    let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for index in select(draft, |change| is_implicit(change, ChangeKind::MemberRemove)) {
        groups
            .entry(draft.changes[index].key.object.to_string())
            .or_default()
            .push(index);
    }
    let mut judged = Vec::new();
    for (group, counted) in groups {
        let base = draft.bases.per_group.get(&group).copied().unwrap_or(0);
        let mut report = GuardReport {
            of: Some(group),
            percent,
            ..blank(draft, "membership", base)
        };
        report.count = counted.len() as u64;
        report.first = first_ten(draft, &counted);
        let over = base > 8 && limits::is_over(Limit { count: None, percent }, report.count, base);
        limits::decide(&mut report, over, bench.allowed);
        if over {
            judged.push(Judged {
                report,
                hold: counted,
            });
        }
    }
    judged
}

/// Roles revoked.
fn revoke(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let default = Default {
        count: Some(25),
        share: 5,
        percent: Some(25),
    };
    let counted = select(draft, |change| is_implicit(change, ChangeKind::RoleRevoke));
    let hold = implicit_losses(draft);
    one(
        draft,
        bench,
        "revoke",
        bench.limits.revoke,
        default,
        draft.bases.roles,
        counted,
        hold,
    )
}

/// Attributes people sign in with.
fn login(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let default = Default {
        count: Some(5),
        share: 0,
        percent: Some(2),
    };
    let counted = select(draft, |change| match &change.key.facet {
        Facet::Attribute(path) => {
            matches!(change.key.object, Object::User(_)) && draft.bases.login_paths.contains(path)
        }
        _ => false,
    });
    let hold = counted.clone();
    one(
        draft,
        bench,
        "login",
        bench.limits.login,
        default,
        draft.bases.accounts,
        counted,
        hold,
    )
}

/// One attribute changed on a large part of all accounts.
fn update(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let default = Default {
        count: None,
        share: 0,
        percent: Some(25),
    };
    let mut attributes: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (index, change) in draft.changes.iter().enumerate() {
        if let (Object::User(_), Facet::Attribute(path), true) =
            (&change.key.object, &change.key.facet, change.verdict.is_do())
        {
            attributes.entry(path).or_default().push(index);
        }
    }
    attributes
        .into_iter()
        .flat_map(|(path, counted)| {
            let hold = counted.clone();
            let base = draft.bases.accounts;
            let mut judged = one(
                draft,
                bench,
                "update",
                bench.limits.update,
                default,
                base,
                counted,
                hold,
            );
            judged
                .iter_mut()
                .for_each(|judged| judged.report.of = Some(path.to_owned()));
            judged.retain(|judged| judged.report.tripped || judged.report.allowed);
            judged
        })
        .collect()
}

/// Accounts created: stops only if both limits are passed; not before the first completed apply, but re-creates always.
fn create(draft: &Draft, bench: &Bench) -> Vec<Judged> {
    let counted = select(draft, |change| change.kind == ChangeKind::Create);
    let limit = Limit {
        count: bench.limits.create.count.or(Some(20)),
        percent: bench.limits.create.percent.or(Some(25)),
    };
    let base = draft.bases.links;
    let mut report = GuardReport {
        limit: limit.count,
        percent: limit.percent,
        ..blank(draft, "create", base)
    };
    report.count = if draft.bases.completed {
        counted.len() as u64
    } else {
        draft.bases.recreated
    };
    if report.count == 0 {
        return Vec::new();
    }
    report.first = first_ten(draft, &counted);
    let over_count = limit.count.is_some_and(|most| report.count > most);
    let over_percent = limit
        .percent
        .is_some_and(|percent| report.count * 100 > percent * base);
    limits::decide(&mut report, over_count && over_percent, bench.allowed);
    let people: Vec<_> = counted
        .iter()
        .map(|index| draft.changes[*index].key.object.clone())
        .collect();
    let hold = select(draft, |change| people.contains(&change.key.object));
    vec![Judged { report, hold }]
}

fn is_account_loss(change: &Change) -> bool {
    matches!(change.kind, ChangeKind::Disable | ChangeKind::Delete)
}

fn is_implicit(change: &Change, kind: ChangeKind) -> bool {
    change.kind == kind && !change.cause.is_declared()
}

/// Places of the changes that are to be done and that `which` picks.
fn select(draft: &Draft, which: impl Fn(&Change) -> bool) -> Vec<usize> {
    let picked =
        |(index, change): (usize, &Change)| (change.verdict.is_do() && which(change)).then_some(index);
    draft.changes.iter().enumerate().filter_map(picked).collect()
}

/// What a tripped count guard holds back: everything somebody would lose without it being declared.
fn implicit_losses(draft: &Draft) -> Vec<usize> {
    select(draft, |change| {
        change.kind.is_loss() && !change.cause.is_declared()
    })
}

fn blank(draft: &Draft, guard: &str, base: u64) -> GuardReport {
    GuardReport {
        guard: guard.to_owned(),
        of: None,
        count: 0,
        recent: 0,
        base,
        limit: None,
        percent: None,
        tripped: false,
        allowed: false,
        first: Vec::new(),
        app: draft.app.to_string(),
    }
}

fn first_ten(draft: &Draft, counted: &[usize]) -> Vec<String> {
    counted
        .iter()
        .take(10)
        .map(|index| subject(draft, &draft.changes[*index]))
        .collect()
}

/// Whom a change is about, for people.
fn subject(draft: &Draft, change: &Change) -> String {
    let id = match (&change.key.facet, &change.key.object) {
        (Facet::Member(user), _) | (_, Object::User(user)) => user,
        (Facet::Stranger(remote), _) | (_, Object::Account(remote)) => return format!("account {remote}"),
        (_, object) => return object.to_string(),
    };
    match draft.people.get(id) {
        Some(name) => format!("{id} ({name})"),
        None => id.to_string(),
    }
}

/// The common shape: count, compare, report.
#[allow(clippy::too_many_arguments)] // one call per guard; a struct would only name the same eight things twice
fn one(
    draft: &Draft,
    bench: &Bench,
    guard: &str,
    set: Limit,
    default: Default,
    base: u64,
    counted: Vec<usize>,
    hold: Vec<usize>,
) -> Vec<Judged> {
    if counted.is_empty() {
        return Vec::new();
    }
    let limit = default.with(set, base);
    let mut report = GuardReport {
        limit: limit.count,
        percent: limit.percent,
        ..blank(draft, guard, base)
    };
    report.count = counted.len() as u64;
    report.recent = recent(bench, guard);
    report.first = first_ten(draft, &counted);
    let over = limits::is_over(limit, report.count + report.recent, base);
    limits::decide(&mut report, over, bench.allowed);
    vec![Judged { report, hold }]
}

/// Losses of the last 24 hours under this guard.
fn recent(bench: &Bench, guard: &str) -> u64 {
    let horizon = bench.at.as_second() - crate::model::ledger::LOSS_WINDOW_HOURS * 3600;
    let young = bench
        .recent
        .iter()
        .filter(|losses| losses.at.as_second() > horizon);
    young.filter_map(|losses| losses.counts.get(guard)).sum()
}
