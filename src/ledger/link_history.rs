//! Which remote ids a person ever had, from the branch's history: what `ledger rebuild` proposes links from.

use std::collections::BTreeMap;

use crate::model::{AppId, RemoteId, UserId};

use super::backend::Backend;
use super::error::LedgerError;
use super::layout;
use super::text::{self, Torn};
use super::wire::{Entries, Text, WireLink, WireRecord, WireUpdate};

/// Commits looked through.
const COMMITS: usize = 2000;

/// Every remote id that the ledger ever linked to each person in this app, newest first; damaged files are passed over.
pub(crate) fn remotes_ever(
    backend: &Backend,
    app: &AppId,
) -> Result<BTreeMap<UserId, Vec<RemoteId>>, LedgerError> {
    let mut ever: BTreeMap<UserId, Vec<RemoteId>> = BTreeMap::new();
    let at = layout::app_folder(app);
    let mut add = |id: &str, remote: &str| {
        if let (Ok(id), Ok(remote)) = (id.parse(), remote.parse()) {
            let remotes = ever.entry(id).or_default();
            if !remotes.contains(&remote) {
                remotes.push(remote);
            }
        }
    };
    let users = format!("{at}/users");
    let pending = format!("{at}/pending");
    match backend {
        Backend::Branch(branch) => {
            branch.every_content(&pending, COMMITS, &mut |bytes| of_records(bytes, &mut add))?;
            branch.every_content(&users, COMMITS, &mut |bytes| of_shard(bytes, &mut add))?;
        }
        Backend::Folder(folder) => {
            let files = folder.read(|view| {
                let read = |name: String| view.read(&format!("{users}/{name}"));
                view.list(&users)?.into_iter().map(read).collect::<Result<Vec<_>, _>>()
            })?;
            files.iter().flatten().for_each(|bytes| of_shard(bytes, &mut add));
        }
    }
    Ok(ever)
}

fn of_shard(bytes: &[u8], add: &mut impl FnMut(&str, &str)) {
    if let Ok(shard) = serde_json::from_slice::<Entries<Text<'_>, WireLink<Text<'_>>>>(bytes) {
        for (id, link) in &shard.0 {
            add(id.as_ref(), link.remote.as_ref());
        }
    }
}

fn of_records(bytes: &[u8], add: &mut impl FnMut(&str, &str)) {
    let records: Vec<WireRecord> = text::lines("", bytes, Torn::Tolerate).unwrap_or_default();
    for update in records.into_iter().flat_map(|record| record.updates) {
        if let WireUpdate::User { id, link } = update {
            add(&id, &link.remote);
        }
    }
}
