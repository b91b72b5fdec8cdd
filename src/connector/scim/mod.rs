//! SCIM 2.0 (RFC 7643, RFC 7644). Real apps differ from it, so answers are read leniently and believed only where they are
//! proven.
//!
//! A [`Session`] is the app as its settings and its own documents describe it; every operation is a function that takes
//! one. Reading: [`walk`] pages through lists, [`json`] reads a page and builds only what is wanted, [`decode`] makes
//! objects, [`find`] looks up objects by a value and trusts no filter
//! that [`proof`] has not tried, [`get`] reads one object. Writing: [`write`] looks
//! first, then calls [`create`], [`update`] by [`patch`] or [`put`], [`delete`] or [`members`]; [`after`] is how the object
//! is then, and [`effects`] what happened beside what was wanted.

mod after;
mod ahead;
mod answer;
mod check;
mod create;
mod decode;
mod delete;
mod discovery;
mod dotted;
mod effects;
mod extract;
mod find;
mod get;
mod hints;
mod holdings;
mod json;
mod learned;
mod look_up;
mod member_list;
mod members;
mod names;
mod overlay;
mod patch;
mod proof;
mod put;
mod schemas;
mod session;
mod set;
mod settings;
mod taken;
mod update;
mod walk;
mod wire;
mod write;

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt};

use crate::catalog::OwnSchemas;
use crate::model::capabilities::Capabilities;
use crate::model::op::Outcome;
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::{Op, Page, Path, Remote, RemoteId, Value};

use super::http::{Dialect, HttpOptions};
use super::steps::LookUps;
use super::{CheckReport, Connector, ConnectorError, ErrorKind, Gate, Open, PageSender, RawPage};
use session::Session;
use settings::Settings;

/// Opens connections to apps that speak SCIM.
pub(super) struct Opener;

impl super::Opener for Opener {
    fn open<'a>(&'a self, open: Open<'a>) -> BoxFuture<'a, Result<Arc<dyn Connector>, ConnectorError>> {
        async move {
            let settings = Settings::read(&open.app.settings).map_err(|what| open.refused(what))?;
            let definition = open.definition;
            let options = HttpOptions {
                user_agent: settings.user_agent.as_deref(),
                headers: &settings.headers,
                query: &settings.query,
                accept: "application/scim+json, application/json",
                content_type: settings.content_type,
                dialect: dialect(&settings),
            };
            // The sandbox has what it lists, and nothing else.
            let is_sandbox = open.endpoint.is_some();
            let http = open.http(options)?;
            let mut session = discovery::discover(definition, http, settings).await?;
            if !is_sandbox {
                session.schemas.add_of_preset();
            }
            let session: Arc<dyn Connector> = Arc::new(session);
            Ok(session)
        }
        .boxed()
    }
}

/// Errors are those of RFC 7644 section 3.12; some apps answer in other words.
fn dialect(settings: &Settings) -> Dialect {
    let sign_in = settings.sign_in_hint.iter().map(|hint| (ErrorKind::Auth, hint.to_string().into()));
    let hints = [
        (
            ErrorKind::Timeout,
            "run again; if it stays slow, raise `limits.timeout` or lower `page_size`".into(),
        ),
        (ErrorKind::NotFound, "check `url`: it has to be the SCIM base, often ending in /scim/v2".into()),
        (ErrorKind::NotTheProtocol, "check `url`: something else than the SCIM base may answer there".into()),
        (ErrorKind::TooLarge, "lower `settings.page_size`".into()),
    ];
    Dialect {
        name: "SCIM".into(),
        error_code: vec!["scimType".into()],
        error_text: ["detail", "message", "error_description", "error", "title"].map(Into::into).into(),
        hints: hints.into_iter().chain(sign_in).collect(),
        prefix: None,
    }
}

impl Connector for Session {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn schemas(&self) -> &OwnSchemas {
        &self.schemas.own
    }

    fn own_names(&self) -> &[Arc<str>] {
        &self.own_names
    }

    fn clock(&self) -> Option<jiff::SignedDuration> {
        self.http.clock()
    }

    fn check(&self) -> BoxFuture<'_, CheckReport> {
        check::check(self).boxed()
    }

    fn list<'a>(
        &'a self,
        want: &'a ListRequest,
        out: PageSender,
    ) -> BoxFuture<'a, Result<Walk, ConnectorError>> {
        walk::list(self, want, out).boxed()
    }

    fn decode(&self, want: &ListRequest, page: &RawPage) -> Result<Page, ConnectorError> {
        decode::page(self, want, page)
    }

    fn find<'a>(
        &'a self,
        want: &'a ListRequest,
        attribute: &'a Path,
        value: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Remote>, ConnectorError>> {
        find::find(self, want, attribute, value).boxed()
    }

    fn look_ups<'a>(
        &'a self,
        want: &'a ListRequest,
        attribute: &'a Path,
    ) -> BoxFuture<'a, Result<LookUps, ConnectorError>> {
        proof::of(self, want, attribute).boxed()
    }

    fn get<'a>(
        &'a self,
        want: &'a ListRequest,
        id: &'a RemoteId,
    ) -> BoxFuture<'a, Result<Presence, ConnectorError>> {
        get::presence(self, want, id).boxed()
    }

    fn write<'a>(&'a self, op: &'a Op, want: &'a ListRequest, gate: Gate<'a>) -> BoxFuture<'a, Outcome> {
        write::write(self, op, want, gate).boxed()
    }
}
