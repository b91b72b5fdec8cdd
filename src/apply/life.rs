//! What a look after a write shows of the life of an account or a group (safety.md 8).

use super::write_kind::Operation;
use crate::model::remote::Presence;
use crate::model::seen::Activity;

/// What a look after the write shows.
pub(super) enum After {
    AsWanted,
    /// Something else: in words, after the name of the object.
    Other(&'static str),
    Unread,
}

/// What a look after a write shows: `None` if there was none. A deleted account may be kept as one that is off (safety.md 16), and one
/// that was turned off may be hidden: the connector says so of an app in which that is no answer.
pub(super) fn after(operation: Operation, shown: Option<&Presence>) -> After {
    let Some(shown) = shown else { return After::Unread };
    let activity = match shown {
        Presence::Unknown { .. } => return After::Unread,
        Presence::Gone(_) => {
            return if operation == Operation::EnableUser { After::Unread } else { After::AsWanted };
        }
        Presence::Here(remote) => &remote.activity,
    };
    match (operation, activity) {
        (Operation::DisableUser | Operation::DeleteUser, Activity::Off)
        | (Operation::EnableUser, Activity::On) => After::AsWanted,
        (Operation::DisableUser, Activity::On) => After::Other("was turned off, and a look showed it on"),
        (Operation::EnableUser, Activity::Off) => After::Other("was turned on, and a look showed it off"),
        (Operation::DeleteUser, _) => After::Other("was deleted, and a look showed the account as before"),
        (Operation::DeleteGroup, _) => After::Other("was deleted, and a look showed the group as before"),
        (_, _) => After::Unread,
    }
}
