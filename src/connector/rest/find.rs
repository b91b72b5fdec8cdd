//! Look-ups by a value. No filter of an app is trusted: what it finds is compared again, and an empty answer is believed
//! only where the document says that the app compares whole values.

use std::ops::ControlFlow;

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Objects, Operation, Placeholder};
use crate::catalog::{self, AttributeSchema};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::steps::Holders;
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::seen::Seen;
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::decode::{self, In};
use super::session::Session;
use super::walk::{self, List, Sink};
use super::{get, grants, names};

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
    let Some(attribute) = decode::attribute(objects, path) else {
        return Err(session.http.error(ErrorKind::Config, format!("the app has no attribute {path}")));
    };
    if let (Kind::Group, Some(name)) = (want.kind, value.as_str())
        && *path == session.definition.groups.name
        && session.targets.iter().any(|target| target.to_string() == name)
    {
        return grants::find(session, want, name).await;
    }
    let look_up = LookUp { want, objects, attribute, path, value, schema: schema(session, want, path) };
    let ids = match by_request(session, &look_up).await? {
        Some(ids) => ids,
        None => by_index(session, &look_up).await?,
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

fn schema(session: &Session, want: &ListRequest, path: &Path) -> Option<AttributeSchema> {
    session.schema(want.kind, path)
}

struct LookUp<'l> {
    want: &'l ListRequest,
    objects: &'l Objects,
    attribute: &'l Attribute,
    path: &'l Path,
    value: &'l Value,
    schema: Option<AttributeSchema>,
}

impl LookUp<'_> {
    fn key(&self) -> Option<Value> {
        catalog::match_key(self.schema.as_ref(), self.value)
    }

    fn is_match(&self, actual: &Value) -> bool {
        let wanted = self.key();
        wanted.is_some_and(|wanted| self.keys(actual).contains(&wanted))
    }

    /// One of several values is enough.
    fn keys(&self, value: &Value) -> Vec<Value> {
        let several = match value {
            Value::List(items) => items.as_slice(),
            single => std::slice::from_ref(single),
        };
        several.iter().filter_map(|value| catalog::match_key(self.schema.as_ref(), value)).collect()
    }

    /// Who a row is, and which of the values it shows.
    fn row(&self, session: &Session, row: &Json) -> Option<(RemoteId, Vec<Value>)> {
        let id = decode::id(self.objects, row, In::List)?;
        let tables = session.tables.read();
        decode::note_key(session, self.objects, self.want.kind, &id, row, In::List, &tables);
        let seen = decode::value(self.attribute, row, In::List, &tables);
        Some((id, seen.shown().map(|value| self.keys(value)).unwrap_or_default()))
    }
}

/// Asks with the request of the document. `None` if there is none, or if its answer proves nothing.
async fn by_request(
    session: &Session,
    look_up: &LookUp<'_>,
) -> Result<Option<Vec<RemoteId>>, ConnectorError> {
    let find = look_up.objects.find.iter().find(|(name, _)| *name == look_up.attribute.name);
    let Some((_, find)) = find else { return Ok(None) };
    let value = serde_json::to_value(look_up.value.clone().normalised()).unwrap_or(Json::Null);
    let list = List {
        listing: &find.list,
        operation: Operation::Find,
        values: session.values.with([(Placeholder::Value, value)]),
        kind: None,
        id: look_up.objects.id.list.as_ref(),
    };
    let Some(wanted) = look_up.key() else { return Ok(Some(Vec::new())) };
    let mut ids = Vec::new();
    let mut each = |row: &Json| {
        if let Some((id, keys)) = look_up.row(session, row) {
            // A row that does not show the value is looked at alone.
            if keys.contains(&wanted) || look_up.attribute.at.list.is_none() {
                ids.push(id);
            }
        }
        ControlFlow::Continue(())
    };
    match walk::pages(session, &list, Sink::Each(&mut each)).await {
        Ok(Walk::Complete(_)) if !ids.is_empty() || find.exact => Ok(Some(ids)),
        Ok(_) => Ok(None),
        Err(error) => match error.kind() {
            ErrorKind::Refused | ErrorKind::NotFound | ErrorKind::NotTheProtocol => Ok(None),
            _ => Err(error),
        },
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
