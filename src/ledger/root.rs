//! The root file: which ledger this is, how often it was written, and the key of its hashes.

use std::collections::BTreeSet;

use crate::model::hash::HashKey;

use super::error::LedgerError;
use super::layout;
use super::stored::{self, Root, RootFormat};
use super::view::View;

/// Reads the root; `expected` is the id in `rolecall.yaml`.
pub(crate) fn read(view: &dyn View, expected: Option<&str>) -> Result<Option<(Root, HashKey)>, LedgerError> {
    let Some(bytes) = view.read(layout::ROOT)? else {
        return Ok(None);
    };
    let file = view.name(layout::ROOT);
    let format: RootFormat = parse(&file, &bytes)?;
    if !(stored::OLDEST_FORMAT..=stored::FORMAT).contains(&format.format) {
        return Err(LedgerError::Format { place: view.place(), found: format.format, known: stored::FORMAT });
    }
    let root = Root { format: stored::FORMAT, ..parse(&file, &bytes)? };
    if !layout::is_plain(&root.id) {
        return Err(LedgerError::damaged(file, "the id is not one that 'ledger init' makes"));
    }
    if root.serial > layout::HIGHEST_SERIAL {
        return Err(LedgerError::damaged(file, too_high(root.serial)));
    }
    if let Some(expected) = expected
        && expected != root.id
    {
        return Err(LedgerError::OtherId {
            place: view.place(),
            expected: expected.into(),
            found: root.id.into(),
        });
    }
    let key = read_key(&root.key)
        .ok_or_else(|| LedgerError::damaged(file, "the key is not 64 hexadecimal digits"))?;
    Ok(Some((root, key)))
}

/// Counts a write. A ledger that cannot be counted on is not written at all.
pub(crate) fn count(root: &mut Root, view: &dyn View) -> Result<(), LedgerError> {
    if root.serial >= layout::HIGHEST_SERIAL {
        return Err(LedgerError::damaged(view.name(layout::ROOT), too_high(root.serial)));
    }
    root.serial += 1;
    Ok(())
}

fn too_high(serial: u64) -> String {
    format!(
        "its serial is {serial}: rolecall counts writes from 1, and never beyond {}",
        layout::HIGHEST_SERIAL
    )
}

fn read_key(text: &str) -> Option<HashKey> {
    let mut bytes = [0; 32];
    if text.len() != 64 || !text.bytes().all(|b| b.is_ascii_hexdigit()) {
        return None;
    }
    for (index, byte) in bytes.iter_mut().enumerate() {
        *byte = u8::from_str_radix(text.get(2 * index..2 * index + 2)?, 16).ok()?;
    }
    Some(HashKey::new(bytes))
}

/// Without the parser's words: they might quote the key.
fn parse<T: serde::de::DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, LedgerError> {
    serde_json::from_slice(bytes).map_err(|error| LedgerError::Damaged {
        file: file.to_owned(),
        entry: Some(format!("line {} column {}", error.line(), error.column())),
        why: "it is not the object {format, id, serial, key, apps} that rolecall writes".to_owned(),
    })
}

/// A new root.
pub(crate) fn make() -> Result<Root, LedgerError> {
    let mut random = [0; 48];
    getrandom::fill(&mut random)
        .map_err(|error| LedgerError::Refused(format!("no random numbers: {error}")))?;
    let hex = |bytes: &[u8]| bytes.iter().map(|byte| format!("{byte:02x}")).collect::<String>();
    Ok(Root {
        format: stored::FORMAT,
        id: hex(&random[..16]),
        serial: 1,
        key: hex(&random[16..]),
        apps: Some(BTreeSet::new()),
    })
}

/// The root as a file.
pub(crate) fn bytes(root: &Root) -> Vec<u8> {
    super::text::pretty(root)
}
