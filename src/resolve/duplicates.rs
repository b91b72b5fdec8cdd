//! Two people who would fight over one account: the same matching or unique value in one app (safety.md 3); and two
//! desired groups that would fight over one group of the app (safety.md 4).

use std::collections::btree_map::Entry;
use std::collections::{BTreeMap, HashMap, hash_map};
use std::sync::Arc;

use rayon::prelude::*;

use super::desired::DesiredApp;
use crate::catalog::Meaning;
use crate::model::folded::folded;
use crate::model::path::Path;
use crate::model::value::Value;
use crate::model::{Diagnostic, UserNo};

/// One error per value that two desired people share.
pub(super) fn findings(apps: &[DesiredApp]) -> Vec<Diagnostic> {
    apps.par_iter().map(of_app).collect::<Vec<_>>().into_iter().flatten().collect()
}

fn of_app(desired: &DesiredApp) -> Vec<Diagnostic> {
    let mut found = people(desired);
    found.extend(groups(desired));
    found
}

fn people(desired: &DesiredApp) -> Vec<Diagnostic> {
    let with_account: Vec<UserNo> = (&desired.active | &desired.suspended).iter().map(UserNo).collect();
    let paths = desired.identifying_paths();
    let identifying = |user: &UserNo| {
        let values = desired.values_of(*user, paths.iter().copied());
        let values = values.into_iter().filter_map(|(path, value)| {
            let place = paths.iter().position(|known| **known == path)?;
            Some((place, fold(&value), value))
        });
        (*user, values.collect::<Vec<_>>())
    };
    let values: Vec<_> = with_account.par_iter().map(identifying).collect();
    let empty = || HashMap::with_capacity(with_account.len());
    let mut first: Vec<HashMap<String, UserNo>> = std::iter::repeat_with(empty).take(paths.len()).collect();
    let mut found = Vec::new();
    for (user, identifying) in values {
        for (place, folded, value) in identifying {
            match first[place].entry(folded) {
                hash_map::Entry::Vacant(entry) => _ = entry.insert(user),
                hash_map::Entry::Occupied(entry) => {
                    found.push(twins(desired, *entry.get(), user, paths[place], &value));
                }
            }
        }
    }
    found
}

/// Names are only known once the mapping is evaluated; the loader has compared what it could.
fn groups(desired: &DesiredApp) -> Vec<Diagnostic> {
    let mut first: BTreeMap<String, usize> = BTreeMap::new();
    let mut found = Vec::new();
    for (place, group) in desired.groups.iter().enumerate() {
        let Some(name) = desired.group_name(group) else {
            continue;
        };
        match first.entry(folded(&name)) {
            Entry::Vacant(entry) => _ = entry.insert(place),
            Entry::Occupied(entry) => {
                let other = &desired.groups[*entry.get()];
                let message = format!(
                    "{} and {} would be the same group \"{name}\" in app {}",
                    other.object, group.object, desired.app.id
                );
                found.push(
                    Diagnostic::error("same-remote-group", group.span, message)
                        .with_related(other.span, "the other one")
                        .with_hint("a group in an app has one source: rename one, or take one of them out"),
                );
            }
        }
    }
    found
}

impl DesiredApp<'_> {
    /// The name a group is to have in the app.
    pub fn group_name(&self, group: &super::DesiredGroup) -> Option<Arc<str>> {
        let attributes = self.group_attributes(group).ok()?;
        attributes.iter().find_map(|attribute| attribute.text_of(Meaning::Name)).cloned()
    }
}

/// The form in which matching values compare: without case, whatever the app's schema says.
pub(super) fn fold(value: &Value) -> String {
    folded(&value.to_string())
}

fn twins(desired: &DesiredApp, first: UserNo, second: UserNo, path: &Path, value: &Value) -> Diagnostic {
    let [first, second] = [first, second].map(|user| &desired.company.users[user.index()]);
    let shown = if desired.sensitive_paths().contains(path.key()) {
        "(sensitive)".to_owned()
    } else {
        format!("\"{value}\"")
    };
    let message = format!(
        "{} and {} would have the same {path} in app {}: {shown}",
        first.id, second.id, desired.app.id
    );
    Diagnostic::error("same-matching-value", second.span, message)
        .with_related(first.span, "the other one")
        .with_hint(format!(
            "{path} tells people apart: give them different values, or map it from something that differs"
        ))
}
