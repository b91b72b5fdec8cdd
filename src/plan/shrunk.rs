//! Parts of the repository that lost people who had an account since the last applied commit (safety.md 11). If a merge
//! lost a file, or a list was cut short, its people must not count as leavers. People who were out already are no loss.

use std::collections::{BTreeMap, HashSet};

use super::reading::answers::Past;
use crate::model::UserId;
use crate::model::company::Company;
use crate::model::ledger::{AppLedger, Applied, LinkState};
use crate::model::time::Timestamp;
use crate::resolve::PastApp;

/// A part of the repository that lost people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shrunk {
    pub part: Part,
    /// Its people who had an account at the last applied commit.
    pub before: u64,
    /// Those of them who are declared nowhere any more.
    pub missing: u64,
    /// Who they are, as far as it is known.
    pub people: Vec<UserId>,
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

/// The parts that lost people since the last applied commit. `past` is what that commit says.
pub(super) fn since_applied(
    company: &Company,
    ledger: &AppLedger,
    past: Option<&Past>,
    at: Timestamp,
) -> Vec<Shrunk> {
    let links = ledger.users.len() as u64;
    let applied = ledger.applied.as_ref();
    // Before the first applied commit, the people with a link are all that is known of earlier ones.
    let before = applied.map_or(links, |applied| applied.people);
    if company.users.is_empty() && before > 0 {
        return vec![Shrunk { part: Part::Empty, before, missing: before, people: Vec::new() }];
    }
    let Some(applied) = applied else { return Vec::new() };
    let past = match past {
        Some(Past::Same) => return Vec::new(),
        Some(Past::Tree(past)) => Some(past),
        Some(Past::Unknown(_)) | None => None,
    };
    let gone = undeclared(company, ledger);
    match past {
        _ if gone.is_empty() => Vec::new(),
        Some(past) => by_git(company, ledger, past, &gone, at),
        None => by_counts(company, ledger, applied, &gone),
    }
}

/// Of a part, the people who had an account and were to have it, and those who are gone.
#[derive(Default)]
struct Had {
    before: u64,
    gone: Vec<UserId>,
}

/// What is lost as the last applied commit says it: who was to have an account, and in which file they stood.
fn by_git(
    company: &Company,
    ledger: &AppLedger,
    past: &PastApp,
    gone: &HashSet<&UserId>,
    at: Timestamp,
) -> Vec<Shrunk> {
    let mut parts: BTreeMap<Option<&str>, Had> = BTreeMap::new();
    // Git says who had access, and not an entry that calls the account disabled or deleted (safety.md 5).
    for id in ledger.users.keys() {
        // Whoever would be out by now by those files, too, is no loss of the source.
        let Some(person) = past.person(id).filter(|person| person.is_in(at) != Some(false)) else { continue };
        for part in [Some(None), person.file.as_deref().map(Some)].into_iter().flatten() {
            let part = parts.entry(part).or_default();
            part.before += 1;
            part.gone.extend(gone.get(id).map(|id| (*id).clone()));
        }
    }
    parts.retain(|_, part| !part.gone.is_empty());
    let shrunk = |(file, had): (Option<&str>, Had)| Shrunk {
        part: file.map_or(Part::People, |file| part(company, file)),
        before: had.before,
        missing: had.gone.len() as u64,
        people: had.gone,
    };
    parts.into_iter().map(shrunk).collect()
}

/// A file that lost people.
fn part(company: &Company, file: &str) -> Part {
    match company.users_per_file.contains_key(file) {
        true => Part::File(file.to_owned()),
        false => Part::GoneFile(file.to_owned()),
    }
}

/// What is lost where git cannot say it, by the numbers of the ledger: at most as many as have an active account here and
/// are declared nowhere.
fn by_counts(
    company: &Company,
    ledger: &AppLedger,
    applied: &Applied,
    gone: &HashSet<&UserId>,
) -> Vec<Shrunk> {
    let mut people: Vec<UserId> = gone.iter().map(|id| (*id).clone()).collect();
    people.retain(|id| ledger.users.get(id).is_some_and(|link| link.state == LinkState::Active));
    people.sort();
    let missing = people.len() as u64;
    if missing == 0 {
        return Vec::new();
    }
    let before = ledger.users.values().filter(|link| link.state == LinkState::Active).count() as u64;
    let files = files(company, applied, missing);
    std::iter::once(Shrunk { part: Part::People, before, missing, people }).chain(files).collect()
}

/// Files that lost people whom no other file can have taken over.
///
/// An example: `a.yaml` has 10 people fewer, `b.yaml` 2 fewer, and `c.yaml` 3 more. Then at most 3 of the 12 have moved
/// to `c.yaml`. Two of the 3 account for all of `b.yaml`, the third for one of `a.yaml`, which is reported with 9 people.
/// If 11 people are declared nowhere any more, at most one has moved: `b.yaml` is reported with 1, `a.yaml` with 10.
fn files(company: &Company, applied: &Applied, undeclared: u64) -> Vec<Shrunk> {
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
    let mut moved = grown.min(all.saturating_sub(undeclared));
    // The growth is spent once, on the small losses first, so that it does not hide the loss of a large file.
    losses.sort_unstable();
    for (missing, ..) in &mut losses {
        let spent = moved.min(*missing);
        (moved, *missing) = (moved - spent, *missing - spent);
    }
    losses.retain(|(missing, ..)| *missing > 0);
    losses.sort_unstable_by_key(|(_, file, _)| *file);
    let shrunk = |(missing, file, before): (u64, &str, u64)| Shrunk {
        part: part(company, file),
        before,
        missing: missing.min(undeclared),
        people: Vec::new(),
    };
    losses.into_iter().map(shrunk).collect()
}

/// People of the ledger whom no file declares any more, under any id.
fn undeclared<'l>(company: &Company, ledger: &'l AppLedger) -> HashSet<&'l UserId> {
    let gone: HashSet<&UserId> =
        ledger.users.keys().filter(|id| company.user(id.as_str()).is_none()).collect();
    if gone.is_empty() {
        return gone;
    }
    let renamed: HashSet<&UserId> = company.users.iter().flat_map(|user| &user.previously).collect();
    gone.into_iter().filter(|id| !renamed.contains(id)).collect()
}
