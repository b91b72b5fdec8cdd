//! What a comparison is made from.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::course::Course;
use crate::catalog::OwnSchemas;
use crate::model::UserId;
use crate::model::capabilities::Capabilities;
use crate::model::hash::HashKey;
use crate::model::intervention::{Hand, Intervention};
use crate::model::ledger::AppLedger;
use crate::model::span::FileSet;
use crate::plan::releases::Releases;
use crate::resolve::{DesiredApp, Resolved};

/// Everything a comparison needs to know.
#[derive(Clone, Copy)]
pub struct Input<'a> {
    /// The desired state of all apps.
    pub resolved: &'a Resolved<'a>,
    /// The desired state of this app.
    pub desired: &'a DesiredApp<'a>,
    /// For places in reasons.
    pub files: &'a FileSet,
    /// What the ledger knows of this app.
    pub ledger: &'a AppLedger,
    /// For hashes.
    pub key: &'a HashKey,
    pub capabilities: &'a Capabilities,
    /// What the app says of its own attributes.
    pub schemas: &'a OwnSchemas,
    /// Canonical endpoint.
    pub endpoint: &'a str,
    /// Names of the connection's own account, if known; they are always protected.
    pub own: &'a [String],
    /// `--enable`.
    pub enable: &'a Releases,
    /// `--recreate`.
    pub recreate: &'a Releases,
    /// `--user ID`: nobody else is judged.
    pub only: Option<&'a BTreeSet<UserId>>,
    /// Commit the files come from, for ledger entries; `None` where git does not count, as in the sandbox.
    pub commit: Option<&'a str>,
    /// The files differ from that commit.
    pub dirty: bool,
    /// How the files stand to the commit that was applied last.
    pub course: &'a Course,
    /// The instant is that of the machine's clock, and the app is real: the clock is compared with others (safety.md 7).
    pub real_time: bool,
}

impl<'a> Input<'a> {
    /// True if git is asked who people were: another commit was applied last, or access of a former person is known to remain.
    pub(super) fn compares_former(&self) -> bool {
        let mut known = self.ledger.interventions.iter();
        let is_known = |((_, hand), seen): (&(UserId, Hand), &Intervention)| {
            *hand == Hand::Remains && seen.commit.is_some()
        };
        self.applied_before().is_some() || known.any(is_known)
    }

    /// The last applied commit, if the files differ from it or may differ.
    pub(super) fn applied_before(&self) -> Option<&'a Arc<str>> {
        let applied = self.ledger.applied_commit()?;
        (self.commit.is_some() && !self.is_today(applied)).then_some(applied)
    }

    /// True if the files are exactly those of this commit.
    pub(super) fn is_today(&self, commit: &str) -> bool {
        self.commit == Some(commit) && !self.dirty
    }
}
