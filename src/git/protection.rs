//! Can a branch be thrown away at a remote? What a remote forbids is seldom to be seen from outside.

use std::path::{Path, PathBuf};

use git2::Repository;

use super::repo::Repo;

/// Whether a branch is protected against force pushes and deletion.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Protection {
    /// It is.
    Yes,
    /// It is not; what is missing.
    No(String),
    /// Nobody can tell from here.
    Unknown,
}

impl Repo {
    /// Whether a remote keeps branches from being thrown away. It can be told of a repository on this machine without
    /// hooks of its own; a host has its own way to say so.
    pub fn protection(&self, remote: &str) -> Protection {
        let Some(folder) = self.folder_of(remote) else {
            return Protection::Unknown;
        };
        let Ok(repository) = Repository::open(&folder) else {
            return Protection::Unknown;
        };
        let hooks = repository.path().join("hooks");
        if ["update", "pre-receive"].iter().any(|hook| hooks.join(hook).exists()) {
            return Protection::Unknown;
        }
        let config = repository.config().and_then(|mut config| config.snapshot());
        let Ok(config) = config else {
            return Protection::Unknown;
        };
        let wanted = ["receive.denyNonFastForwards", "receive.denyDeletes"];
        let missing: Vec<_> = wanted
            .iter()
            .filter(|key| !config.get_bool(key).unwrap_or(false))
            .map(|key| format!("{key}=true"))
            .collect();
        if missing.is_empty() {
            return Protection::Yes;
        }
        Protection::No(format!("{} in {}", missing.join(" and "), folder.display()))
    }

    /// The folder of a remote on this machine.
    fn folder_of(&self, remote: &str) -> Option<PathBuf> {
        let url = self.remote_url(remote)?;
        let path = url.strip_prefix("file://").unwrap_or(&url);
        let path = match Path::new(path).is_absolute() {
            true => PathBuf::from(path),
            false => self.workdir()?.join(path),
        };
        path.is_dir().then_some(path)
    }
}
