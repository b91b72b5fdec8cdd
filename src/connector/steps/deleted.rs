//! How a delete ends, by a look after it.

use crate::connector::error::ConnectorError;
use crate::model::op::{After, Outcome};
use crate::model::remote::Presence;
use crate::model::seen::Activity;
use crate::model::{AppId, Kind, RemoteId};

use super::outcome::{refused, told, unknown, written};

/// Some apps keep what was deleted, as inactive (safety.md 16). `status` is that of the answer to the DELETE.
pub fn deleted(
    app: &AppId,
    (kind, id): (Kind, &RemoteId),
    status: u16,
    look: Result<Presence, ConnectorError>,
) -> Outcome {
    match look {
        Ok(Presence::Gone(_)) => written(After::NotShown),
        Ok(Presence::Here(remote)) if kind == Kind::User && remote.activity == Activity::Off => {
            written(After::Read(remote))
        }
        Ok(Presence::Here(remote)) => {
            let why = format!(
                "{app}: DELETE of {kind} {id} answered {status}, but it is still there; perhaps the app deletes later"
            );
            Outcome { after: After::Read(remote), ..refused(why, false) }
        }
        Ok(Presence::Unknown { why }) => unknown(format!("DELETE answered {status}, then {why}")),
        Err(error) => unknown(format!("DELETE answered {status}, then {}", told(&error))),
    }
}
