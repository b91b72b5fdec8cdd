//! What guards hold is on record before the first request, as losses are: a run that is killed forgets nothing of it (safety.md
//! 11). What they hold no longer is told with the results.

use crate::model::holds::Hold;

use super::decode;
use super::encode;
use super::error::LedgerError;
use super::stored::StateFile;
use super::view::View;

/// The file of an app with what is held besides, and its number in `kept`; nothing if all of it is there.
pub(super) fn file(
    view: &dyn View,
    folder: &str,
    kept: &mut StateFile,
    held: &[Hold],
) -> Result<Option<(String, Vec<u8>)>, LedgerError> {
    if held.is_empty() {
        return Ok(None);
    }
    let mut holds = decode::holds(view, folder)?;
    let before = holds.len();
    for hold in held {
        holds.entry(hold.key()).or_insert_with(|| hold.commit.clone());
    }
    if let Some(entries) = &mut kept.entries {
        entries.holds = holds.len() as u64;
    }
    Ok((holds.len() > before).then(|| (format!("{folder}/holds.jsonl"), encode::holds(&holds))))
}
