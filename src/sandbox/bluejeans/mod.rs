//! An emulator of BlueJeans' REST API v1: tokens, the people of enterprises, and their personal rooms. It is written from public
//! documentation and published clients alone; the service was discontinued, and no real one was reached. Where the sources are
//! thin or disagree it can act in several ways: [`Switches`].
//!
//! `routes` (addresses) -> `tokens` (signing in), `people`, `rooms` -> `person` (what may be written and is shown), `listing`
//! (pages) -> `row` (what is kept). `answer` writes answers.

mod answer;
mod caller;
mod desk;
mod habits;
mod listing;
mod people;
mod person;
mod rooms;
mod routes;
mod row;
mod tokens;

pub use habits::{Habits, ListKey, Outage, RoomFault, Switches};

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use super::SandboxError;
use super::ground::{Ground, Ready, USER};
use super::records::Records;

/// The connector whose apps it plays.
pub const NAME: &str = "bluejeans";

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
        let own = row::Row::new(person::own_account(USER), row::ENTERPRISE);
        row::Row { is_admin: true, ..own }.put(row::FIRST)
    })?;
    let base_url = ground.origin.clone();
    let played = Arc::new(routes::BlueJeans::new(ground, habits, records));
    Ok(Ready { router: routes::router(Arc::clone(&played)), kept: played, base_url })
}
