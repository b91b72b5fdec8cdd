//! Look-ups by a value. No filter of an app is trusted: what it finds is compared again, and an empty answer is believed
//! only where the document says that the app compares whole values, or, if the list does not add up, once it was tried
//! ([`proof`](super::proof)).

use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::{Holders, LookUps};
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::seen::Seen;
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::look_up::{Asked, LookUp, asked};
use super::session::Session;
use super::walk::{self, Sink};
use super::{get, grants, names, proof};

/// Every object whose attribute has this value.
///
/// # Errors
/// It cannot be said for certain who has it.
pub(super) async fn find(
    session: &Session,
    want: &ListRequest,
    path: &Path,
    value: &Value,
) -> Result<Vec<Remote>, ConnectorError> {
    let objects = session.objects(want.kind)?;
    names::load(session, objects).await?;
    if let (Kind::Group, Some(name)) = (want.kind, value.as_str())
        && *path == session.definition.groups.name
        && session.targets.iter().any(|target| target.to_string() == name)
    {
        return grants::find(session, want, name).await;
    }
    let Some(look_up) = LookUp::new(session, want, path, value)? else {
        return Err(session.http.error(ErrorKind::Config, format!("the app has no attribute {path}")));
    };
    let ids = match asked(session, &look_up).await? {
        Asked::Found { ids, .. } if !ids.is_empty() || look_up.is_exact() => ids,
        Asked::Found { has_others: false, .. } => not_found(session, &look_up).await?,
        Asked::Found { .. } | Asked::Nothing(_) => by_index(session, &look_up).await?,
    };
    let with_it = ListRequest {
        paths: want.paths.iter().chain(std::iter::once(path)).cloned().collect(),
        ..want.clone()
    };
    let mut found = Vec::new();
    for id in ids {
        match get::presence(session, &with_it, &id).await? {
            Presence::Here(mut remote) => {
                // Somebody may have got another value meanwhile; what one object alone does not show stays as it was found.
                let is_other = match remote.attributes.last() {
                    Some(Seen::Is(actual)) => !look_up.is_match(actual),
                    Some(Seen::None) => true,
                    Some(Seen::Unread(_)) | None => false,
                };
                remote.attributes.truncate(want.paths.len());
                found.extend((!is_other).then_some(*remote));
            }
            Presence::Gone(_) => {}
            Presence::Unknown { why } => {
                return Err(session.untold(&why));
            }
        }
    }
    Ok(found)
}

/// A request found nobody. The whole list says whether that is so; if it does not add up, the app has to show that its look-ups find
/// who is there.
async fn not_found(session: &Session, look_up: &LookUp<'_>) -> Result<Vec<RemoteId>, ConnectorError> {
    let is_proven = |proof: Option<LookUps>| proof == Some(LookUps::Proven);
    if is_proven(session.look_ups.known(look_up.want.kind, look_up.path).await) {
        return Ok(Vec::new());
    }
    match by_index(session, look_up).await {
        Err(error) if error.kind() == ErrorKind::Incomplete => {
            let proof = proof::of(session, look_up.want, look_up.path).await.ok();
            if is_proven(proof) { Ok(Vec::new()) } else { Err(error) }
        }
        found => found,
    }
}

/// Asks the index, which is made from the whole list the first time.
async fn by_index(session: &Session, look_up: &LookUp<'_>) -> Result<Vec<RemoteId>, ConnectorError> {
    let (kind, path) = (look_up.want.kind, look_up.path);
    if look_up.attribute.at.list.is_none() {
        let what = format!("cannot look up a {kind} by {path}: lists of this app do not show it");
        return Err(session.http.error(ErrorKind::Incomplete, what));
    }
    let read = async {
        let list = walk::of_objects(session, kind)?;
        let mut holders = Holders::new();
        let mut each = |row: &Json| {
            if let Some((id, keys)) = look_up.row(session, row) {
                keys.into_iter().for_each(|key| holders.entry(key).or_default().push(id.clone()));
            }
            ControlFlow::Continue(())
        };
        match walk::pages(session, &list, Sink::Each(&mut each)).await? {
            Walk::Complete(_) => Ok(holders),
            Walk::Incomplete { why } => {
                let what = format!("cannot look up a {kind} by {path}: {why}");
                Err(session.http.error(ErrorKind::Incomplete, what))
            }
        }
    };
    // A reading that begins once all creates under way have ended serves them all.
    let _stands = session.roll(kind).stands().await;
    session.index.ids(kind, path, look_up.key(), read).await
}
