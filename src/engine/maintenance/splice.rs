//! Writing the `ledger:` line into rolecall.yaml: the line is added at its end, and everything else stays as it is.

use std::io::Write;
use std::path::Path;

use crate::config::{self, Source};
use crate::model::company::{LedgerSettings, LedgerStore};

pub(super) const FILE: &str = "rolecall.yaml";
/// Why no line is added.
const NO_KEY: &str = "a line at its end would not be one of its keys";
/// The comment above the line.
const COMMENT: &str = "# What rolecall manages in the apps is kept here. Made by `rolecall ledger init`: the id stays as it is.";

/// The line that names a ledger.
pub(super) fn line(id: &str, store: &LedgerStore) -> String {
    let place = match store {
        LedgerStore::Path(folder) => format!("path: {}", scalar(folder)),
        LedgerStore::Git { reference, remote } => {
            let remote = remote.as_ref().map(|remote| format!(", remote: {}", scalar(remote)));
            format!("git: {{ref: {}{}}}", scalar(reference), remote.unwrap_or_default())
        }
    };
    // Without quotes, an id of digits would be a number.
    format!("ledger: {{id: \"{id}\", {place}}}")
}

fn scalar(text: &str) -> String {
    let plain = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '.')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.'))
        && text.contains('/');
    match plain {
        true => text.to_owned(),
        false => serde_json::Value::from(text).to_string(),
    }
}

/// The text of rolecall.yaml with the ledger in it.
///
/// # Errors
/// The reason why a line cannot be added to this text.
pub(super) fn add(text: &str, id: &str, store: &LedgerStore) -> Result<String, String> {
    let end = if text.contains("\r\n") { "\r\n" } else { "\n" };
    let mut made = text.to_owned();
    if !made.is_empty() && !made.ends_with('\n') {
        made.push_str(end);
    }
    for part in [if made.is_empty() { "" } else { end }, COMMENT, end, &line(id, store), end] {
        made.push_str(part);
    }
    check(text, &made, id, store)?;
    Ok(made)
}

/// Checks that the new text says the same as the old one, and names the ledger.
fn check(before: &str, after: &str, id: &str, store: &LedgerStore) -> Result<(), String> {
    let parse = |text: &str| serde_yaml::from_str::<serde_yaml::Value>(text).map_err(|_| NO_KEY.to_owned());
    let mut parsed = parse(after)?;
    let ledger = parsed.as_mapping_mut().and_then(|map| map.remove("ledger"));
    let rest = match parsed.as_mapping() {
        Some(map) if map.is_empty() => serde_yaml::Value::Null,
        _ => parsed,
    };
    if ledger.is_none() || rest != parse(before)? {
        return Err(NO_KEY.to_owned());
    }
    let source = Source::in_memory([(FILE, after)]);
    let read = config::load(&source, &config::catalog()).company.and_then(|company| company.settings.ledger);
    match read {
        Some(LedgerSettings { id: found, store: place, .. }) if *found == *id && place == *store => Ok(()),
        _ => Err("the line would not be read as it is meant".to_owned()),
    }
}

/// Writes a file in one step and keeps its permissions; a link is followed.
///
/// # Errors
/// The operating system refused it; the file is as it was.
pub(super) fn replace(path: &Path, text: &str) -> std::io::Result<()> {
    let path = path.canonicalize()?;
    let folder = path.parent().unwrap_or_else(|| Path::new("."));
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    file.write_all(text.as_bytes())?;
    file.as_file().set_permissions(std::fs::metadata(&path)?.permissions())?;
    file.persist(&path)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn git() -> LedgerStore {
        LedgerStore::Git { reference: "refs/heads/rolecall/ledger".into(), remote: Some("origin".into()) }
    }

    #[test]
    fn comments_and_line_ends_stay() {
        let text = "# ours\r\nversion: 1   # of the language\r\nbranch: main";
        let made = add(text, "00120034", &git()).unwrap();
        assert_eq!(
            made,
            format!(
                "{text}\r\n\r\n{COMMENT}\r\nledger: {{id: \"00120034\", git: {{ref: refs/heads/rolecall/ledger, remote: \"origin\"}}}}\r\n"
            )
        );
    }

    #[test]
    fn an_empty_file_and_odd_paths_are_fine() {
        for path in ["/srv/rolecall ledger", "led: ger", "5e10", ".rolecall/ledger", "näh/#1"] {
            let store = LedgerStore::Path(path.into());
            add("", "a1", &store).unwrap();
            add("# nothing yet\n", "a1", &store).unwrap();
        }
    }

    #[test]
    fn a_text_that_no_line_can_follow_is_left_alone() {
        for text in [
            "{version: 1}\n",
            "  version: 1\n",
            "version: 1\n...\n",
            "x-note: |+\n  a\n",
            "x-list:\n- a\n---\n",
        ] {
            assert!(add(text, "a1", &git()).is_err(), "{text}");
        }
        add("x-note: |\n  a\n", "a1", &git()).unwrap();
        add("x-list:\n- a", "a1", &git()).unwrap();
    }
}
