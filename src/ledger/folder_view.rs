//! Reading the files of a ledger in a folder.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use rayon::prelude::*;

use super::error::LedgerError;
use super::file::{self, read_file};
use super::redo::Redo;
use super::view::{FILES, View};

/// The folder at one moment: what `commit.json` says goes before what the files say.
pub(crate) struct FolderView<'f> {
    pub root: &'f Path,
    pub redo: Option<Redo>,
}

impl View for FolderView<'_> {
    fn place(&self) -> String {
        self.root.display().to_string()
    }

    fn read(&self, path: &str) -> Result<Option<Vec<u8>>, LedgerError> {
        match self.redo.as_ref().and_then(|redo| redo.get(path)) {
            Some(content) => Ok(content.clone()),
            None => read_file(&self.root.join(path)),
        }
    }

    fn read_many(&self, paths: &[String]) -> Result<Vec<Option<Vec<u8>>>, LedgerError> {
        paths.par_iter().map(|path| self.read(path)).collect()
    }

    fn list(&self, folder: &str) -> Result<Vec<String>, LedgerError> {
        let path = self.root.join(folder);
        let io = |error| LedgerError::io("list", &path)(error);
        let mut names = BTreeSet::new();
        match fs::read_dir(&path) {
            Ok(entries) => {
                for entry in entries {
                    let entry = entry.map_err(io)?;
                    let mut name = entry.file_name().to_string_lossy().into_owned();
                    if entry.file_type().map_err(io)?.is_dir() {
                        name.push('/');
                    }
                    if !name.ends_with(file::TEMPORARY) {
                        names.insert(name);
                    }
                }
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
            Err(error) => return Err(io(error)),
        }
        let mut shrinking = BTreeSet::new();
        for (path, content) in self.redo.iter().flatten() {
            let Some(rest) = path.strip_prefix(folder).and_then(|rest| rest.strip_prefix('/')) else {
                continue;
            };
            match (rest.split_once('/'), content) {
                (Some((inner, _)), Some(_)) => _ = names.insert(format!("{inner}/")),
                (None, Some(_)) => _ = names.insert(rest.to_owned()),
                (None, None) => _ = names.remove(rest),
                (Some((inner, _)), None) => _ = shrinking.insert(format!("{inner}/")),
            }
        }
        for inner in shrinking {
            if !self.has_files(&format!("{folder}/{}", inner.trim_end_matches('/')))? {
                names.remove(&inner);
            }
        }
        if names.len() > FILES {
            let why = format!("it holds {} files; at most {FILES} are allowed", names.len());
            return Err(LedgerError::damaged(path.display().to_string(), why));
        }
        Ok(names.into_iter().collect())
    }
}

impl FolderView<'_> {
    /// False for a folder of which the write that has happened leaves no file.
    fn has_files(&self, folder: &str) -> Result<bool, LedgerError> {
        for name in self.list(folder)? {
            let is_folder = name.ends_with('/');
            if !is_folder || self.has_files(&format!("{folder}/{}", name.trim_end_matches('/')))? {
                return Ok(true);
            }
        }
        Ok(false)
    }
}
