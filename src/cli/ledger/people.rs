//! What is said about single people of an app.

use std::collections::BTreeSet;

use super::sign::Signature;
use crate::model::UserId;

/// An app, people, and who says it why.
#[derive(Debug, clap::Args)]
pub struct People {
    /// Which app
    #[arg(value_name = "APP")]
    pub app: String,
    /// Whose; all of them or nobody
    // An id of its own: `users` is the `--user` of every command.
    #[arg(id = "people", value_name = "USER", required = true)]
    users: Vec<String>,
    #[command(flatten)]
    pub signature: Signature,
}

impl People {
    /// Who is named, each once.
    pub fn users(&self) -> Vec<UserId> {
        let users: BTreeSet<UserId> = self.users.iter().map(|id| id.as_str().into()).collect();
        users.into_iter().collect()
    }
}
