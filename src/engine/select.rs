//! `--app`, `-l`, `--user`: the selection of a run.

use std::collections::BTreeSet;

use globset::GlobMatcher;

use crate::model::{App, AppId, UserId};

/// The apps and people of a run; everything if no selector is given.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// `--app GLOB`: one of them has to match.
    pub apps: Vec<GlobMatcher>,
    /// `-l LABEL=V`: all of them have to match.
    pub labels: Vec<(String, String)>,
    /// `--user ID`.
    pub users: BTreeSet<UserId>,
}

impl Selection {
    /// True if the app is selected.
    pub fn takes(&self, app: &App) -> bool {
        let named = self.apps.is_empty() || self.apps.iter().any(|glob| glob.is_match(app.id.as_str()));
        named && self.labels.iter().all(|label| has(app, label))
    }

    /// True if the app with this id in the ledger is selected. An app that is not declared any more has no labels.
    pub fn takes_id(&self, id: &AppId, declared: &[App]) -> bool {
        let named = self.apps.is_empty() || self.apps.iter().any(|glob| glob.is_match(id.as_str()));
        let of = |app: &&App| app.id == *id || app.previously.contains(id);
        named
            && match declared.iter().find(of) {
                Some(app) => self.labels.iter().all(|label| has(app, label)),
                None => self.labels.is_empty(),
            }
    }

    /// True if a person or an app is left out: nothing outside the selection is judged.
    pub fn is_partial(&self) -> bool {
        !self.apps.is_empty() || !self.labels.is_empty() || !self.users.is_empty()
    }

    /// `--user`, if given.
    pub fn only(&self) -> Option<&BTreeSet<UserId>> {
        (!self.users.is_empty()).then_some(&self.users)
    }
}

fn has(app: &App, (name, value): &(String, String)) -> bool {
    app.labels.get(name.as_str()).is_some_and(|v| **v == **value)
}
