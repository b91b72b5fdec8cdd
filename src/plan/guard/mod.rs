//! Guards: they count effects and hold back what is too much (safety.md 11, 12, 14). Every rule is one small function in
//! [`losses`] or [`changes`]; [`judge`] runs them all and is the only maker of an [`AppPlan`].

mod changes;
mod count;
pub(super) mod dependents;
mod limits;
mod losses;
mod min_members;
mod report;
mod source;

pub use report::{Allowance, GuardReport, Judged};

use crate::model::app::GuardLimits;
use crate::model::change::{Change, Verdict};
use crate::model::ledger::Losses;
use crate::model::time::Timestamp;

use super::draft::Draft;
use super::plan_type::{AppPlan, AppStatus, Seal};

/// What a judge has to know besides the draft.
pub struct Bench<'a> {
    /// The app's own limits.
    pub limits: &'a GuardLimits,
    /// What was lost in the last 24 hours: selectors, retries and cycles do not shrink the count.
    pub recent: &'a [Losses],
    /// `--allow APP:GUARD=N` for this app.
    pub allowed: &'a [Allowance],
    /// Now.
    pub at: Timestamp,
}

/// A guard: counts something in a draft and names the changes it would hold back.
type Rule = fn(&Draft, &Bench) -> Vec<Judged>;

/// All of them, in the order of the reports.
const RULES: &[Rule] = &[
    losses::deprovision,
    losses::leavers,
    losses::membership,
    losses::one_group,
    losses::revoke,
    changes::login,
    changes::update,
    changes::create,
];

/// Judges a draft. Guards hold back changes; a source guard stops the whole app.
pub fn judge(mut draft: Draft, bench: &Bench) -> AppPlan {
    draft.changes.sort_by(|a, b| a.key.cmp(&b.key));
    let mut reports = source::judge(&draft, bench);
    if let (None, Some(report)) = (&draft.stopped, reports.iter().find(|report| report.tripped)) {
        let sentence = report.sentence();
        let why = format!("{}; {}", sentence.trim_start_matches("source: "), report.hint());
        draft.stopped = Some((report.short_name(), why));
    }
    // Every guard sees what was planned, not what another guard left of it.
    let found: Vec<_> = RULES.iter().map(|rule| rule(&draft, bench)).collect();
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
    min_members::hold(&mut draft, bench.limits, &mut reports);
    dependents::hold(&mut draft.changes, &draft.work.needs);
    dependents::overdue(&mut draft, bench.at);
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

/// The first guard that holds a change keeps it.
fn hold_back(change: &mut Change, report: &GuardReport) {
    if change.verdict.is_do() {
        change.verdict = Verdict::Held { by: report.short_name().into(), why: report.sentence() };
    }
}
