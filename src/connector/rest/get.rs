//! One object by its id, and the proof that it is gone.

use std::collections::HashSet;
use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::catalog::rest::{
    Attribute, Found as At, Get, MembersAt, Objects, Operation, Placeholder, Template,
};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::Found;
use crate::model::remote::{GoneProof, ListRequest, Members, Presence, Walk};
use crate::model::seen::{Seen, Unread};
use crate::model::{Kind, Remote, RemoteId};

use super::decode::{self, In, Shown};
use super::reply::{self, Here, Reply};
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
    shown(session, want, id, fetch(session, want.kind, id).await?).await
}

/// An object that a look found, whole and with its members.
///
/// # Errors
/// The app cannot be asked at all.
pub(super) async fn shown(
    session: &Session,
    want: &ListRequest,
    id: &RemoteId,
    found: Found<Shown>,
) -> Result<Presence, ConnectorError> {
    let objects = session.objects(want.kind)?;
    let shown = match found {
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
                Ok(reply @ (Reply::Gone | Reply::Empty)) if reply.is_certain(session) => Seen::None,
                Ok(Reply::Gone | Reply::Empty) => Seen::Unread(Unread::NoAnswer(reply::UNSEEN.into())),
                Err(error) => Seen::Unread(Unread::NoAnswer(error.to_string().into())),
            };
        }
    }
    Some(remote)
}

/// What is at the address of an object.
pub(super) enum Looked {
    Found(Found<Shown>),
    /// The app has nothing there, which proves nothing: a list decides.
    NotThere,
    /// It has no address, or none that is known.
    NoAddress,
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
    if let Looked::Found(found) = at_address(session, kind, id).await? {
        return Ok(found);
    }
    let listed = by_list(session, kind, id).await?;
    let has_key = session.objects(kind)?.key.is_some();
    if has_key && matches!(listed, Found::Here(_)) {
        // The row told the address.
        if let Looked::Found(found) = at_address(session, kind, id).await? {
            return Ok(found);
        }
    }
    Ok(listed)
}

/// Looks at the address of an object.
///
/// # Errors
/// The app cannot be asked at all.
pub(super) async fn at_address(
    session: &Session,
    kind: Kind,
    id: &RemoteId,
) -> Result<Looked, ConnectorError> {
    let objects = session.objects(kind)?;
    let Some(get) = objects.get.as_ref().filter(|_| {
        // Until a list or an answer shows its key, an object has no address.
        objects.key.is_none() || session.keys.of(kind, id).is_some()
    }) else {
        return Ok(Looked::NoAddress);
    };
    let values = values(session, objects, kind, id);
    let here = match reply::ask(session, Operation::Get, get, &values, &[]).await {
        Ok(Reply::Here(here)) => *here,
        Ok(Reply::Gone) if objects.key.is_none() => {
            return Ok(Looked::Found(Found::Gone(GoneProof::answered_for(id.clone()))));
        }
        // A key that is gone may be that of an object that has another one now, and a document may say that such an answer
        // leaves it open: only a list shows it.
        Ok(Reply::Gone | Reply::Empty) => return Ok(Looked::NotThere),
        Err(error) => return Found::unless_app_wide(error).map(Looked::Found),
    };
    let unlike = |what: &str| {
        let error = session.http.error_of(&here.answer, ErrorKind::NotTheProtocol, what);
        Ok(Looked::Found(Found::Unknown(error)))
    };
    let Some(mut object) = object_in(objects, &here) else {
        return unlike("answered JSON without the object");
    };
    match &objects.id.one {
        Some(_) if decode::id(objects, &object, In::One).as_ref() != Some(id) => {
            return unlike("answered with another object than the one asked for");
        }
        Some(_) => {}
        // The answer does not say its id: it is the one in the address.
        None if objects.key.is_none() => {
            let place = objects.id.list.as_ref();
            let nothing = serde_json::Map::new();
            place.map(|place| place.put(&mut object, session.id(kind, id.as_str()), &nothing));
        }
        None => return unlike("answered without the id of the object"),
    }
    decode::note_key(session, objects, kind, id, &object, In::One, &session.tables.read());
    Ok(Looked::Found(Found::Here(Shown { object, of: In::One })))
}

/// True if an object can be asked for by its key alone.
pub(super) fn asks_by_key(objects: &Objects) -> bool {
    let asks_by_id = |get: &Get| {
        get.address.templates().flat_map(Template::holes).any(|hole| hole.name == Placeholder::Id)
    };
    objects.key.is_some() && objects.get.as_ref().is_some_and(|get| !asks_by_id(get))
}

/// The id of the object with this key, and its address from now on.
///
/// # Errors
/// The answer says nothing about it, or the document has no such request.
pub(super) async fn by_key(
    session: &Session,
    kind: Kind,
    key: &str,
) -> Result<Option<RemoteId>, ConnectorError> {
    let objects = session.objects(kind)?;
    let Some(get) = objects.get.as_ref().filter(|_| asks_by_key(objects)) else {
        return Err(session.untold("nothing asks for an object by its key"));
    };
    let values = session.values.with([(Placeholder::Key, Json::from(key))]);
    let here = match reply::ask(session, Operation::Get, get, &values, &[]).await? {
        Reply::Here(here) => *here,
        Reply::Gone | Reply::Empty => return Ok(None),
    };
    let Some(id) = object_in(objects, &here).and_then(|object| decode::id(objects, &object, In::One)) else {
        let what = "answered without the id of the object";
        return Err(session.http.error_of(&here.answer, ErrorKind::NotTheProtocol, what));
    };
    session.keys.note(kind, &id, key);
    Ok(Some(id))
}

/// The object in an answer about one.
pub(super) fn object_in(objects: &Objects, here: &Here) -> Option<Json> {
    match (&objects.row, &objects.wrap) {
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
    }
}

/// An object that only a list shows. A complete list without it is the proof that it is gone.
async fn by_list(session: &Session, kind: Kind, id: &RemoteId) -> Result<Found<Shown>, ConnectorError> {
    let objects = session.objects(kind)?;
    let list = walk::of_objects(session, kind)?;
    let roll = session.roll(kind);
    let _stands = roll.stands().await;
    let gone = || Ok(Found::Gone(GoneProof::answered_for(id.clone())));
    if roll.is_without(id) {
        return gone();
    }
    let mut found = None;
    let mut everybody = HashSet::new();
    let mut each = |row: &Json| {
        let Some(of_row) = decode::id(objects, row, In::List) else { return ControlFlow::Continue(()) };
        decode::note_key(session, objects, kind, &of_row, row, In::List, &session.tables.read());
        if of_row == *id {
            found = Some(row.clone());
            return ControlFlow::Break(());
        }
        everybody.insert(of_row);
        ControlFlow::Continue(())
    };
    let walk = walk::pages(session, &list, Sink::Each(&mut each)).await;
    match (found, walk) {
        (Some(object), _) => Ok(Found::Here(Shown { object, of: In::List })),
        (None, Ok(Walk::Complete(complete))) => match complete.doubt() {
            Some(why) => Ok(Found::Unknown(session.untold(why))),
            // An app has the account that asks: a list without any proves nothing about anybody.
            None if everybody.is_empty() && kind == Kind::User => {
                Ok(Found::Unknown(session.untold("the list of accounts is empty")))
            }
            None => {
                roll.keep(everybody);
                gone()
            }
        },
        (None, Ok(Walk::Incomplete { why })) => Ok(Found::Unknown(session.untold(&why))),
        (None, Err(error)) => Found::unless_app_wide(error),
    }
}

/// The members of a group, from a list of their own; none if they stand in the group.
///
/// # Errors
/// The app cannot be asked at all.
pub(super) async fn members(
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
