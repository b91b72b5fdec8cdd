//! Shrunken source: fewer people declared than at the last applied commit (safety.md 11). A file that was lost in a
//! merge, or a list cut short, must not read as everybody leaving.

use crate::model::company::Company;
use crate::model::ledger::AppLedger;

/// Where people are missing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shrunk {
    /// What shrank.
    pub what: Source,
    /// People declared there at the last applied commit.
    pub before: u64,
    /// People missing now, those declared elsewhere excepted.
    pub missing: u64,
}

/// A part of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// Nobody is declared any more.
    Empty,
    /// All people.
    People,
    /// A file that declares fewer users than before.
    File(String),
    /// A file that is not there any more.
    GoneFile(String),
}

/// Everything that shrank since the last applied commit.
pub fn shrunk(company: &Company, ledger: &AppLedger) -> Vec<Shrunk> {
    let now = company.users.len() as u64;
    let links = ledger.users.len() as u64;
    let applied = ledger.applied.as_ref();
    let before = applied.map_or(links, |applied| applied.people);
    if now == 0 && before > 0 {
        return vec![Shrunk {
            what: Source::Empty,
            before,
            missing: before,
        }];
    }
    let Some(applied) = applied else { return Vec::new() };
    let mut found = Vec::new();
    if now < before {
        found.push(Shrunk {
            what: Source::People,
            before,
            missing: before - now,
        });
    }
    // Users that moved to another file are not missing: as many as other files have grown by.
    let grown: u64 = company
        .users_per_file
        .iter()
        .map(|(file, now)| now.saturating_sub(applied.users_per_file.get(file).copied().unwrap_or(0)))
        .sum();
    for (file, before) in &applied.users_per_file {
        let now = company.users_per_file.get(file).copied();
        let missing = before.saturating_sub(now.unwrap_or(0)).saturating_sub(grown);
        if missing > 0 {
            let file = file.to_string();
            let what = if now.is_some() {
                Source::File(file)
            } else {
                Source::GoneFile(file)
            };
            found.push(Shrunk {
                what,
                before: *before,
                missing,
            });
        }
    }
    found
}
