//! The source guard: a repository that lost people stops the app (safety.md 11, 12).

use super::count::Count;
use super::input::GuardInput;
use super::report::GuardReport;
use crate::model::guard::{GONE_FILE, Guard};
use crate::model::limit::{Term, Terms};
use crate::plan::draft::Draft;
use crate::plan::shrunk::{Part, Shrunk};

/// Judges every part that lost people; returns the reports that tripped or were allowed.
pub(super) fn judge(draft: &Draft, input: &GuardInput) -> Vec<GuardReport> {
    let reports = draft.bases.source.iter().map(|shrunk| judge_one(draft, input, shrunk));
    reports.filter(GuardReport::is_over).collect()
}

fn judge_one(draft: &Draft, input: &GuardInput, shrunk: &Shrunk) -> GuardReport {
    let terms = match shrunk.part {
        Part::Empty => Terms::from(Term::Number { least: 0, percent: 0 }),
        Part::GoneFile(_) => Terms::from(GONE_FILE),
        Part::People | Part::File(_) => Guard::Source.terms(input.limits.of(Guard::Source)),
    };
    let of = match &shrunk.part {
        Part::Empty | Part::People => None,
        Part::File(file) => Some(file.clone()),
        Part::GoneFile(file) => Some(format!("{file} is gone")),
    };
    // A repository without any people is never intended: an app is given up with `removed:`.
    let allowed = if shrunk.part == Part::Empty { &[] } else { input.allowed };
    let count = Count {
        guard: Guard::Source,
        of,
        count: shrunk.missing,
        recent: 0,
        base: shrunk.before,
        first: Vec::new(),
    };
    count.judge(draft, &terms, allowed)
}
