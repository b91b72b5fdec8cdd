//! Which `git` program is there, and which is the oldest that is supported.

use std::fmt;
use std::process::{Command, Stdio};

/// A version of the `git` program. Only the first two numbers decide what it can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct GitVersion {
    /// First number.
    pub major: u32,
    /// Second number.
    pub minor: u32,
}

/// The oldest `git` that the tests run with (Debian 12). Fetching needs options that came with git 2.29; everything between
/// is likely to work and is not tested.
pub const OLDEST: GitVersion = GitVersion { major: 2, minor: 39 };

impl fmt::Display for GitVersion {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}.{}", self.major, self.minor)
    }
}

/// The version of the `git` program on the search path.
///
/// # Errors
/// In words: there is none, it cannot be started, or it names no version.
pub fn installed() -> Result<GitVersion, String> {
    let answer = Command::new("git").arg("--version").stdin(Stdio::null()).env("LC_ALL", "C").output();
    let answer = answer.map_err(|error| format!("the git program cannot be started: {error}"))?;
    let said = String::from_utf8_lossy(&answer.stdout);
    parse(&said).ok_or_else(|| format!("`git --version` names no version: {}", super::program::clean(&said)))
}

/// Reads `git version 2.39.5 (Apple Git-154)`.
fn parse(said: &str) -> Option<GitVersion> {
    let mut numbers = said.trim().strip_prefix("git version ")?.split(['.', ' ', '-']);
    Some(GitVersion { major: numbers.next()?.parse().ok()?, minor: numbers.next()?.parse().ok()? })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_read_as_they_are_printed() {
        let read = |said| parse(said).map(|version| version.to_string());
        assert_eq!(read("git version 2.39.5\n").as_deref(), Some("2.39"));
        assert_eq!(read("git version 2.47.0.windows.2").as_deref(), Some("2.47"));
        assert_eq!(read("git version 2.39.5 (Apple Git-154)").as_deref(), Some("2.39"));
        assert_eq!(read("git version 3.0-rc1").as_deref(), Some("3.0"));
        assert_eq!(read("hub version 2.14"), None);
        assert_eq!(read(""), None);
    }

    #[test]
    fn versions_are_compared_as_numbers() {
        assert!(GitVersion { major: 2, minor: 4 } < OLDEST);
        assert!(GitVersion { major: 3, minor: 0 } > OLDEST);
    }
}
