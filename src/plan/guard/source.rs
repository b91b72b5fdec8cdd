//! The source guard: a repository that lost people stops the app (safety.md 11, 12).

use super::Bench;
use super::count::blank;
use super::limits::{self, Default};
use super::report::GuardReport;
use crate::model::app::Limit;
use crate::plan::draft::Draft;
use crate::plan::source::{Shrunk, Source};

/// A file that is gone may have declared this many users who are declared nowhere else.
const GONE_FILE: u64 = 3;

/// Judges everything that shrank; what tripped or was allowed.
pub fn judge(draft: &Draft, bench: &Bench) -> Vec<GuardReport> {
    let reports = draft.bases.source.iter().map(|shrunk| one(draft, bench, shrunk));
    reports.filter(|report| report.tripped || report.allowed).collect()
}

fn one(draft: &Draft, bench: &Bench, shrunk: &Shrunk) -> GuardReport {
    let default = Default { count: Some(10), share: 5, percent: None };
    let mut report = blank(draft, "source", shrunk.before);
    report.count = shrunk.missing;
    let limit = match shrunk.what {
        Source::Empty => Limit { count: Some(0), percent: None },
        Source::GoneFile(_) => Limit { count: Some(GONE_FILE), percent: None },
        Source::People | Source::File(_) => default.with(bench.limits.source, shrunk.before),
    };
    (report.limit, report.percent) = (limit.count, limit.percent);
    report.of = match &shrunk.what {
        Source::Empty | Source::People => None,
        Source::File(file) => Some(file.clone()),
        Source::GoneFile(file) => Some(format!("{file} is gone")),
    };
    let over = limits::is_over(limit, report.count, shrunk.before);
    // Nobody declared at all is never meant: an app is given up with `removed:`.
    let allowed = if shrunk.what == Source::Empty { &[] } else { bench.allowed };
    limits::decide(&mut report, over, allowed);
    report
}
