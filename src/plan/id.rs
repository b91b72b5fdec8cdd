//! The plan's id: a hash of the changes. It contains no commit, line number, ledger version, count, warning or time, so
//! the same access change has the same id before and after a squash merge.

use super::plan_type::{AppPlan, AppStatus};
use crate::model::change::{Change, Shown, Verdict};
use crate::model::hash::HashKey;

/// The id of these app plans: 16 hexadecimal digits.
pub fn of(key: &HashKey, apps: &[AppPlan]) -> String {
    let mut texts = vec!["rolecall plan".to_owned()];
    for app in apps {
        let status = match &app.status {
            AppStatus::Planned => "planned",
            AppStatus::Unreadable { .. } => "unreadable",
            AppStatus::Stopped { .. } => "stopped",
            AppStatus::Disabled => "disabled",
        };
        texts.extend([app.app.to_string(), app.endpoint.to_string(), status.to_owned()]);
        for change in &app.changes {
            feed(&mut texts, change);
        }
    }
    key.texts(texts.iter().map(String::as_str)).to_string()
}

fn feed(texts: &mut Vec<String>, change: &Change) {
    let verdict = match &change.verdict {
        Verdict::Do => "do",
        Verdict::Held { by, .. } => by,
    };
    texts.extend([
        change.key.to_string(),
        change.kind.as_str().to_owned(),
        hash(&change.old),
        hash(&change.new),
        change.cause.as_str().to_owned(),
        verdict.to_owned(),
    ]);
    for setting in &change.sets {
        texts.extend([setting.path.to_string(), hash(&setting.value)]);
    }
    texts.push("end of change".to_owned());
}

fn hash(shown: &Shown) -> String {
    shown.hash.map_or_else(|| "-".to_owned(), |hash| hash.to_string())
}
