//! Values that tell accounts apart and that an account of the app has which is not its person's: a second account with such a
//! value is refused, or is taken for the first (safety.md 2).

use std::collections::HashMap;
use std::sync::Arc;

use super::matching::earlier_ids;
use crate::catalog::{self, Schema};
use crate::model::seen::Seen;
use crate::model::{Path, Remote, RemoteId, UserNo, Value};
use crate::resolve::{DesiredApp, Standing};

/// The people who are to have an account, by the values that tell accounts apart.
pub(in crate::plan) struct Wanters {
    tables: Vec<Table>,
}

struct Table {
    path: Path,
    /// Its place among the requested paths.
    column: usize,
    people: HashMap<Value, Vec<UserNo>>,
}

/// An account that has a value which another person is to have.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::plan) struct Taken {
    /// The person who is to have the value.
    pub user: UserNo,
    pub path: Path,
    /// The account that has it.
    pub holder: RemoteId,
    /// Its login.
    pub name: Option<Arc<str>>,
}

impl Wanters {
    /// Of the people of an app; `columns` are the paths that its accounts are read with.
    pub(super) fn new(desired: &DesiredApp, columns: &[Path]) -> Self {
        let mut tables: Vec<Table> = desired
            .identifying_paths()
            .into_iter()
            .filter_map(|path| {
                let column = columns.iter().position(|column| column == path)?;
                Some(Table { path: path.clone(), column, people: HashMap::new() })
            })
            .collect();
        for user in (0..desired.company.users.len()).map(UserNo::from) {
            if !matches!(desired.standing(user), Standing::In) {
                continue;
            }
            let wanted = desired.identifying(user).into_iter();
            for (path, value) in wanted.chain(earlier_ids(desired, user)) {
                let schema = desired.definition.users.attribute(&path);
                let table = tables.iter_mut().find(|table| table.path == path);
                if let (Some(table), Some(key)) = (table, catalog::match_key(schema.as_ref(), &value)) {
                    table.people.entry(key).or_default().push(user);
                }
            }
        }
        Self { tables }
    }

    /// The values of an account that people other than its own are to have.
    pub(super) fn of(&self, schema: &Schema, remote: &Remote, own: Option<UserNo>) -> Vec<Taken> {
        let mut taken = Vec::new();
        for table in &self.tables {
            let shown = remote.attributes.get(table.column).and_then(Seen::shown);
            let key =
                shown.and_then(|value| catalog::match_key(schema.attribute(&table.path).as_ref(), value));
            let people = key.and_then(|key| table.people.get(&key));
            for user in people.into_iter().flatten().filter(|user| Some(**user) != own) {
                let (path, holder) = (table.path.clone(), remote.id.clone());
                taken.push(Taken { user: *user, path, holder, name: remote.name.clone() });
            }
        }
        taken
    }
}
