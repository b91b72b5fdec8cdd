//! From files to what the model holds. Hostile input (safety.md 6): sizes, ids, repeats and the one-to-one rule
//! (safety.md 1) are checked, and every error names file and entry.

use std::collections::BTreeMap;

use rayon::prelude::*;

use crate::model::holds::{Hold, Holds};
use crate::model::id::plain_text;
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::{AppLedger, Given, GroupKey, GroupLink, Lease, Link, OldLosses, OpenIntent};
use crate::model::stored_link::{Names, StoredGroup, StoredLink};
use crate::model::stored_text::{Entries, Text};
use crate::model::{AppId, UserId};

use super::app_state::AppState;
use super::error::LedgerError;
use super::layout::{self, Width};
use super::pending;
use super::rules;
use super::stored::{Counts, Record, StateFile};
use super::text::{self, Torn};
use super::view::{APP_BYTES, FILES, View};

/// Files read into memory before they are parsed together.
const BATCH: usize = 1024;
/// Longest text of a lease, in bytes: it goes into messages.
const MESSAGE_BYTES: usize = 256;

/// The apps in the ledger with their folders.
pub(crate) fn apps(view: &dyn View) -> Result<BTreeMap<AppId, String>, LedgerError> {
    let mut apps = BTreeMap::new();
    for name in view.list(layout::APPS)? {
        let folder = format!("{}/{}", layout::APPS, name.trim_end_matches('/'));
        let state = state(view, &folder)?.ok_or_else(|| {
            LedgerError::damaged(view.name(&folder), "there is no state.json, or it is not a folder")
        })?;
        apps.insert(state.app, folder);
    }
    Ok(apps)
}

/// Reads `state.json` alone, as it was last written.
pub(crate) fn state(view: &dyn View, folder: &str) -> Result<Option<StateFile>, LedgerError> {
    let path = format!("{folder}/state.json");
    match view.read(&path)? {
        Some(bytes) => checked_state(&view.name(&path), folder, &bytes).map(Some),
        None => Ok(None),
    }
}

/// What guards held, as the file says it: without the results that are still to come in files of their own.
pub(crate) fn holds(view: &dyn View, folder: &str) -> Result<Holds, LedgerError> {
    let path = format!("{folder}/holds.jsonl");
    match view.read(&path)? {
        Some(bytes) => {
            let file = view.name(&path);
            by_change(&file, text::lines(&file, &bytes, Torn::Refuse)?)
        }
        None => Ok(Holds::new()),
    }
}

fn checked_state(file: &str, folder: &str, bytes: &[u8]) -> Result<StateFile, LedgerError> {
    let state: StateFile = text::json(file, bytes)?;
    let right = layout::app_folder(&state.app);
    if right != folder {
        let why = format!("it says it is app '{}', which belongs in {right}", state.app);
        return Err(LedgerError::damaged(file, why));
    }
    Ok(state)
}

/// Reads the lease of an app.
pub(crate) fn lease(view: &dyn View, folder: &str) -> Result<Option<Lease>, LedgerError> {
    let path = format!("{folder}/lease.json");
    match view.read(&path)? {
        Some(bytes) => checked_lease(&view.name(&path), &bytes).map(Some),
        None => Ok(None),
    }
}

fn checked_lease(file: &str, bytes: &[u8]) -> Result<Lease, LedgerError> {
    let lease: Lease = text::json(file, bytes)?;
    let texts = [("run", &lease.run), ("holder", &lease.holder), ("plan", &lease.plan)];
    match texts.iter().find_map(|(name, text)| plain_text(name, text, MESSAGE_BYTES).err()) {
        Some(why) => Err(LedgerError::damaged(file, why.to_string())),
        None => Ok(lease),
    }
}

/// Reads an app; an app never applied is empty.
pub(crate) fn app(view: &dyn View, app: &AppId, names: &Names) -> Result<AppState, LedgerError> {
    let folder = layout::app_folder(app);
    let mut found = AppState::default();
    let mut users = Vec::new();
    let mut groups = Vec::new();
    let mut pending = Vec::new();
    let mut has_state = false;
    let mut entries = None;
    let mut total = 0;
    let at = view.place();
    let paths = paths(view, &folder)?;
    if paths.is_empty() {
        return Ok(found);
    }
    for batch in paths.chunks(BATCH) {
        let contents = batch.iter().zip(view.read_many(batch)?);
        let read: Vec<(&String, Vec<u8>)> =
            contents.filter_map(|(path, bytes)| Some((path, bytes?))).collect();
        total += read.iter().map(|(_, bytes)| bytes.len() as u64).sum::<u64>();
        if total > APP_BYTES {
            let why = format!("it is larger than {} MiB", APP_BYTES >> 20);
            return Err(LedgerError::damaged(view.name(&folder), why));
        }
        let parsed: Vec<(blake3::Hash, Part)> = read
            .par_iter()
            .map(|(path, bytes)| {
                Ok((blake3::hash(bytes), part(format!("{path} in {at}"), &folder, path, bytes, names)?))
            })
            .collect::<Result<_, LedgerError>>()?;
        for ((path, _), (hash, part)) in read.into_iter().zip(parsed) {
            found.files.insert(path.clone(), hash);
            match part {
                Part::State(state) => {
                    has_state = true;
                    found.ledger.endpoint = state.endpoint;
                    found.ledger.completed = state.completed;
                    found.ledger.applied = state.applied;
                    found.ledger.earlier = state.earlier;
                    found.ledger.begun = state.begun;
                    found.ledger.losses = state.lost;
                    let OldLosses = state.old_losses;
                    entries = state.entries;
                    found.ledger.roles = state.roles;
                    found.ledger.former_roles = state.former_roles;
                }
                Part::Users(more) => users.extend(more),
                Part::Groups(more) => groups.extend(more),
                Part::Intents(intents) => found.ledger.intents = intents,
                Part::Interventions(seen) => found.ledger.interventions = by_person(&view.name(path), seen)?,
                Part::Holds(holds) => found.ledger.holds = by_change(&view.name(path), holds)?,
                Part::Given(given) => {
                    let given = given.into_iter().map(|given| ((given.of, given.user), given.commit));
                    found.ledger.given = given.collect();
                }
                Part::Lease(lease) => found.ledger.lease = Some(lease),
                Part::Pending(run, records) => pending.push((path.clone(), run, records)),
            }
        }
    }
    if !has_state {
        return Err(LedgerError::damaged(view.name(&folder), "there is no state.json"));
    }
    let place = view.name(&folder);
    found.ledger.users = unique(&place, users)?;
    found.ledger.groups = unique(&place, groups)?;
    all_there(&place, &found.ledger, entries)?;
    pending::fold(&mut found, pending);
    rules::one_to_one(&found.ledger).map_err(|(entry, why)| LedgerError::Damaged {
        file: place,
        entry: Some(entry),
        why,
    })?;
    Ok(found)
}

fn by_person(
    file: &str,
    seen: Vec<Intervention>,
) -> Result<BTreeMap<(UserId, Hand), Intervention>, LedgerError> {
    let mut all = BTreeMap::new();
    for one in seen {
        let key = (one.user.clone(), one.hand.clone());
        if let Some(other) = all.insert(key, one) {
            let why = format!("{} of {} is there twice", other.hand, other.user);
            return Err(LedgerError::damaged(file, why));
        }
    }
    Ok(all)
}

fn by_change(file: &str, holds: Vec<Hold>) -> Result<Holds, LedgerError> {
    let mut all = Holds::new();
    for hold in holds {
        if let Some(commit) = &hold.commit {
            plain_text("commit", commit, MESSAGE_BYTES)
                .map_err(|why| LedgerError::damaged(file, why.to_string()))?;
        }
        let change = format!("{}, held by {},", hold.object, hold.guard);
        if all.insert(hold.key(), hold.commit).is_some() {
            return Err(LedgerError::damaged(file, format!("{change} is there twice")));
        }
    }
    Ok(all)
}

/// A file of entries that was deleted is damage, not an empty ledger (safety.md 5).
fn all_there(place: &str, ledger: &AppLedger, entries: Option<Counts>) -> Result<(), LedgerError> {
    let Some(held) = entries else { return Ok(()) };
    let found = [
        ("accounts", ledger.users.len(), held.users),
        ("groups", ledger.groups.len(), held.groups),
        ("holds", ledger.holds.len(), held.holds),
    ];
    match found.into_iter().find(|(_, is, was)| (*is as u64) < *was) {
        Some((what, is, was)) => Err(LedgerError::damaged(
            place,
            format!("it holds {is} {what}, and state.json says {was}: a file is missing"),
        )),
        None => Ok(()),
    }
}

fn paths(view: &dyn View, folder: &str) -> Result<Vec<String>, LedgerError> {
    let mut paths = Vec::new();
    for name in view.list(folder)? {
        match name.strip_suffix('/') {
            Some(inner) => {
                let inner = format!("{folder}/{inner}");
                paths.extend(view.list(&inner)?.into_iter().map(|name| format!("{inner}/{name}")));
            }
            None => paths.push(format!("{folder}/{name}")),
        }
    }
    if paths.len() > FILES {
        return Err(LedgerError::damaged(
            view.name(folder),
            format!("it holds {} files; at most {FILES} are allowed", paths.len()),
        ));
    }
    Ok(paths)
}

/// One file of an app.
enum Part {
    State(StateFile),
    Users(Vec<(UserId, Link)>),
    Groups(Vec<(GroupKey, GroupLink)>),
    Intents(Vec<OpenIntent>),
    Interventions(Vec<Intervention>),
    Holds(Vec<Hold>),
    Given(Vec<Given>),
    Lease(Lease),
    Pending(String, Vec<Record>),
}

fn part(file: String, folder: &str, path: &str, bytes: &[u8], names: &Names) -> Result<Part, LedgerError> {
    let name = path.get(folder.len() + 1..).unwrap_or_default();
    let (inner, stem) = match name.split_once('/') {
        Some((inner, name)) => (inner, name.rsplit_once('.').unwrap_or((name, ""))),
        None => ("", (name, "")),
    };
    match (inner, stem) {
        ("", ("state.json", _)) => checked_state(&file, folder, bytes).map(Part::State),
        ("", ("lease.json", _)) => checked_lease(&file, bytes).map(Part::Lease),
        ("", ("intents.jsonl", _)) => text::lines(&file, bytes, Torn::Refuse).map(Part::Intents),
        ("", ("interventions.jsonl", _)) => text::lines(&file, bytes, Torn::Refuse).map(Part::Interventions),
        ("", ("holds.jsonl", _)) => text::lines(&file, bytes, Torn::Refuse).map(Part::Holds),
        ("", ("given.jsonl", _)) => text::lines(&file, bytes, Torn::Refuse).map(Part::Given),
        ("users", (shard, "json")) => users(&file, shard, bytes, names).map(Part::Users),
        ("groups", (shard, "json")) => groups(&file, shard, bytes, names).map(Part::Groups),
        ("pending", (stem, "jsonl")) => {
            let Some((_, run)) = layout::read_numbered(stem) else {
                return Err(LedgerError::damaged(file, "the name is not SERIAL-RUN.jsonl"));
            };
            // Half a line at the end was never acknowledged.
            let records = text::lines(&file, bytes, Torn::Tolerate)?;
            pending::numbered_rightly(&file, &records)?;
            Ok(Part::Pending(run.to_owned(), records))
        }
        _ => Err(LedgerError::damaged(file, "rolecall writes no such file")),
    }
}

fn users(file: &str, shard: &str, bytes: &[u8], names: &Names) -> Result<Vec<(UserId, Link)>, LedgerError> {
    let entries: Entries<Text<'_>, StoredLink<'_>> = text::json_ref(file, bytes)?;
    entries_of(file, shard, entries, |id, stored| Ok((id.parsed()?, stored.link(names)?)))
}

fn groups(
    file: &str,
    shard: &str,
    bytes: &[u8],
    names: &Names,
) -> Result<Vec<(GroupKey, GroupLink)>, LedgerError> {
    let entries: Entries<Text<'_>, StoredGroup<'_>> = text::json_ref(file, bytes)?;
    entries_of(file, shard, entries, |key, stored| Ok((key.parsed()?, stored.group(names)?)))
}

fn entries_of<W, T>(
    file: &str,
    shard: &str,
    entries: Entries<Text<'_>, W>,
    read: impl Fn(&Text<'_>, W) -> Result<T, String>,
) -> Result<Vec<T>, LedgerError> {
    let width = Width::of_shard(shard).ok_or_else(|| {
        LedgerError::damaged(file, "the name is not that of a shard: all, or up to three hexadecimal digits")
    })?;
    let read = |(key, stored): (Text<'_>, W)| {
        let right = width.shard(key.as_ref());
        let entry = match right == shard {
            true => read(&key, stored),
            false => Err(format!("it belongs in shard {right}")),
        };
        entry.map_err(|why| LedgerError::Damaged {
            file: file.to_owned(),
            entry: Some(format!("{:?}", key.as_ref())),
            why,
        })
    };
    entries.0.into_iter().map(read).collect()
}

fn unique<K: Ord + std::fmt::Debug + Send, V: Send>(
    place: &str,
    mut entries: Vec<(K, V)>,
) -> Result<BTreeMap<K, V>, LedgerError> {
    entries.par_sort_unstable_by(|a, b| a.0.cmp(&b.0));
    if let Some(pair) = entries.windows(2).find(|pair| pair[0].0 == pair[1].0) {
        return Err(LedgerError::Damaged {
            file: place.to_owned(),
            entry: Some(format!("{:?}", pair[0].0)),
            why: "it is there twice".to_owned(),
        });
    }
    Ok(entries.into_iter().collect())
}
