//! The ledger, edited by hand: entries are swapped, copied, rolled back, changed and deleted (safety.md 1, 5 and 6).

use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::ledger::{AppLedger, Attempt, GroupKey, LinkState, OpenIntent};
use rolecall::model::time::Timestamp;
use rolecall::model::{RemoteId, UserId};

use super::app::App;
use super::rng::Rng;

/// What [`tamper`] returns if an entry says now that an account is off, or on.
pub const ANOTHER_STATE: &str = "an entry says another state";

/// Edits the ledger once. `earlier` is how it stood some time before. Returns what was done.
pub fn tamper(
    ledger: &mut AppLedger,
    earlier: &AppLedger,
    app: &App,
    rng: &mut Rng,
    now: Timestamp,
) -> &'static str {
    let ids: Vec<UserId> = ledger.users.keys().cloned().collect();
    let (Some(a), Some(b)) = (rng.pick(&ids).cloned(), rng.pick(&ids).cloned()) else { return "nothing" };
    match rng.below(14) {
        0 | 1 => {
            let (first, second) = (ledger.users[&a].clone(), ledger.users[&b].clone());
            ledger.users.insert(a, second);
            ledger.users.insert(b, first);
            "two entries are swapped"
        }
        2 => {
            let (first, second) = (ledger.users[&a].remote.clone(), ledger.users[&b].remote.clone());
            with(ledger, &a, |link| link.remote = second);
            with(ledger, &b, |link| link.remote = first);
            "two account ids are swapped"
        }
        3 if a != b => {
            if let Some(link) = ledger.users.remove(&a) {
                ledger.users.insert(b, link);
            }
            "an entry is copied over another"
        }
        4 => {
            ledger.users.clone_from(&earlier.users);
            ledger.groups.clone_from(&earlier.groups);
            ledger.roles.clone_from(&earlier.roles);
            ledger.completed = earlier.completed;
            ledger.applied.clone_from(&earlier.applied);
            "the ledger is rolled back"
        }
        5 => {
            with(ledger, &a, |link| {
                link.state = match link.state {
                    LinkState::Active => LinkState::Disabled { since: now, commit: link.commit.clone() },
                    _ => LinkState::Active,
                };
            });
            ANOTHER_STATE
        }
        6 => {
            ledger.users.remove(&a);
            "an entry is deleted"
        }
        7 => {
            let commit = ledger.users[&b].commit.clone();
            with(ledger, &a, |link| link.commit = commit);
            "an entry names another commit"
        }
        8 => {
            let accounts: Vec<&String> = app.accounts.keys().collect();
            let is_free = |id: &RemoteId| ledger.users.values().all(|link| link.remote != *id);
            let remote = rng.pick(&accounts).and_then(|id| id.parse().ok()).filter(is_free);
            with(ledger, &a, |link| link.remote = remote.unwrap_or_else(|| link.remote.clone()));
            "an entry has the id of an unmanaged account"
        }
        9 => {
            let values = ledger.users[&b].values.clone();
            with(ledger, &a, |link| link.values = values);
            "an entry has the hashes of another"
        }
        10 => {
            let known: Vec<_> = ledger.interventions.keys().cloned().collect();
            rng.pick(&known).and_then(|key| ledger.interventions.remove(key));
            "what was seen of another hand is deleted"
        }
        11 => {
            let commit = ledger.users[&b].commit.clone();
            with(ledger, &a, |link| link.state = LinkState::Disabled { since: now, commit });
            ANOTHER_STATE
        }
        12 => {
            let attempt = Attempt { at: now, commit: ledger.users[&b].commit.clone() };
            let key = ChangeKey { app: "sim".into(), object: Object::User(a), facet: Facet::Life };
            let looked_up = rng.chance(50);
            ledger.intents.push(OpenIntent { run: "edited".into(), key, looked_up, attempts: vec![attempt] });
            "an intent is written in"
        }
        _ => {
            let keys: Vec<GroupKey> = ledger.groups.keys().cloned().collect();
            let group = rng.pick(&keys).and_then(|key| ledger.groups.get_mut(key));
            if let Some(group) = group.filter(|group| !group.members.contains(&a)) {
                group.members.insert(a.clone());
                group.added.insert(a);
            } else if let Some(group) = rng.pick(&keys).and_then(|key| ledger.groups.get_mut(key)) {
                group.members.remove(&a);
            }
            "a member is written in or taken out"
        }
    }
}

fn with(ledger: &mut AppLedger, id: &UserId, change: impl FnOnce(&mut rolecall::model::ledger::Link)) {
    if let Some(link) = ledger.users.get_mut(id) {
        change(link);
    }
}
