//! From what the model holds to files, and from there to the edits of one write: only files whose content changed.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use rayon::prelude::*;

use crate::model::holds::{Hold, Holds};
use crate::model::ledger::{AppLedger, Given, GroupKey, GroupLink, Link, OldLosses};
use crate::model::stored_link::StoredGroup;
use crate::model::{AppId, UserId};

use super::app_state::AppState;
use super::layout::{self, Width};
use super::stored::{Counts, StateFile};
use super::text;
use super::view::Edits;

/// The edits that make an app's folder hold `state.ledger`, its open intents and its lease, with nothing pending.
pub(crate) fn app(app: &AppId, state: &AppState) -> Edits {
    let folder = layout::app_folder(app);
    let mut files = BTreeMap::new();
    let ledger = &state.ledger;
    files.insert(format!("{folder}/state.json"), state_file(app, ledger));
    if !ledger.intents.is_empty() {
        files.insert(format!("{folder}/intents.jsonl"), text::jsonl(&ledger.intents));
    }
    if !ledger.interventions.is_empty() {
        let lines = text::jsonl(ledger.interventions.values());
        files.insert(format!("{folder}/interventions.jsonl"), lines);
    }
    if !ledger.holds.is_empty() {
        files.insert(format!("{folder}/holds.jsonl"), holds(&ledger.holds));
    }
    if !ledger.given.is_empty() {
        let given = ledger.given.iter().map(|((of, user), commit)| Given {
            of: of.clone(),
            user: user.clone(),
            commit: commit.clone(),
        });
        files.insert(format!("{folder}/given.jsonl"), text::jsonl(given.collect::<Vec<_>>()));
    }
    if let Some(lease) = &ledger.lease {
        files.insert(format!("{folder}/lease.json"), text::pretty(lease));
    }
    files.extend(users(&format!("{folder}/users"), state));
    files.extend(groups(&format!("{folder}/groups"), state));
    difference(state, files)
}

/// `holds.jsonl`.
pub(crate) fn holds(holds: &Holds) -> Vec<u8> {
    let holds = holds.iter().map(|(key, commit)| Hold::new(key.clone(), commit.clone()));
    text::jsonl(holds.collect::<Vec<_>>())
}

/// Only what differs from the files that are there.
fn difference(state: &AppState, files: BTreeMap<String, Vec<u8>>) -> Edits {
    let gone = state.files.keys().filter(|path| !files.contains_key(*path));
    let mut edits: Edits = gone.map(|path| (path.clone(), None)).collect();
    for (path, bytes) in files {
        if state.files.get(&path) != Some(&blake3::hash(&bytes)) {
            edits.insert(path, Some(bytes));
        }
    }
    edits
}

/// `state.json`.
fn state_file(app: &AppId, ledger: &AppLedger) -> Vec<u8> {
    text::pretty(&state(app, ledger))
}

/// What `state.json` holds.
pub(crate) fn state(app: &AppId, ledger: &AppLedger) -> StateFile {
    StateFile {
        app: app.clone(),
        endpoint: ledger.endpoint.clone(),
        completed: ledger.completed,
        applied: ledger.applied.clone(),
        earlier: ledger.earlier.clone(),
        begun: ledger.begun.clone(),
        roles: ledger.roles.clone(),
        former_roles: ledger.former_roles.clone(),
        lost: ledger.losses.clone(),
        old_losses: OldLosses,
        entries: Some(Counts {
            users: ledger.users.len() as u64,
            groups: ledger.groups.len() as u64,
            holds: ledger.holds.len() as u64,
        }),
    }
}

/// Shards never get fewer, so that a company at the edge of a size does not rewrite everything back and forth.
fn width(state: &AppState, folder: &str, wanted: Width) -> Width {
    let there = state.files.keys().filter_map(|path| {
        let name = path.strip_prefix(folder)?.strip_prefix('/')?;
        Width::of_shard(name.strip_suffix(".json")?)
    });
    there.fold(wanted, Width::max)
}

fn users(folder: &str, state: &AppState) -> Vec<(String, Vec<u8>)> {
    let users = &state.ledger.users;
    let width = width(state, folder, Width::for_users(users.len()));
    let mut shards: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (id, link) in users {
        shards.entry(width.shard(id.as_str())).or_default().push((id, link));
    }
    let file = |(shard, entries): (String, Vec<(&UserId, &Link)>)| {
        let lines = entries.iter().map(|(id, link)| (id.to_string(), text::line(link)));
        (format!("{folder}/{shard}.json"), text::object(lines))
    };
    shards.into_par_iter().map(file).collect()
}

fn groups(folder: &str, state: &AppState) -> Vec<(String, Vec<u8>)> {
    let groups = &state.ledger.groups;
    let lines = groups.values().map(|link| 1 + link.members.len()).sum();
    let width = width(state, folder, Width::for_groups(lines));
    let mut shards: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for (key, link) in groups {
        shards.entry(width.shard(&key.to_string())).or_default().push((key, link));
    }
    let file = |(shard, entries): (String, Vec<(&GroupKey, &GroupLink)>)| {
        let entries = entries.iter().map(|(key, link)| (key.to_string(), group(link)));
        (format!("{folder}/{shard}.json"), text::object(entries))
    };
    shards.into_par_iter().map(file).collect()
}

/// A group with its members one a line: adding one is a diff of one line.
fn group(link: &GroupLink) -> String {
    let mut stored = StoredGroup::of(link);
    let added = std::mem::take(&mut stored.added);
    let found = std::mem::take(&mut stored.found);
    let before = std::mem::take(&mut stored.before);
    let mut out = text::line(&stored);
    out.pop();
    for (name, members) in [("added", added), ("found", found), ("before", before)] {
        if !members.is_empty() {
            let members: Vec<_> = members.iter().map(text::line).collect();
            let _ = write!(out, ",\"{name}\":[\n{}\n]", members.join(",\n"));
        }
    }
    out.push('}');
    out
}
