//! Who has a value that the app refuses, because it may occur once only.

use crate::catalog::rest::Special;
use crate::connector::error::shown;
use crate::model::remote::ListRequest;
use crate::model::{Kind, Path, Value};

use super::session::Session;
use super::{decode, find, spelling};

/// The first object that has one of these values, in words, by what was read since a moment.
pub(super) async fn by(
    session: &Session,
    want: &ListRequest,
    values: &[(Path, Value)],
    since: u64,
) -> Option<String> {
    let objects = session.objects(want.kind).ok()?;
    for (path, value) in values.iter().filter(|(_, value)| !value.is_null()) {
        let Some(attribute) = decode::attribute(objects, path) else { continue };
        let tells_apart =
            matches!(attribute.is, Some(Special::Login | Special::Name | Special::Email | Special::Ours));
        if !attribute.unique && !tells_apart {
            continue;
        }
        session.index.forget_before(want.kind, path, since).await;
        let found =
            find::find(session, want, path, value).await.ok().and_then(|found| found.into_iter().next());
        if let Some(remote) = found {
            if let Some(other) = spelling::of_name(session, values, &remote) {
                return Some(other);
            }
            let name = remote.name.as_deref().map(|name| format!(" ({})", shown(name))).unwrap_or_default();
            let word = match want.kind {
                Kind::User => "account",
                Kind::Group => "group",
            };
            return Some(format!("{word} {}{name} has this {path}: change one of the two values", remote.id));
        }
    }
    None
}
