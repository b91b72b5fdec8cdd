//! The apps that the root names, each by its folder. An app that is named and whose folder is gone is an error of its own, and not
//! an app that was never applied (safety.md 5).

use std::collections::BTreeSet;

use super::error::LedgerError;
use super::layout::APPS;
use super::stored::Root;
use super::view::{Edits, View};

/// The folders that the root names and that are gone.
pub(crate) fn lost(view: &dyn View, root: &Root) -> Result<BTreeSet<String>, LedgerError> {
    let Some(named) = root.apps.as_ref().filter(|named| !named.is_empty()) else {
        return Ok(BTreeSet::new());
    };
    let there = there(view)?;
    Ok(named.difference(&there).cloned().collect())
}

/// What the root names after a write. A lost one stays named until it is written again.
pub(crate) fn after(view: &dyn View, root: &Root, edits: &Edits) -> Result<BTreeSet<String>, LedgerError> {
    let mut named = there(view)?;
    named.extend(root.apps.iter().flatten().cloned());
    for (path, content) in edits {
        let inner = path.strip_prefix(APPS).and_then(|rest| rest.strip_prefix('/'));
        if let Some((folder, "state.json")) = inner.and_then(|inner| inner.split_once('/')) {
            match content {
                Some(_) => named.insert(folder.to_owned()),
                None => named.remove(folder),
            };
        }
    }
    Ok(named)
}

fn there(view: &dyn View) -> Result<BTreeSet<String>, LedgerError> {
    let names = view.list(APPS)?.into_iter();
    Ok(names.filter_map(|name| name.strip_suffix('/').map(str::to_owned)).collect())
}
