//! Parts of the repository that declare fewer people than at the last applied commit (safety.md 11). If a merge lost a
//! file, or a list was cut short, its people must not count as leavers.

use std::collections::HashSet;

use crate::model::UserId;
use crate::model::company::Company;
use crate::model::ledger::{AppLedger, Applied, LinkState};

/// A part of the repository that lost people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shrunk {
    pub source: Source,
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

/// The parts that lost people since the last applied commit.
pub(super) fn since_applied(company: &Company, ledger: &AppLedger) -> Vec<Shrunk> {
    let now = company.users.len() as u64;
    let links = ledger.users.len() as u64;
    let applied = ledger.applied.as_ref();
    let before = applied.map_or(links, |applied| applied.people);
    if now == 0 && before > 0 {
        return vec![Shrunk { source: Source::Empty, before, missing: before }];
    }
    let Some(applied) = applied else { return Vec::new() };
    let mut found = Vec::new();
    if now < before {
        found.push(Shrunk { source: Source::People, before, missing: before - now });
    }
    found.extend(files(company, ledger, applied));
    found
}

/// Files that lost people whom no other file can have taken over.
fn files(company: &Company, ledger: &AppLedger, applied: &Applied) -> Vec<Shrunk> {
    let count = |file: &str| company.users_per_file.get(file).copied();
    let lost = |file: &str, before: u64| before.saturating_sub(count(file).unwrap_or(0));
    let mut losses: Vec<(u64, &str, u64)> = applied
        .users_per_file
        .iter()
        .map(|(file, before)| (lost(file, *before), &**file, *before))
        .filter(|(lost, ..)| *lost > 0)
        .collect();
    let grown: u64 = company
        .users_per_file
        .iter()
        .map(|(file, now)| now.saturating_sub(applied.users_per_file.get(file).copied().unwrap_or(0)))
        .sum();
    // People who moved to another file are not missing. They are at most as many as the other files grew by, and people
    // who are declared nowhere are not among them.
    let all = losses.iter().fold(0_u64, |all, (lost, ..)| all.saturating_add(*lost));
    let mut moved = grown.min(all.saturating_sub(undeclared(company, ledger)));
    // The growth is spent once, on the small losses first, so that it does not hide the loss of a large file.
    losses.sort_unstable();
    for (lost, ..) in &mut losses {
        let spent = moved.min(*lost);
        (moved, *lost) = (moved - spent, *lost - spent);
    }
    losses.retain(|(lost, ..)| *lost > 0);
    losses.sort_unstable_by_key(|(_, file, _)| *file);
    let shrunk = |(missing, file, before): (u64, &str, u64)| Shrunk {
        source: match count(file) {
            Some(_) => Source::File(file.to_owned()),
            None => Source::GoneFile(file.to_owned()),
        },
        before,
        missing,
    };
    losses.into_iter().map(shrunk).collect()
}

/// People with an active account here whom no file declares any more, under any id.
fn undeclared(company: &Company, ledger: &AppLedger) -> u64 {
    let renamed: HashSet<&UserId> = company.users.iter().flat_map(|user| &user.previously).collect();
    let gone = ledger.users.iter().filter(|(id, link)| {
        link.state == LinkState::Active && company.user(id.as_str()).is_none() && !renamed.contains(id)
    });
    gone.count() as u64
}
