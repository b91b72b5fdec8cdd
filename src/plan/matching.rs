//! Which person an account belongs to, by matching attributes.

use std::collections::HashMap;

use rayon::prelude::*;

use crate::catalog;
use crate::model::{Kind, Path, UserNo, Value};
use crate::resolve::{DesiredApp, Standing};

/// Desired matching values, one table per matching attribute in order of precedence.
pub struct MatchIndex {
    tables: Vec<Table>,
}

struct Table {
    path: Path,
    /// Its place among the requested paths.
    column: usize,
    people: HashMap<Value, UserNo>,
}

/// A person an account matches: the lower the rank, the stronger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Candidate {
    /// Place of the matching attribute.
    pub rank: usize,
    /// Who.
    pub user: UserNo,
}

impl MatchIndex {
    /// Indexes everybody declared. Where somebody with an account and somebody without share a value (an address that
    /// was given to a successor), it belongs to the one with the account. People left out by hand are indexed too, so
    /// that their accounts are known not to be anybody's to touch.
    pub fn new(desired: &DesiredApp, columns: &[Path]) -> Self {
        let Some(mapping) = desired.mapping else {
            return Self { tables: Vec::new() };
        };
        let mut tables: Vec<_> = mapping
            .matching
            .iter()
            .filter_map(|path| {
                let column = columns.iter().position(|column| column == path)?;
                Some(Table {
                    path: path.clone(),
                    column,
                    people: HashMap::new(),
                })
            })
            .collect();
        let everybody: Vec<UserNo> = (0..desired.company.users.len()).map(UserNo::from).collect();
        let values: Vec<_> = everybody
            .par_iter()
            .map(|user| (*user, desired.standing(*user), desired.matching(*user)))
            .collect();
        for with_account in [true, false] {
            let wanted = |standing: &Standing| {
                matches!(standing, Standing::Out(_) | Standing::Ignored) != with_account
            };
            for (user, _, values) in values.iter().filter(|(_, standing, _)| wanted(standing)) {
                for table in &mut tables {
                    let schema = catalog::attribute(&desired.app.connector, Kind::User, &table.path);
                    let value = values
                        .iter()
                        .find(|(path, _)| *path == table.path)
                        .map(|(_, value)| value);
                    if let Some(key) = value.and_then(|value| catalog::match_key(schema.as_ref(), value)) {
                        table.people.entry(key).or_insert(*user);
                    }
                }
            }
        }
        Self { tables }
    }

    /// Everybody an account matches, strongest first.
    pub fn candidates(&self, connector: &str, values: &[Value]) -> Vec<Candidate> {
        let mut found: Vec<Candidate> = Vec::new();
        for (rank, table) in self.tables.iter().enumerate() {
            let schema = catalog::attribute(connector, Kind::User, &table.path);
            let Some(key) = values
                .get(table.column)
                .and_then(|value| catalog::match_key(schema.as_ref(), value))
            else {
                continue;
            };
            if let Some(user) = table
                .people
                .get(&key)
                .filter(|user| found.iter().all(|other| other.user != **user))
            {
                found.push(Candidate { rank, user: *user });
            }
        }
        found
    }

    /// The matching attribute with this rank.
    pub fn path(&self, rank: usize) -> Option<&Path> {
        self.tables.get(rank).map(|table| &table.path)
    }
}
