//! JSON as it lies in the ledger: one entry a line, so that diffs read well.

use serde::Serialize;
use serde::de::DeserializeOwned;

use super::error::LedgerError;

/// Whether the last line of a file may be half a line.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Torn {
    /// It was being appended to when the machine or the process died: never acknowledged, so never counted on.
    Tolerate,
    /// It was written whole.
    Refuse,
}

/// Reads JSON lines.
pub(crate) fn lines<T: DeserializeOwned>(
    file: &str,
    bytes: &[u8],
    torn: Torn,
) -> Result<Vec<T>, LedgerError> {
    let whole = match (torn, bytes.iter().rposition(|b| *b == b'\n')) {
        (Torn::Refuse, _) => bytes,
        (Torn::Tolerate, Some(end)) => &bytes[..=end],
        (Torn::Tolerate, None) => &[],
    };
    let lines = whole.split(|b| *b == b'\n').enumerate().filter(|(_, line)| !line.is_empty());
    lines
        .map(|(index, line)| {
            serde_json::from_slice(line).map_err(|error| LedgerError::Damaged {
                file: file.to_owned(),
                entry: Some(format!("line {}", index + 1)),
                why: error.to_string(),
            })
        })
        .collect()
}

/// Reads a whole file.
pub(crate) fn json<T: DeserializeOwned>(file: &str, bytes: &[u8]) -> Result<T, LedgerError> {
    json_ref(file, bytes)
}

/// Reads a whole file, borrowing from it.
pub(crate) fn json_ref<'b, T: serde::Deserialize<'b>>(file: &str, bytes: &'b [u8]) -> Result<T, LedgerError> {
    serde_json::from_slice(bytes).map_err(|error| LedgerError::Damaged {
        file: file.to_owned(),
        entry: Some(format!("line {}", error.line())),
        why: error.to_string(),
    })
}

/// A small object, its keys one a line.
pub(crate) fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut bytes = serde_json::to_vec_pretty(value).unwrap_or_default();
    bytes.push(b'\n');
    bytes
}

/// One value on one line, without the line end.
pub(crate) fn line(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_default()
}

/// A file of JSON lines.
pub(crate) fn jsonl<T: Serialize>(values: impl IntoIterator<Item = T>) -> Vec<u8> {
    let mut bytes = Vec::new();
    for value in values {
        bytes.extend_from_slice(line(&value).as_bytes());
        bytes.push(b'\n');
    }
    bytes
}

/// An object with one entry a line; each value is JSON already.
pub(crate) fn object(entries: impl IntoIterator<Item = (String, String)>) -> Vec<u8> {
    let mut out = String::from("{");
    for (index, (key, value)) in entries.into_iter().enumerate() {
        out.push_str(if index > 0 { ",\n" } else { "\n" });
        out.push_str(&line(&key));
        out.push_str(": ");
        out.push_str(&value);
    }
    out.push_str("\n}\n");
    out.into_bytes()
}
