//! The people to whom values belong, today and at the last applied commit: what tells accounts apart says whose an account is.

use std::collections::HashMap;
use std::sync::Arc;

use super::differ::Differ;
use super::matching::earlier_ids;
use crate::model::folded::folded_value;
use crate::model::{Path, UserId, UserNo, Value};
use crate::resolve::{DesiredApp, PastApp};

/// People by their identifying values, folded.
pub(in crate::plan) struct Owners<'o> {
    people: Vec<&'o UserId>,
    today: HashMap<(Arc<str>, String), Vec<UserNo>>,
    /// At the last applied commit.
    before: HashMap<(Arc<str>, String), Vec<&'o UserId>>,
    /// People of today by what the mapping gives in the place of our id, and by the ids that `previously:` names.
    our_ids: HashMap<Arc<str>, UserNo>,
}

impl<'o> Owners<'o> {
    /// Of nobody.
    pub(super) fn none() -> Self {
        Self { people: Vec::new(), today: HashMap::new(), before: HashMap::new(), our_ids: HashMap::new() }
    }

    /// `applied` is what git says of the last applied commit, if it says something else than today's files.
    pub(in crate::plan) fn of(differ: &'o Differ<'_>, applied: Option<&'o PastApp>) -> Self {
        let desired = differ.input.desired;
        let people = differ.input.resolved.company.users.iter().map(|user| &user.id).collect();
        let mut owners = Self { people, ..Self::none() };
        for user in (0..desired.company.users.len()).map(UserNo::from) {
            for (path, value) in desired.identifying(user) {
                if let Some(value) = folded_value(&value) {
                    owners.today.entry((path.key().clone(), value)).or_default().push(user);
                }
            }
            if let Some(id) = desired.our_id(user).filter(|_| differ.maps_our_id) {
                owners.our_ids.insert(id, user);
            }
        }
        if differ.maps_our_id {
            owners.add_earlier_ids(desired);
        }
        for person in applied.into_iter().flat_map(PastApp::people) {
            let paths = applied.map_or(&[][..], |applied| &applied.paths);
            for (path, value) in paths.iter().zip(person.folded_values()) {
                if let Some(value) = value {
                    owners.before.entry((path.key().clone(), value)).or_default().push(&person.id);
                }
            }
        }
        owners
    }

    /// An account may still carry an id that its person had before. An id that is another person's today is that one's.
    fn add_earlier_ids(&mut self, desired: &DesiredApp) {
        for user in (0..desired.company.users.len()).map(UserNo::from) {
            for (_, value) in earlier_ids(desired, user) {
                if let Value::Str(id) = value {
                    self.our_ids.entry(id).or_insert(user);
                }
            }
        }
    }

    /// Another person than the one with these ids who has this value today, or had it at the last applied commit.
    pub(in crate::plan) fn other(&self, own: &[&UserId], path: &Path, value: &str) -> Option<&'o UserId> {
        let key = (path.key().clone(), value.to_owned());
        let mut today = self.today.get(&key).into_iter().flatten().filter_map(|user| self.person(*user));
        today.find(|id| !own.contains(id)).or_else(|| self.former_other(own, path, value))
    }

    /// Another person who had this value at the last applied commit, if the one with these ids had it not.
    pub(in crate::plan) fn former_other(
        &self,
        own: &[&UserId],
        path: &Path,
        value: &str,
    ) -> Option<&'o UserId> {
        let before = self.before.get(&(path.key().clone(), value.to_owned()))?;
        match before.iter().any(|id| own.contains(id)) {
            true => None,
            false => before.first().copied(),
        }
    }

    /// The person of today to whom the mapping gives this id of ours, or who had it before.
    pub(super) fn of_our_id(&self, text: &str) -> Option<&'o UserId> {
        self.our_ids.get(text).and_then(|user| self.person(*user))
    }

    fn person(&self, user: UserNo) -> Option<&'o UserId> {
        self.people.get(user.index()).copied()
    }
}
