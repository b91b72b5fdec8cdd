//! Opening a connection: URL, settings and credentials are checked before anything is sent.

use std::sync::Arc;

use crate::catalog::Definition;
use crate::model::app::Credential;
use crate::model::event::EventSink;
use crate::model::secret::SecretBinding;
use crate::model::{App, Endpoint};

use super::error::{ConnectorError, ErrorKind};
use super::http::{self, Http, Setup};
use super::scim::{Scim, Settings};
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
    /// For the sandbox: this token, or none.
    Given(Option<&'a Secret>),
}

/// What [`open`] needs.
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

/// Connects to an app and asks it what it can do.
///
/// # Errors
/// URL, settings or credentials cannot be used, or the app cannot be reached. An app that answers nonsense about
/// itself is no error.
pub async fn open(options: Open<'_>) -> Result<Arc<dyn Connector>, ConnectorError> {
    let app = options.app;
    let config = |what: String| ConnectorError::new(&app.id, ErrorKind::Config, what).with_span(app.url_span);
    if &*app.connector != "scim" {
        return Err(config(format!("there is no connector '{}'", app.connector)).with_span(app.span));
    }
    let settings = Settings::read(&app.settings).map_err(|what| config(what).with_span(app.span))?;
    let endpoint = Endpoint::parse(options.endpoint.unwrap_or(&app.url))
        .map_err(|error| config(error.message).with_hint(error.hint))?;
    let headers = http::further_headers(
        settings.user_agent.as_deref().unwrap_or(http::USER_AGENT),
        settings.headers.iter().map(|(name, text)| (&**name, &**text)),
    )
    .map_err(|what| config(what).with_span(app.span))?;
    let (read, write) = logins(&options, &endpoint)?;
    let own_names = own_names(&options);
    let http = Http::new(
        options.network,
        Setup {
            app: app.id.clone(),
            endpoint,
            limits: app.limits,
            events: options.events,
            read,
            write,
            writable: options.access == Access::Write,
            own_names,
            headers,
            content_type: settings.content_type,
        },
    )
    .map_err(config)?;
    Ok(Arc::new(Scim::discover(options.definition, http, settings).await?))
}

/// Whoever only reads still protects the account that writes.
fn own_names(options: &Open<'_>) -> Vec<Arc<str>> {
    let auth = match options.login {
        Login::Bound { .. } => options.app.auth.as_ref(),
        Login::Given(_) => None,
    };
    let name = |credential: &Credential| match credential {
        Credential::Basic { username, .. } => Some(username.clone()),
        Credential::Bearer { .. } => None,
    };
    auth.map_or(Vec::new(), |auth| [&auth.read, &auth.write].into_iter().filter_map(name).collect())
}

type Logins = (Option<http::Login>, Option<http::Login>);

fn logins(options: &Open<'_>, endpoint: &Endpoint) -> Result<Logins, ConnectorError> {
    let (bindings, store) = match options.login {
        Login::Bound { bindings, store } => (bindings, store),
        Login::Given(token) => {
            let login = token.map(|token| http::Login::Bearer(token.clone()));
            return Ok((login.clone(), login));
        }
    };
    let Some(auth) = &options.app.auth else {
        return Ok((None, None));
    };
    let login = |credential: &Credential| {
        let (source, span) = match credential {
            Credential::Bearer { token, span } => (token, span),
            Credential::Basic { password, span, .. } => (password, span),
        };
        let secret = resolve(store, bindings, source, &options.app.id, endpoint)
            .map_err(|error| error.with_span(*span))?;
        Ok(match credential {
            Credential::Bearer { .. } => http::Login::Bearer(secret),
            Credential::Basic { username, .. } => http::Login::Basic(username.clone(), secret),
        })
    };
    let read = login(&auth.read)?;
    let write = match options.access {
        Access::Read => None,
        Access::Write if auth.write == auth.read => Some(read.clone()),
        Access::Write => Some(login(&auth.write)?),
    };
    Ok((Some(read), write))
}
