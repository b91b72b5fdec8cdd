//! What to do about a refused write, in the words of SCIM and of our settings for it.

use crate::connector::error::ConnectorError;
use crate::model::Kind;

/// A write that the app refuses because of its content gets a hint (RFC 7644 section 3.12).
pub(super) fn of_value(error: ConnectorError) -> ConnectorError {
    let is_new = error.method == Some("POST");
    let hint = match (error.code.as_deref(), error.status) {
        // An account that matches is a line of the next plan (safety.md 2).
        (Some("uniqueness"), _) | (_, Some(409)) if is_new => {
            "something in the app has one of these values: the next plan shows it"
        }
        (Some("uniqueness"), _) | (_, Some(409)) => {
            "something in the app has one of these values: change it there, or here"
        }
        (Some("mutability"), _) => "map it with `apply: create`, or put the declared value right",
        (_, Some(404 | 410)) if !is_new => "plan again: it may be gone",
        (_, Some(400 | 422)) => "put the value right, or how it is mapped",
        _ => return error,
    };
    error.with_hint(hint)
}

/// The same for a change of attributes, where another style may be what the app understands.
pub(super) fn of_change(kind: Kind, error: ConnectorError) -> ConnectorError {
    let is_style = matches!(error.status, Some(405 | 501));
    let hint = match (error.method, kind) {
        (Some("PATCH"), Kind::User) if is_style => "set `settings.update.users: put`",
        (Some("PATCH"), Kind::Group) if is_style => "set `settings.update.groups: put`",
        (Some("PUT"), Kind::User) if is_style => "set `settings.update.users: patch`",
        (Some("PUT"), Kind::Group) if is_style => "set `settings.update.groups: patch`",
        _ => return of_value(error),
    };
    error.with_hint(hint)
}

/// The same for a change of members.
pub(super) fn of_members(removes: bool, error: ConnectorError) -> ConnectorError {
    let hint = match error.status {
        Some(400 | 405 | 501) if removes => {
            "another `settings.members.remove_style` may be what this app understands"
        }
        Some(400) => "it may be that the account is gone, or of another kind: the next plan shows it",
        Some(409) => "run again: another client may have changed the group",
        _ => return of_value(error),
    };
    error.with_hint(hint)
}
