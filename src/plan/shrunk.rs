//! Parts of the repository that declare fewer people than at the last applied commit (safety.md 11). If a merge lost a
//! file, or a list was cut short, its people must not count as leavers.

use std::collections::HashSet;

use crate::model::UserId;
use crate::model::company::Company;
use crate::model::ledger::{AppLedger, Applied, LinkState};

/// A part of the repository that lost people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shrunk {
    pub part: Part,
    /// People declared there at the last applied commit.
    pub before: u64,
    /// People missing now, those declared elsewhere excepted.
    pub missing: u64,
}

/// A part of the repository.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Part {
    /// All people, and nobody is declared any more.
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
    // Before the first applied commit, the people with a link are all that is known of earlier ones.
    let before = applied.map_or(links, |applied| applied.people);
    if now == 0 && before > 0 {
        return vec![Shrunk { part: Part::Empty, before, missing: before }];
    }
    let Some(applied) = applied else { return Vec::new() };
    let mut found = Vec::new();
    if now < before {
        found.push(Shrunk { part: Part::People, before, missing: before - now });
    }
    found.extend(files(company, ledger, applied));
    found
}

/// Files that lost people whom no other file can have taken over.
///
/// An example: `a.yaml` has 10 people fewer, `b.yaml` 2 fewer, and `c.yaml` 3 more. Then at most 3 of the 12 have moved
/// to `c.yaml`. Two of the 3 account for all of `b.yaml`, the third for one of `a.yaml`, which is reported with 9 people.
/// If 11 people are declared nowhere any more, at most one has moved: `b.yaml` is reported with 1, `a.yaml` with 10.
fn files(company: &Company, ledger: &AppLedger, applied: &Applied) -> Vec<Shrunk> {
    let now = |file: &str| company.users_per_file.get(file).copied();
    let mut losses: Vec<(u64, &str, u64)> = applied
        .users_per_file
        .iter()
        .map(|(file, before)| (before.saturating_sub(now(file).unwrap_or(0)), &**file, *before))
        .filter(|(missing, ..)| *missing > 0)
        .collect();
    let grown: u64 = company
        .users_per_file
        .iter()
        .map(|(file, now)| now.saturating_sub(applied.users_per_file.get(file).copied().unwrap_or(0)))
        .sum();
    // People who moved to another file are not missing. They are at most as many as the other files grew by, and people
    // who are declared nowhere are not among them.
    let all = losses.iter().fold(0_u64, |all, (missing, ..)| all.saturating_add(*missing));
    let mut moved = grown.min(all.saturating_sub(undeclared(company, ledger)));
    // The growth is spent once, on the small losses first, so that it does not hide the loss of a large file.
    losses.sort_unstable();
    for (missing, ..) in &mut losses {
        let spent = moved.min(*missing);
        (moved, *missing) = (moved - spent, *missing - spent);
    }
    losses.retain(|(missing, ..)| *missing > 0);
    losses.sort_unstable_by_key(|(_, file, _)| *file);
    let shrunk = |(missing, file, before): (u64, &str, u64)| Shrunk {
        part: match now(file) {
            Some(_) => Part::File(file.to_owned()),
            None => Part::GoneFile(file.to_owned()),
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
