//! How an object is after a write.

use crate::connector::http::Answer;
use crate::connector::steps::Found;
use crate::model::remote::ListRequest;
use crate::model::{Remote, RemoteId};

use super::decode;
use super::get::fetch;
use super::json::{get, text};
use super::session::Session;

/// The object as the answer to a write shows it, or as a new look does.
pub(super) async fn after(session: &Session, want: &ListRequest, id: &RemoteId, answer: &Answer) -> Look {
    if let Ok(object) = session.http.document(answer)
        && get(&object, "id").and_then(text).as_deref() == Some(id.as_str())
        && let Some(remote) = decode::remote(session, want, &object)
        // PATCH may answer with less than the whole (RFC 7644 section 3.5.2).
        && remote.name.is_some()
    {
        return Look::Here(remote);
    }
    look(session, want, id).await
}

/// The object as a new look shows it.
pub(super) async fn look(session: &Session, want: &ListRequest, id: &RemoteId) -> Look {
    if !session.settings.reread {
        return Look::NotLooked;
    }
    match fetch(session, want.kind, id).await {
        Ok(Found::Here(document)) => match decode::remote(session, want, &document.object) {
            Some(mut remote) => {
                remote.version = document.version;
                Look::Here(remote)
            }
            None => Look::NotLooked,
        },
        Ok(Found::Gone(_)) => Look::Gone,
        Ok(Found::Unknown(_)) | Err(_) => Look::NotLooked,
    }
}

/// What a look after a write found.
pub(super) enum Look {
    Here(Remote),
    Gone,
    /// The settings forbid a look, or the look failed.
    NotLooked,
}
