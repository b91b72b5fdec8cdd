//! Guards count effects and hold changes back if there are too many (safety.md 11, 12, 14). The name, the count and the
//! limits of a guard are its row in [`model::guard`](crate::model::guard). [`RULES`] says how each is judged and what
//! it holds back. [`judge`] runs them all and is the only maker of an [`AppPlan`].

mod allowances;
mod count;
pub(super) mod dependents;
mod held;
mod held_value;
mod holders;
mod input;
mod leavers;
mod min_members;
mod power;
mod remembered;
mod report;
mod rules;
mod source_guard;
mod undo;

pub use holders::{Holders, TooFew};
pub use input::GuardInput;
pub use report::{Allowance, GuardReport, Judged};

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::UserId;
use crate::model::change::{Change, Object, Verdict};
use crate::model::guard::Guard;
use crate::model::ledger::LedgerUpdate;

use super::draft::Draft;
use super::plan_type::{AppPlan, AppStatus, Seal};
use super::widened;
use rules::Rule;
use undo::Undone;

/// The guards over changes, in the order of the reports. If several hold a change, the first one keeps it. Each holds the
/// changes that it counted.
const RULES: &[Rule] = &[
    Rule::LossesOfPower,
    Rule::GainsOfPower,
    Rule::Total(Guard::Takeover),
    Rule::Total(Guard::Deprovision),
    Rule::LeaversOfEachCommit,
    Rule::Total(Guard::Membership),
    Rule::Total(Guard::Revoke),
    Rule::EachGroup,
    Rule::Total(Guard::Login),
    Rule::EachAttribute(Guard::Update),
    Rule::Total(Guard::Unmatched),
    Rule::Total(Guard::Create),
];

/// The commits to read before a draft is judged: none on an ordinary day.
pub fn commits(draft: &Draft, input: &GuardInput) -> BTreeSet<Arc<str>> {
    undo::commits(draft, input).into_iter().chain(leavers::commits(draft, input)).collect()
}

/// Judges a draft. Guards hold back changes; a source guard stops the whole app.
pub fn judge(mut draft: Draft, given: &GuardInput) -> AppPlan {
    let holds = held::today(&draft, given.holds, given.key);
    let input = &GuardInput { holds: &holds, ..*given };
    draft.changes.sort_by(|a, b| a.key.cmp(&b.key));
    held::count_what_was_begun(&mut draft, &holds);
    let mut reports = source_guard::judge(&draft, input);
    if let (None, Some(report)) = (&draft.stopped, reports.iter().find(|report| report.tripped)) {
        let sentence = report.sentence();
        let why = format!("{}; {}", sentence.trim_start_matches("source: "), report.hint());
        draft.stopped = Some((report.guard.short_name(), why));
    }
    let undone = undo::taken_back(&draft, input);
    draft.notices.extend(undone.iter().map(Undone::notice));
    draft.bases.undone = undone.into_iter().flat_map(Undone::removals).collect();
    draft.bases.typed_by = leavers::typed_by(&draft, input);
    // Every guard sees what was planned, not what another guard left of it.
    let waits = power::waits(&draft, input);
    let mut found: Vec<Judged> = RULES.iter().flat_map(|rule| rule.judge(&draft, input)).collect();
    found.extend(held::again(&draft, input, &found));
    allow(&mut found, input.allowed);
    let held = held::work(&draft, given.holds, input, &found);
    let mut allowed = BTreeSet::new();
    for Judged { report, hold, .. } in found {
        for index in hold {
            if report.tripped {
                hold_back(&mut draft.changes[index], &report);
            } else if report.allowed {
                allowed.insert(index);
            }
        }
        reports.push(report);
    }
    power::order(&mut draft, waits);
    reports.extend(min_members::hold(&mut draft, input.limits));
    dependents::hold(&mut draft.changes, &draft.work.needs, &draft.work.falls);
    draft.work.losses = remembered::losses(&draft, &allowed);
    dependents::overdue(&mut draft, input.at);
    draft.notices.extend(allowances::unused(&draft.app, &reports, input.allowed));
    if draft.stopped.is_none() {
        draft.notices.extend(widened::notices(&draft.bases.widening, &draft.changes));
    }
    draft.notices.sort();
    draft.notices.dedup();
    draft.coming.sort();
    let status = match draft.stopped.take() {
        None => {
            draft.work.held = Some(held);
            AppStatus::Planned
        }
        Some((by, why)) => {
            for place in 0..draft.changes.len() {
                if !draft.goes_on(&draft.changes[place]) {
                    let verdict = Verdict::Held { by: by.clone().into(), why: why.clone() };
                    draft.changes[place].verdict = verdict;
                }
            }
            only_for_what_is_left(&mut draft);
            AppStatus::Stopped { by, why }
        }
    };
    AppPlan {
        app: draft.app,
        endpoint: draft.endpoint,
        status,
        changes: draft.changes,
        notices: draft.notices,
        guards: reports,
        coming: draft.coming,
        people: draft.people,
        accounts: draft.bases.seen,
        work: draft.work,
        seal: Seal,
    }
}

/// Lets a guard pass whose number is allowed: one number for all its groups, roles and attributes.
fn allow(found: &mut [Judged], allowed: &[Allowance]) {
    let mut people: BTreeMap<Guard, BTreeSet<&Object>> = BTreeMap::new();
    for judged in found.iter().filter(|judged| judged.report.tripped) {
        people.entry(judged.report.guard).or_default().extend(&judged.people);
    }
    let people: BTreeMap<Guard, u64> =
        people.into_iter().map(|(guard, people)| (guard, people.len() as u64)).collect();
    let over = found.iter_mut().map(|judged| &mut judged.report).filter(|report| report.tripped);
    for report in over {
        report.settle(people.get(&report.guard).copied().unwrap_or_default(), allowed);
    }
}

/// Of an app that is stopped, the ledger learns nothing but what the changes need that go on.
fn only_for_what_is_left(draft: &mut Draft) {
    let left = draft.changes.iter().filter(|change| change.verdict.is_do());
    let left: BTreeSet<&UserId> = left.filter_map(|change| change.key.person()).collect();
    let is_needed =
        |update: &LedgerUpdate| matches!(update, LedgerUpdate::MoveUser { to, .. } if left.contains(to));
    draft.work.observed.retain(is_needed);
    draft.work.lapses.clear();
}

/// Holds a change back, unless an earlier guard holds it already.
fn hold_back(change: &mut Change, report: &GuardReport) {
    if change.verdict.is_do() {
        change.verdict = Verdict::Held { by: report.guard.short_name().into(), why: report.sentence() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::guard::Counts;

    #[test]
    fn every_guard_over_changes_has_a_rule() {
        for guard in Guard::ALL {
            let of_changes = matches!(guard.row().counts, Counts::Losses(_) | Counts::Changes(_));
            let is_of = |rule: &&Rule| match rule {
                Rule::Total(one) | Rule::EachAttribute(one) => *one == guard,
                Rule::LeaversOfEachCommit => guard == Guard::Leavers,
                Rule::EachGroup | Rule::LossesOfPower | Rule::GainsOfPower => false,
            };
            assert_eq!(RULES.iter().filter(is_of).count(), usize::from(of_changes), "{guard}");
        }
    }
}
