//! Files of the working directory.

use std::collections::BTreeSet;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use ignore::WalkBuilder;
use rayon::prelude::*;

use crate::git::Repo;
use crate::model::Diagnostic;

use super::file::{Folder, MAX_FILE, RawFile, State, no_root};
use crate::config::include::{Include, ROOT_FILE};

impl Folder {
    pub(super) fn open(start: &Path) -> Result<Self, Box<Diagnostic>> {
        let start = start.canonicalize().map_err(|error| {
            Box::new(
                Diagnostic::error("no-root", None, format!("cannot look into {}: {error}", start.display()))
                    .with_hint("check the folder given with `-C`"),
            )
        })?;
        let root = start
            .ancestors()
            .find(|folder| folder.join(ROOT_FILE).symlink_metadata().is_ok())
            .ok_or_else(|| no_root(&format!("in {}", start.display())))?
            .to_owned();
        let repo = Repo::discover(&root).map_err(|error| Box::new(Diagnostic::from(error)))?;
        let prefix =
            repo.as_ref().and_then(crate::git::repo::Repo::workdir).and_then(|top| prefix(&root, &top));
        // A tree inside an ignored folder of a repository is not that repository's.
        let (repo, prefix) = match (repo, prefix) {
            (Some(repo), Some(prefix)) if !repo.ignores(&format!("{prefix}{ROOT_FILE}")) => {
                (Some(repo), prefix)
            }
            _ => (None, String::new()),
        };
        Ok(Self { root, repo, prefix })
    }
}

/// `folder` relative to `top`, empty or ending with `/`.
pub(super) fn prefix(folder: &Path, top: &Path) -> Option<String> {
    let relative = folder.strip_prefix(top).ok()?;
    let mut text = String::new();
    for part in relative.components() {
        text.push_str(part.as_os_str().to_str()?);
        text.push('/');
    }
    Some(text)
}

/// Reads all files that belong to the tree.
pub(super) fn files(folder: &Folder, include: &Include) -> Result<Vec<RawFile>, Box<Diagnostic>> {
    let mut names: BTreeSet<String> = BTreeSet::from([ROOT_FILE.to_owned()]);
    let mut broken = Vec::new();
    let root = folder.root.clone();
    let enter = {
        let (root, include_folders) = (root.clone(), include.clone());
        move |entry: &ignore::DirEntry| {
            let is_folder = entry.file_type().is_some_and(|kind| kind.is_dir());
            !is_folder
                || entry.depth() == 0
                || name(&root, entry.path()).is_none_or(|name| include_folders.may_hold(&name))
        }
    };
    let walk = WalkBuilder::new(&root)
        .hidden(true)
        .parents(folder.repo.is_some())
        .ignore(false)
        .git_ignore(folder.repo.is_some())
        .git_exclude(folder.repo.is_some())
        .git_global(folder.repo.is_some())
        .follow_links(false)
        .filter_entry(enter)
        .build();
    for entry in walk {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                return Err(Box::new(
                    Diagnostic::error("read", None, format!("cannot list the files of the tree: {error}"))
                        .with_hint(
                            "check the permissions; a file that cannot be seen is not a file that is gone",
                        ),
                ));
            }
        };
        let Some(name) = name(&root, entry.path()) else {
            broken.push(RawFile::broken(
                &entry.path().to_string_lossy(),
                "file-name",
                "the file's name is not UTF-8".into(),
                "rename it",
            ));
            continue;
        };
        let link = entry.path_is_symlink();
        if link && entry.path().is_dir() {
            if include.may_hold(&name) && include.matches(&format!("{name}/x.yaml")) {
                broken.push(RawFile::broken(
                    &name,
                    "symlink",
                    format!("`{name}` is a link to a folder, which is not followed"),
                    "move the files here",
                ));
            }
        } else if !entry.file_type().is_some_and(|kind| kind.is_dir()) && include.matches(&name) {
            names.insert(name);
        }
    }
    if let Some(repo) = &folder.repo {
        let tracked = repo.tracked().map_err(|error| Box::new(Diagnostic::from(error)))?;
        let ours = tracked
            .iter()
            .filter_map(|path| path.strip_prefix(&folder.prefix))
            .filter(|name| include.matches(name) && root.join(name).symlink_metadata().is_ok());
        names.extend(ours.map(str::to_owned));
    }
    let names: Vec<_> = names.into_iter().collect();
    let mut files: Vec<RawFile> = names.par_iter().map(|name| read_below(&root, name)).collect();
    files.append(&mut broken);
    Ok(files)
}

fn name(root: &Path, path: &Path) -> Option<String> {
    prefix(path, root).map(|name| name.trim_end_matches('/').to_owned())
}

/// Reads one file.
pub(super) fn read(folder: &Folder, name: &str) -> RawFile {
    read_below(&folder.root, name)
}

fn read_below(root: &Path, name: &str) -> RawFile {
    let path = root.join(name);
    let unreadable = |error: std::io::Error| {
        RawFile::broken(
            name,
            "file-read",
            format!("the file cannot be read: {error}"),
            "check its permissions; a link has to lead to a file inside the root",
        )
    };
    let real = match path.canonicalize() {
        Ok(real) => real,
        Err(error) => return unreadable(error),
    };
    if !real.starts_with(root) {
        return RawFile::broken(
            name,
            "symlink",
            format!("`{name}` is a link out of the root"),
            "put the file itself here: what counts has to be in the repository",
        );
    }
    let size = match path.metadata() {
        Ok(meta) if !meta.is_file() => {
            return RawFile::broken(
                name,
                "file-read",
                "it is not a file".into(),
                "remove it, or leave it out of `include:`",
            );
        }
        Ok(meta) => meta.len(),
        Err(error) => return unreadable(error),
    };
    if size > MAX_FILE {
        return RawFile::too_large(name, size);
    }
    let mut bytes = Vec::with_capacity(size as usize + 1);
    match File::open(&path).and_then(|file| file.take(MAX_FILE + 1).read_to_end(&mut bytes)) {
        Ok(read) if read as u64 > MAX_FILE => RawFile::too_large(name, read as u64),
        Ok(_) => RawFile::of_bytes(name, bytes),
        Err(error) => unreadable(error),
    }
}

/// The commit the files stand on, and which of them differ from it.
pub(super) fn state(folder: &Folder, include: &Include) -> Result<State, Box<Diagnostic>> {
    let Some(repo) = &folder.repo else {
        return Ok(State::default());
    };
    let boxed = |error| Box::new(Diagnostic::from(error));
    let commit = repo.head().map_err(boxed)?.map(|commit| commit.id);
    let mut places: Vec<String> =
        include.places().into_iter().map(|place| format!("{}{place}", folder.prefix)).collect();
    if places.is_empty() && !folder.prefix.is_empty() {
        places.push(folder.prefix.trim_end_matches('/').to_owned());
    }
    let changed = repo.changed(&places).map_err(boxed)?;
    let ours = changed
        .iter()
        .filter_map(|path| path.strip_prefix(&folder.prefix))
        .filter(|name| include.matches(name));
    Ok(State { commit, branch: repo.head_branch(), changed: ours.map(str::to_owned).collect() })
}
