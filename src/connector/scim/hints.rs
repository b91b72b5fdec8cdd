//! What to do about a refused write, in the words of SCIM and of our settings for it.

use crate::connector::error::ConnectorError;
use crate::connector::steps::are_full;
use crate::model::Kind;

/// The hint at a value that may occur once only. Who has it is looked up.
const TAKEN: &str = "something in the app has one of these values: change it there, or here";

/// The hint where no licence or seat is free.
const NO_SEAT: &str = "free a licence or seat in the app, or get more of them, and run again";

/// True if an app refuses a value because something else has it (RFC 7644 section 3.12), and not because no seat is free.
pub(super) fn is_conflict(error: &ConnectorError) -> bool {
    (error.code.as_deref() == Some("uniqueness") || error.status == Some(409)) && !are_full(error)
}

/// A write that the app refuses because of its content gets a hint (RFC 7644 section 3.12).
pub(super) fn of_value(error: ConnectorError) -> ConnectorError {
    let is_new = error.method == Some("POST");
    let hint = match (error.code.as_deref(), error.status) {
        _ if are_full(&error) => NO_SEAT,
        _ if is_conflict(&error) => TAKEN,
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
        (Some("PATCH"), _) if is_about_operation(&error) => match (kind, is_about(&error, "remove")) {
            (Kind::User, false) => {
                "if the app does not know the operation, set `settings.patch.style: object` or \
                 `settings.update.users: put`"
            }
            (Kind::User, true) => "if the app cannot remove by PATCH, set `settings.update.users: put`",
            (Kind::Group, false) => {
                "if the app does not know the operation, set `settings.patch.style: object` or \
                 `settings.update.groups: put`"
            }
            (Kind::Group, true) => "if the app cannot remove by PATCH, set `settings.update.groups: put`",
        },
        _ => return of_value(error),
    };
    error.with_hint(hint)
}

/// True if an app refuses an operation of a PATCH, and not a value: by its keyword (RFC 7644 section 3.12), or in its words.
fn is_about_operation(error: &ConnectorError) -> bool {
    let is_refused = matches!(error.status, Some(400 | 422));
    let is_coded = matches!(error.code.as_deref(), Some("invalidSyntax" | "invalidPath" | "noTarget"));
    let named = ["op", "operation", "operations"].iter().any(|word| is_about(error, word));
    let quoted = ["add", "replace", "remove"].iter().any(|operation| {
        let detail = error.detail.as_deref().unwrap_or_default().to_lowercase();
        ['"', '\'', '`', '“', '‘'].iter().any(|quote| detail.contains(&format!("{quote}{operation}")))
    });
    is_refused && (is_coded || named || quoted)
}

/// True if the app's words have this one among them.
fn is_about(error: &ConnectorError, word: &str) -> bool {
    let detail = error.detail.as_deref().unwrap_or_default().to_lowercase();
    detail.split(|c: char| !c.is_alphanumeric()).any(|said| said == word)
}

/// The same for a change of members.
pub(super) fn of_members(removes: bool, error: ConnectorError) -> ConnectorError {
    let hint = match error.status {
        Some(400 | 405 | 501) if removes => {
            "another `settings.members.remove_style` may be what this app understands"
        }
        Some(400) => "it may be that the account is gone, or of another kind: look at it in the app",
        Some(409) => "run again: another client may have changed the group",
        _ => return of_value(error),
    };
    error.with_hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::connector::error::ErrorKind;

    fn hint(method: &'static str, code: Option<&str>, detail: &str) -> String {
        let error = ConnectorError::new(&"a".into(), ErrorKind::Refused, "answered 400 Bad Request")
            .with_request(method, "/Users/1", Some(400))
            .with_code(code)
            .with_detail(detail);
        of_change(Kind::User, error).hint.clone().unwrap_or_default()
    }

    #[test]
    fn an_operation_that_is_refused_has_other_ways() {
        for detail in [
            r#""add" is not a valid choice"#,
            "Operation 'Add' is not supported",
            "unsupported op: add",
            "Only replace operations are allowed",
        ] {
            let told = hint("PATCH", None, detail);
            assert!(
                told.contains("`settings.patch.style: object`")
                    && told.contains("`settings.update.users: put`")
            );
        }
        for detail in [r#""remove" is not a valid choice"#, "operation remove is not supported"] {
            let told = hint("PATCH", None, detail);
            assert!(told.contains("`settings.update.users: put`") && !told.contains("patch.style"), "{told}");
        }
        assert!(
            hint("PATCH", Some("invalidPath"), "path is not understood").contains("settings.patch.style")
        );
    }

    #[test]
    fn a_value_that_is_refused_stays_a_value() {
        for (method, code, detail) in [
            ("PATCH", None, "you cannot remove the last admin"),
            ("PATCH", None, "title is too long"),
            ("PATCH", None, "please add a phone number first"),
            ("PATCH", Some("invalidValue"), "no such country"),
            ("PUT", None, r#""add" is not a valid choice"#),
        ] {
            assert_eq!(hint(method, code, detail), "put the value right, or how it is mapped", "{detail}");
        }
    }
}
