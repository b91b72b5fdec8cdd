//! What every operation of this room works with: the app, as its settings and its own documents describe it.

use std::sync::Arc;

use reqwest::Url;

use crate::connector::error::{ConnectorError, ErrorKind};
use crate::connector::http::Http;
use crate::model::capabilities::Capabilities;
use crate::model::{Kind, Path, RemoteId};

use super::learned::Learned;
use super::schemas::Schemas;
use super::settings::{Etag, Settings, Style};
use crate::connector::steps::{Index, Tried};

/// A connection to an app that speaks SCIM 2.0.
pub(super) struct Session {
    pub http: Arc<Http>,
    pub settings: Settings,
    pub capabilities: Capabilities,
    /// The app says it keeps versions.
    pub has_versions: bool,
    /// The app says it takes PATCH; `None` if it says nothing.
    pub has_patch: Option<bool>,
    /// Whether the app described itself.
    pub is_discovered: bool,
    /// Path of the collection of accounts, such as `/Users`.
    pub users: Arc<str>,
    /// Path of the collection of groups, such as `/Groups`.
    pub groups: Arc<str>,
    pub schemas: Schemas,
    /// Names of the connection's own accounts.
    pub own_names: Vec<Arc<str>>,
    pub index: Index,
    /// Whether look-ups prove an absence.
    pub look_ups: Tried,
    /// The most rows that the app says it gives at once.
    pub most_rows: Option<u64>,
    pub learned: Learned,
}

impl Session {
    /// The URL of all objects of a kind.
    pub(super) fn collection(&self, kind: Kind) -> Url {
        self.http.endpoint.collection(self.path(kind))
    }

    /// The URL of one object.
    ///
    /// # Errors
    /// The id would address something else.
    pub(super) fn object_url(&self, kind: Kind, id: &RemoteId) -> Result<Url, ConnectorError> {
        self.http.endpoint.object(self.path(kind), id.as_str()).ok_or_else(|| {
            let what = format!("{kind} id {id:?} cannot be asked for: it would address something else");
            self.http.error(ErrorKind::Config, what)
        })
    }

    fn path(&self, kind: Kind) -> &str {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    /// Whether versions are sent and kept.
    pub(super) fn uses_versions(&self) -> bool {
        match self.settings.etag {
            Etag::Off => false,
            Etag::IfAdvertised => self.has_versions,
            Etag::Require => true,
        }
    }

    /// True if an account that shows no `active` is active: the settings say so, or the app's own schema has none.
    pub(super) fn is_absent_active(&self) -> bool {
        self.settings.absent_is_active || self.schemas.own.users.lacks(&Path::top("active"))
    }

    /// True if objects of this kind may be changed by the other method, after the app turned out not to have this one.
    pub(super) fn may_use_other(&self, kind: Kind, style: Style) -> bool {
        self.settings.update_fallback && self.learned.refuse(kind, style)
    }

    /// True if this attribute is sent at all.
    pub(super) fn is_sent(&self, path: &Path) -> bool {
        self.settings.send_external_id || &**path.key() != "externalid"
    }
}
