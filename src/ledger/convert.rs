//! Between the stored form and the model. Everything read passes the checks here: the ledger is hostile input
//! (safety.md 6).

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::fmt::Display;
use std::str::FromStr;
use std::sync::{Arc, RwLock};

use crate::model::hash::ShortHash;
use crate::model::id::plain_text;
use crate::model::ledger::{GroupLink, Hashes, LedgerUpdate, Link, LinkState};
use crate::model::time::Timestamp;
use crate::model::{AttributeHashes, RoleId, UserId};

use super::wire::{Entries, WireGroup, WireLink, WireState, WireUpdate};

/// Longest id of our own, in bytes.
const ID_BYTES: usize = 256;
/// Longest text given by a mapping or a role (paths, endpoints, values), in bytes.
const TEXT_BYTES: usize = 4096;

/// Shares the texts that thousands of entries repeat: attribute paths and commit ids.
#[derive(Default)]
pub(crate) struct Names(RwLock<HashSet<Arc<str>>>);

impl Names {
    fn get(&self, text: &str) -> Arc<str> {
        if let Ok(known) = self.0.read()
            && let Some(name) = known.get(text)
        {
            return name.clone();
        }
        let name: Arc<str> = text.into();
        if let Ok(mut known) = self.0.write() {
            known.insert(name.clone());
        }
        name
    }
}

fn checked<'t>(what: &'static str, text: &'t str, most: usize) -> Result<&'t str, String> {
    plain_text(what, text, most).map(|()| text).map_err(|error| error.to_string())
}

/// Reads an id or a key.
pub(crate) fn id<T: FromStr<Err: Display>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// Text that goes into messages.
pub(crate) fn message_text(what: &'static str, text: &str) -> Result<(), String> {
    checked(what, text, ID_BYTES).map(|_| ())
}

pub(crate) fn endpoint(text: &str) -> Result<Arc<str>, String> {
    if text.is_empty() {
        return Ok("".into());
    }
    checked("endpoint", text, TEXT_BYTES).map(Arc::from)
}

pub(crate) fn link<T: AsRef<str>>(wire: WireLink<T>, names: &Names) -> Result<Link, String> {
    let state = match (wire.state, wire.since) {
        (WireState::Active, None) => LinkState::Active,
        (WireState::Disabled, Some(since)) => LinkState::Disabled { since },
        (WireState::Gone, Some(since)) => LinkState::Gone { since },
        (WireState::Active, Some(_)) => return Err("an active account has no 'since'".to_owned()),
        (WireState::Disabled | WireState::Gone, None) => return Err("'since' is missing".to_owned()),
    };
    let roles = wire.roles.iter().map(|role| id(role.as_ref()));
    Ok(Link {
        remote: id(wire.remote.as_ref())?,
        origin: wire.origin,
        state,
        commit: match &wire.commit {
            Some(commit) => Some(names.get(checked("commit", commit.as_ref(), ID_BYTES)?)),
            None => None,
        },
        life: wire.life,
        lapsed: wire.lapsed,
        roles: distinct("role", roles)?,
        values: values(wire.values, names)?,
    })
}

pub(crate) fn group(wire: WireGroup, names: &Names) -> Result<GroupLink, String> {
    let added = distinct("member", wire.added.iter().map(|member| id(member)))?;
    let mut members = distinct("member", wire.found.iter().map(|member| id(member)))?;
    if let Some(both) = members.intersection(&added).next() {
        return Err(format!("member '{both}' is listed twice"));
    }
    members.extend(added.iter().cloned());
    Ok(GroupLink {
        remote: id(&wire.remote)?,
        origin: wire.origin,
        commit: match &wire.commit {
            Some(commit) => Some(names.get(checked("commit", commit, ID_BYTES)?)),
            None => None,
        },
        members,
        added,
        values: values(wire.values, names)?,
    })
}

fn distinct<T: Ord + std::fmt::Display>(
    what: &str,
    items: impl Iterator<Item = Result<T, String>>,
) -> Result<BTreeSet<T>, String> {
    let mut all = items.collect::<Result<Vec<_>, _>>()?;
    all.sort();
    match all.windows(2).find(|pair| pair[0] == pair[1]) {
        Some(pair) => Err(format!("{what} '{}' is listed twice", pair[0])),
        None => Ok(all.into_iter().collect()),
    }
}

fn values<T: AsRef<str>>(wire: Entries<T, T>, names: &Names) -> Result<AttributeHashes, String> {
    let mut values = Vec::with_capacity(wire.0.len());
    let mut last = None;
    for (path, hashes) in &wire.0 {
        let path = checked("attribute path", path.as_ref(), TEXT_BYTES)?;
        let hashes =
            read_hashes(hashes.as_ref(), &mut last).map_err(|why| format!("attribute '{path}': {why}"))?;
        values.push((names.get(path), hashes));
    }
    AttributeHashes::distinct(values).map_err(|path| format!("attribute '{path}' is there twice"))
}

/// `last` is the instant of the attribute before: most often the same.
fn read_hashes<'t>(text: &'t str, last: &mut Option<(&'t str, Timestamp)>) -> Result<Hashes, String> {
    let form = || "expected 'ASKED AT' or 'ASKED KEPT AT'".to_owned();
    let (asked, rest) = text.split_once(' ').ok_or_else(form)?;
    let (kept, at) = rest.split_once(' ').unwrap_or((asked, rest));
    let asked: ShortHash = asked.parse()?;
    let instant = match *last {
        Some((text, instant)) if text == at => instant,
        _ => at.parse::<Timestamp>().map_err(|error| error.to_string())?,
    };
    *last = Some((at, instant));
    Ok(Hashes { asked, kept: kept.parse()?, at: instant })
}

/// Back to the stored form.
pub(crate) fn wire_link(link: &Link) -> WireLink<String> {
    let (state, since) = match link.state {
        LinkState::Active => (WireState::Active, None),
        LinkState::Disabled { since } => (WireState::Disabled, Some(since)),
        LinkState::Gone { since } => (WireState::Gone, Some(since)),
    };
    WireLink {
        remote: link.remote.to_string(),
        origin: link.origin,
        state,
        since,
        commit: link.commit.as_deref().map(str::to_owned),
        life: link.life,
        lapsed: link.lapsed,
        roles: link.roles.iter().map(RoleId::to_string).collect(),
        values: wire_values(&link.values),
    }
}

/// Back to the stored form.
pub(crate) fn wire_group(link: &GroupLink) -> WireGroup {
    WireGroup {
        remote: link.remote.to_string(),
        origin: link.origin,
        commit: link.commit.as_deref().map(str::to_owned),
        values: wire_values(&link.values),
        added: link.added.iter().map(UserId::to_string).collect(),
        found: link.members.difference(&link.added).map(UserId::to_string).collect(),
    }
}

fn wire_values(values: &AttributeHashes) -> Entries<String, String> {
    let entries = values.iter().map(|(path, hashes)| {
        let Hashes { asked, kept, at } = hashes;
        let text = match asked == kept {
            true => format!("{asked} {at}"),
            false => format!("{asked} {kept} {at}"),
        };
        (path.to_string(), text)
    });
    Entries(entries.collect())
}

/// Managed value roles with their values.
pub(crate) fn roles(wire: BTreeMap<String, String>) -> Result<BTreeMap<RoleId, Arc<str>>, String> {
    let role = |(id, value): (String, String)| {
        let value = checked("role value", &value, TEXT_BYTES)?.into();
        Ok((self::id(&id)?, value))
    };
    wire.into_iter().map(role).collect()
}

/// Back to the stored form.
pub(crate) fn wire_roles(roles: &BTreeMap<RoleId, Arc<str>>) -> BTreeMap<String, String> {
    roles.iter().map(|(id, value)| (id.to_string(), value.to_string())).collect()
}

/// A step, to be written down.
pub(crate) fn wire_update(update: &LedgerUpdate) -> WireUpdate {
    let texts = |ids: &[UserId]| ids.iter().map(UserId::to_string).collect();
    match update {
        LedgerUpdate::PutUser { id, link } => WireUpdate::User { id: id.to_string(), link: wire_link(link) },
        LedgerUpdate::ForgetUser { id } => WireUpdate::ForgetUser(id.to_string()),
        LedgerUpdate::MoveUser { from, to } => {
            WireUpdate::MoveUser { from: from.to_string(), to: to.to_string() }
        }
        LedgerUpdate::PutGroup { key, link } => {
            WireUpdate::Group { key: key.to_string(), link: wire_group(link) }
        }
        LedgerUpdate::Members { key, added, found, removed } => WireUpdate::Members {
            key: key.to_string(),
            added: texts(added),
            found: texts(found),
            removed: texts(removed),
        },
        LedgerUpdate::ForgetGroup { key } => WireUpdate::ForgetGroup(key.to_string()),
        LedgerUpdate::MoveGroup { from, to } => {
            WireUpdate::MoveGroup { from: from.to_string(), to: to.to_string() }
        }
        LedgerUpdate::Endpoint { endpoint } => WireUpdate::Endpoint(endpoint.to_string()),
        LedgerUpdate::Roles { roles } => WireUpdate::Roles(wire_roles(roles)),
        LedgerUpdate::Losses(losses) => WireUpdate::Losses(losses.clone()),
        LedgerUpdate::Completed { at } => WireUpdate::Completed(*at),
        LedgerUpdate::Applied(applied) => WireUpdate::Applied(applied.clone()),
    }
}

/// A step that was written down.
pub(crate) fn update(wire: WireUpdate, names: &Names) -> Result<LedgerUpdate, String> {
    let users = |ids: Vec<String>| ids.iter().map(|member| id(member)).collect::<Result<Vec<_>, _>>();
    Ok(match wire {
        WireUpdate::User { id, link: wire } => {
            LedgerUpdate::PutUser { id: self::id(&id)?, link: link(wire, names)? }
        }
        WireUpdate::ForgetUser(id) => LedgerUpdate::ForgetUser { id: self::id(&id)? },
        WireUpdate::MoveUser { from, to } => LedgerUpdate::MoveUser { from: id(&from)?, to: id(&to)? },
        WireUpdate::Group { key, link } => {
            LedgerUpdate::PutGroup { key: id(&key)?, link: group(link, names)? }
        }
        WireUpdate::Members { key, added, found, removed } => LedgerUpdate::Members {
            key: id(&key)?,
            added: users(added)?,
            found: users(found)?,
            removed: users(removed)?,
        },
        WireUpdate::ForgetGroup(key) => LedgerUpdate::ForgetGroup { key: id(&key)? },
        WireUpdate::MoveGroup { from, to } => LedgerUpdate::MoveGroup { from: id(&from)?, to: id(&to)? },
        WireUpdate::Endpoint(text) => LedgerUpdate::Endpoint { endpoint: endpoint(&text)? },
        WireUpdate::Roles(wire) => LedgerUpdate::Roles { roles: roles(wire)? },
        WireUpdate::Losses(losses) => LedgerUpdate::Losses(losses),
        WireUpdate::Completed(at) => LedgerUpdate::Completed { at },
        WireUpdate::Applied(applied) => LedgerUpdate::Applied(applied),
    })
}

/// Refuses a step that could not be read back: one such line would make the whole ledger unreadable.
pub(crate) fn readable(step: &LedgerUpdate, names: &Names) -> Result<(), String> {
    let subject = match step {
        LedgerUpdate::PutUser { id, .. } | LedgerUpdate::ForgetUser { id } => format!("user {id}: "),
        LedgerUpdate::MoveUser { to, .. } => format!("user {to}: "),
        LedgerUpdate::PutGroup { key, .. }
        | LedgerUpdate::Members { key, .. }
        | LedgerUpdate::ForgetGroup { key } => format!("{key}: "),
        LedgerUpdate::MoveGroup { to, .. } => format!("{to}: "),
        LedgerUpdate::Endpoint { .. }
        | LedgerUpdate::Roles { .. }
        | LedgerUpdate::Losses(_)
        | LedgerUpdate::Completed { .. }
        | LedgerUpdate::Applied(_) => String::new(),
    };
    match update(wire_update(step), names) {
        Ok(_) => Ok(()),
        Err(why) => Err(format!("{subject}{why}")),
    }
}
