//! The arguments of commands that show a proposal first and write it only with `--yes`.

use super::sign::Author;
use crate::model::AppId;

/// An app, and whether the proposal is written.
#[derive(Debug, clap::Args)]
pub(super) struct Proposal {
    /// Id of the app
    #[arg(value_name = "APP")]
    pub app: AppId,
    /// Write the proposal to the ledger; without this option, it is only shown
    #[arg(long, requires = "reason")]
    pub yes: bool,
    /// Reason of this write; kept in the ledger's history
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    #[command(flatten)]
    pub author: Author,
}

impl Proposal {
    /// The reason; never empty if `yes` is set.
    pub(super) fn reason(&self) -> &str {
        self.reason.as_deref().unwrap_or_default()
    }
}
