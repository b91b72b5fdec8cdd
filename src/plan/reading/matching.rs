//! The person an account belongs to, by matching attributes.

use std::collections::HashMap;
use std::collections::hash_map::Entry;

use crate::catalog::{self, Schema};
use crate::model::seen::{Seen, Unread};
use crate::model::{Path, UserNo, Value};
use crate::resolve::{DesiredApp, Standing};

/// Desired matching values, one table per matching attribute in order of precedence.
pub(crate) struct MatchIndex {
    tables: Vec<Table>,
    /// People who are to have an account and share a value with another person who is: place of the attribute, other person.
    duplicates: HashMap<UserNo, Candidate>,
}

struct Table {
    path: Path,
    /// Its place among the requested paths.
    column: usize,
    people: HashMap<Value, UserNo>,
    /// Everybody else with the same value.
    others: HashMap<Value, Vec<UserNo>>,
}

impl Table {
    fn of(&self, key: &Value) -> impl Iterator<Item = UserNo> {
        let others = self.others.get(key).into_iter().flatten();
        self.people.get(key).into_iter().chain(others).copied()
    }

    fn add(&mut self, key: Value, user: UserNo) {
        match self.people.entry(key) {
            Entry::Vacant(entry) => _ = entry.insert(user),
            Entry::Occupied(entry) => self.others.entry(entry.key().clone()).or_default().push(user),
        }
    }
}

/// Ids that a person had before, in the place of our id: an account may still have one, and `previously:` says that it is the same
/// person. None where the mapping gives something else than the id there.
pub(in crate::plan) fn earlier_ids(desired: &DesiredApp, user: UserNo) -> Vec<(Path, Value)> {
    let declared = &desired.company.users[user.index()];
    let Some(place) = desired.definition.users.our_id.as_ref().filter(|_| !declared.previously.is_empty())
    else {
        return Vec::new();
    };
    if desired.our_id(user).as_deref() != Some(declared.id.as_str()) {
        return Vec::new();
    }
    declared.previously.iter().map(|id| (place.clone(), Value::str(id.as_str()))).collect()
}

/// A person an account matches: the lower the rank, the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Candidate {
    /// Place of the matching attribute.
    pub rank: usize,
    pub user: UserNo,
}

impl MatchIndex {
    /// Indexes all declared people: those who are out as well, because an account may be theirs (safety.md 2), and those left
    /// out by hand, because their accounts are not to be touched.
    pub(crate) fn new(desired: &DesiredApp, columns: &[Path]) -> Self {
        let Some(mapping) = desired.mapping else {
            return Self { tables: Vec::new(), duplicates: HashMap::new() };
        };
        let mut tables: Vec<_> = mapping
            .matching
            .iter()
            .filter_map(|path| {
                let column = columns.iter().position(|column| column == path)?;
                Some(Table { path: path.clone(), column, people: HashMap::new(), others: HashMap::new() })
            })
            .collect();
        let everybody: Vec<UserNo> = (0..desired.company.users.len()).map(UserNo::from).collect();
        // Not on the thread pool: a thread that waits there for this index would be asked to help, and wait for itself.
        let values: Vec<_> =
            everybody.iter().map(|user| (*user, desired.standing(*user), desired.matching(*user))).collect();
        let has_account = |user: UserNo| {
            let standing = values.get(user.index()).map(|(_, standing, _)| standing);
            !matches!(standing, Some(Standing::Out(_) | Standing::Ignored))
        };
        let mut duplicates = HashMap::new();
        for with_account in [true, false] {
            for (user, _, values) in values.iter().filter(|(user, ..)| has_account(*user) == with_account) {
                for (rank, table) in tables.iter_mut().enumerate() {
                    let schema = desired.definition.users.attribute(&table.path);
                    let value = values.iter().find(|(path, _)| *path == table.path).map(|(_, value)| value);
                    let Some(key) = value.and_then(|value| catalog::match_key(schema.as_ref(), value)) else {
                        continue;
                    };
                    let first = table.people.get(&key).copied();
                    table.add(key, *user);
                    if let (Some(first), true) = (first, with_account) {
                        for (user, duplicate) in [(first, *user), (*user, first)] {
                            duplicates.entry(user).or_insert(Candidate { rank, user: duplicate });
                        }
                    }
                }
            }
        }
        let mut index = Self { tables, duplicates };
        index.add_earlier_ids(desired);
        index
    }

    /// An id that is somebody else's today is that one's.
    fn add_earlier_ids(&mut self, desired: &DesiredApp) {
        let schema = &desired.definition.users;
        for user in (0..desired.company.users.len()).map(UserNo::from) {
            for (path, value) in earlier_ids(desired, user) {
                let table = self.tables.iter_mut().find(|table| table.path == path);
                let Some(table) = table else { continue };
                let key = catalog::match_key(schema.attribute(&path).as_ref(), &value);
                if let Some(key) = key.filter(|key| !table.people.contains_key(key)) {
                    table.add(key, user);
                }
            }
        }
    }

    /// All people that an account matches, the strongest match first.
    pub(crate) fn candidates(&self, schema: &Schema, values: &[Seen<Value>]) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for (rank, table) in self.tables.iter().enumerate() {
            let schema = schema.attribute(&table.path);
            let Some(key) = values
                .get(table.column)
                .and_then(Seen::shown)
                .and_then(|value| catalog::match_key(schema.as_ref(), value))
            else {
                continue;
            };
            for user in table.of(&key) {
                if found.iter().all(|other| other.user != user) {
                    found.push(Candidate { rank, user });
                }
            }
        }
        found
    }

    /// Why no value that accounts are matched by could be read of this one; none if one could.
    pub(crate) fn unread(&self, values: &[Seen<Value>]) -> Option<Unread> {
        let mut first = None;
        for table in &self.tables {
            match values.get(table.column) {
                Some(Seen::Unread(why)) => first = first.or_else(|| Some(why.clone())),
                Some(Seen::Is(_) | Seen::None) | None => return None,
            }
        }
        first
    }

    /// Another person who is to have an account and has the same matching value.
    pub(crate) fn duplicate(&self, user: UserNo) -> Option<Candidate> {
        self.duplicates.get(&user).copied()
    }

    /// The matching attribute with this rank.
    pub(crate) fn path(&self, rank: usize) -> Option<&Path> {
        self.tables.get(rank).map(|table| &table.path)
    }
}
