use std::{fmt, io, path::PathBuf};

/// Why a sandbox could not be started or stopped. Mistakes of a client are answered over HTTP instead.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum SandboxError {
    /// Another process, or another sandbox of this process, serves the same folder.
    #[error(
        "the sandbox folder {} is in use by another process; wait until that one has ended", .dir.display()
    )]
    InUse { dir: PathBuf },
    /// A data file was not written by a sandbox. Nothing was changed.
    #[error(
        "the sandbox cannot read {}{}: {why}; repair the file, or remove its folder to start empty",
        .file.display(), Line(*.line)
    )]
    Unreadable {
        /// The file at fault.
        file: PathBuf,
        /// The line at fault, from 1, where it is known.
        line: Option<usize>,
        /// What is wrong in the file.
        why: String,
    },
    /// The operating system refused to read or write.
    #[error("the sandbox cannot {action} {}: {source}", .path.display())]
    Io {
        /// The attempted action, as a verb: "read", "write", "lock".
        action: &'static str,
        path: PathBuf,
        /// The error of the operating system.
        source: io::Error,
    },
    /// No port on the loopback interface could be opened.
    #[error("the sandbox cannot listen on 127.0.0.1: {0}")]
    Listen(io::Error),
    /// The system gave no random bytes for the bearer token.
    #[error("the sandbox cannot make a token: {0}")]
    Random(String),
}

impl SandboxError {
    pub(super) fn io(action: &'static str, path: impl Into<PathBuf>, source: io::Error) -> Self {
        Self::Io { action, path: path.into(), source }
    }
}

struct Line(Option<usize>);

impl fmt::Display for Line {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            Some(line) => write!(f, ":{line}"),
            None => Ok(()),
        }
    }
}
