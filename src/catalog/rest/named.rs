//! How requests about members and grants name accounts: by the id, by the login, or by what stands in paths instead of the id.

use crate::model::Span;
use crate::model::node::Node;

use super::attribute::Special;
use super::grants::Grant;
use super::members::Membership;
use super::objects::Objects;
use super::reading::Reading;
use super::request::Send;
use super::template::Placeholder;

/// Members are named by something that the app shows of accounts, and `{account.key}` has a value wherever it is used. `by` is
/// the node of this key.
pub(super) fn check_members(reading: &mut Reading, of: &Membership, users: &Objects, by: Option<&Node>) {
    if let (Some(name), Some(at)) = (&of.by, by) {
        let attribute = users.attributes.iter().find(|attribute| attribute.name == *name);
        let login = users.attributes.iter().find(|attribute| attribute.is == Some(Special::Login));
        let message = match attribute {
            None => Some(format!("`users` has no attribute `{name}`")),
            Some(attribute) if attribute.is != Some(Special::Login) => {
                Some(format!("members are named by the id or by the login, and `{name}` is neither"))
            }
            Some(_) => None,
        };
        if let Some(message) = message {
            let hint = match login {
                Some(login) => format!("write `by: {}`, or leave out `by` for the id", login.name),
                None => {
                    "leave out `by` for the id, or give an attribute of `users` the key `is: login`".into()
                }
            };
            reading.error("members", at.span, message, &hint);
            return;
        }
    }
    let changes = [&of.add, &of.remove].into_iter().flatten().map(|change| &change.request);
    for request in changes.chain(&of.set) {
        let Some(at) = uses_key(request) else { continue };
        match (&of.by, &users.key) {
            (Some(by), key) if key.as_ref() != Some(by) => {
                let message = format!("with `by: {by}`, `{{account.key}}` has no value");
                reading.error("placeholder", at, message, "write `{account}`, or leave out `by`");
            }
            (None, None) => no_key(reading, at),
            _ => {}
        }
    }
}

/// The same for what gives and takes grants.
pub(super) fn check_grant(reading: &mut Reading, of: &Grant, users: &Objects) {
    let changes = [&of.add, &of.remove].into_iter().flatten();
    let uses = changes.filter_map(|change| uses_key(&change.request));
    if let (Some(at), None) = (uses.into_iter().next(), &users.key) {
        no_key(reading, at);
    }
}

fn no_key(reading: &mut Reading, at: Span) {
    let hint = "write `{account}`, or add `key:` to `users`";
    reading.error(
        "placeholder",
        at,
        "`users` has no `key`, so that `{account.key}` has no value".into(),
        hint,
    );
}

/// Where a request uses `{account.key}`.
fn uses_key(request: &Send) -> Option<Span> {
    let mut is_used = false;
    request.each_hole(&mut |hole| is_used |= hole.name == Placeholder::AccountKey);
    is_used.then_some(request.address.span)
}
