//! The ledger, edited by hand: entries are swapped, copied, rolled back, changed and deleted (safety.md 1, 5 and 6).

use std::collections::{BTreeMap, BTreeSet};

use rolecall::model::change::{ChangeKey, Facet, Object};
use rolecall::model::ledger::{
    AppLedger, Attempt, Earlier, GroupKey, GroupLink, Link, LinkState, OpenIntent,
};
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
    match rng.below(22) {
        14.. => tamper_with_groups_and_memory(ledger, [&a, &b], app, rng, now),
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
            let Some(key) = rng.pick(&known) else { return "nothing" };
            if rng.chance(50) {
                ledger.interventions.remove(key);
                return "what was seen of another hand is deleted";
            }
            let commits = [None, ledger.users[&b].commit.clone()];
            if let Some(seen) = ledger.interventions.get_mut(key) {
                seen.decided = true;
                seen.decided_at = rng.pick(&commits).cloned().flatten();
            }
            "what another hand did is said to be decided"
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

/// Edits what the ledger has of groups, of roles, and of what was done before.
fn tamper_with_groups_and_memory(
    ledger: &mut AppLedger,
    [a, b]: [&UserId; 2],
    app: &App,
    rng: &mut Rng,
    now: Timestamp,
) -> &'static str {
    let groups: Vec<GroupKey> = ledger.groups.keys().cloned().collect();
    match rng.below(9) {
        0 => {
            let (Some(one), Some(two)) = (rng.pick(&groups), rng.pick(&groups)) else { return "nothing" };
            let (first, second) = (ledger.groups[one].clone(), ledger.groups[two].clone());
            ledger.groups.insert(one.clone(), second);
            ledger.groups.insert(two.clone(), first);
            "two entries of groups are swapped"
        }
        1 => {
            let teams: Vec<&String> = app.teams.keys().collect();
            let is_free = |id: &RemoteId| ledger.groups.values().all(|link| link.remote != *id);
            let remote = rng.pick(&teams).and_then(|id| id.parse().ok()).filter(is_free);
            if let (Some(link), Some(remote)) = (any(&mut ledger.groups, &groups, rng), remote) {
                link.remote = remote;
            }
            "an entry has the id of an unmanaged group"
        }
        2 => {
            if let Some(link) = any(&mut ledger.groups, &groups, rng) {
                link.members.insert(a.clone());
                link.before.clear();
            }
            "who was found in a group is declared there"
        }
        3 => {
            rng.pick(&groups).and_then(|key| ledger.groups.remove(key));
            "an entry of a group is deleted"
        }
        4 => {
            let (first, second) = (ledger.users[a].clone(), ledger.users[b].clone());
            let given = |link: &mut Link, of: &Link| {
                link.person = of.person;
                link.created = of.created;
            };
            with(ledger, a, |link| given(link, &second));
            with(ledger, b, |link| given(link, &first));
            "two entries remember each other's person and time of creation"
        }
        5 => {
            let roles = ledger.roles.keys().cloned().collect::<BTreeSet<_>>();
            with(ledger, a, |link| {
                link.roles.clone_from(&roles);
                link.found_roles.clear();
                link.unconfirmed = false;
            });
            "an entry has all roles"
        }
        6 => {
            let commit = ledger.users[b].commit.clone();
            if let (Some(key), Some(commit)) = (rng.pick(&groups), commit) {
                ledger.given.insert((key.clone(), a.clone()), commit.clone());
                ledger.earlier.push(Earlier { commit, until: now });
            }
            "a run is said to have given what it did not"
        }
        7 => {
            ledger.holds.clear();
            "what guards held is deleted"
        }
        _ => {
            let commit = ledger.users[b].commit.clone();
            with(ledger, a, |link| link.state = LinkState::Gone { since: now, commit });
            ANOTHER_STATE
        }
    }
}

fn any<'l>(
    all: &'l mut BTreeMap<GroupKey, GroupLink>,
    keys: &[GroupKey],
    rng: &mut Rng,
) -> Option<&'l mut GroupLink> {
    all.get_mut(rng.pick(keys)?)
}

fn with(ledger: &mut AppLedger, id: &UserId, change: impl FnOnce(&mut Link)) {
    if let Some(link) = ledger.users.get_mut(id) {
        change(link);
    }
}
