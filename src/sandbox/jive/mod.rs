//! An emulator of Jive's REST API v3: people, their managers, and security groups. It is written from public documentation
//! and published clients alone; no real Jive was reached. Where the sources are thin or disagree it can act in several ways:
//! [`Switches`].
//!
//! `routes` (addresses, signing in) -> `people`, `org` (managers), `groups` -> `person` (what may be written), `membership`, `listing`
//! (pages), `fields` (parts of an object) -> `row` (what is kept). `answer` writes answers.

mod answer;
mod desk;
mod fields;
mod groups;
mod habits;
mod listing;
mod membership;
mod org;
mod people;
mod person;
mod routes;
mod row;

pub use habits::{Anonymous, Habits, Outage, Switches, UsernameChange};

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::SandboxError;
use super::ground::{Ground, Ready, USER};
use super::records::Records;

/// The connector whose apps it plays.
pub const NAME: &str = "jive";

/// Opens the data folder, and makes the server. A new folder has one person: the account of the connection.
///
/// # Errors
/// The folder is in use, cannot be read or written, or holds files of another app.
pub(super) fn ready(
    dir: &Path,
    patience: Duration,
    ground: Ground,
    habits: Habits,
) -> Result<Ready, SandboxError> {
    let records = Records::open_with(dir, patience, NAME, || {
        row::Row::new(person::own_account(USER)).put(row::PEOPLE, row::FIRST)
    })?;
    let base_url = ground.origin.clone();
    let jive = Arc::new(routes::Jive::new(ground, habits, records));
    Ok(Ready { router: routes::router(Arc::clone(&jive)), kept: jive, base_url })
}
