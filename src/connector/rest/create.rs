//! Creating an object. The request is repeated only after a look-up.

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Create, Operation, Placeholder, Required, Source, Special};
use crate::connector::Gate;
use crate::connector::error::ConnectorError;
use crate::connector::http::{Answer, percent};
use crate::connector::steps::{
    LookedFor, Sent, may_pass, not_sent, read, refused, refused_by, the_only, told, turned_away, unknown,
    written,
};
use crate::model::op::Outcome;
use crate::model::remote::{ListRequest, Presence};
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::reply::text_at;
use super::send::{With, send};
use super::session::Session;
use super::{decode, encode, find, get, json, taken};

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
        let mut unclear: Option<ConnectorError> = None;
        for requests in 1.. {
            let (error, pause) = match send(session, Operation::Create, &create.request, &with, gate).await {
                Sent::Taken(answer) => return self.created(create, &answer).await,
                Sent::Kept(error) => {
                    return match unclear {
                        Some(first) => unknown(format!("{first}; then stopped: {error}")),
                        None => not_sent(told(&error)),
                    };
                }
                Sent::Refused(error) | Sent::Outdated(error) => {
                    return self.refused(error, unclear.is_some()).await;
                }
                Sent::Later(error) => return turned_away(unclear, &error),
                Sent::Unclear(error, pause) => (error, pause),
            };
            let again = may_pass(&error)
                && requests < MAX_REQUESTS
                && session.http.pause(requests, pause, &error).await;
            // The look-up comes after the pause, right before the request it decides about.
            match self.looked_up().await {
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
        encode::put(session, objects, &mut body, &values)?;
        for attribute in &objects.attributes {
            let is_given = values.iter().any(|(path, _)| is(attribute, path));
            match (&attribute.fresh, &attribute.at.write) {
                (Some(fresh), Some(place)) if !is_given => {
                    let drawn = Json::String(super::fresh::draw(*fresh)?);
                    place
                        .put(&mut body, drawn, &attribute.with)
                        .map_err(|why| format!("{}: {why}", attribute.name))?;
                }
                _ if attribute.required != Required::No && !is_given && attribute.calls.is_none() => {
                    let is_mapped = self.want.paths.iter().chain(attributes.iter().map(|(path, _)| path));
                    let why = match is_mapped.into_iter().any(|path| is(attribute, path)) {
                        true => format!("and it has no value for this {kind}"),
                        false => "and nothing is mapped to it".to_owned(),
                    };
                    return Err(format!("the app requires {}, {why}", attribute.name));
                }
                _ => {}
            }
        }
        let mut placeholders = session.values.clone();
        if let Some(key) = &objects.key
            && let Some((_, value)) =
                values.iter().find(|(path, _)| path.parts().attribute.eq_ignore_ascii_case(key))
        {
            let key = json::named_by(session, objects, key, &value.to_string());
            placeholders = placeholders.with([(Placeholder::Key, key)]);
        }
        Ok(With { values: placeholders, attributes: Some(encode::wrapped(objects, body)), batch: &[] })
    }

    /// True if the attribute is written by a call of its own, once the object is there.
    fn has_call(&self, path: &Path) -> bool {
        let objects = self.session.objects(self.kind).ok();
        let attribute = objects.and_then(|objects| decode::attribute(objects, path));
        attribute.is_some_and(|attribute| attribute.calls.is_some() && attribute.at.write.is_none())
    }

    /// The app took it. Its id comes from the answer, else from a look-up.
    async fn created(&self, create: &Create, answer: &Answer) -> Outcome {
        let Self { session, kind, want, .. } = *self;
        let line =
            format!("{}: {} {}: answered {}", session.http.app, answer.method, answer.path, answer.status);
        let id = self.id_in(create, answer);
        id.iter().for_each(|id| self.note_key(id));
        let found = match id {
            Some(id) => match get::presence(session, want, &id).await {
                Ok(Presence::Here(remote)) => Ok(Some(*remote)),
                Ok(Presence::Gone(_)) => Ok(None),
                Ok(Presence::Unknown { why }) => Err(why.to_string()),
                Err(error) => Err(told(&error)),
            },
            None => self.looked_up().await,
        };
        match found {
            Ok(Some(remote)) => {
                let schema = |path: &Path| session.schema(kind, path);
                session.index.note_written(schema, kind, &remote.id, self.attributes).await;
                written(read(Some(remote)))
            }
            Ok(None) => unknown(format!("{line}, but it is not there")),
            Err(why) => unknown(format!("{line}, but {why}")),
        }
    }

    /// What stands in addresses instead of the id of the new object, as it was sent.
    fn note_key(&self, id: &RemoteId) {
        let Ok(objects) = self.session.objects(self.kind) else { return };
        let Some(key) = &objects.key else { return };
        let is_key = |path: &Path| path.parts().attribute.eq_ignore_ascii_case(key);
        if let Some((_, value)) = self.attributes.iter().find(|(path, _)| is_key(path)) {
            self.session.keys.note(self.kind, id, &value.to_string());
        }
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

    async fn refused(&self, error: ConnectorError, may_be_ours: bool) -> Outcome {
        if may_be_ours {
            // After a request that may have happened, the conflict may be with the object that it made.
            match self.looked_up().await {
                Ok(Some(remote)) => return written(read(Some(remote))),
                Ok(None) => {}
                Err(why) => return unknown(format!("{}; looking up failed: {why}", told(&error))),
            }
        }
        match taken::by(self.session, self.want, self.attributes).await {
            Some(holder) => refused(told(&error.with_hint(holder)), false),
            None => refused_by(&error, false),
        }
    }

    /// Whether the object is there by now: exactly one with our id, else exactly one with our login or name and no other id of ours.
    async fn looked_up(&self) -> Result<Option<Remote>, String> {
        let Self { session, kind, want, attributes } = *self;
        let objects = session.objects(kind).map_err(|error| told(&error))?;
        let name = match kind {
            Kind::User => Special::Login,
            Kind::Group => Special::Name,
        };
        let sent = |special: Special| {
            let attribute = decode::special(objects, special)?;
            attributes.iter().find(|(path, value)| is(attribute, path) && !value.is_null())
        };
        let ours = sent(Special::Ours);
        let by: Vec<_> = [ours, sent(name)].into_iter().flatten().collect();
        if by.is_empty() {
            return Err("it has no value by which it can be looked for".to_owned());
        }
        for (path, value) in by {
            session.index.forget(kind, path).await;
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

fn is(attribute: &Attribute, path: &Path) -> bool {
    attribute.name.eq_ignore_ascii_case(&path.parts().attribute)
}

/// The id at the end of an address; no request is made to it.
fn last_segment(address: &str) -> Option<String> {
    let path = address.split(['?', '#']).next()?.trim_end_matches('/');
    let last = path.rsplit('/').next().filter(|last| !last.is_empty())?;
    percent::decoded_segment(last)
}
