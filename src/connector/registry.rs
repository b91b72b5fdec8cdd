//! Opening a connection. The registry knows which code speaks which protocol; everything that a connector needs for
//! HTTP is made here, so that URL, headers and credentials are checked in one place before anything is sent.

use std::collections::BTreeMap;
use std::sync::Arc;

use futures_util::future::BoxFuture;

use crate::catalog::rest::Need;
use crate::catalog::{Definition, SignIn};
use crate::model::app::{Credential, CredentialPart, Limits};
use crate::model::event::EventSink;
use crate::model::secret::{Destination, SecretBinding, SecretSource};
use crate::model::{App, Endpoint, Span, Value};

use super::error::{ConnectorError, ErrorKind};
use super::http::{self, Dialect, Http, HttpOptions, Logins, Setup};
use super::secrets::{Secret, SecretStore, resolve};
use super::{Connector, Network};

/// What a connection is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// Reading only: the credential for writes is not even looked up.
    Read,
    /// Reading and writing.
    Write,
}

/// Where credentials come from.
#[derive(Debug, Clone, Copy)]
pub enum Login<'a> {
    /// From the app's `auth`, bound by `secrets:`.
    Bound {
        /// `secrets:` of the repository.
        bindings: &'a [SecretBinding],
        /// Where they are read.
        store: &'a SecretStore,
    },
    /// For the sandbox: the first way to sign in of the connector, with one secret and one text for all of its parts.
    Sandbox {
        /// For each part that is no secret, such as a username.
        text: &'a str,
        /// For each part that is one.
        secret: &'a Secret,
    },
}

/// What a connection is opened with.
pub struct Open<'a> {
    /// The app.
    pub app: &'a App,
    /// Its connector.
    pub definition: &'a Arc<Definition>,
    /// Instead of the app's own URL, for the sandbox.
    pub endpoint: Option<&'a str>,
    /// Credentials.
    pub login: Login<'a>,
    /// Reading, or writing too.
    pub access: Access,
    /// The connections of this process.
    pub network: &'a Network,
    /// Where requests are reported.
    pub events: Arc<dyn EventSink>,
}

/// Opens connections in one protocol.
pub trait Opener: Send + Sync {
    /// Reads the settings of the app, connects with what [`Open::http`] gives, and asks the app what it can do.
    ///
    /// # Errors
    /// URL, settings or credentials cannot be used, or the app cannot be reached. An app that answers nonsense about
    /// itself is no error.
    fn open<'a>(&'a self, open: Open<'a>) -> BoxFuture<'a, Result<Arc<dyn Connector>, ConnectorError>>;
}

/// Openers by the name of the protocol, as [`Definition::protocol`] says it.
#[derive(Clone, Default)]
pub struct Registry {
    openers: BTreeMap<Arc<str>, Arc<dyn Opener>>,
}

impl Registry {
    /// One more protocol, or another opener for it.
    #[must_use]
    pub fn with(mut self, protocol: &str, opener: impl Opener + 'static) -> Self {
        self.openers.insert(protocol.into(), Arc::new(opener));
        self
    }

    /// Connects to an app.
    ///
    /// # Errors
    /// As [`Opener::open`]; or nothing here speaks the app's protocol.
    pub async fn open(&self, open: Open<'_>) -> Result<Arc<dyn Connector>, ConnectorError> {
        match self.openers.get(&open.definition.protocol) {
            Some(opener) => opener.open(open).await,
            None => Err(open.refused(format!(
                "this version does not speak the protocol '{}' of the connector '{}'",
                open.definition.protocol, open.app.connector
            ))),
        }
    }
}

impl Open<'_> {
    /// An error about the app's configuration.
    pub fn refused(&self, what: impl Into<String>) -> ConnectorError {
        ConnectorError::new(&self.app.id, ErrorKind::Config, what).with_span(self.app.span)
    }

    /// Makes the sender of requests to the app; nothing is sent yet.
    ///
    /// # Errors
    /// URL, headers or credentials cannot be used.
    pub fn http(self, options: HttpOptions<'_>) -> Result<Http, ConnectorError> {
        let limits = self.app.limits;
        self.http_with(options, &NoForms, limits)
    }

    /// The same; `forms` makes a login of a form that a document describes, and `limits` are those of the app and of the API.
    ///
    /// # Errors
    /// As [`http`](Self::http).
    pub(super) fn http_with(
        self,
        options: HttpOptions<'_>,
        forms: &dyn Forms,
        limits: Limits,
    ) -> Result<Http, ConnectorError> {
        let app = self.app;
        let config =
            |what: String| ConnectorError::new(&app.id, ErrorKind::Config, what).with_span(app.url_span);
        let endpoint = Endpoint::parse(self.endpoint.unwrap_or(&app.url))
            .map_err(|error| config(error.message).with_hint(error.hint))?;
        let headers = http::headers_of(&options).map_err(|what| config(what).with_span(app.span))?;
        let query = http::query_of(options.query).map_err(|what| config(what).with_span(app.span))?;
        let logins = logins(&self, &endpoint, forms)?;
        let own_names = own_names(&self);
        Http::new(
            self.network,
            Setup {
                app: app.id.clone(),
                endpoint,
                limits,
                events: self.events,
                logins,
                writable: self.access == Access::Write,
                own_names,
                headers,
                query,
                dialect: options.dialect,
            },
        )
        .map_err(config)
    }

    /// Makes the sender of token requests: without a credential, and with nothing of what other requests have.
    ///
    /// # Errors
    /// There is no way to send anything from this machine.
    pub(super) fn token_http(&self, endpoint: Endpoint, dialect: Dialect) -> Result<Http, ConnectorError> {
        let accept = "application/json";
        let options = HttpOptions {
            user_agent: None,
            headers: &[],
            query: &[],
            accept,
            content_type: accept,
            dialect: Dialect::default(),
        };
        let headers = http::headers_of(&options).map_err(|what| self.refused(what))?;
        let query = http::query_of(&[]).map_err(|what| self.refused(what))?;
        let setup = Setup {
            app: self.app.id.clone(),
            endpoint,
            limits: self.app.limits,
            events: self.events.clone(),
            logins: Logins::default(),
            writable: true,
            own_names: Vec::new(),
            headers,
            query,
            dialect,
        };
        Http::new(self.network, setup).map_err(|what| self.refused(what))
    }
}

/// A part of a credential, read.
pub(super) enum Part {
    /// Not secret.
    Text(Arc<str>),
    /// Its secret, and where it comes from, in words.
    Secret(Secret, Option<Arc<str>>),
}

/// Makes logins of the forms that a document describes.
pub(super) trait Forms {
    /// # Errors
    /// The form cannot be used.
    fn login(
        &self,
        open: &Open<'_>,
        destination: &Destination,
        form: &str,
        parts: BTreeMap<Arc<str>, Part>,
    ) -> Result<http::Login, ConnectorError>;
}

/// A protocol that has the forms of HTTP and no others.
struct NoForms;

impl Forms for NoForms {
    fn login(
        &self,
        open: &Open<'_>,
        _: &Destination,
        form: &str,
        _: BTreeMap<Arc<str>, Part>,
    ) -> Result<http::Login, ConnectorError> {
        Err(open.refused(format!("the connector has no way to sign in that is called '{form}'")))
    }
}

/// A connection that only reads still protects the account that writes.
fn own_names(open: &Open<'_>) -> Vec<Arc<str>> {
    let auth = match open.login {
        Login::Bound { .. } => open.app.auth.as_ref(),
        Login::Sandbox { .. } => None,
    };
    let name = |credential: &Credential| match credential {
        Credential::Basic { username, .. } => Some(username.clone()),
        Credential::Bearer { .. } | Credential::Form { .. } => None,
    };
    auth.map_or(Vec::new(), |auth| [&auth.read, &auth.write].into_iter().filter_map(name).collect())
}

fn logins(open: &Open<'_>, endpoint: &Endpoint, forms: &dyn Forms) -> Result<Logins, ConnectorError> {
    let (bindings, store) = match open.login {
        Login::Bound { bindings, store } => (bindings, store),
        Login::Sandbox { text, secret } => {
            let login = Some(of_sandbox(open, endpoint, forms, (text, secret))?);
            return Ok(Logins { read: login.clone(), write: login });
        }
    };
    let Some(auth) = &open.app.auth else {
        return Ok(Logins::default());
    };
    let login = |credential: &Credential| {
        let destination = destination(open, credential, endpoint)?;
        let read = |source: &SecretSource, span: Span| {
            resolve(store, bindings, source, &open.app.id, &destination)
                .map_err(|error| error.with_span(span))
        };
        Ok(match credential {
            Credential::Bearer { token, span } => http::Login::Bearer(read(token, *span)?),
            Credential::Basic { username, password, span } => {
                http::Login::Basic(username.clone(), read(password, *span)?)
            }
            Credential::Form { form, parts } => {
                let part = |(name, part): (&Arc<str>, &CredentialPart)| {
                    let part = match part {
                        CredentialPart::Text(text) => Part::Text(text.clone()),
                        CredentialPart::Secret(source, span) => {
                            Part::Secret(read(source, *span)?, Some(source.to_string().into()))
                        }
                    };
                    Ok((name.clone(), part))
                };
                let parts = parts.iter().map(part).collect::<Result<_, ConnectorError>>()?;
                forms.login(open, &destination, form, parts)?
            }
        })
    };
    let read = login(&auth.read)?;
    let write = match open.access {
        Access::Read => None,
        Access::Write if auth.write == auth.read => Some(read.clone()),
        Access::Write => Some(login(&auth.write)?),
    };
    Ok(Logins { read: Some(read), write })
}

/// The first way to sign in of the connector.
fn of_sandbox(
    open: &Open<'_>,
    endpoint: &Endpoint,
    forms: &dyn Forms,
    (text, secret): (&str, &Secret),
) -> Result<http::Login, ConnectorError> {
    let of_form = |form: &str, parts| {
        let destination = Destination::of_app(endpoint.clone());
        forms.login(open, &destination, form, parts)
    };
    match open.definition.sign_ins().into_iter().next() {
        None | Some((_, SignIn::Bearer)) => Ok(http::Login::Bearer(secret.clone())),
        Some((_, SignIn::Basic)) => Ok(http::Login::Basic(text.into(), secret.clone())),
        Some((form, SignIn::Key)) => {
            of_form(&form, BTreeMap::from([(form.clone(), Part::Secret(secret.clone(), None))]))
        }
        Some((form, SignIn::Parts { parts, .. })) => {
            let part = |(name, need): (Arc<str>, Need)| match need {
                Need::Text => (name, Part::Text(text.into())),
                Need::Secret => (name, Part::Secret(secret.clone(), None)),
            };
            of_form(&form, parts.into_iter().map(part).collect())
        }
    }
}

/// Where the secrets of a credential go.
fn destination(
    open: &Open<'_>,
    credential: &Credential,
    endpoint: &Endpoint,
) -> Result<Destination, ConnectorError> {
    let setting = match credential {
        Credential::Form { form, .. } => open.definition.token_host(form),
        _ => None,
    };
    let host = setting.and_then(|setting| open.app.settings.get(&setting)).and_then(Value::as_str);
    Destination::with_host(endpoint.clone(), host)
        .map_err(|error| open.refused(error.message).with_hint(error.hint))
}
