//! Two people who would fight over one account: the same matching value in one app (safety.md 3).

use std::collections::BTreeMap;

use rayon::prelude::*;

use super::Resolved;
use super::desired::DesiredApp;
use crate::model::path::Path;
use crate::model::value::Value;
use crate::model::{Diagnostic, UserNo};

/// One error per value that two desired people share.
pub fn findings(resolved: &Resolved) -> Vec<Diagnostic> {
    resolved
        .apps
        .par_iter()
        .map(of_app)
        .collect::<Vec<_>>()
        .into_iter()
        .flatten()
        .collect()
}

fn of_app(desired: &DesiredApp) -> Vec<Diagnostic> {
    let with_account: Vec<UserNo> = (&desired.active | &desired.suspended)
        .iter()
        .map(UserNo)
        .collect();
    let values: Vec<_> = with_account
        .par_iter()
        .map(|user| (*user, desired.matching(*user)))
        .collect();
    let mut first: BTreeMap<(Path, String), UserNo> = BTreeMap::new();
    let mut found = Vec::new();
    for (user, matching) in values {
        for (path, value) in matching {
            let folded = fold(&value);
            match first.entry((path.clone(), folded)) {
                std::collections::btree_map::Entry::Vacant(entry) => _ = entry.insert(user),
                std::collections::btree_map::Entry::Occupied(entry) => {
                    found.push(twins(desired, *entry.get(), user, &path, &value));
                }
            }
        }
    }
    found
}

/// The form in which matching values compare: without case, whatever the app's schema says.
pub fn fold(value: &Value) -> String {
    value.to_string().to_lowercase()
}

fn twins(desired: &DesiredApp, first: UserNo, second: UserNo, path: &Path, value: &Value) -> Diagnostic {
    let [first, second] = [first, second].map(|user| &desired.company.users[user.index()]);
    let message = format!(
        "{} and {} would have the same {path} in app {}: \"{value}\"",
        first.id, second.id, desired.app.id
    );
    Diagnostic::error("same-matching-value", second.span, message)
        .with_related(first.span, "the other one")
        .with_hint("a matching attribute tells people apart: give them different values, or match by another attribute")
}
