//! The author of a write by hand, as git would sign a commit here.

use std::path::Path;
use std::time::Duration;

use crate::engine::runs;
use crate::git::{Repo, program};

/// `Name <address>`, or user and host where git knows no name.
pub fn author(root: &Path) -> String {
    let repo = Repo::discover(root).ok().flatten();
    let known = repo.and_then(|repo| {
        let arguments = ["var", "GIT_AUTHOR_IDENT"];
        let answer = program::run(&repo.git_directory(), &arguments, Duration::from_secs(10)).ok()?;
        // The seconds and the time zone follow.
        let end = answer.rfind('>')?;
        Some(answer[..=end].trim().to_owned())
    });
    known.filter(|name| !name.is_empty()).unwrap_or_else(|| runs::holder().to_string())
}
