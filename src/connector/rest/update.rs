//! Changing an object: a look, the changes that are missing, and a look again.

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Objects, Operation, Placeholder, Send, Sent as Carried};
use crate::connector::Gate;
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::{Found, Next, Rounds, Sent, Write, already, partly, read, refused, written};
use crate::model::op::{ListChange, Outcome};
use crate::model::remote::ListRequest;
use crate::model::seen::{Activity, Seen, Unread};
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::decode;
use super::send::{With, send};
use super::session::Session;
use super::{encode, get, json};

/// What is to change of an object.
pub(super) struct Change<'c> {
    pub id: &'c RemoteId,
    /// New values; null unassigns.
    pub set: &'c [(Path, Value)],
    pub lists: &'c [ListChange],
    pub active: Option<bool>,
}

/// One request of a change, and what it is for.
struct Planned<'d> {
    operation: Operation,
    request: &'d Send,
    with: With<'static>,
}

/// Makes an object have some values.
pub(super) async fn update(
    session: &Session,
    want: &ListRequest,
    change: &Change<'_>,
    gate: Gate<'_>,
) -> Outcome {
    let kind = want.kind;
    let objects = match session.objects(kind) {
        Ok(objects) => objects,
        Err(error) => return refused(error.to_string(), false),
    };
    let hint = |error| error;
    let mut rounds = Rounds::of(Write { http: &session.http, kind, gate, is_batch: false, hint: &hint });
    let wanted = with_changed(want, change);
    loop {
        let found = get::fetch(session, kind, change.id).await;
        let shown = match rounds.looked(change.id, found) {
            Ok(shown) => shown,
            Err(outcome) => return outcome,
        };
        let Some(now) = get::whole(session, objects, &wanted, &shown).await else {
            return refused("the object has no id that can be used", false);
        };
        if now.our_id.as_deref() == Some(decode::ELSEWHERE) {
            let what = format!("{}: the {kind} {} is filled by another system", session.http.app, change.id);
            return refused(what, false);
        }
        let open = match open(session, change, &wanted, &now) {
            Ok(open) => open,
            Err(why) => return refused(why, false),
        };
        let active =
            change.active.filter(|active| now.activity != if *active { Activity::On } else { Activity::Off });
        let count = open.len() + usize::from(active.is_some());
        let asked_for = |mut remote: Remote| {
            remote.attributes.truncate(want.paths.len());
            remote
        };
        if count == 0 {
            let after = Some(asked_for(now));
            return if rounds.sent > 0 { written(read(after)) } else { already(after) };
        }
        if let Some(outcome) = rounds.given_up(count) {
            return outcome;
        }
        let planned = match planned(session, objects, &wanted, change.id, &shown.object, &now, &open, active)
        {
            Ok(planned) => planned,
            Err(why) => return refused(format!("{}: {why}", session.http.app), false),
        };
        let before = asked_for(now);
        let mut taken = 0;
        let mut again = false;
        for Planned { operation, request, with } in &planned {
            let sent = match outdated(session, objects, *operation, change.id, kind, &shown.object).await {
                Some(error) => Sent::Outdated(error),
                None => send(session, *operation, request, with, gate).await,
            };
            match rounds.settle(sent).await {
                Next::Taken(_) => taken += 1,
                Next::Again => {
                    again = true;
                    break;
                }
                Next::End(outcome) if taken == 0 => return outcome,
                Next::End(mut outcome) => {
                    partly(&mut outcome.state, taken, planned.len());
                    return outcome;
                }
            }
        }
        if again {
            continue;
        }
        let schema = |path: &Path| session.schema(kind, path);
        session.index.note_written(schema, kind, change.id, &open).await;
        // What an answer to a write shows is provisional: the object is read again.
        let after = match get::fetch(session, kind, change.id).await {
            Ok(Found::Here(shown)) => get::whole(session, objects, &wanted, &shown).await.map(asked_for),
            _ => None,
        };
        return Outcome { before: Some(Box::new(before)), ..written(read(after)) };
    }
}

/// Why an update is not sent: what the document names as `unchanged` is not as it was read, or cannot be read again. A whole
/// object that is sent back would undo what another client wrote meanwhile.
async fn outdated(
    session: &Session,
    objects: &Objects,
    operation: Operation,
    id: &RemoteId,
    kind: Kind,
    read: &Json,
) -> Option<ConnectorError> {
    let update = objects.update.as_ref().filter(|_| operation == Operation::Update)?;
    let place = update.unchanged.as_ref()?;
    match get::fetch(session, kind, id).await {
        Ok(Found::Here(now)) if place.get(&now.object) == place.get(read) => None,
        Ok(Found::Here(_)) => {
            let what = format!("`{place}` of the {kind} {id} changed while it was looked at");
            Some(session.http.error(ErrorKind::Refused, what))
        }
        // The next look ends the change with this.
        Ok(Found::Gone(_)) => {
            Some(session.http.error(ErrorKind::NotFound, format!("the {kind} {id} is gone")))
        }
        Ok(Found::Unknown(error)) | Err(error) => Some(error),
    }
}

/// The request with the attributes that change at the end.
fn with_changed(want: &ListRequest, change: &Change<'_>) -> ListRequest {
    let changed = change.set.iter().map(|(path, _)| path).chain(change.lists.iter().map(|list| &list.path));
    let changed = changed.filter(|path| !want.paths.contains(path)).cloned();
    ListRequest { paths: want.paths.iter().cloned().chain(changed).collect(), ..want.clone() }
}

fn seen<'r>(want: &ListRequest, now: &'r Remote, path: &Path) -> Option<&'r Seen<Value>> {
    now.attributes.get(want.paths.iter().position(|one| one == path)?)
}

/// The values that the object does not have yet.
///
/// # Errors
/// A list would lose what it holds beside the wanted entries.
fn open(
    session: &Session,
    change: &Change<'_>,
    want: &ListRequest,
    now: &Remote,
) -> Result<Vec<(Path, Value)>, String> {
    let mut open = Vec::new();
    for (path, value) in change.set {
        let is_so = match seen(want, now, path) {
            Some(Seen::Is(actual)) => session.is_same(want.kind, path, value, actual),
            Some(Seen::None) => value.is_unassigned(),
            Some(Seen::Unread(_)) | None => false,
        };
        if !is_so {
            open.push((path.clone(), value.clone()));
        }
    }
    for list in change.lists {
        let actual = match seen(want, now, &list.path) {
            Some(Seen::Is(value)) => value.clone(),
            Some(Seen::None) => Value::Null,
            Some(Seen::Unread(why)) => {
                return Err(format!("{} cannot be changed, because it cannot be read: {why}", list.path));
            }
            None => return Err(format!("{} cannot be read", list.path)),
        };
        let same = |a: &Value, b: &Value| session.is_same(want.kind, &list.path, a, b);
        let value = list.over(&actual, same);
        if !session.is_same(want.kind, &list.path, &value, &actual) {
            open.push((list.path.clone(), value));
        }
    }
    Ok(open)
}

#[allow(clippy::too_many_arguments)]
fn planned<'d>(
    session: &Session,
    objects: &'d Objects,
    want: &ListRequest,
    id: &RemoteId,
    object: &Json,
    now: &Remote,
    open: &[(Path, Value)],
    active: Option<bool>,
) -> Result<Vec<Planned<'d>>, String> {
    let mut all = Vec::new();
    let values = get::values(session, objects, want.kind, id);
    let mut plain = Vec::new();
    for (path, value) in open {
        let Some(attribute) = decode::attribute(objects, path) else {
            return Err(format!("the app has no attribute {path}"));
        };
        match by_call(session, attribute, value, seen(want, now, path))? {
            Some((request, own)) => all.push(Planned {
                operation: Operation::Set,
                request,
                with: With::values(values.with([own])),
            }),
            None => plain.push((path.clone(), value.clone())),
        }
    }
    let switch = match active {
        Some(true) => objects.enable.as_ref(),
        Some(false) => objects.disable.as_ref(),
        None => None,
    };
    if let Some(request) = switch {
        let operation = if active == Some(true) { Operation::Enable } else { Operation::Disable };
        all.push(Planned { operation, request, with: With::values(values.clone()) });
    }
    let in_object = active.filter(|_| switch.is_none());
    if plain.is_empty() && in_object.is_none() {
        return Ok(all);
    }
    let Some(update) = &objects.update else { return Err("the app cannot change it".to_owned()) };
    let mut body = match update.send {
        Carried::Merged => object.clone(),
        Carried::Changed | Carried::Managed => Json::Object(serde_json::Map::new()),
    };
    if update.send == Carried::Merged {
        update.drop.iter().for_each(|place| place.remove(&mut body));
    }
    if update.send == Carried::Managed {
        let mut beside = Vec::new();
        for (path, seen) in want.paths.iter().zip(&now.attributes) {
            let Some(attribute) = decode::attribute(objects, path) else { continue };
            if attribute.at.write.is_none() || attribute.secret {
                continue;
            }
            match seen {
                Seen::Is(value) => beside.push((path.clone(), value.clone())),
                Seen::None | Seen::Unread(Unread::LeftOut | Unread::NotShown | Unread::NotAsked) => {}
                // All mapped values go with each change: what has an odd form would be lost.
                Seen::Unread(why) => return Err(format!("{path} cannot be sent back: {why}")),
            }
        }
        encode::put(session, objects, &mut body, &beside)?;
    }
    encode::put(session, objects, &mut body, &plain)?;
    if let (Some(active), Some(of)) = (in_object, &objects.active) {
        let value = if active { of.is.first() } else { of.not.first() };
        let (Some(value), Some(place)) = (value, &of.at.write) else {
            return Err("the app cannot turn accounts off or on".to_owned());
        };
        place.put(&mut body, value.clone(), &serde_json::Map::new())?;
    }
    let with = With { values, attributes: Some(encode::wrapped(objects, body)), batch: &[] };
    all.insert(0, Planned { operation: Operation::Update, request: &update.request, with });
    Ok(all)
}

/// A call of an attribute's own, and the placeholder that it fills.
type Call<'d> = (&'d Send, (Placeholder, Json));

/// The call of an attribute that has its own.
fn by_call<'d>(
    session: &Session,
    attribute: &'d Attribute,
    value: &Value,
    now: Option<&Seen<Value>>,
) -> Result<Option<Call<'d>>, String> {
    let Some(calls) = attribute.calls.as_ref().filter(|_| attribute.at.write.is_none()) else {
        return Ok(None);
    };
    let cannot = || format!("{} cannot be written", attribute.name);
    if !value.is_null() {
        let request = calls.set.as_ref().ok_or_else(cannot)?;
        return Ok(Some((request, (Placeholder::Value, json::of(session, attribute, value)?))));
    }
    let request = calls.clear.as_ref().ok_or_else(cannot)?;
    let Some(Seen::Is(old)) = now else {
        return Err(format!("{} cannot be taken away, because it cannot be read", attribute.name));
    };
    Ok(Some((request, (Placeholder::Old, json::of(session, attribute, old)?))))
}
