//! The entry in .gitignore: files of runs are no part of the repository.

use std::io::{ErrorKind, Write};
use std::path::Path;

pub(super) const FILE: &str = ".gitignore";
/// The entry that is added.
const ENTRY: &str = ".rolecall/";
/// Entries with the same meaning.
const SAME: [&str; 4] = [".rolecall", ".rolecall/", "/.rolecall", "/.rolecall/"];

/// The result of adding the entry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Added {
    /// The file was made.
    NewFile,
    /// A line was added to it.
    Line,
    /// The entry was there.
    Nothing,
}

/// Adds the entry if it is missing.
///
/// # Errors
/// The file cannot be read or written.
pub(super) fn add(path: &Path) -> std::io::Result<Added> {
    let there = match std::fs::read(path) {
        Ok(bytes) => Some(bytes),
        Err(error) if error.kind() == ErrorKind::NotFound => None,
        Err(error) => return Err(error),
    };
    let text = there.as_deref().map(String::from_utf8_lossy).unwrap_or_default();
    if text.lines().any(|line| SAME.contains(&line.trim())) {
        return Ok(Added::Nothing);
    }
    let gap = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
    let mut file = std::fs::File::options().create(true).append(true).open(path)?;
    write!(file, "{gap}# What runs of rolecall leave behind: journals, sandboxes\n{ENTRY}\n")?;
    Ok(if there.is_some() { Added::Line } else { Added::NewFile })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_entry_is_added_once() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join(FILE);
        assert_eq!(add(&path).unwrap(), Added::NewFile);
        assert_eq!(add(&path).unwrap(), Added::Nothing);
        std::fs::write(&path, "target").unwrap();
        assert_eq!(add(&path).unwrap(), Added::Line);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(text.starts_with("target\n#") && text.ends_with("\n.rolecall/\n"), "{text}");
    }
}
