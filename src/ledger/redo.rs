//! Several files written as one: see [`super::folder`].

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Component, Path};

use rayon::prelude::*;

use super::error::LedgerError;
use super::file::{read_at_most, replace, sync_folder};
use super::layout::APPS;
use super::text;
use super::view::Edits;

/// The write that has happened and may not be in the files yet.
pub(crate) const COMMIT: &str = "commit.json";
/// Largest such write, in bytes: a whole ledger at once, when a large company is first applied.
const COMMIT_BYTES: u64 = 4 << 30;
/// Content of files by path; `None` removes one.
pub(crate) type Redo = BTreeMap<String, Option<Vec<u8>>>;

/// Reads `commit.json`.
pub(crate) fn read(root: &Path) -> Result<Option<Redo>, LedgerError> {
    let path = root.join(COMMIT);
    let Some(bytes) = read_at_most(&path, COMMIT_BYTES)? else {
        return Ok(None);
    };
    let file = path.display().to_string();
    let texts: BTreeMap<String, Option<String>> = text::json(&file, &bytes)?;
    let inside = |path: &str| {
        !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
    };
    match texts.keys().find(|path| !inside(path)) {
        Some(path) => Err(LedgerError::damaged(file, format!("'{path}' does not lie in the ledger"))),
        None => {
            Ok(Some(texts.into_iter().map(|(path, text)| (path, text.map(String::into_bytes))).collect()))
        }
    }
}

/// Writes `commit.json`, then the files. Once the first is on disk, the write has happened.
pub(crate) fn write(root: &Path, edits: Edits) -> Result<(), LedgerError> {
    let entries = edits.iter().map(|(path, content)| {
        let content = content.as_ref().map(|bytes| String::from_utf8_lossy(bytes));
        (path.clone(), text::line(&content))
    });
    replace(&root.join(COMMIT), &text::object(entries))?;
    sync_folder(root)?;
    put(root, &edits)
}

/// Puts a write that has happened into the files. Doing it again changes nothing.
pub(crate) fn recover(root: &Path) -> Result<(), LedgerError> {
    match read(root)? {
        Some(edits) => put(root, &edits),
        None => Ok(()),
    }
}

fn put(root: &Path, edits: &Edits) -> Result<(), LedgerError> {
    let mut folders = BTreeSet::new();
    for name in edits.keys() {
        let path = root.join(name);
        let above = path.ancestors().skip(1).take_while(|above| above.starts_with(root));
        folders.extend(above.map(Path::to_owned));
    }
    for folder in &folders {
        fs::create_dir_all(folder).map_err(LedgerError::io("make", folder))?;
    }
    edits.par_iter().try_for_each(|(name, content)| {
        let path = root.join(name);
        match content {
            Some(bytes) => replace(&path, bytes),
            None => match fs::remove_file(&path) {
                Err(error) if error.kind() != std::io::ErrorKind::NotFound => {
                    Err(LedgerError::io("remove", path)(error))
                }
                _ => Ok(()),
            },
        }
    })?;
    remove_emptied(root, edits);
    for folder in folders.iter().filter(|folder| folder.exists()) {
        sync_folder(folder)?;
    }
    let commit = root.join(COMMIT);
    fs::remove_file(&commit).map_err(LedgerError::io("remove", &commit))?;
    sync_folder(root)
}

/// Removes the folders of an app that this write has emptied, as where the app got a new id. A folder of an app without a
/// file is damage to readers.
fn remove_emptied(root: &Path, edits: &Edits) {
    let removed = edits.iter().filter(|(_, content)| content.is_none());
    let of_app = |(name, _): (&String, &Option<Vec<u8>>)| {
        let inside = Path::new(name).strip_prefix(APPS).ok()?;
        Some(root.join(APPS).join(inside.parent()?.iter().next()?))
    };
    let apps: BTreeSet<_> = removed.filter_map(of_app).collect();
    apps.iter().for_each(|app| remove_if_empty(app));
}

/// Removes the folders below this one that hold no file, and the folder itself if it holds none. What cannot be read or
/// removed stays.
fn remove_if_empty(folder: &Path) {
    for entry in fs::read_dir(folder).into_iter().flatten().flatten() {
        if entry.file_type().is_ok_and(|kind| kind.is_dir()) {
            remove_if_empty(&entry.path());
        }
    }
    let _ = fs::remove_dir(folder);
}

#[cfg(test)]
mod tests {
    use super::super::folder_view::FolderView;
    use super::super::view::View;
    use super::*;

    fn files() -> (Edits, Edits) {
        let edits = |entries: &[(&str, Option<&str>)]| {
            let entry = |(path, text): &(&str, Option<&str>)| {
                ((*path).to_owned(), text.map(|text| text.as_bytes().to_vec()))
            };
            entries.iter().map(entry).collect::<Edits>()
        };
        let old = edits(&[
            ("ledger.json", Some("1")),
            ("apps/hr/state.json", Some("old")),
            ("apps/hr/lease.json", Some("x")),
        ]);
        let new = edits(&[
            ("ledger.json", Some("2")),
            ("apps/hr/state.json", Some("new \u{e9}\n")),
            ("apps/hr/lease.json", None),
            ("apps/hr/users/all.json", Some("{}")),
            ("runs/1.json", Some("r")),
        ]);
        (old, new)
    }

    fn sees(root: &Path, edits: &Edits) -> bool {
        let view = FolderView { root, redo: read(root).unwrap() };
        let listed = view.list("apps/hr").unwrap().contains(&"users/".to_owned());
        let all = edits.iter().all(|(path, content)| view.read(path).unwrap() == *content);
        all && listed == edits.contains_key("apps/hr/users/all.json")
    }

    /// The bytes of `commit.json` for these edits, as [`write`] makes them.
    fn commit_file(edits: &Edits) -> Vec<u8> {
        let entry = |(path, content): (&String, &Option<Vec<u8>>)| {
            let content = content.as_ref().map(|bytes| String::from_utf8_lossy(bytes));
            (path.clone(), text::line(&content))
        };
        text::object(edits.iter().map(entry))
    }

    #[test]
    fn a_crash_at_any_point_of_a_write_leaves_the_old_or_the_new_ledger() {
        let (old, new) = files();
        let commit = commit_file(&new);
        // Before the rename: half of the temporary file, at every length. The old ledger.
        let folder = tempfile::tempdir().unwrap();
        write(folder.path(), old.clone()).unwrap();
        for length in 0..=commit.len() {
            fs::write(folder.path().join("commit.json.tmp"), &commit[..length]).unwrap();
            assert!(sees(folder.path(), &old));
        }
        recover(folder.path()).unwrap();
        assert!(sees(folder.path(), &old));

        // After the rename: any of the files written, in any combination, one of them half. The new ledger.
        let names: Vec<_> = new.keys().cloned().collect();
        for done in 0..1_u32 << names.len() {
            let folder = tempfile::tempdir().unwrap();
            write(folder.path(), old.clone()).unwrap();
            fs::write(folder.path().join(COMMIT), &commit).unwrap();
            for (bit, name) in names.iter().enumerate() {
                let path = folder.path().join(name);
                fs::create_dir_all(path.parent().unwrap()).unwrap();
                match (done >> bit & 1, &new[name]) {
                    (1, Some(bytes)) => fs::write(path, bytes).unwrap(),
                    (1, None) => fs::remove_file(path).unwrap(),
                    _ => fs::write(folder.path().join(format!("{name}.tmp")), "ha").unwrap(),
                }
            }
            assert!(sees(folder.path(), &new), "{done:b}");
            recover(folder.path()).unwrap();
            assert!(!folder.path().join(COMMIT).exists() && sees(folder.path(), &new), "{done:b}");
        }
    }

    #[test]
    fn a_commit_file_cannot_reach_outside() {
        let folder = tempfile::tempdir().unwrap();
        for path in ["../x", "/etc/x", "a/../../x", ""] {
            let edits = Edits::from([(path.to_owned(), Some(b"x".to_vec()))]);
            fs::write(folder.path().join(COMMIT), commit_file(&edits)).unwrap();
            assert!(recover(folder.path()).unwrap_err().to_string().contains("does not lie in the ledger"));
        }
    }
}
