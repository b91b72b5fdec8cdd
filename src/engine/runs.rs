//! The ids of runs, and the folder of their results.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::EngineError;
use crate::git::Repo;
use crate::model::time::Timestamp;
use crate::model::words::first_ten;

/// The folder below the root that git ignores.
pub const STATE_FOLDER: &str = ".rolecall";

/// The folder of the results of runs, in the folder that holds it.
pub(super) const RUNS: &str = "runs";

/// The folder of the results of runs of this clone: in the git directory, where no commit can write (safety.md 6). All
/// working trees of a clone share it, as they share the ledger and its high-water mark, so that one can hand in what was
/// killed in another one, even if that one is gone. Without git there is no ledger on a branch, and so no result that has
/// to be handed in: they are kept for `log` only.
pub(super) fn folder(root: &Path) -> PathBuf {
    match Repo::discover(root) {
        Ok(Some(repo)) => repo.git_directory().join("rolecall").join(RUNS),
        _ => root.join(STATE_FOLDER).join(RUNS),
    }
}

/// Refuses a folder of results in which git has files. The one in a git directory has none.
///
/// # Errors
/// git has files there.
pub(super) fn refuse_tracked(folder: &Path) -> Result<(), EngineError> {
    let Ok(folder) = folder.canonicalize() else { return Ok(()) };
    let Ok(Some(repo)) = Repo::discover(&folder) else { return Ok(()) };
    let Some(inside) = repo.workdir().and_then(|top| folder.strip_prefix(top).ok().map(Path::to_owned))
    else {
        return Ok(());
    };
    let tracked =
        repo.tracked().map_err(|error| EngineError::failed(error.message, "`git fsck` may say more"))?;
    let is_inside = |path: &&String| {
        let mut parts = Path::new(path).components().zip(inside.components());
        parts.all(|(one, other)| one.as_os_str().eq_ignore_ascii_case(other.as_os_str()))
    };
    let found: Vec<_> = tracked.iter().filter(is_inside).cloned().collect();
    if found.is_empty() {
        return Ok(());
    }
    Err(EngineError::failed(
        format!(
            "git tracks files in {}, where results of runs are kept: {}",
            folder.display(),
            first_ten(&found)
        ),
        "`git rm -r --cached` them and commit, or give --state-dir a folder outside the repository; ask who added them, because such a file can claim what was never done",
    ))
}

/// A new run's id: its start and eight random hexadecimal digits; it is never used again.
///
/// # Errors
/// The machine gives no random bytes.
pub(super) fn new(at: Timestamp) -> Result<Arc<str>, String> {
    let mut bytes = [0; 4];
    getrandom::fill(&mut bytes).map_err(|error| format!("no random bytes: {error}"))?;
    Ok(format!("{}-{:08x}", at.strftime("%Y%m%dT%H%M%SZ"), u32::from_be_bytes(bytes)).into())
}

/// The user and host of the run, for the messages of other runs.
pub(super) fn holder() -> Arc<str> {
    let user = ["USER", "LOGNAME", "USERNAME"].iter().find_map(|name| std::env::var(name).ok());
    let host = std::env::var("HOSTNAME").ok().or_else(|| {
        let name = std::fs::read_to_string("/proc/sys/kernel/hostname").ok()?;
        Some(name.trim().to_owned())
    });
    format!("{}@{}", part(user), part(host)).into()
}

/// The text in a form that the ledger accepts, because the environment may hold anything.
fn part(text: Option<String>) -> String {
    let text = text.filter(|text| !text.is_empty());
    let text = text.unwrap_or_else(|| "unknown".to_owned());
    let plain = text.chars().map(|c| if c.is_control() { '?' } else { c });
    plain.take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::part;

    #[test]
    fn a_holder_fits_the_ledger() {
        assert_eq!(part(Some("ada\u{1b}[2J".into())), "ada?[2J");
        assert_eq!(part(Some("漢".repeat(500))).len(), 180);
        assert_eq!((part(None), part(Some(String::new()))), ("unknown".into(), "unknown".into()));
    }
}
