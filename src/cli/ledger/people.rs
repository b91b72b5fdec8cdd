//! The arguments of commands about people of an app.

use std::collections::BTreeSet;

use super::sign::Signature;
use crate::model::{AppId, UserId};

/// An app, people, and a signature.
#[derive(Debug, clap::Args)]
pub(super) struct People {
    /// Id of the app
    #[arg(value_name = "APP")]
    pub app: AppId,
    /// Ids of the people; the command takes all of them or none
    // An id of its own: `users` is the `--user` of every command.
    #[arg(id = "people", value_name = "USER", required = true)]
    users: Vec<UserId>,
    #[command(flatten)]
    pub signature: Signature,
}

impl People {
    /// The people, each once.
    pub(super) fn users(&self) -> Vec<UserId> {
        let users: BTreeSet<_> = self.users.iter().cloned().collect();
        users.into_iter().collect()
    }
}
