//! Connectors: the only room that talks to target apps. Network and protocol; no differences, no decisions about people.
//!
//! A [`Registry`] opens a [`Connector`] by the name of its protocol. [`http`] signs, limits, repeats and reports requests
//! for all of them, and [`steps`] has what all of them do around requests; `scim/` speaks SCIM 2.0. Uses `catalog` and
//! `model`.

mod error;
pub mod http;
mod protocols;
mod registry;
mod rest;
mod scim;
mod secrets;
pub mod steps;

use std::sync::Arc;
use std::time::Duration;

use futures_util::future::BoxFuture;

use crate::catalog::OwnSchemas;
use crate::model::capabilities::Capabilities;
use crate::model::op::Outcome;
use crate::model::remote::{ListRequest, Presence, Walk};
use crate::model::{Op, Page, Path, Remote, RemoteId, Value};

pub use error::{ConnectorError, ErrorKind, Fault, shown};
pub use http::Network;
pub use registry::{Access, Login, Open, Opener, Registry};
pub use secrets::{SECRETS_DIR, Secret, SecretStore};
pub use steps::LookUps;

/// A connection to one app.
///
/// Dropping a future stops the work at its next await; a write that was sent may have happened.
pub trait Connector: Send + Sync {
    /// What this app can do: declared, discovered and configured.
    fn capabilities(&self) -> &Capabilities;

    /// What the app says of its own attributes.
    fn schemas(&self) -> &OwnSchemas {
        OwnSchemas::not_shown()
    }

    /// Names of the connection's own account, as far as they can be known: protected always (safety.md 15).
    fn own_names(&self) -> &[Arc<str>];

    /// Values besides the address that say which app it is, each as `settings.NAME=VALUE` or `once.NAME=VALUE`, in order: they
    /// belong to the endpoint in the ledger (safety.md 1).
    fn identity(&self) -> &[Arc<str>] {
        &[]
    }

    /// How far the app's clock is ahead of this machine's, by what its answers so far say; `None` if they do not say it
    /// (safety.md 7).
    fn clock(&self) -> Option<jiff::SignedDuration>;

    /// Tests credentials and rights, and says what was found.
    fn check(&self) -> BoxFuture<'_, CheckReport>;

    /// Reads all objects of a kind and sends them out as raw pages. [`Walk::Complete`] only if totals, repeats and
    /// limits check out.
    ///
    /// # Errors
    /// The listing could not be read to its end; nothing may be concluded from the pages that were sent.
    fn list<'a>(
        &'a self,
        want: &'a ListRequest,
        out: PageSender,
    ) -> BoxFuture<'a, Result<Walk, ConnectorError>>;

    /// Makes objects of a raw page. CPU only: belongs on the thread pool.
    ///
    /// # Errors
    /// The page is not what the protocol says.
    fn decode(&self, want: &ListRequest, page: &RawPage) -> Result<Page, ConnectorError>;

    /// Every object whose `attribute` has this value, by the rule of `catalog::matches`, whatever the app thinks of
    /// filters. `want` says of which kind and with which attributes.
    ///
    /// # Errors
    /// It cannot be said for certain who has it.
    fn find<'a>(
        &'a self,
        want: &'a ListRequest,
        attribute: &'a Path,
        value: &'a Value,
    ) -> BoxFuture<'a, Result<Vec<Remote>, ConnectorError>>;

    /// Whether it proves anything that a look-up by this attribute finds nothing: the app is asked for a value that an object of its own
    /// list shows, and for one that nobody has. [`Connector::find`] goes by the same.
    ///
    /// # Errors
    /// It could not be tried.
    fn look_ups<'a>(
        &'a self,
        want: &'a ListRequest,
        attribute: &'a Path,
    ) -> BoxFuture<'a, Result<LookUps, ConnectorError>>;

    /// Whether an object is there, and how it is. An HTML 404 is unknown, not gone.
    ///
    /// # Errors
    /// The app could not be asked.
    fn get<'a>(
        &'a self,
        want: &'a ListRequest,
        id: &'a RemoteId,
    ) -> BoxFuture<'a, Result<Presence, ConnectorError>>;

    /// Carries out an op. `want` says which attributes [`Outcome::after`] has; its kind is the op's. `gate` is asked
    /// right before every write request, repeats included.
    fn write<'a>(&'a self, op: &'a Op, want: &'a ListRequest, gate: Gate<'a>) -> BoxFuture<'a, Outcome>;
}

/// Asked right before every write request, with the longest time it may take: is more of the lease left than that?
/// (safety.md 7) The error says why nothing may be written any more.
pub type Gate<'a> = &'a (dyn Fn(Duration) -> Result<(), String> + Send + Sync);

/// JSON that is text and parsed takes about so many times the text alone.
const PARSED: usize = 5;

/// A page as it came, for [`Connector::decode`].
#[derive(Debug, Clone)]
pub struct RawPage {
    /// The body.
    pub body: Vec<u8>,
    /// The body as JSON, where the walk had to read it whole: it is not parsed again.
    pub parsed: Option<serde_json::Value>,
    /// Further answers that belong to its rows, such as the members of groups, where an app lists them one group after
    /// the other. Their order is the connector's own.
    pub further: Vec<Vec<u8>>,
    /// Rows in it.
    pub rows: usize,
    /// Rows that came before, by index, ascending: `decode` leaves them out.
    pub repeated: Vec<usize>,
}

impl RawPage {
    /// About the bytes that it takes.
    pub fn bytes(&self) -> usize {
        let texts = self.body.len() + self.further.iter().map(Vec::len).sum::<usize>();
        if self.parsed.is_some() { texts * PARSED } else { texts }
    }
}

/// Where pages go. Bounded, so that reading never runs far ahead of decoding.
pub type PageSender = tokio::sync::mpsc::Sender<RawPage>;

/// Where pages come from.
pub type PageReceiver = tokio::sync::mpsc::Receiver<RawPage>;

/// A channel for `list` that holds at most this many pages.
pub fn pages(capacity: usize) -> (PageSender, PageReceiver) {
    tokio::sync::mpsc::channel(capacity.max(1))
}

/// What [`Connector::check`] found.
#[derive(Debug, Clone)]
pub struct CheckReport {
    /// The canonical endpoint.
    pub endpoint: String,
    /// In order.
    pub findings: Vec<Finding>,
}

/// One finding of a check.
#[derive(Debug, Clone)]
pub struct Finding {
    /// How bad.
    pub level: Level,
    /// In words, one line.
    pub text: String,
    /// What to do.
    pub hint: Option<String>,
}

impl Finding {
    /// It is as it should be.
    pub(crate) fn good(text: String) -> Self {
        Self { level: Level::Good, text, hint: None }
    }

    /// It is worth knowing.
    pub(crate) fn note(text: String, hint: &str) -> Self {
        Self { level: Level::Note, text, hint: Some(hint.to_owned()) }
    }

    /// What an app can do and what it cannot. `known_by` says from where that is known.
    pub(crate) fn of_capabilities(known_by: &str, all: &[(&str, bool)]) -> Self {
        let words = |wanted: bool| {
            let words: Vec<_> = all.iter().filter(|(_, can)| *can == wanted).map(|(word, _)| *word).collect();
            words.join(", ")
        };
        let cannot = words(false);
        let mut text = format!("{known_by}: {}", words(true));
        if !cannot.is_empty() {
            text.push_str(&format!("; not: {cannot}"));
        }
        Self::good(text)
    }
}

/// How bad a finding is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// As it should be.
    Good,
    /// Works, but is worth knowing.
    Note,
    /// Does not work.
    Bad,
}

impl CheckReport {
    /// True if nothing is bad.
    pub fn is_good(&self) -> bool {
        self.findings.iter().all(|finding| finding.level != Level::Bad)
    }
}
