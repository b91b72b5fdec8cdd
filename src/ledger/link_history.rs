//! Which remote ids a person ever had, from the branch's history: what `ledger rebuild` proposes links from.

use std::collections::BTreeMap;

use crate::model::ledger::LedgerUpdate;
use crate::model::stored_link::StoredLink;
use crate::model::stored_text::{Entries, Text};
use crate::model::{AppId, RemoteId, UserId};

use super::backend::Backend;
use super::error::LedgerError;
use super::layout;
use super::stored::Record;

/// Commits looked through.
const COMMITS: usize = 2000;

/// Every remote id that the ledger ever linked to each person in this app, newest first; damaged files are passed over.
pub(crate) fn remotes_ever(
    backend: &Backend,
    app: &AppId,
) -> Result<BTreeMap<UserId, Vec<RemoteId>>, LedgerError> {
    let mut ever: BTreeMap<UserId, Vec<RemoteId>> = BTreeMap::new();
    let at = layout::app_folder(app);
    let mut add = |id: UserId, remote: RemoteId| {
        let remotes = ever.entry(id).or_default();
        if !remotes.contains(&remote) {
            remotes.push(remote);
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

fn of_shard(bytes: &[u8], add: &mut impl FnMut(UserId, RemoteId)) {
    if let Ok(shard) = serde_json::from_slice::<Entries<Text<'_>, StoredLink<'_>>>(bytes) {
        for (id, link) in &shard.0 {
            if let (Ok(id), Ok(remote)) = (id.parsed(), link.remote.parsed()) {
                add(id, remote);
            }
        }
    }
}

fn of_records(bytes: &[u8], add: &mut impl FnMut(UserId, RemoteId)) {
    let records = bytes.split(|b| *b == b'\n').filter_map(|line| serde_json::from_slice::<Record>(line).ok());
    for update in records.flat_map(|record| record.updates) {
        if let LedgerUpdate::PutUser { id, link } = update {
            add(id, link.remote);
        }
    }
}
