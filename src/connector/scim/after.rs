//! How an object is after a write.

use serde_json::{Map, Value as Json};

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
        return Look::Answered(Shown { remote, object });
    }
    look(session, want, id).await
}

/// The object as a new look shows it.
pub(super) async fn look(session: &Session, want: &ListRequest, id: &RemoteId) -> Look {
    if !session.settings.reread {
        return Look::NotLooked;
    }
    match fetch(session, want, id).await {
        Ok(Found::Here(document)) => match decode::remote(session, want, &document.object) {
            Some(mut remote) => {
                remote.version = document.version;
                Look::Here(Shown { remote, object: document.object })
            }
            None => Look::NotLooked,
        },
        Ok(Found::Gone(_)) => Look::Gone,
        Ok(Found::Unknown(_)) | Err(_) => Look::NotLooked,
    }
}

/// What a write or a look after it showed.
pub(super) enum Look {
    /// The answer to the write has it.
    Answered(Shown),
    /// The look found it.
    Here(Shown),
    Gone,
    /// The settings forbid a look, or the look failed.
    NotLooked,
}

/// An object as it came.
pub(super) struct Shown {
    pub remote: Remote,
    /// The whole document.
    pub object: Map<String, Json>,
}
