//! One object by id, and the proof that it is gone.

use std::sync::Arc;

use serde_json::{Map, Value as Json};

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::Found;
use crate::model::remote::{GoneProof, ListRequest, Presence};
use crate::model::{Kind, RemoteId};

use super::answer::proves_absence;
use super::decode;
use super::json::{get, text};
use super::names;
use super::session::Session;
use super::settings::Etag;

/// One object as it came.
pub(super) struct Document {
    /// With all its attributes.
    pub object: Map<String, Json>,
    /// For `If-Match`, if versions are used.
    pub version: Option<Arc<str>>,
}

/// Whether an object is there, and how it is.
///
/// # Errors
/// The app cannot be asked at all.
pub(super) async fn presence(
    session: &Session,
    want: &ListRequest,
    id: &RemoteId,
) -> Result<Presence, ConnectorError> {
    let named = names::of_one(session, want);
    Ok(match one(session, want.kind, id, named.as_deref()).await? {
        Found::Gone(proof) => Presence::Gone(proof),
        Found::Unknown(error) => Presence::Unknown { why: error.to_string().into() },
        Found::Here(document) => match decode::remote(session, want, &document.object) {
            Some(mut remote) => {
                remote.version = document.version;
                Presence::Here(Box::new(remote))
            }
            None => Presence::Unknown { why: "the object has no id that can be used".into() },
        },
    })
}

/// Reads one object whole, with what the app shows only if it is asked for by name.
///
/// # Errors
/// The app cannot be asked at all: no connection, not signed in, not allowed.
pub(super) async fn fetch(
    session: &Session,
    want: &ListRequest,
    id: &RemoteId,
) -> Result<Found<Document>, ConnectorError> {
    let mut found = one(session, want.kind, id, None).await?;
    if let (Found::Here(document), Some(named)) = (&mut found, names::of(session, want))
        && let Found::Here(more) = one(session, want.kind, id, Some(&named)).await?
    {
        for (name, json) in more.object {
            if get(&document.object, &name).is_none() {
                document.object.insert(name, json);
            }
        }
    }
    Ok(found)
}

/// Reads one object, with these attributes or with those that the app shows by itself.
async fn one(
    session: &Session,
    kind: Kind,
    id: &RemoteId,
    named: Option<&str>,
) -> Result<Found<Document>, ConnectorError> {
    let plain = session.object_url(kind, id)?;
    let url = |named: Option<&str>| {
        let mut url = plain.clone();
        if let Some(named) = named {
            url.query_pairs_mut().append_pair(names::PARAMETER, named);
        }
        url
    };
    let (answer, lesson) = match names::ask(session, named, url).await {
        Ok(answered) => answered,
        Err(error) => return Found::unless_app_wide(error),
    };
    if proves_absence(&answer) {
        return Ok(Found::Gone(GoneProof::answered_for(id.clone())));
    }
    let object = match session.http.document(&answer) {
        Ok(object) => object,
        Err(error) => return Found::unless_app_wide(error),
    };
    if get(&object, "id").and_then(text).as_deref() != Some(id.as_str()) {
        let what = "answered with another object than the one asked for";
        return Ok(Found::Unknown(session.http.error_of(&answer, ErrorKind::NotTheProtocol, what)));
    }
    lesson.learn(session);
    let etag = || answer.etag.as_deref().map(Arc::from);
    let version = match session.uses_versions() {
        true => etag().or_else(|| decode::version(session, &object)),
        false => None,
    };
    Ok(Found::Here(Document { object, version }))
}

/// The version to send, if any.
///
/// # Errors
/// The settings require one and there is none.
pub(super) fn required_version<'d>(
    session: &Session,
    document: &'d Document,
) -> Result<Option<&'d str>, ConnectorError> {
    match &document.version {
        Some(version) => Ok(Some(version)),
        None if session.settings.etag == Etag::Require => Err(session
            .http
            .error(ErrorKind::Config, "the app gave no version, and `settings.etag` requires one")
            .with_hint("set `settings.etag: if-advertised`")),
        None => Ok(None),
    }
}
