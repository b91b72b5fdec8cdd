//! `--allow` with a number that fits nothing lets nothing pass, and the plan says so with the number that would (safety.md 11).

use super::report::{Allowance, GuardReport};
use crate::model::AppId;
use crate::model::words::count;
use crate::plan::notice::{Notice, NoticeKind};

/// A notice for each allowance of a guard that none of the given numbers lets pass.
pub(super) fn unused(app: &AppId, reports: &[GuardReport], allowed: &[Allowance]) -> Vec<Notice> {
    let is_used = |one: &Allowance| reports.iter().any(|report| report.guard == one.guard && report.allowed);
    let right = |one: &Allowance| {
        let held = reports.iter().find(|report| report.guard == one.guard && report.tripped);
        held.and_then(|report| report.allow)
    };
    let unused = allowed.iter().filter(|one| !is_used(one));
    unused.map(|one| notice(app, one, right(one))).collect()
}

/// `right` is the number of people whom the guard holds.
fn notice(app: &AppId, one: &Allowance, right: Option<u64>) -> Notice {
    let option = format!("--allow {app}:{}", one.guard);
    let nothing = format!("{option}={} lets nothing pass: the guard holds", one.count);
    match right {
        None => Notice::of_app(NoticeKind::Advice, format!("{nothing} nobody in this plan"), None),
        // Where nobody is declared any more, no number lets anything pass.
        Some(right) if right == one.count => {
            let text = format!("{option}={} lets nothing pass: no number does", one.count);
            Notice::of_app(NoticeKind::NotReleased, text, None)
        }
        Some(right) => {
            let text = format!("{nothing} {}", count(right as usize, "person", "people"));
            let hint = format!("if all of them are meant, repeat with {option}={right}");
            Notice::of_app(NoticeKind::NotReleased, text, Some(hint))
        }
    }
}
