//! What every operation of this room works with: the app, as its document describes it.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value as Json;
use tokio::sync::OnceCell;

use crate::catalog::rest::{Document, Objects, Placeholder};
use crate::catalog::{self, AttributeSchema, Definition, OwnSchemas};
use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::Http;
use crate::connector::steps::{Found, Index, Tried};
use crate::model::capabilities::Capabilities;
use crate::model::grant::Target;
use crate::model::remote::Presence;
use crate::model::{Kind, Path, Remote, RemoteId, Value};

use super::keys::Keys;
use super::roll::Roll;
use super::tables::AllTables;
use super::unchanged::Unchanged;
use super::values::Values;

/// A connection to an app that a document describes.
pub(super) struct Session {
    pub http: Arc<Http>,
    pub document: Arc<Document>,
    pub definition: Arc<Definition>,
    pub capabilities: Capabilities,
    pub own_schemas: OwnSchemas,
    /// The values of settings and of what is asked for once that tell this app apart from another one at the same address.
    pub identity: Vec<Arc<str>>,
    /// The connection's own account: its id, login and addresses.
    pub own_names: Vec<Arc<str>>,
    /// The files say that the credential is no account of the app.
    pub has_no_account: bool,
    /// What is the same for all requests.
    pub values: Values,
    pub index: Index,
    /// Whether look-ups prove an absence.
    pub look_ups: Tried,
    pub keys: Keys,
    /// The lists of accounts, and of groups.
    pub rolls: [Roll; 2],
    pub tables: AllTables,
    pub unchanged: Unchanged,
    /// What roles of the app are on, by name.
    pub targets: Vec<Arc<Target>>,
    /// Why the rights that lists need are not proven; asked once.
    pub rights: OnceCell<Option<Arc<str>>>,
    /// The app writes ids of accounts, and of groups, as numbers.
    pub numbers: [AtomicBool; 2],
}

impl Session {
    /// The accounts or the groups.
    ///
    /// # Errors
    /// The app has no groups.
    pub(super) fn objects(&self, kind: Kind) -> Result<&Objects, ConnectorError> {
        match kind {
            Kind::User => Ok(&self.document.users),
            Kind::Group => self.document.groups.as_ref().ok_or_else(|| {
                self.http
                    .error(ErrorKind::Config, format!("the connector {} has no groups", self.document.name))
            }),
        }
    }

    /// The characteristics of an attribute.
    pub(super) fn schema(&self, kind: Kind, path: &Path) -> Option<AttributeSchema> {
        self.definition.schema(kind).attribute(path)
    }

    /// True if both are the same value of an attribute.
    pub(super) fn is_same(&self, kind: Kind, path: &Path, a: &Value, b: &Value) -> bool {
        catalog::same(self.schema(kind, path).as_ref(), a, b)
    }

    /// What the app says about its ids: an id that came as a number is sent back as one.
    pub(super) fn note_number(&self, kind: Kind) {
        self.numbers[index(kind)].store(true, Ordering::Relaxed);
    }

    /// An id in the JSON type in which it came.
    pub(super) fn id(&self, kind: Kind, id: &str) -> Json {
        let is_number = self.numbers[index(kind)].load(Ordering::Relaxed);
        match id.parse::<u64>() {
            Ok(number) if is_number && number.to_string() == id => Json::from(number),
            _ => Json::from(id),
        }
    }

    /// The list of accounts, or of groups.
    pub(super) fn roll(&self, kind: Kind) -> &Roll {
        &self.rolls[index(kind)]
    }

    /// Why something cannot be told, in words that may begin with the name of the app.
    pub(super) fn untold(&self, why: &str) -> ConnectorError {
        self.http.error(ErrorKind::Incomplete, self.unnamed(why))
    }

    /// The same words without the name of the app before them.
    pub(super) fn unnamed<'w>(&self, why: &'w str) -> &'w str {
        let rest = why.strip_prefix(self.http.app.as_str()).and_then(|rest| rest.strip_prefix(": "));
        rest.unwrap_or(why)
    }

    /// What a look showed, for the rounds of a write.
    pub(super) fn found(
        &self,
        looked: Result<Presence, ConnectorError>,
    ) -> Result<Found<Remote>, ConnectorError> {
        Ok(match looked? {
            Presence::Here(remote) => Found::Here(*remote),
            Presence::Gone(proof) => Found::Gone(proof),
            Presence::Unknown { why } => Found::Unknown(self.untold(&why)),
        })
    }

    /// The placeholders of requests about one object.
    pub(super) fn about(&self, kind: Kind, id: &RemoteId) -> Values {
        self.values.with([(Placeholder::Id, self.id(kind, id.as_str()))])
    }
}

fn index(kind: Kind) -> usize {
    match kind {
        Kind::User => 0,
        Kind::Group => 1,
    }
}
