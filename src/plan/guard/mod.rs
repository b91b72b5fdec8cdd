//! Guards count effects and hold changes back if there are too many (safety.md 11, 12, 14). The name, the count and the
//! limits of a guard are its row in [`model::guard`](crate::model::guard). [`RULES`] says how each is judged and what
//! it holds back. [`judge`] runs them all and is the only maker of an [`AppPlan`].

mod count;
pub(super) mod dependents;
mod holders;
mod input;
mod min_members;
mod report;
mod rules;
mod source_guard;

pub use holders::{Holders, TooFew};
pub use input::GuardInput;
pub use report::{Allowance, GuardReport, Judged};

use crate::model::change::{Change, Verdict};
use crate::model::guard::Guard;

use super::draft::Draft;
use super::plan_type::{AppPlan, AppStatus, Seal};
use rules::{Hold, Rule};

/// The guards over changes, in the order of the reports. If several hold a change, the first one keeps it.
const RULES: &[Rule] = &[
    Rule::Total(Guard::Deprovision, Hold::UndeclaredLosses),
    Rule::Total(Guard::Leavers, Hold::Counted),
    Rule::Total(Guard::Membership, Hold::UndeclaredLosses),
    Rule::EachGroup,
    Rule::Total(Guard::Revoke, Hold::UndeclaredLosses),
    Rule::Total(Guard::Login, Hold::Counted),
    Rule::EachAttribute(Guard::Update),
    Rule::Total(Guard::Create, Hold::TheirChanges),
];

/// Judges a draft. Guards hold back changes; a source guard stops the whole app.
pub fn judge(mut draft: Draft, input: &GuardInput) -> AppPlan {
    draft.changes.sort_by(|a, b| a.key.cmp(&b.key));
    let mut reports = source_guard::judge(&draft, input);
    if let (None, Some(report)) = (&draft.stopped, reports.iter().find(|report| report.tripped)) {
        let sentence = report.sentence();
        let why = format!("{}; {}", sentence.trim_start_matches("source: "), report.hint());
        draft.stopped = Some((report.guard.short_name(), why));
    }
    // Every guard sees what was planned, not what another guard left of it.
    let found: Vec<_> = RULES.iter().map(|rule| rule.judge(&draft, input)).collect();
    for found in found {
        for Judged { report, hold } in found {
            if report.tripped {
                for index in hold {
                    hold_back(&mut draft.changes[index], &report);
                }
            }
            reports.push(report);
        }
    }
    reports.extend(min_members::hold(&mut draft, input.limits));
    dependents::hold(&mut draft.changes, &draft.work.needs);
    dependents::overdue(&mut draft, input.at);
    draft.notices.sort();
    draft.notices.dedup();
    draft.coming.sort();
    let status = match draft.stopped.take() {
        None => AppStatus::Planned,
        Some((by, why)) => {
            for change in &mut draft.changes {
                change.verdict = Verdict::Held { by: by.clone().into(), why: why.clone() };
            }
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
            let is_of = |rule: &&Rule| matches!(rule, Rule::Total(one, _) | Rule::EachAttribute(one) if *one == guard);
            assert_eq!(RULES.iter().filter(is_of).count(), usize::from(of_changes), "{guard}");
        }
    }
}
