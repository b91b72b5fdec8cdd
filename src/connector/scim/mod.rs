//! SCIM 2.0 (RFC 7643, RFC 7644), with the tolerance real apps need and the suspicion they deserve.
//!
//! Reading: [`walk`] pages through lists, [`json`] reads a page without building what nobody asked for, [`decode`]
//! makes objects, [`find`] looks people up and trusts no filter. Writing: [`write`] looks first, then [`create`],
//! [`update`] by [`patch`] or [`put`], [`delete`], [`members`].

mod answer;
mod check;
mod create;
mod decode;
mod delete;
mod discovery;
mod dotted;
mod extract;
mod find;
mod get;
mod hints;
mod json;
mod members;
mod overlay;
mod patch;
mod put;
mod schemas;
mod settings;
mod update;
mod walk;
mod wire;
mod write;

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt};
use reqwest::Url;

use crate::model::capabilities::Capabilities;
use crate::model::op::Outcome;
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::{Kind, Op, Page, Path, Remote, RemoteId, Value};

use super::http::{Dialect, Http, HttpOptions};
use super::{CheckReport, Connector, ConnectorError, ErrorKind, Gate, Open, PageSender, RawPage};
use find::Index;
use schemas::Schemas;
use settings::Settings;

/// Opens connections to apps that speak SCIM.
pub(super) struct Opener;

impl super::Opener for Opener {
    fn open<'a>(&'a self, open: Open<'a>) -> BoxFuture<'a, Result<Arc<dyn Connector>, ConnectorError>> {
        async move {
            let settings = Settings::read(&open.app.settings).map_err(|what| open.refused(what))?;
            let definition = open.definition;
            let http = open.http(HttpOptions {
                user_agent: settings.user_agent.as_deref(),
                headers: &settings.headers,
                accept: "application/scim+json, application/json",
                content_type: settings.content_type,
                dialect: dialect(),
            })?;
            let scim: Arc<dyn Connector> = Arc::new(Scim::discover(definition, http, settings).await?);
            Ok(scim)
        }
        .boxed()
    }
}

/// Errors are those of RFC 7644 section 3.12; some apps answer in other words.
fn dialect() -> Dialect {
    Dialect {
        name: "SCIM".into(),
        error_code: vec!["scimType".into()],
        error_text: ["detail", "message", "error_description", "error", "title"].map(Into::into).into(),
        hints: vec![
            (
                ErrorKind::Timeout,
                "run again; if it stays slow, raise `limits.timeout` or lower `page_size`".into(),
            ),
            (ErrorKind::NotFound, "check `url`: it has to be the SCIM base, often ending in /scim/v2".into()),
            (
                ErrorKind::NotTheProtocol,
                "check `url`: something else than the SCIM base may answer there".into(),
            ),
            (ErrorKind::TooLarge, "lower `settings.page_size`".into()),
        ],
    }
}

/// A connection to an app that speaks SCIM 2.0.
pub(super) struct Scim {
    http: Arc<Http>,
    settings: Settings,
    capabilities: Capabilities,
    /// The app says it keeps versions.
    has_versions: bool,
    /// The app says it takes PATCH; `None` if it says nothing.
    has_patch: Option<bool>,
    /// Whether anything was discovered, for `check`.
    is_discovered: bool,
    users: Arc<str>,
    groups: Arc<str>,
    schemas: Schemas,
    own_names: Vec<Arc<str>>,
    index: Index,
}

impl Scim {
    /// Path of the collection, such as `/Users`.
    fn endpoint(&self, kind: Kind) -> &str {
        match kind {
            Kind::User => &self.users,
            Kind::Group => &self.groups,
        }
    }

    fn collection(&self, kind: Kind) -> Url {
        self.http.endpoint.collection(self.endpoint(kind))
    }
}

impl Connector for Scim {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn own_names(&self) -> &[Arc<str>] {
        &self.own_names
    }

    fn check(&self) -> BoxFuture<'_, CheckReport> {
        self.check_all().boxed()
    }

    fn list<'a>(
        &'a self,
        want: &'a ListRequest,
        out: PageSender,
    ) -> BoxFuture<'a, Result<Walk, ConnectorError>> {
        self.list_all(want.kind, out).boxed()
    }

    fn decode(&self, want: &ListRequest, page: &RawPage) -> Result<Page, ConnectorError> {
        self.decode_page(want, page)
    }

    fn find<'a>(
        &'a self,
        want: &'a ListRequest,
        attribute: &'a Path,
        value: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Remote>, ConnectorError>> {
        self.find_all(want, attribute, value).boxed()
    }

    fn get<'a>(
        &'a self,
        want: &'a ListRequest,
        id: &'a RemoteId,
    ) -> BoxFuture<'a, Result<Presence, ConnectorError>> {
        self.get_one(want, id).boxed()
    }

    fn write<'a>(&'a self, op: &'a Op, want: &'a ListRequest, gate: Gate<'a>) -> BoxFuture<'a, Outcome> {
        self.carry_out(op, want, gate).boxed()
    }
}
