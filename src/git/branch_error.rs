//! Why a branch could not be read or written.

use std::sync::Arc;

use super::program::ProgramError;

/// Why a branch could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum BranchError {
    /// The branch is not there.
    #[error("{reference} does not exist in {place}")]
    Absent {
        /// Full ref name.
        reference: Arc<str>,
        /// `remote 'NAME'` or `this clone`.
        place: String,
    },
    /// The clone has no such remote, or the names are not names: nothing was run.
    #[error("{why}")]
    Name {
        /// Which, and what is wrong with it.
        why: String,
    },
    /// The remote could not be read.
    #[error("remote '{remote}' could not be read: {source}")]
    Fetch {
        /// Remote name.
        remote: Arc<str>,
        /// What git said.
        source: ProgramError,
    },
    /// The remote refused the push for another reason than a push that came first.
    #[error("remote '{remote}' did not take the push: {source}")]
    Push {
        /// Remote name.
        remote: Arc<str>,
        /// What git said.
        source: ProgramError,
    },
    /// The local repository said no.
    #[error("cannot {what}: {why}")]
    Repository {
        /// A verb and its object.
        what: String,
        /// Why.
        why: String,
    },
}

/// An error of git2, with what was attempted: a verb and its object.
pub(super) fn failed(what: &str) -> impl Fn(git2::Error) -> BranchError {
    let what = what.to_owned();
    move |error| BranchError::Repository { what: what.clone(), why: error.message().to_owned() }
}
