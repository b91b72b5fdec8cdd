//! Objects are looked up by a value. Filters are a hint: some apps ignore them and answer with all objects, some answer
//! with none if they do not know the attribute. Every row is compared here again, and a filter that finds none is believed
//! only if the settings say so. In all other cases the whole list is read, once per run and attribute. If the list does not add up, a
//! filter that finds none is believed once it was tried ([`proof`](super::proof)).

use std::ops::ControlFlow;

use crate::catalog;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::seen::Seen;
use crate::model::{Path, Remote, RemoteId, Value};

use super::look_up::{Filtered, LookUp, filtered};
use super::session::Session;
use super::walk::{self, Sink};
use super::{decode, get, proof};
use crate::connector::steps::{Holders, LookUps};

/// Finds the objects whose attribute has the value.
///
/// # Errors
/// It cannot be said for certain who has it.
pub(super) async fn find(
    session: &Session,
    want: &ListRequest,
    attribute: &Path,
    value: &Value,
) -> Result<Vec<Remote>, ConnectorError> {
    let look_up = LookUp::new(session, want, attribute, value);
    if catalog::match_key(look_up.schema.as_ref(), value).is_none() {
        return Ok(Vec::new());
    }
    let found = match filtered(session, &look_up).await? {
        Filtered::Found(found) if !found.is_empty() || session.settings.trust_empty => found,
        Filtered::Found(_) => not_found(session, want, &look_up).await?,
        Filtered::Others | Filtered::Nothing(_) => match ids(session, &look_up).await? {
            Ok(ids) => read_again(session, &look_up, ids).await?,
            Err(short) => return Err(short),
        },
    };
    let asked_for = |mut remote: Remote| {
        remote.attributes.truncate(want.paths.len());
        remote
    };
    Ok(found.into_iter().map(asked_for).collect())
}

/// A filter found nobody. The whole list says whether that is so; if it does not add up, the app has to show that its filters find
/// who is there.
async fn not_found(
    session: &Session,
    want: &ListRequest,
    look_up: &LookUp<'_>,
) -> Result<Vec<Remote>, ConnectorError> {
    let is_proven = |proof: Option<LookUps>| proof == Some(LookUps::Proven);
    if is_proven(session.look_ups.known(look_up.kind, look_up.attribute).await) {
        return Ok(Vec::new());
    }
    match ids(session, look_up).await? {
        Ok(ids) => read_again(session, look_up, ids).await,
        Err(_) if is_proven(proof::of(session, want, look_up.attribute).await.ok()) => Ok(Vec::new()),
        Err(short) => Err(short),
    }
}

/// Asks the index, which is made from the whole list the first time. The inner error is a list that does not add up.
async fn ids(
    session: &Session,
    look_up: &LookUp<'_>,
) -> Result<Result<Vec<RemoteId>, ConnectorError>, ConnectorError> {
    let wanted = catalog::match_key(look_up.schema.as_ref(), look_up.value);
    let read = scan(session, look_up);
    match session.index.ids(look_up.kind, look_up.attribute, wanted, read).await {
        Err(error) if error.kind() == ErrorKind::Incomplete => Ok(Err(error)),
        found => found.map(Ok),
    }
}

/// What the index found is read again.
async fn read_again(
    session: &Session,
    look_up: &LookUp<'_>,
    ids: Vec<RemoteId>,
) -> Result<Vec<Remote>, ConnectorError> {
    let mut found = Vec::new();
    for id in ids {
        match get::presence(session, &look_up.request, &id).await? {
            Presence::Here(remote) if look_up.is_match(&remote) => found.push(*remote),
            Presence::Here(_) | Presence::Gone(_) => {}
            Presence::Unknown { why } => {
                return Err(session.http.error(ErrorKind::Incomplete, why.to_string()));
            }
        }
    }
    Ok(found)
}

/// Reads the whole list for the index.
async fn scan(session: &Session, look_up: &LookUp<'_>) -> Result<Holders, ConnectorError> {
    let request = ListRequest {
        kind: look_up.kind,
        paths: [look_up.attribute.clone()].into(),
        members: false,
        holds: false,
        roles: None,
    };
    let mut holders = Holders::new();
    let mut each = |raw| {
        for remote in decode::page(session, &request, &raw)?.rows {
            // One odd value must not stop every look-up; if it is the one that was wanted, the app refuses a second one.
            let shown = remote.attributes.first().and_then(Seen::shown);
            for key in shown.into_iter().flat_map(|value| look_up.keys(value)) {
                holders.entry(key).or_default().push(remote.id.clone());
            }
        }
        Ok(ControlFlow::Continue(()))
    };
    match walk::pages(session, &request, None, Sink::Each(&mut each)).await? {
        Walk::Complete(_) => Ok(holders),
        Walk::Incomplete { why } => {
            let what = format!("cannot look up a {} by {}: {why}", look_up.kind, look_up.attribute);
            Err(session.http.error(ErrorKind::Incomplete, what))
        }
    }
}
