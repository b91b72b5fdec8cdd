//! Apps with an interface of their own, as a document describes it (`catalog::rest`). Places, pages and meanings are data;
//! what is done with them is the same for all, and no app is named here.
//!
//! A [`Session`] is an app as its document and its settings describe it. [`open`] asks for what is needed once a run, [`walk`]
//! pages through lists and [`evidence`] says whether they are complete, [`decode`] makes objects of rows, [`find`] looks up
//! objects by a value and trusts no filter, [`get`] reads one object, [`meaning`] says what an answer means, [`forms`] signs
//! in. [`write`] looks first, then calls [`create`], [`update`], [`delete`] or [`members`]. [`values`], [`encode`] and [`address`]
//! fill in what is sent.

mod address;
mod ahead;
mod check;
mod create;
mod decode;
mod delete;
mod encode;
mod evidence;
mod find;
mod forms;
mod fresh;
mod get;
mod grants;
mod json;
mod keys;
mod later;
mod meaning;
mod members;
mod method;
mod names;
mod open;
mod position;
mod reply;
mod rights;
mod send;
mod session;
mod tables;
mod taken;
mod unchanged;
mod update;
mod values;
mod walk;
mod write;

use std::sync::Arc;

use futures_util::future::{BoxFuture, FutureExt};

use crate::catalog::OwnSchemas;
use crate::model::capabilities::Capabilities;
use crate::model::op::Outcome;
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::{Kind, Op, Page, Path, Remote, RemoteId, Value};

use super::{CheckReport, Connector, ConnectorError, Gate, Open, PageSender, RawPage};
use session::Session;

/// Opens connections to apps that documents describe.
pub(super) struct Opener;

impl super::Opener for Opener {
    fn open<'a>(&'a self, open: Open<'a>) -> BoxFuture<'a, Result<Arc<dyn Connector>, ConnectorError>> {
        async move {
            let session: Arc<dyn Connector> = Arc::new(open::open(open).await?);
            Ok(session)
        }
        .boxed()
    }
}

impl Connector for Session {
    fn capabilities(&self) -> &Capabilities {
        &self.capabilities
    }

    fn schemas(&self) -> &OwnSchemas {
        &self.own_schemas
    }

    fn own_names(&self) -> &[Arc<str>] {
        &self.own_names
    }

    fn identity(&self) -> &[Arc<str>] {
        &self.identity
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
        async move {
            names::load(self, self.objects(want.kind)?).await?;
            let walk = walk::list(self, want.kind, out.clone()).await?;
            if want.kind == Kind::User || self.targets.is_empty() {
                return Ok(walk);
            }
            Ok(match (walk, grants::list(self, &out).await?) {
                (walk, Walk::Complete(_)) => walk,
                (Walk::Complete(_), short) => short,
                (short, _) => short,
            })
        }
        .boxed()
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
