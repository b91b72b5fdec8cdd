//! One object by its id, and the proof that it is gone.

use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Found as At, MembersAt, Objects, Operation, Placeholder};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::Found;
use crate::model::remote::{GoneProof, ListRequest, Members, Presence, Walk};
use crate::model::seen::{Seen, Unread};
use crate::model::{Kind, Remote, RemoteId};

use super::decode::{self, In, Shown};
use super::reply::{self, Reply};
use super::session::Session;
use super::values::Values;
use super::walk::{self, List, Sink};
use super::{grants, json, names};

/// Whether an object is there, and how it is.
///
/// # Errors
/// The app cannot be asked at all.
pub(super) async fn presence(
    session: &Session,
    want: &ListRequest,
    id: &RemoteId,
) -> Result<Presence, ConnectorError> {
    if want.kind == Kind::Group && grants::is_grant(id.as_str()) {
        return grants::presence(session, want, id).await;
    }
    let objects = session.objects(want.kind)?;
    names::load(session, objects).await?;
    let shown = match fetch(session, want.kind, id).await? {
        Found::Here(shown) => shown,
        Found::Gone(proof) => return Ok(Presence::Gone(proof)),
        Found::Unknown(error) => return Ok(Presence::Unknown { why: error.to_string().into() }),
    };
    let Some(mut remote) = whole(session, objects, want, &shown).await else {
        return Ok(Presence::Unknown { why: "the object has no id that can be used".into() });
    };
    if want.kind == Kind::Group
        && want.members
        && let Some(shown) = members(session, objects, id).await?
    {
        remote.members = shown;
    }
    Ok(Presence::Here(Box::new(remote)))
}

/// The placeholders of requests about one object.
pub(super) fn values(session: &Session, objects: &Objects, kind: Kind, id: &RemoteId) -> Values {
    let values = session.about(kind, id);
    match json::key(session, objects, kind, id) {
        Some(key) => values.with([(Placeholder::Key, key)]),
        None => values,
    }
}

/// An object with the attributes that have calls of their own.
pub(super) async fn whole(
    session: &Session,
    objects: &Objects,
    want: &ListRequest,
    shown: &Shown,
) -> Option<Remote> {
    let mut remote = decode::remote(session, objects, want, shown)?;
    for (path, seen) in want.paths.iter().zip(&mut remote.attributes) {
        let has_own_read = |attribute: &&Attribute| decode::has_own_read(attribute, shown.of);
        let Some(attribute) = decode::attribute(objects, path).filter(has_own_read) else { continue };
        if let Some((get, place)) = attribute.calls.as_ref().and_then(|calls| calls.read.as_ref()) {
            let values = values(session, objects, want.kind, &remote.id);
            *seen = match reply::ask(session, Operation::Get, get, &values, &[]).await {
                Ok(Reply::Here(here)) => decode::at(attribute, place, &here.body, &session.tables.read()),
                // The app itself says that there is none.
                Ok(Reply::Gone | Reply::Empty) => Seen::None,
                Err(error) => Seen::Unread(Unread::NoAnswer(error.to_string().into())),
            };
        }
    }
    Some(remote)
}

/// Reads one object whole, as the app shows it.
///
/// # Errors
/// The app cannot be asked at all.
pub(super) async fn fetch(
    session: &Session,
    kind: Kind,
    id: &RemoteId,
) -> Result<Found<Shown>, ConnectorError> {
    let objects = session.objects(kind)?;
    let Some(get) = &objects.get else { return by_list(session, kind, id).await };
    if objects.key.is_some() && session.keys.of(kind, id).is_none() {
        let why = format!("no list of this run showed the {kind} {id}, so that its address is not known");
        return Ok(Found::Unknown(session.http.error(ErrorKind::Incomplete, why)));
    }
    let values = values(session, objects, kind, id);
    let here = match reply::ask(session, Operation::Get, get, &values, &[]).await {
        Ok(Reply::Here(here)) => *here,
        Ok(Reply::Gone) if objects.key.is_none() => {
            return Ok(Found::Gone(GoneProof::answered_for(id.clone())));
        }
        // A key that is gone may be that of an object that has another one now, and a document may say that such an answer
        // leaves it open: only a list shows it.
        Ok(Reply::Gone | Reply::Empty) => return by_list(session, kind, id).await,
        Err(error) => return Found::unless_app_wide(error),
    };
    let object = match (&objects.row, &objects.wrap) {
        (Some(place), _) => match place.get(&here.body) {
            At::One(object) => Some(object.clone()),
            At::Each(all) => match all.as_slice() {
                [object] => Some((*object).clone()),
                _ => None,
            },
            At::Missing | At::Nothing | At::Unclear(_) => None,
        },
        (None, Some(wrap)) => here.body.get(&**wrap).cloned(),
        (None, None) => Some(here.body.clone()),
    };
    let unlike = |what: &str| session.http.error_of(&here.answer, ErrorKind::NotTheProtocol, what);
    let Some(mut object) = object else {
        return Ok(Found::Unknown(unlike("answered JSON without the object")));
    };
    match &objects.id.one {
        Some(_) if decode::id(objects, &object, In::One).as_ref() != Some(id) => {
            return Ok(Found::Unknown(unlike("answered with another object than the one asked for")));
        }
        Some(_) => {}
        // The answer does not say its id: it is the one in the address.
        None if objects.key.is_none() => {
            let place = objects.id.list.as_ref();
            let nothing = serde_json::Map::new();
            place.map(|place| place.put(&mut object, session.id(kind, id.as_str()), &nothing));
        }
        None => return Ok(Found::Unknown(unlike("answered without the id of the object"))),
    }
    Ok(Found::Here(Shown { object, of: In::One }))
}

/// An object that only a list shows. A complete list without it is the proof that it is gone.
async fn by_list(session: &Session, kind: Kind, id: &RemoteId) -> Result<Found<Shown>, ConnectorError> {
    let objects = session.objects(kind)?;
    let list = walk::of_objects(session, kind)?;
    let mut found = None;
    let mut each = |row: &Json| {
        if decode::id(objects, row, In::List).as_ref() != Some(id) {
            return ControlFlow::Continue(());
        }
        found = Some(row.clone());
        ControlFlow::Break(())
    };
    let walk = walk::pages(session, &list, Sink::Each(&mut each)).await;
    match (found, walk) {
        (Some(object), _) => Ok(Found::Here(Shown { object, of: In::List })),
        (None, Ok(Walk::Complete(_))) => Ok(Found::Gone(GoneProof::answered_for(id.clone()))),
        (None, Ok(Walk::Incomplete { why })) => {
            Ok(Found::Unknown(session.http.error(ErrorKind::Incomplete, why.to_string())))
        }
        (None, Err(error)) => Found::unless_app_wide(error),
    }
}

/// The members of a group, from a list of their own; none if they stand in the group.
async fn members(
    session: &Session,
    objects: &Objects,
    group: &RemoteId,
) -> Result<Option<Members>, ConnectorError> {
    let Some(of) = &objects.members else { return Ok(None) };
    let MembersAt::Listed(listing) = &of.list else { return Ok(None) };
    let group = (Placeholder::Group, session.id(Kind::Group, group.as_str()));
    let list = List {
        listing,
        operation: Operation::Members,
        values: session.values.with([group]),
        kind: None,
        id: Some(&of.account),
    };
    let mut rows = Vec::new();
    let mut each = |row: &Json| {
        rows.push(row.clone());
        ControlFlow::Continue(())
    };
    Ok(Some(match walk::pages(session, &list, Sink::Each(&mut each)).await {
        Ok(Walk::Complete(complete)) if complete.doubt().is_none() => {
            decode::of_rows(of, &rows.iter().collect::<Vec<_>>())
        }
        Ok(Walk::Complete(_)) => {
            Members::Unread(Unread::NoAnswer("its members were answered as if they were not there".into()))
        }
        Ok(Walk::Incomplete { why }) => Members::Unread(Unread::NoAnswer(
            format!("the list of its members does not add up: {why}").into(),
        )),
        Err(error) => match Found::<()>::unless_app_wide(error)? {
            Found::Unknown(error) => Members::Unread(Unread::NoAnswer(error.to_string().into())),
            _ => Members::Unread(Unread::LeftOut),
        },
    }))
}
