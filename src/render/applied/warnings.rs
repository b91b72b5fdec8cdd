//! What was held while a plan was carried out, in one line each.

use std::collections::BTreeMap;

use crate::model::op::OutcomeKind;
use crate::model::result::{HELD_BY_SIDE_EFFECT, RunResult};
use crate::render::figures::counted;
use crate::render::warnings::Warning;

/// The changes that were not sent because of a side effect of another one, by app and reason.
pub fn warnings(result: &RunResult) -> Vec<Warning> {
    let mut held: BTreeMap<(&str, &str), u64> = BTreeMap::new();
    for app in &result.apps {
        let not_sent = app.changes.iter().filter(|change| change.outcome == OutcomeKind::NotSent);
        for why in not_sent.filter_map(|change| change.why.as_deref()) {
            if why.starts_with(HELD_BY_SIDE_EFFECT) {
                *held.entry((app.app.as_str(), why)).or_default() += 1;
            }
        }
    }
    let warning = |((app, why), count): ((&str, &str), u64)| {
        let text = format!("app {app}: {} {why}", counted(count, "change is", "changes are"));
        Warning { code: "change-held", text, place: None }
    };
    held.into_iter().map(warning).collect()
}
