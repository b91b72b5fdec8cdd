//! Who has a value that the app refuses, because it may occur once only.

use crate::catalog::rest::Special;
use crate::connector::error::shown;
use crate::model::remote::ListRequest;
use crate::model::{Kind, Path, RemoteId, Value};

use super::session::Session;
use super::{decode, find, spelling};

/// The first object that has one of these values, and what to do, by what was read since a moment.
pub(super) async fn by(
    session: &Session,
    want: &ListRequest,
    values: &[(Path, Value)],
    since: u64,
) -> Option<(RemoteId, String)> {
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
                return Some((remote.id, other));
            }
            let name = remote.name.as_deref().map(|name| format!(" ({})", shown(name))).unwrap_or_default();
            let word = match want.kind {
                Kind::User => "account",
                Kind::Group => "group",
            };
            let told = format!("{word} {}{name} has this {path}: change one of the two values", remote.id);
            return Some((remote.id, told));
        }
    }
    None
}
