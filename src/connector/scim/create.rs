//! Creating an object (RFC 7644 section 3.3). POST is not idempotent: it is repeated only after a look-up.

use std::sync::Arc;

use reqwest::{Method, Url};
use serde_json::{Map, Value as Json};

use crate::catalog;
use crate::connector::Gate;
use crate::connector::error::{ConnectorError, shown};
use crate::connector::http::{Answer, percent};
use crate::connector::steps::{
    LookedFor, Request, Sent, answered, may_pass, not_sent, read, refused, refused_by, send, the_only, told,
    turned_away, unknown, written,
};
use crate::model::ledger::GroupKey;
use crate::model::op::{After, Outcome};
use crate::model::remote::{ListRequest, Presence};
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::get::presence;
use super::json::{get, text};
use super::session::Session;
use super::set::Set;
use super::{decode, find, hints, overlay, put, taken};

/// POSTs of one create, the first included.
const MAX_POSTS: u32 = 3;

/// An object that is to be created. The caller has looked that no object is there yet.
#[derive(Clone, Copy)]
pub(super) struct New<'n> {
    pub session: &'n Session,
    pub kind: Kind,
    pub want: &'n ListRequest,
    pub attributes: &'n [(Path, Value)],
    /// What `links:` calls it, if it is a group.
    pub key: Option<&'n GroupKey>,
}

impl<'n> New<'n> {
    /// Creates it.
    pub(super) async fn post(&self, gate: Gate<'_>) -> Outcome {
        let Self { session, kind, .. } = *self;
        let body = Json::Object(self.object()).to_string().into_bytes();
        let mut unclear: Option<ConnectorError> = None;
        for posts in 1.. {
            let request = Request {
                method: Method::POST,
                url: session.collection(kind),
                body: Some(body.clone()),
                version: None,
            };
            let (error, pause) = match send(&session.http, request, gate).await {
                Sent::Taken(answer) => return self.created(&answer).await,
                Sent::Kept(error) => {
                    return match unclear {
                        Some(first) => unknown(format!("{first}; then stopped: {error}")),
                        None => not_sent(told(&error)),
                    };
                }
                // After a POST that may have happened, the conflict may be with the object that it made.
                Sent::Refused(error) | Sent::Outdated(error) => {
                    return match unclear {
                        Some(_) if error.status == Some(409) => self.claim(&error).await,
                        _ if hints::is_conflict(&error) => self.conflict(error).await,
                        _ => refused_by(&hints::of_value(error), false),
                    };
                }
                Sent::Later(error) => return turned_away(unclear, &error),
                Sent::Unclear(error, pause) => (error, pause),
            };
            let again =
                may_pass(&error) && posts < MAX_POSTS && session.http.pause(posts, pause, &error).await;
            // The look-up comes after the pause, right before the POST it decides about.
            match self.looked_up().await {
                Ok(Some(remote)) => {
                    self.note(&remote).await;
                    return written(After::Read(Box::new(remote)));
                }
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

    fn object(&self) -> Map<String, Json> {
        let Self { session, kind, attributes, .. } = *self;
        let mut object = Map::new();
        if kind == Kind::User && session.capabilities.disable_users {
            object.insert("active".to_owned(), Json::Bool(true));
        }
        for (path, value) in attributes.iter().filter(|(path, _)| session.is_sent(path)) {
            overlay::put(&mut object, &Set::of(&session.schemas, kind, path, value));
        }
        put::name_schemas(kind, &mut object);
        object
    }

    /// The app took it. Its id comes from the body, else from `Location`, else from a look-up.
    async fn created(&self, answer: &Answer) -> Outcome {
        let Self { session, want, .. } = *self;
        let body = session.http.document(answer).ok();
        let in_body = body.as_ref().and_then(|object| get(object, "id")).and_then(text);
        let remote = match (&body, &in_body) {
            (Some(object), Some(_)) => {
                decode::remote(session, want, object).filter(|remote| remote.name.is_some())
            }
            _ => None,
        };
        let id =
            in_body.or_else(|| answer.location.as_deref().and_then(|url| id_in(session, self.kind, url)));
        let is_answer = remote.is_some();
        let found = match (remote, id) {
            (Some(remote), _) => Ok(Some(remote)),
            (None, Some(id)) => match id.parse::<RemoteId>() {
                Ok(id) => read_back(session, want, &id).await,
                Err(error) => Err(format!("the id it gave cannot be used: it {}", error.why)),
            },
            (None, None) => self.looked_up().await,
        };
        match found {
            Ok(Some(remote)) => {
                if let Some(why) = self.is_another(&remote) {
                    return unknown(format!("{}: answered {} {why}", line(session, answer), answer.status));
                }
                self.note(&remote).await;
                let remote = Some(remote);
                written(if is_answer { answered(remote) } else { read(remote) })
            }
            Ok(None) => {
                unknown(format!("{}: answered {}, but it is not there", line(session, answer), answer.status))
            }
            Err(why) => unknown(format!("{}: answered {}, but {why}", line(session, answer), answer.status)),
        }
    }

    /// Says what was sent and what came back, if the object that came back has neither the externalId nor the name that
    /// was sent.
    fn is_another(&self, remote: &Remote) -> Option<String> {
        let Self { session, kind, .. } = *self;
        let [external_id, name] = self.identity();
        let sides = [(external_id, &remote.our_id), (name, &remote.name)];
        let same = |(sent, came): &(Option<&(Path, Value)>, &Option<Arc<str>>)| {
            let (Some((path, sent)), Some(came)) = (sent, came) else {
                return false;
            };
            let schema = session.schemas.of(kind, path);
            let key = |value: &Value| catalog::match_key(schema.as_ref(), value);
            key(sent).is_some() && key(sent) == key(&Value::str(&**came))
        };
        let has_none = external_id.is_none() && name.is_none();
        if has_none || sides.iter().any(same) {
            return None;
        }
        let sent = sides.iter().filter_map(|(sent, _)| *sent);
        let sent: Vec<_> = sent.map(|(path, value)| said(path.as_str(), value.as_str())).collect();
        let names = ["externalId", name_of(kind)];
        let came: Vec<_> =
            names.iter().zip(&sides).map(|(name, (_, came))| said(name, came.as_deref())).collect();
        Some(format!(
            "with another {kind}: sent {}; {} has {}",
            sent.join(", "),
            shown(remote.id.as_str()),
            came.join(", ")
        ))
    }

    /// After a conflict: the object is ours if a look-up finds it.
    async fn claim(&self, error: &ConnectorError) -> Outcome {
        match self.looked_up().await {
            Ok(Some(remote)) => {
                self.note(&remote).await;
                written(After::Read(Box::new(remote)))
            }
            Ok(None) => refused(told(error), false),
            Err(why) => unknown(format!("{}; looking up failed: {why}", told(error))),
        }
    }

    /// The app has a value already: the account or group that has it is looked up and named.
    async fn conflict(&self, error: ConnectorError) -> Outcome {
        let Self { session, kind, attributes, key, .. } = *self;
        let sent = attributes.iter().filter(|(path, value)| session.is_sent(path) && !value.is_null());
        let unique = sent.filter(|(path, _)| taken::may_be_unique(session, kind, path));
        let holder = taken::by(session, self.want, unique).await;
        let hint = match &holder {
            Some(holder) => holder.told(kind, key),
            None if kind == Kind::Group => match self.prefixed().await {
                Some(told) => told,
                None => taken::NOT_FOUND.to_owned(),
            },
            None => taken::NOT_FOUND.to_owned(),
        };
        let holder = holder.map(|holder| holder.remote.id);
        Outcome { holder, ..refused(told(&error.with_hint(hint)), false) }
    }

    /// The group whose name ends in ours: some apps put a prefix before names.
    async fn prefixed(&self) -> Option<String> {
        let key = self.key;
        let [_, name] = self.identity();
        let (_, name) = name?;
        let (name, group) = taken::ending_in(self.session, name.as_str()?).await?;
        Some(format!(
            "group {group} has the name \"{}\", which ends in this one: {}",
            shown(&name),
            taken::by_hand(key, &group)
        ))
    }

    /// externalId and name, where they are sent.
    fn identity(&self) -> [Option<&'n (Path, Value)>; 2] {
        let Self { session, kind, attributes, .. } = *self;
        ["externalId", name_of(kind)].map(|name| {
            let found = attributes.iter().find(|(path, _)| path.key().eq_ignore_ascii_case(name));
            found.filter(|(path, value)| session.is_sent(path) && !value.is_null())
        })
    }

    /// Whether the object is there by now: exactly one with our externalId, else exactly one with our name that carries
    /// no other externalId.
    async fn looked_up(&self) -> Result<Option<Remote>, String> {
        let Self { session, kind, want, .. } = *self;
        let [external_id, name] = self.identity();
        if external_id.is_none() && name.is_none() {
            return Err("it has neither externalId nor name to look for".to_owned());
        }
        for (path, value) in [external_id, name].into_iter().flatten() {
            session.index.forget(kind, path).await;
            let found = find::find(session, want, path, value).await.map_err(|error| told(&error))?;
            let ours = external_id.map(|(_, ours)| ours);
            let looked = LookedFor { kind, path, ours, our_id: "externalId" };
            if let Some(remote) = the_only(&looked, found)? {
                return Ok(Some(remote));
            }
        }
        Ok(None)
    }

    /// Tells the index of the new object.
    async fn note(&self, remote: &Remote) {
        let Self { session, kind, attributes, .. } = *self;
        let schema = |path: &Path| session.schemas.of(kind, path);
        session.index.note_written(schema, kind, &remote.id, attributes).await;
    }
}

async fn read_back(session: &Session, want: &ListRequest, id: &RemoteId) -> Result<Option<Remote>, String> {
    match presence(session, want, id).await {
        Ok(Presence::Here(remote)) => Ok(Some(*remote)),
        Ok(Presence::Gone(_)) => Ok(None),
        Ok(Presence::Unknown { why }) => Err(why.to_string()),
        Err(error) => Err(told(&error)),
    }
}

fn line(session: &Session, answer: &Answer) -> String {
    format!("{}: {} {}", session.http.app, answer.method, answer.path)
}

/// The id at the end of a `Location`, which may be relative; no request is made to it.
fn id_in(session: &Session, kind: Kind, location: &str) -> Option<Arc<str>> {
    let collection = session.collection(kind);
    let url = Url::options().base_url(Some(&collection)).parse(location).ok()?;
    let last = url.path_segments()?.rfind(|part| !part.is_empty())?;
    let parent = collection.path_segments()?.rfind(|part| !part.is_empty())?;
    let before = url.path_segments()?.rev().filter(|part| !part.is_empty()).nth(1)?;
    if before != parent {
        return None;
    }
    percent::decoded_segment(last).map(Arc::from)
}

fn name_of(kind: Kind) -> &'static str {
    match kind {
        Kind::User => "userName",
        Kind::Group => "displayName",
    }
}

fn said(name: &str, value: Option<&str>) -> String {
    match value {
        Some(value) => format!("{name} \"{}\"", shown(value)),
        None => format!("no {name}"),
    }
}
