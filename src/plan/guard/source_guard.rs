//! The source guard: a repository that lost people stops the app (safety.md 11, 12).

use super::input::GuardInput;
use super::report::GuardReport;
use crate::model::guard::{GONE_FILE, Guard};
use crate::model::limit::Terms;
use crate::plan::draft::Draft;
use crate::plan::shrunk::{Part, Shrunk};

/// Judges every part that lost people; returns the reports that tripped or were allowed.
pub(super) fn judge(draft: &Draft, input: &GuardInput) -> Vec<GuardReport> {
    let reports = draft.bases.source.iter().map(|shrunk| judge_one(draft, input, shrunk));
    let mut over: Vec<GuardReport> = reports.filter(|report| report.tripped).collect();
    let is_empty = draft.bases.source.iter().any(|shrunk| shrunk.part == Part::Empty);
    // The files together lost these people, or the repository as a whole did.
    let in_files = over.iter().filter(|report| report.of.is_some()).map(|report| report.count);
    let in_files = in_files.fold(0, u64::saturating_add);
    let in_all = over.iter().filter(|report| report.of.is_none()).map(|report| report.count).max();
    let gone = draft.bases.source.iter().find(|shrunk| shrunk.part == Part::People).map(|all| all.missing);
    let people = in_files.min(gone.unwrap_or(u64::MAX)).max(in_all.unwrap_or(0));
    // A repository without any people is never intended: an app is given up with `removed:`.
    let allowed = if is_empty { &[] } else { input.allowed };
    over.iter_mut().for_each(|report| report.settle(people, allowed));
    over
}

fn judge_one(draft: &Draft, input: &GuardInput, shrunk: &Shrunk) -> GuardReport {
    let terms = match shrunk.part {
        Part::GoneFile(_) => Terms::from(GONE_FILE),
        Part::Empty | Part::People | Part::File(_) => Guard::Source.terms(input.limits.of(Guard::Source)),
    };
    let of = match &shrunk.part {
        Part::Empty | Part::People => None,
        Part::File(file) => Some(file.clone()),
        Part::GoneFile(file) => Some(format!("{file} is gone")),
    };
    let is_empty = shrunk.part == Part::Empty;
    let most = terms.most(shrunk.before).filter(|_| !is_empty);
    GuardReport {
        guard: Guard::Source,
        of,
        count: shrunk.missing,
        recent: 0,
        base: shrunk.before,
        limit: most.map(|most| most.number),
        share: most.and_then(|most| most.share),
        tripped: is_empty || most.is_some_and(|most| shrunk.missing > most.number),
        allowed: false,
        allow: None,
        since: None,
        first: shrunk.people.iter().take(10).map(ToString::to_string).collect(),
        app: draft.app.to_string(),
    }
}
