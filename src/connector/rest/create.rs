//! Creating an object. The request is repeated only after a look-up.

use serde_json::Value as Json;

use crate::catalog::rest::{Create, Method, Objects, Operation, Placeholder, Required, Source, Special};
use crate::connector::Gate;
use crate::connector::error::ConnectorError;
use crate::connector::http::{Answer, percent};
use crate::connector::steps::{
    Found, LookedFor, Sent, may_pass, not_sent, read, refused, refused_by, the_only, told, turned_away,
    unknown, written,
};
use crate::model::op::Outcome;
use crate::model::remote::{ListRequest, Presence};
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::get::{self, Looked};
use super::reply::text_at;
use super::send::{With, send};
use super::session::Session;
use super::{decode, encode, find, json, spelling, taken};

/// Requests of one create, the first included.
const MAX_REQUESTS: u32 = 3;

/// An object that is to be created. The caller has looked that no object is there yet.
pub(super) struct New<'n> {
    pub session: &'n Session,
    pub kind: Kind,
    pub want: &'n ListRequest,
    pub attributes: &'n [(Path, Value)],
}

impl New<'_> {
    /// Creates it.
    pub(super) async fn create(&self, gate: Gate<'_>) -> Outcome {
        let Self { session, kind, .. } = *self;
        let objects = match session.objects(kind) {
            Ok(objects) => objects,
            Err(error) => return refused(told(&error), false),
        };
        let Some(create) = &objects.create else {
            return refused(format!("{}: this app cannot create a {kind}", session.http.app), false);
        };
        let with = match self.with() {
            Ok(with) => with,
            Err(why) => return not_sent(format!("{}: {why}", session.http.app)),
        };
        if let Some(name) = self.name(objects).filter(|_| create.request.method == Method::Put) {
            // A PUT would change an object that is there already.
            match self.is_at(objects, &name).await {
                Ok(None) => {}
                Ok(Some(id)) => {
                    let what = format!("{}: the {kind} {id} is there already; plan again", session.http.app);
                    return refused(what, false);
                }
                Err(error) => {
                    let why = format!("nothing was sent, because looking first failed: {}", told(&error));
                    return not_sent(why);
                }
            }
        }
        let mut unclear: Option<ConnectorError> = None;
        for requests in 1.. {
            let sent = {
                let _grows = session.roll(kind).grows().await;
                send(session, Operation::Create, &create.request, &with, gate).await
            };
            let since = session.index.moment();
            let (error, pause) = match sent {
                Sent::Taken(answer) => return self.created(create, &answer, since).await,
                Sent::Kept(error) => {
                    return match unclear {
                        Some(first) => unknown(format!("{first}; then stopped: {error}")),
                        None => not_sent(told(&error)),
                    };
                }
                Sent::Refused(error) | Sent::Outdated(error) => {
                    return self.refused(error, unclear.is_some(), since).await;
                }
                Sent::Later(error) => return turned_away(unclear, &error),
                Sent::Unclear(error, pause) => (error, pause),
            };
            let again = may_pass(&error)
                && requests < MAX_REQUESTS
                && session.http.pause(requests, pause, &error).await;
            // The look-up comes after the pause, right before the request it decides about.
            let since = session.index.moment();
            match self.looked_up(since).await {
                Ok(Some(remote)) => return written(read(Some(remote))),
                Ok(None) if again => unclear = Some(error),
                Ok(None) if matches!(error.status, Some(500..=503)) => {
                    return refused(format!("{}; looked up: not there", told(&error)), false);
                }
                Ok(None) => return unknown(format!("{}; looked up: not there yet", told(&error))),
                Err(why) => return unknown(format!("{}; looking up failed: {why}", told(&error))),
            }
        }
        unknown("too many tries")
    }

    /// The body and the placeholders.
    fn with(&self) -> Result<With<'static>, String> {
        let Self { session, kind, attributes, .. } = *self;
        let objects = session.objects(kind).map_err(|error| told(&error))?;
        let mut body = Json::Object(serde_json::Map::new());
        let values: Vec<(Path, Value)> = attributes
            .iter()
            .filter(|(path, value)| !value.is_null() && !self.has_call(path))
            .cloned()
            .collect();
        let in_body = |path: &Path| {
            let attribute = decode::attribute(objects, path);
            attribute.is_none_or(|attribute| !attribute.is_in_path || attribute.at.write.is_some())
        };
        let sent: Vec<_> = values.iter().filter(|(path, _)| in_body(path)).cloned().collect();
        encode::put(session, objects, &mut body, &sent)?;
        for attribute in &objects.attributes {
            let is_given = values.iter().any(|(path, _)| decode::is_of(attribute, path));
            match (&attribute.fresh, &attribute.at.write) {
                (Some(fresh), Some(_)) if !is_given => {
                    let drawn = Json::String(super::fresh::draw(*fresh)?);
                    attribute
                        .at
                        .put(&mut body, &drawn, &attribute.with)
                        .map_err(|why| format!("{}: {why}", attribute.name))?;
                }
                _ if attribute.required != Required::No && !is_given && attribute.calls.is_none() => {
                    let is_mapped = self.want.paths.iter().chain(attributes.iter().map(|(path, _)| path));
                    let why = match is_mapped.into_iter().any(|path| decode::is_of(attribute, path)) {
                        true => format!("and it has no value for this {kind}"),
                        false => "and nothing is mapped to it".to_owned(),
                    };
                    return Err(format!("the app requires {}, {why}", attribute.name));
                }
                _ => {}
            }
        }
        let mut placeholders = session.values.clone();
        if let (Some(name), Some(attribute)) = (self.name(objects), objects.named_by()) {
            let key = json::named_by(session, objects, &attribute.name, &name);
            placeholders = placeholders.with([(Placeholder::Key, key)]);
        }
        Ok(With { values: placeholders, attributes: Some(encode::wrapped(objects, body)), batch: &[] })
    }

    /// What stands in the addresses of the new object, as it is sent.
    fn name(&self, objects: &Objects) -> Option<String> {
        let attribute = objects.named_by()?;
        let value =
            self.attributes.iter().find(|(path, value)| decode::is_of(attribute, path) && !value.is_null());
        value.map(|(_, value)| value.to_string())
    }

    /// The object that has this name in its address.
    async fn is_at(&self, objects: &Objects, name: &str) -> Result<Option<RemoteId>, ConnectorError> {
        let (session, kind) = (self.session, self.kind);
        if get::asks_by_key(objects) {
            return get::by_key(session, kind, name).await;
        }
        if objects.key.is_some() {
            let found = self.looked_up(session.index.moment()).await;
            return found.map(|found| found.map(|remote| remote.id)).map_err(|why| session.untold(&why));
        }
        let id: RemoteId = name.parse().map_err(|_| session.untold("its name cannot be an id"))?;
        let found = match get::at_address(session, kind, &id).await? {
            Looked::Found(found) => found,
            Looked::NotThere => return Ok(None),
            Looked::NoAddress => get::fetch(session, kind, &id).await?,
        };
        match found {
            Found::Here(_) => Ok(Some(id)),
            Found::Gone(_) => Ok(None),
            Found::Unknown(error) => Err(error),
        }
    }

    /// True if the attribute is written by a call of its own, once the object is there.
    fn has_call(&self, path: &Path) -> bool {
        let objects = self.session.objects(self.kind).ok();
        let attribute = objects.and_then(|objects| decode::attribute(objects, path));
        attribute.is_some_and(|attribute| attribute.calls.is_some() && attribute.at.write.is_none())
    }

    /// The app took it. Its id comes from the answer, else from a look-up.
    async fn created(&self, create: &Create, answer: &Answer, since: u64) -> Outcome {
        let Self { session, kind, want, .. } = *self;
        let line =
            format!("{}: {} {}: answered {}", session.http.app, answer.method, answer.path, answer.status);
        let found = match self.id_of(create, answer).await {
            Some(id) => match get::presence(session, want, &id).await {
                Ok(Presence::Here(remote)) => Ok(Some(*remote)),
                Ok(Presence::Gone(_)) => Ok(None),
                Ok(Presence::Unknown { why }) => Err(why.to_string()),
                Err(error) => Err(told(&error)),
            },
            None => self.looked_up(since).await,
        };
        match found {
            Ok(Some(remote)) => {
                let schema = |path: &Path| session.schema(kind, path);
                session.index.note_written(schema, kind, &remote.id, self.attributes).await;
                written(read(Some(remote)))
            }
            not_found => {
                let why = match not_found {
                    Err(why) => session.unnamed(&why).to_owned(),
                    Ok(_) => "it is not there".to_owned(),
                };
                let other = spelling::other(session, want, self.attributes).await;
                unknown(format!("{line}, but {}", other.unwrap_or(why)))
            }
        }
    }

    /// The id of the new object: from the answer, as we chose it, or from what stands at its address.
    async fn id_of(&self, create: &Create, answer: &Answer) -> Option<RemoteId> {
        let (session, kind) = (self.session, self.kind);
        let objects = session.objects(kind).ok()?;
        let name = self.name(objects);
        let id = self.id_in(create, answer);
        if objects.key.is_none() {
            // Who chooses the name has chosen the id.
            return id.or_else(|| name.filter(|_| create.takes_key())?.parse().ok());
        }
        let Some(id) = id else { return get::by_key(session, kind, &name?).await.ok().flatten() };
        // As it was sent; what the app shows comes later, and counts more.
        name.iter().for_each(|name| session.keys.note(kind, &id, name));
        Some(id)
    }

    fn id_in(&self, create: &Create, answer: &Answer) -> Option<RemoteId> {
        let objects = self.session.objects(self.kind).ok()?;
        let body: Option<Json> = serde_json::from_slice(&answer.body).ok();
        let text = match &create.id {
            Some(source @ Source::Header { .. }) => {
                let value = text_at(source, &answer.headers, &Json::Null)?;
                last_segment(&value)
            }
            Some(source) => text_at(source, &answer.headers, body.as_ref()?),
            None => {
                let body = body.as_ref()?;
                let object = objects.wrap.as_ref().map_or(Some(body), |wrap| body.get(&**wrap))?;
                return decode::id(objects, object, decode::In::One);
            }
        };
        text?.parse().ok()
    }

    async fn refused(&self, error: ConnectorError, may_be_ours: bool, since: u64) -> Outcome {
        if may_be_ours {
            // After a request that may have happened, the conflict may be with the object that it made.
            match self.looked_up(since).await {
                Ok(Some(remote)) => return written(read(Some(remote))),
                Ok(None) => {}
                Err(why) => return unknown(format!("{}; looking up failed: {why}", told(&error))),
            }
        }
        let holder = taken::by(self.session, self.want, self.attributes, since).await;
        if let Some((holder, hint)) = holder {
            return Outcome { holder: Some(holder), ..refused(told(&error.with_hint(hint)), false) };
        }
        // A conflict with nobody is one with somebody in another spelling.
        let other = match error.status {
            Some(409) => spelling::other(self.session, self.want, self.attributes).await,
            _ => None,
        };
        match other {
            Some(hint) => refused(told(&error.with_hint(hint)), false),
            None => refused_by(&error, false),
        }
    }

    /// Whether the object is there by now: exactly one with our id, else exactly one with our login or name and no other id of ours.
    /// Only what was read since a moment counts.
    async fn looked_up(&self, since: u64) -> Result<Option<Remote>, String> {
        let Self { session, kind, want, attributes } = *self;
        let objects = session.objects(kind).map_err(|error| told(&error))?;
        let name = match kind {
            Kind::User => Special::Login,
            Kind::Group => Special::Name,
        };
        let sent = |special: Special| {
            let attribute = decode::special(objects, special)?;
            attributes.iter().find(|(path, value)| decode::is_of(attribute, path) && !value.is_null())
        };
        let ours = sent(Special::Ours);
        let by: Vec<_> = [ours, sent(name)].into_iter().flatten().collect();
        if by.is_empty() {
            return Err("it has no value by which it can be looked for".to_owned());
        }
        for (path, value) in by {
            session.index.forget_before(kind, path, since).await;
            let found = find::find(session, want, path, value).await.map_err(|error| told(&error))?;
            let ours = ours.map(|(_, ours)| ours);
            let looked = LookedFor { kind, path, ours, our_id: "id of ours" };
            if let Some(remote) = the_only(&looked, found)? {
                return Ok(Some(remote));
            }
        }
        Ok(None)
    }
}

/// The id at the end of an address; no request is made to it.
fn last_segment(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?.trim_end_matches('/');
    let last = path.rsplit('/').next().filter(|last| !last.is_empty())?;
    percent::decoded_segment(last)
}
