//! Files of a commit.

use std::path::Path;

use crate::git::{Commit, Entry, EntryKind, GitError, Repo};
use crate::model::Diagnostic;

use super::file::{MAX_FILE, RawFile, Revision, no_root};
use super::folder::prefix;
use crate::config::include::{Include, ROOT_FILE};

fn boxed(error: GitError) -> Box<Diagnostic> {
    Box::new(error.into())
}

impl Revision {
    pub(super) fn open(start: &Path, revision: &str) -> Result<Self, Box<Diagnostic>> {
        let start = start.canonicalize().unwrap_or_else(|_| start.to_owned());
        let Some(repo) = Repo::discover(&start).map_err(boxed)? else {
            return Err(Box::new(
                Diagnostic::error("git", None, format!("{} lies in no git repository", start.display()))
                    .with_hint("a revision is read from git objects: run this inside a clone"),
            ));
        };
        let commit = repo.resolve(revision).map_err(boxed)?;
        let here = repo.workdir().and_then(|top| prefix(&start, &top)).unwrap_or_default();
        let prefix =
            root_in(&repo, &commit, &here)?.ok_or_else(|| no_root(&format!("at {revision} in `{here}`")))?;
        Ok(Self { repo, commit, prefix })
    }
}

/// The nearest folder upwards that has a rolecall.yaml in this commit.
fn root_in(repo: &Repo, commit: &Commit, start: &str) -> Result<Option<String>, Box<Diagnostic>> {
    let mut folder = start;
    loop {
        if repo.entry(commit, &format!("{folder}{ROOT_FILE}")).map_err(boxed)?.is_some() {
            return Ok(Some(folder.to_owned()));
        }
        if folder.is_empty() {
            return Ok(None);
        }
        let parent = folder.trim_end_matches('/').rfind('/').map_or(0, |at| at + 1);
        folder = &folder[..parent];
    }
}

/// Reads all files that belong to the tree.
pub(super) fn files(revision: &Revision, include: &Include) -> Result<Vec<RawFile>, Box<Diagnostic>> {
    let Revision { repo, commit, prefix } = revision;
    let enter = |folder: &str| match format!("{folder}/").strip_prefix(prefix.as_str()) {
        Some(inside) => inside.is_empty() || include.may_hold(inside.trim_end_matches('/')),
        None => prefix.starts_with(&format!("{folder}/")),
    };
    let entries = repo.files(commit, enter).map_err(boxed)?;
    let mut files = Vec::new();
    for entry in &entries {
        let Some(name) = entry.path.strip_prefix(prefix.as_str()) else {
            continue;
        };
        if include.matches(name) {
            files.push(content(revision, name, entry)?);
        } else if entry.kind == EntryKind::Link
            && include.may_hold(name)
            && include.matches(&format!("{name}/x.yaml"))
            && leads_to_folder(revision, &entry.path, entry)?
        {
            files.push(RawFile::broken(
                name,
                "symlink",
                format!("`{name}` is a link to a folder, which is not followed"),
                "move the files here",
            ));
        }
    }
    Ok(files)
}

/// True if the entries of the tree are the same objects in both commits. A link is followed in neither: what it leads to
/// may lie anywhere, so that a tree with links is never said to be the same.
pub(super) fn is_same(one: &Revision, other: &Revision, include: &Include) -> Result<bool, Box<Diagnostic>> {
    let (mine, theirs) = (entries(one, include)?, entries(other, include)?);
    let is_file = |entry: &Entry| entry.kind == EntryKind::File;
    Ok(one.prefix == other.prefix
        && mine.len() == theirs.len()
        && mine.iter().zip(&theirs).all(|(mine, theirs)| is_file(mine) && mine.has_content_of(theirs)))
}

/// The entries that belong to the tree, or may lead to a file that does.
fn entries(revision: &Revision, include: &Include) -> Result<Vec<Entry>, Box<Diagnostic>> {
    let Revision { repo, commit, prefix } = revision;
    let enter = |folder: &str| match format!("{folder}/").strip_prefix(prefix.as_str()) {
        Some(inside) => inside.is_empty() || include.may_hold(inside.trim_end_matches('/')),
        None => prefix.starts_with(&format!("{folder}/")),
    };
    let counts = |entry: &Entry| {
        let name = entry.path.strip_prefix(prefix.as_str());
        name.is_some_and(|name| {
            include.matches(name) || entry.kind == EntryKind::Link && include.may_hold(name)
        })
    };
    let entries = repo.files(commit, enter).map_err(boxed)?;
    Ok(entries.into_iter().filter(counts).collect())
}

/// Reads one file.
pub(super) fn read(revision: &Revision, name: &str) -> Result<RawFile, Box<Diagnostic>> {
    let path = format!("{}{name}", revision.prefix);
    match revision.repo.entry(&revision.commit, &path).map_err(boxed)? {
        Some(entry) => content(revision, name, &entry),
        None => Err(no_root("in this commit")),
    }
}

fn content(revision: &Revision, name: &str, entry: &Entry) -> Result<RawFile, Box<Diagnostic>> {
    let repo = &revision.repo;
    if entry.kind == EntryKind::File {
        let size = repo.size(entry).map_err(boxed)? as u64;
        if size > MAX_FILE {
            return Ok(RawFile::too_large(name, size));
        }
        return Ok(RawFile::of_bytes(name, repo.content(entry).map_err(boxed)?));
    }
    let inside = target(revision, &entry.path, entry)?.filter(|path| path.starts_with(&revision.prefix));
    let Some(path) = inside else {
        return Ok(RawFile::broken(
            name,
            "symlink",
            format!("`{name}` is a link out of the root"),
            "put the file itself here: what counts has to be in the repository",
        ));
    };
    match repo.entry(&revision.commit, &path).map_err(boxed)? {
        Some(entry) if entry.kind == EntryKind::File => content(revision, name, &entry),
        _ => Ok(RawFile::broken(
            name,
            "file-read",
            format!("`{name}` is a link to `{path}`, which is not a file"),
            "a link has to lead to a file inside the root",
        )),
    }
}

/// The path a link leads to, from the repository's top; `None` if it leads out of it.
fn target(revision: &Revision, path: &str, link: &Entry) -> Result<Option<String>, Box<Diagnostic>> {
    let bytes = revision.repo.content(link).map_err(boxed)?;
    let target = String::from_utf8_lossy(&bytes).into_owned();
    if target.starts_with('/') {
        return Ok(None);
    }
    let mut parts: Vec<&str> = path.split('/').collect();
    parts.pop();
    for part in target.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                if parts.pop().is_none() {
                    return Ok(None);
                }
            }
            part => parts.push(part),
        }
    }
    Ok(Some(parts.join("/")))
}

fn leads_to_folder(revision: &Revision, path: &str, link: &Entry) -> Result<bool, Box<Diagnostic>> {
    let Some(target) = target(revision, path, link)? else {
        return Ok(true);
    };
    Ok(revision.repo.entry(&revision.commit, &target).map_err(boxed)?.is_none())
}
