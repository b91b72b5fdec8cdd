//! One look-up by a value, and what the app answers to the request of the document.

use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::Value as Json;

use crate::catalog::rest::{Attribute, Find, Objects, Operation, Placeholder};
use crate::catalog::{self, AttributeSchema};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::model::remote::{ListRequest, Walk};
use crate::model::{Path, RemoteId, Value};

use super::decode::{self, In};
use super::session::Session;
use super::walk::{self, List, Sink};

/// One look-up.
pub(super) struct LookUp<'l> {
    pub want: &'l ListRequest,
    objects: &'l Objects,
    pub attribute: &'l Attribute,
    pub path: &'l Path,
    value: &'l Value,
    schema: Option<AttributeSchema>,
}

impl<'l> LookUp<'l> {
    /// `None` if the app has no such attribute.
    ///
    /// # Errors
    /// The app has no such objects.
    pub(super) fn new(
        session: &'l Session,
        want: &'l ListRequest,
        path: &'l Path,
        value: &'l Value,
    ) -> Result<Option<Self>, ConnectorError> {
        let objects = session.objects(want.kind)?;
        let schema = session.schema(want.kind, path);
        let of = |attribute| Self { want, objects, attribute, path, value, schema };
        Ok(decode::attribute(objects, path).map(of))
    }

    fn request(&self) -> Option<&'l Find> {
        let find = self.objects.find.iter().find(|(name, _)| *name == self.attribute.name);
        find.map(|(_, find)| find)
    }

    /// The document says that the app compares whole values.
    pub(super) fn is_exact(&self) -> bool {
        self.request().is_some_and(|find| find.exact)
    }

    pub(super) fn key(&self) -> Option<Value> {
        catalog::match_key(self.schema.as_ref(), self.value)
    }

    pub(super) fn is_match(&self, actual: &Value) -> bool {
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
    pub(super) fn row(&self, session: &Session, row: &Json) -> Option<(RemoteId, Vec<Value>)> {
        let id = decode::id(self.objects, row, In::List)?;
        let tables = session.tables.read();
        decode::note_key(session, self.objects, self.want.kind, &id, row, In::List, &tables);
        let seen = decode::value(self.attribute, row, In::List, &tables);
        Some((id, seen.shown().map(|value| self.keys(value)).unwrap_or_default()))
    }
}

/// What the app answers to the request of the document.
pub(super) enum Asked {
    /// These objects, and perhaps others that do not have the value.
    Found { ids: Vec<RemoteId>, has_others: bool },
    /// Nothing that says who has it: why.
    Nothing(Arc<str>),
}

/// Asks with the request of the document.
pub(super) async fn asked(session: &Session, look_up: &LookUp<'_>) -> Result<Asked, ConnectorError> {
    let Some(find) = look_up.request() else {
        return Ok(Asked::Nothing("the connector has no `find:` for it".into()));
    };
    let value = serde_json::to_value(look_up.value.clone().normalised()).unwrap_or(Json::Null);
    let list = List {
        listing: &find.list,
        operation: Operation::Find,
        values: session.values.with([(Placeholder::Value, value)]),
        kind: None,
        id: look_up.objects.id.list.as_ref(),
    };
    let Some(wanted) = look_up.key() else { return Ok(Asked::Found { ids: Vec::new(), has_others: false }) };
    let (mut ids, mut has_others) = (Vec::new(), false);
    let mut each = |row: &Json| {
        match look_up.row(session, row) {
            // A row that does not show the value is looked at alone.
            Some((id, keys)) if keys.contains(&wanted) || look_up.attribute.at.list.is_none() => ids.push(id),
            Some(_) | None => has_others = true,
        }
        ControlFlow::Continue(())
    };
    match walk::pages(session, &list, Sink::Each(&mut each)).await {
        Ok(Walk::Complete(_)) => Ok(Asked::Found { ids, has_others }),
        Ok(Walk::Incomplete { why }) => Ok(Asked::Nothing(why)),
        Err(error) => match error.kind() {
            ErrorKind::Refused | ErrorKind::NotFound | ErrorKind::NotTheProtocol => {
                Ok(Asked::Nothing(error.to_string().into()))
            }
            _ => Err(error),
        },
    }
}
